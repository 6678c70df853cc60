"""Reading inputs of which any may be missing, None or not known yet: what is not there is None and nothing is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Unknown, select
from scripts.simulation.world import Resource, World

Rules = Mapping[str, Sequence[Callable[..., Iterable[Problem]]]]
"""Token without the package's name -> rules; each takes inputs and place, candidate and world, or resource and world."""


def text(inputs: Properties, key: str) -> str | None:
    value = inputs.get(key)
    return value if isinstance(value, str) else None


def number(inputs: Properties, key: str) -> float | None:
    value = inputs.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def missing(inputs: Properties, key: str) -> bool:
    """Whether a value was left out for certain; one that is not known yet was not."""
    return inputs.get(key) is None


def nested(inputs: Properties, key: str) -> Mapping[str, Any]:
    """An object; an empty one where there is none."""
    value = inputs.get(key)
    return value if isinstance(value, Mapping) else {}


def items(inputs: Properties, key: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The objects of a list with the path of each."""
    return [(path, value) for path, value in select(inputs, f"{key}[*]") if isinstance(value, Mapping)]


def strings(inputs: Properties, pattern: str) -> list[tuple[str, str]]:
    """The known strings at a pattern, with the path of each."""
    return [(path, value) for path, value in select(inputs, pattern) if isinstance(value, str)]


def complete(inputs: Properties, key: str) -> Sequence[Any] | None:
    """A list of which every element is known; None for any other."""
    value = inputs.get(key)
    return value if isinstance(value, list) and not any(isinstance(item, Unknown) for item in value) else None


def parsed(value: object) -> Any:
    """What a JSON text says; None where it is no text or no JSON."""
    if not isinstance(value, str):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def named(world: World, token: str, value: object) -> Resource | None:
    """The resource of a type that a string stands for."""
    if not isinstance(value, str):
        return None
    return next((thing for thing in world.named(value) if thing.token == f"aws:{token}"), None)


def others(world: World, token: str, candidate: Candidate) -> Iterator[Resource]:
    """All resources of a type in the account, but the one that is being changed. What a new one replaces is another still."""
    for thing in world.of(f"aws:{token}"):
        if thing.place.account == candidate.place.account and (candidate.current is None or thing.id != candidate.current.id):
            yield thing


def region_of(thing: Resource) -> str:
    """Where something is: its own `region`, or that of its provider."""
    own = thing.outputs.get("region") or thing.inputs.get("region")
    return own if isinstance(own, str) else thing.place.region
