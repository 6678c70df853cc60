"""A provider that works somewhere else now makes anew what it made there, of types that have a region of their own."""

from __future__ import annotations

from collections.abc import Callable

from scripts.simulation.server.provider import Provider
from scripts.simulation.values import UNKNOWN, Properties
from scripts.simulation.world import Place, Resource, World
from tests.unit.scripts.simulation.server.conftest import HOST, NET, urn

Make = Callable[..., Provider]
INPUTS = {"name": "host-1", "netId": "net-1"}


def replacing(provider: Make, now: str, *, token: str = HOST, where: str = "north", **new: object) -> frozenset[str]:
    world = World()
    world.put(Resource(token, "one", urn(token, "one"), Place("toy", "me", where), INPUTS, INPUTS))
    made = provider(world=world, config={"region": now})
    inputs: Properties = {**INPUTS, **new}
    found, _ = made.diff(urn(token, "one"), "one", INPUTS, inputs, "one")
    assert found.replacing <= set(found.changed)
    return found.replacing


def test_a_resource_follows_its_provider_to_another_region(provider: Make) -> None:
    assert replacing(provider, "south") == {"region"}
    assert replacing(provider, "north") == frozenset()


def test_what_has_no_region_of_its_own_stays(provider: Make) -> None:
    assert replacing(provider, "south", token=NET) == frozenset()


def test_nothing_is_said_of_a_region_that_is_given_or_that_nobody_knows(provider: Make) -> None:
    assert replacing(provider, "south", region=UNKNOWN) == frozenset()
    assert replacing(provider, "south", where="") == frozenset()
    found, _ = provider(config={"region": "south"}).diff(urn(HOST, "one"), "one", INPUTS, INPUTS, "one")
    assert found.changed == {}
