"""Up, no-op, refresh, change, drift, crash, recovery and destroy, with the real engine against clouds that outlive each run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from scripts.simulation.server.faults import Fault
from tests.contract.conftest import stack_text
from tests.preview.conftest import CANARY, Platform

Make = Callable[..., Platform]
DOCKER: dict[str, Any] = json.loads(stack_text("docker-local"))
SERVICE = "docker:index/service:Service"


def double(platform: Platform) -> list[str]:
    """What is in the cloud and not in the engine's state, or the other way round."""
    cloud = sorted(thing.id for thing in platform.world)
    state = sorted(
        found["id"] for found in platform.resources() if found.get("custom") and not found["type"].startswith("pulumi:")
    )
    return [] if cloud == state else sorted({*cloud} ^ {*state})


@pytest.fixture
def running(platform: Make) -> Platform:
    made = platform(DOCKER)
    made.must("up", "--yes", "--skip-preview")
    return made


def test_everything_is_made_once_and_nothing_is_left_to_do(running: Platform) -> None:
    running.unchanged()
    before = identifiers(running)
    running.must("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert double(running) == []
    assert running.up().did("create", "update", "replace", "delete") == {}
    assert identifiers(running) == before


def identifiers(platform: Platform) -> dict[str, str]:
    """URN -> id, as the engine remembers them."""
    return {found["urn"]: found["id"] for found in platform.resources() if found.get("custom")}


def test_no_secret_is_readable_in_the_state_or_the_output(running: Platform) -> None:
    for text in (running.state(), running.must("preview", "--diff").text):
        assert CANARY not in text
        assert "PRIVATE KEY" not in text


def test_a_change_is_an_update_in_place(running: Platform) -> None:
    running.description["services"]["worker"]["cpu"] = 0.75
    changed = running.must("up", "--yes", "--skip-preview")
    assert changed.did("update") == {"penguinmails-worker-copies": SERVICE}
    assert changed.did("create", "create-replacement", "delete") == {}
    running.unchanged()


def test_a_new_password_replaces_its_secrets_and_no_service(running: Platform) -> None:
    running.secrets["databaseAppPassword"] = f"{CANARY}-another"
    changed = running.must("up", "--yes", "--skip-preview")
    replaced = changed.did("create-replacement")
    assert set(replaced.values()) == {"docker:index/secret:Secret"}
    assert SERVICE in changed.did("update").values()
    assert double(running) == []
    running.unchanged()


@pytest.mark.parametrize("effect", ["fail", "crash-before"])
def test_what_failed_half_way_is_finished_by_the_next_run(platform: Make, effect: Any) -> None:
    made = platform(DOCKER, faults=[Fault("create", SERVICE, effect, after=2)])
    failed = made.up()
    assert failed.code != 0
    assert 0 < len(made.world) < 44
    made.faults.clear()
    made.must("up", "--yes", "--skip-preview", *recovery(made))
    assert double(made) == []
    made.unchanged()


def recovery(platform: Platform) -> list[str]:
    """What has to be said after a crash: the engine asks about creations of which it heard no end."""
    pending = json.loads(platform.state())["checkpoint"]["latest"].get("pending_operations")
    if pending:
        platform.must("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    return []


def test_an_orphan_of_a_crash_is_named_until_somebody_removes_it(platform: Make) -> None:
    made = platform(DOCKER, faults=[Fault("create", "docker:index/network:Network", "crash-after")])
    assert made.up().code != 0
    [orphan] = double(made)
    made.faults.clear()
    recovery(made)
    again = made.up()
    assert again.code != 0
    [name] = [thing.urn.rsplit("::", 1)[-1] for thing in made.world if thing.id == orphan]
    assert f"penguinmails-test-{name.rsplit('-', 1)[-1]}" in again.text
    made.run("preview", during=lambda clouds: clouds.lose(name))
    made.must("up", "--yes", "--skip-preview")
    assert double(made) == []


def test_what_is_there_already_is_imported(platform: Make) -> None:
    made = platform(DOCKER)
    made.must("up", "--yes", "--skip-preview")
    network = next(thing for thing in made.world if thing.urn.endswith("::penguinmails-network-app"))
    refused = made.run(
        "import", "docker:index/network:Network", "again", "q" * 25, "--yes", "--protect=false", "--generate-code=false"
    )
    assert refused.code != 0
    imported = made.run(
        "import", "docker:index/network:Network", "again", network.id, "--yes", "--protect=false", "--generate-code=false"
    )
    assert imported.code == 0, imported.text


def test_drift_is_found_and_mended(running: Platform) -> None:
    drifted = running.run("preview", "--refresh", during=lambda clouds: clouds.drift("penguinmails-network-app", internal=True))
    assert drifted.code == 0, drifted.text
    assert running.run("preview", "--refresh", "--expect-no-changes").code != 0
    running.must("up", "--yes", "--skip-preview", "--refresh")
    running.unchanged()


def test_what_somebody_deleted_is_made_again(running: Platform) -> None:
    again = running.run(
        "up", "--yes", "--skip-preview", "--refresh", during=lambda clouds: clouds.lose("penguinmails-api-copies")
    )
    assert again.code == 0, again.text
    assert again.did("create") == {"penguinmails-api-copies": SERVICE}
    assert double(running) == []


def test_destroy_leaves_nothing(running: Platform) -> None:
    running.must("destroy", "--yes", "--skip-preview")
    assert len(running.world) == 0
    assert not [found for found in running.resources() if found.get("custom")]


def test_a_quota_stops_in_the_words_of_the_cloud_and_room_lets_it_go_on(platform: Make) -> None:
    made = platform(DOCKER, faults=[Fault("create", SERVICE, "quota", limit=3)])
    full = made.up()
    assert full.code != 0
    assert f"the quota of 3 {SERVICE} is used up" in full.text
    made.faults.clear()
    made.must("up", "--yes", "--skip-preview")
    made.unchanged()
