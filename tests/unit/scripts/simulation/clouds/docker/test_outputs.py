from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.docker import CLOUD, ids
from scripts.simulation.clouds.docker.catalogue import (
    CONFIG,
    CONTAINER,
    NETWORK,
    PLUGIN,
    PUSHED_IMAGE,
    REMOTE_IMAGE,
    SECRET,
    SERVICE,
    TAG,
    VOLUME,
)
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Properties
from tests.unit.scripts.simulation.clouds.docker.engine import DATA, Engine, port, service

SWARM, LOCAL, IMAGE = r"[0-9a-z]{25}", r"[0-9a-f]{64}", r"sha256:[0-9a-f]{64}"


# As the provider gave them.
@pytest.mark.parametrize(
    ("token", "inputs", "form"),
    [
        (SECRET, {"data": DATA}, SWARM),
        (CONFIG, {"data": DATA}, SWARM),
        (SERVICE, service(), SWARM),
        (NETWORK, {"driver": "overlay"}, SWARM),
        (NETWORK, {}, LOCAL),
        (CONTAINER, {"image": "a:1"}, LOCAL),
        (PLUGIN, {"name": "a/b"}, LOCAL),
        (VOLUME, {"name": "data"}, "data"),
        (REMOTE_IMAGE, {"name": "a:1"}, IMAGE + "a:1"),
        (PUSHED_IMAGE, {"name": "a:1"}, IMAGE),
        (TAG, {"sourceImage": "a:1", "targetImage": "b:1"}, re.escape("a:1.b:1")),
    ],
)
def test_forms_of_ids(engine: Engine, token: str, inputs: Properties, form: str) -> None:
    assert re.fullmatch(form, engine.make(token, "thing", inputs).id)


@given(st.from_regex(r"[0-9a-f]{32}", fullmatch=True))
def test_an_id_depends_on_the_seed_alone(seed: str) -> None:
    assert ids.swarm(seed) == ids.swarm(seed)
    assert ids.swarm(seed) != ids.swarm(f"{seed}0")


def test_the_same_program_gives_the_same_everything() -> None:
    first, second = (engine.make(SERVICE, "web", service(endpointSpec=port(0, "ingress"))) for engine in (Engine(), Engine()))
    assert first == second


def test_an_image_is_named_by_its_digest(engine: Engine) -> None:
    made = engine.make(REMOTE_IMAGE, "app", {"name": "localhost:5000/app:1"})
    assert re.fullmatch(r"localhost:5000/app@sha256:[0-9a-f]{64}", made.outputs["repoDigest"])
    assert made.id == f"{made.outputs['imageId']}localhost:5000/app:1"


def test_two_that_pull_one_image_get_one_digest(engine: Engine) -> None:
    first, second = (engine.make(REMOTE_IMAGE, name, {"name": "a"}) for name in ("one", "two"))
    third = engine.make(REMOTE_IMAGE, "three", {"name": "a:latest"})
    assert first.outputs["repoDigest"] == second.outputs["repoDigest"] == third.outputs["repoDigest"]
    assert first.id != second.id


def test_a_digest_that_is_given_stays(engine: Engine) -> None:
    name = f"r.example:5000/a/b@sha256:{'1' * 64}"
    assert engine.make(REMOTE_IMAGE, "app", {"name": name}).outputs["repoDigest"] == name


def test_networks(engine: Engine) -> None:
    overlay = engine.make(NETWORK, "app", {"driver": "overlay"}).outputs
    bridge = engine.make(NETWORK, "own", {"ipamConfigs": [{"subnet": "10.9.0.0/24"}]}).outputs
    assert (overlay["scope"], bridge["scope"], bridge["driver"]) == ("swarm", "local", "bridge")
    assert re.fullmatch(r"10\.\d+\.\d+\.0/24", overlay["ipamConfigs"][0]["subnet"])
    assert bridge["ipamConfigs"] == [{"subnet": "10.9.0.0/24"}]


def test_a_volume_has_a_place_on_the_host(engine: Engine) -> None:
    assert engine.make(VOLUME, "data", {"name": "data"}).outputs["mountpoint"] == "/var/lib/docker/volumes/data/_data"


def test_a_service_as_it_is_read_back(engine: Engine) -> None:
    given = service({"stopGracePeriod": "60s"}, convergeConfig={"timeout": "180s"}, endpointSpec=port(0, "ingress"))
    made = engine.make(SERVICE, "web", given)
    assert made.inputs["taskSpec"]["containerSpec"]["stopGracePeriod"] == "60s"
    assert made.outputs["taskSpec"]["containerSpec"]["stopGracePeriod"] == "1m"
    assert made.outputs["convergeConfig"] == {"delay": "7s", "timeout": "180s"}
    assert made.outputs["mode"] == {"global": False, "replicated": {"replicas": 1}}
    assert 30000 <= made.outputs["endpointSpec"]["ports"][0]["publishedPort"] < 32768


def test_an_update_keeps_what_the_engine_chose(engine: Engine) -> None:
    given = service(endpointSpec=port(0, "ingress"))
    made = engine.make(SERVICE, "web", given)
    again = CLOUD.outputs(Candidate(SERVICE, made.urn, "web", made.place, made.inputs, "f" * 32, made), made.id)
    assert again["endpointSpec"] == made.outputs["endpointSpec"]


def test_what_the_stack_file_names_is_there() -> None:
    found = CLOUD.assumed("xzwek2f7fgr8eupdu0c8nhiw1")
    assert found is not None
    assert (found.token, found.outputs["driver"]) == (NETWORK, "overlay")
    assert CLOUD.assumed("vpc-0a1b2c3d") is None
    assert CLOUD.assumed("a" * 25) is None
