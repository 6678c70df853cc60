"""Up, no-op, refresh, change, drift, crash, recovery and destroy, with the real engine against clouds that outlive each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from scripts.simulation.server.faults import Fault
from tests.harness import targets
from tests.harness.fields import put
from tests.preview.conftest import CANARY, Platform

Make = Callable[..., Platform]
SERVICE = "docker:index/service:Service"


@dataclass(frozen=True)
class Case:
    """What a target's tests change and break. `many`: a type of which several are made; `first`: one that is made early.

    `kept`: names of what stays after a plain `pulumi destroy`; `scripts/down` removes it."""

    target: str
    many: str
    first: str
    orphan: str
    change: tuple[str, Any]
    changed: Mapping[str, str]
    drift: tuple[str, Mapping[str, Any]]
    kept: frozenset[str] = frozenset()


CASES = (
    Case(
        target="docker",
        many=SERVICE,
        first="docker:index/secret:Secret",
        orphan="docker:index/network:Network",
        change=("services.worker.cpu", 0.75),
        changed={"penguinmails-worker-copies": SERVICE},
        drift=("penguinmails-network-app", {"internal": True}),
        kept=frozenset({"penguinmails-database-database-socket", "penguinmails-database-certificate"}),
    ),
    Case(
        target="aws",
        many="aws:ec2/subnet:Subnet",
        first="aws:ec2/vpc:Vpc",
        orphan="aws:sqs/queue:Queue",
        change=("database.storage_gib", 50),
        changed={"penguinmails-database-server": "aws:rds/instance:Instance"},
        drift=("penguinmails-database-server", {"publiclyAccessible": True}),
    ),
)
"""One entry a target: all tests below run for each."""


@pytest.fixture(params=CASES, ids=lambda case: case.target)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def stack(running: Make, case: Case) -> Platform:
    """The target's base description, up."""
    return running(targets.base(case.target))


def test_everything_is_made_once_and_nothing_is_left_to_do(stack: Platform) -> None:
    stack.unchanged()
    before = identifiers(stack)
    stack.must("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert stack.double() == []
    assert stack.up().did("create", "update", "replace", "delete") == {}
    assert identifiers(stack) == before


def identifiers(platform: Platform) -> dict[str, str]:
    """URN -> id, as the engine remembers them."""
    return {found["urn"]: found["id"] for found in platform.resources() if found.get("custom")}


def test_no_secret_is_readable_in_the_state_or_the_output(stack: Platform) -> None:
    for text in (stack.state(), stack.must("preview", "--diff").text):
        assert CANARY not in text
        assert "PRIVATE KEY" not in text


def test_a_change_is_an_update_in_place(stack: Platform, case: Case) -> None:
    path, value = case.change
    put(stack.description, path.split("."), value)
    changed = stack.must("up", "--yes", "--skip-preview")
    assert changed.did("update") == case.changed
    assert changed.did("create", "create-replacement", "delete") == {}
    stack.unchanged()


def test_a_new_password_replaces_its_secrets_and_no_service(running: Make) -> None:
    stack = running(targets.base("docker"))
    stack.secrets["databaseAppPassword"] = f"{CANARY}-another"
    changed = stack.must("up", "--yes", "--skip-preview")
    replaced = changed.did("create-replacement")
    assert set(replaced.values()) == {"docker:index/secret:Secret"}
    assert SERVICE in changed.did("update").values()
    assert stack.double() == []
    stack.unchanged()


@pytest.mark.parametrize("effect", ["fail", "crash-before"])
def test_what_failed_half_way_is_finished_by_the_next_run(platform: Make, case: Case, effect: Any) -> None:
    made = platform(targets.base(case.target), faults=[Fault("create", case.many, effect, after=2)])
    failed = made.up()
    assert failed.code != 0
    assert len(made.world) > 0
    made.faults.clear()
    made.recover()
    made.must("up", "--yes", "--skip-preview")
    assert made.double() == []
    made.unchanged()


def test_an_orphan_of_a_crash_is_named_until_somebody_removes_it(platform: Make, case: Case) -> None:
    made = platform(targets.base(case.target), faults=[Fault("create", case.orphan, "crash-after")])
    assert made.up().code != 0
    made.faults.clear()
    made.recover()
    orphans = made.double()
    assert len(orphans) >= 1
    again = made.up()
    assert again.code != 0
    assert any(word in again.text for word in ("exist", "taken", "already")), again.text[-3000:]
    names = [thing.urn.rsplit("::", 1)[-1] for thing in made.world if thing.id in made.double()]
    for name in names:
        made.run("preview", during=lambda clouds, name=name: clouds.lose(name))
    made.must("up", "--yes", "--skip-preview")
    assert made.double() == []


def test_what_is_there_already_is_imported(running: Make) -> None:
    stack = running(targets.base("docker"))
    network = next(thing for thing in stack.world if thing.urn.endswith("::penguinmails-network-app"))
    refused = stack.run(
        "import", "docker:index/network:Network", "again", "q" * 25, "--yes", "--protect=false", "--generate-code=false"
    )
    assert refused.code != 0
    imported = stack.run(
        "import", "docker:index/network:Network", "again", network.id, "--yes", "--protect=false", "--generate-code=false"
    )
    assert imported.code == 0, imported.text


def test_drift_is_found_and_mended(stack: Platform, case: Case) -> None:
    name, values = case.drift
    drifted = stack.run("preview", "--refresh", during=lambda clouds: clouds.drift(name, **values))
    assert drifted.code == 0, drifted.text
    assert stack.run("preview", "--refresh", "--expect-no-changes").code != 0
    mended = stack.must("up", "--yes", "--skip-preview", "--refresh")
    assert name in mended.did("update", "create-replacement")
    stack.unchanged()


def test_what_somebody_deleted_is_made_again(running: Make) -> None:
    stack, lost = running(targets.base("docker")), "penguinmails-api-copies"
    again = stack.run("up", "--yes", "--skip-preview", "--refresh", during=lambda clouds: clouds.lose(lost))
    assert again.code == 0, again.text
    assert again.did("create") == {lost: SERVICE}
    assert stack.double() == []


def test_destroy_leaves_nothing(running: Make, case: Case) -> None:
    stack = running(targets.base(case.target, environment="development"))
    stack.must("destroy", "--yes", "--skip-preview")
    assert {left.urn.rpartition("::")[2] for left in stack.world} == case.kept
    assert not [found for found in stack.resources() if found.get("custom")]


def test_a_quota_stops_in_the_words_of_the_cloud_and_room_lets_it_go_on(platform: Make, case: Case) -> None:
    made = platform(targets.base(case.target), faults=[Fault("create", case.many, "quota", limit=3)])
    full = made.up()
    assert full.code != 0
    assert f"the quota of 3 {case.many} is used up" in full.text
    made.faults.clear()
    made.must("up", "--yes", "--skip-preview")
    made.unchanged()


def test_every_resource_has_its_place_in_the_tree(stack: Platform, case: Case) -> None:
    for found in stack.resources():
        token = found["type"]
        if token.startswith("pulumi:") or token == "penguinmails:index:Platform":
            continue
        parent = found.get("parent", "").split("::")[2]
        assert "penguinmails:index:Platform" in parent, found["urn"]
        if not token.startswith("penguinmails:"):
            assert parent.rsplit("$", 1)[-1].startswith(f"penguinmails:{case.target}:"), found["urn"]
