from __future__ import annotations

import json
from pathlib import Path

from scripts.simulation.clouds.docker import CLOUD
from scripts.simulation.clouds.docker.catalogue import CONTAINER, NETWORK, PLUGIN, REMOTE_IMAGE
from scripts.simulation.values import Problem, Properties
from tests.unit.scripts.simulation.clouds.docker.engine import HERE, Engine

FUNCTIONS = json.loads(
    (Path(__file__).parents[6] / "scripts" / "toolchain" / "docker-plugin" / "schema.json").read_text(encoding="utf-8")
)["functions"]


def ask(engine: Engine, name: str, arguments: Properties) -> dict[str, object]:
    """The answer, which has all that the provider's schema promises and nothing else."""
    token = f"docker:index/{name}:{name}"
    found = CLOUD.invoke(token, arguments, HERE, engine.world)
    assert not isinstance(found, Problem), found
    outputs = FUNCTIONS[token]["outputs"]
    assert set(outputs["required"]) <= set(found) <= set(outputs["properties"])
    return dict(found)


def refusal(engine: Engine, name: str, arguments: Properties) -> Problem:
    found = CLOUD.invoke(f"docker:index/{name}:{name}", arguments, HERE, engine.world)
    assert isinstance(found, Problem), found
    return found


def test_a_network_by_name_and_by_id(engine: Engine) -> None:
    made = engine.make(NETWORK, "app", {"name": "app", "driver": "overlay"})
    assert ask(engine, "getNetwork", {"name": "app"}) == ask(engine, "getNetwork", {"name": made.id})
    assert ask(engine, "getNetwork", {"name": "app"})["scope"] == "swarm"


def test_a_network_that_every_engine_has(engine: Engine) -> None:
    assert ask(engine, "getNetwork", {"name": "bridge"})["driver"] == "bridge"


def test_a_network_that_is_not_there(engine: Engine) -> None:
    assert "there is no network nope" in refusal(engine, "getNetwork", {"name": "nope"}).reason


def test_an_image_has_one_digest_however_it_is_asked_for(engine: Engine) -> None:
    made = engine.make(REMOTE_IMAGE, "app", {"name": "localhost:5000/app:1"})
    read = ask(engine, "getRemoteImage", {"name": "localhost:5000/app:1"})
    pushed = ask(engine, "getRegistryImage", {"name": "localhost:5000/app:1"})
    assert read["repoDigest"] == made.outputs["repoDigest"] == f"localhost:5000/app@{pushed['sha256Digest']}"


def test_no_image(engine: Engine) -> None:
    assert refusal(engine, "getRegistryImage", {"name": "A B"}).path == "name"


def test_a_plugin(engine: Engine) -> None:
    engine.make(PLUGIN, "ssh", {"name": "vieux/sshfs"})
    assert ask(engine, "getPlugin", {"alias": "vieux/sshfs"})["pluginReference"] == "docker.io/vieux/sshfs:latest"
    assert "install it" in refusal(engine, "getPlugin", {"alias": "other"}).reason


def test_logs(engine: Engine) -> None:
    engine.make(CONTAINER, "web", {"image": "web:1", "name": "web"})
    assert ask(engine, "getLogs", {"name": "web"})["logsListStrings"] == []
    assert refusal(engine, "getLogs", {"name": "other"}).path == "name"


def test_another_function_is_refused(engine: Engine) -> None:
    assert "is not simulated" in refusal(engine, "getOther", {}).reason
