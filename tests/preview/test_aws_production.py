"""The stack for real use on AWS through the engine: up, changes that keep all data, recovery, and how hard it is to destroy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from scripts.previews.holdings import HOLDINGS
from scripts.simulation.server.faults import Fault
from tests.harness import targets
from tests.harness.checkout import Checkout
from tests.harness.fields import put
from tests.preview.conftest import CANARY, Platform

Make = Callable[..., Platform]
IMAGE = "registry.example.com/penguinmails/api@sha256:"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
DATABASE = "aws:rds/instance:Instance"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Change:
    """`fields`: path -> value. `replaced`, `updated`, `created`: types that must be among those; no other type is replaced."""

    fields: Mapping[str, Any]
    replaced: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()


CHANGES = {
    "image": Change(
        {f"{place}.image": IMAGE + "c" * 64 for place in ("services.api", "services.worker", "migration")},
        replaced=frozenset({TASK}),
        updated=frozenset({SERVICE}),
    ),
    "size": Change(
        {"database.size": "large", "services.api.cpu": 2, "services.api.memory_mib": 4096},
        replaced=frozenset({TASK}),
        updated=frozenset({DATABASE, SERVICE}),
    ),
    "retention": Change(
        {"backup.retention_days": 30, "telemetry.log_retention_days": 365},
        updated=frozenset({"aws:cloudwatch/logGroup:LogGroup", "aws:backup/plan:Plan"}),
    ),
    "queue": Change({"queues.imports": {}}, created=frozenset({"aws:sqs/queue:Queue"})),
    "service": Change(
        {"services.reports": {"image": "api", "command": ["worker"], "consumes": ["outbound"]}},
        created=frozenset({SERVICE, TASK}),
    ),
}


@pytest.fixture
def production(running: Make) -> Platform:
    return running(targets.stack("aws-production"))


def holdings(platform: Platform) -> dict[str, str]:
    """URN -> id of all that holds data."""
    return {found["urn"]: found["id"] for found in platform.resources() if found["type"] in HOLDINGS}


def test_everything_is_made_once_nothing_is_left_to_do_and_no_secret_can_be_read(production: Platform) -> None:
    production.unchanged()
    again = production.up("--refresh")
    left = again.did("create", "update", "replace", "delete")
    assert (again.code, left) == (0, {}), f"of {len(production.world)} resources {len(left)} changed: {left}"
    assert production.double() == []
    assert CANARY not in production.state()
    assert "PRIVATE KEY" not in production.state()
    assert CANARY not in production.must("preview", "--diff").text


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_keeps_all_that_holds_data(production: Platform, change: Change) -> None:
    before = holdings(production)
    assert len(before) > 20, before
    for path, value in change.fields.items():
        put(production.description, path.split("."), value)
    changed = production.must("up", "--yes", "--skip-preview")
    assert changed.lost() == set(), f"{len(changed.steps)} steps"
    assert before.items() <= holdings(production).items()
    replaced, updated, created = (set(changed.did(what).values()) for what in ("create-replacement", "update", "create"))
    assert replaced == change.replaced
    assert change.updated <= updated
    assert change.created <= created
    production.unchanged()
    assert production.double() == []


@pytest.mark.parametrize(
    ("token", "effect"), [("aws:rds/proxy:Proxy", "fail"), (SERVICE, "crash-before"), ("aws:backup/plan:Plan", "crash-before")]
)
def test_what_failed_half_way_is_finished_by_the_next_run(platform: Make, token: str, effect: Any) -> None:
    made = platform(targets.stack("aws-production"), faults=[Fault("create", token, effect)])
    assert made.up().code != 0
    half = holdings(made)
    made.faults.clear()
    made.recover()
    finished = made.must("up", "--yes", "--skip-preview")
    assert finished.lost() == set()
    assert half.items() <= holdings(made).items(), f"{len(half)} of {len(holdings(made))} were there"
    assert made.double() == []
    made.unchanged()


def test_an_orphan_of_a_crash_stops_the_next_run_in_the_words_of_the_cloud(platform: Make) -> None:
    made = platform(targets.stack("aws-production"), faults=[Fault("create", DATABASE, "crash-after")])
    assert made.up().code != 0
    made.faults.clear()
    made.recover()
    assert len(made.double()) >= 1
    again = made.up()
    assert again.code != 0
    assert "is taken by" in again.text, again.text[-5000:]
    [orphan] = [thing for thing in made.world if thing.token == DATABASE]
    assert orphan.id in made.double()
    assert orphan.inputs["identifier"] in again.text


def test_nobody_loses_data_to_one_command(production: Platform) -> None:
    """The engine's protection and the cloud's have both to be taken off by name."""
    before = len(production.world)
    refused = production.run("destroy", "--yes")
    assert refused.code != 0
    assert "protect" in refused.text
    protected = {found["urn"] for found in production.resources() if found.get("protect")}
    assert any(urn.endswith("::penguinmails-database-server") for urn in protected), f"{len(protected)} are protected"
    assert production.up().did("create", "update", "replace", "delete") == {}
    assert len(production.world) == before
    production.must("state", "unprotect", "--all", "--yes")
    again = production.run("destroy", "--yes", "--skip-preview")
    assert again.code != 0
    assert "deletionProtection" in again.text
    assert any(thing.token == DATABASE for thing in production.world)


def test_what_is_only_for_development_is_destroyed_to_the_end(production: Platform) -> None:
    production.description["environment"] = "development"
    production.must("state", "unprotect", "--all", "--yes")
    production.must("up", "--yes", "--skip-preview")
    production.unchanged()
    production.must("destroy", "--yes", "--skip-preview")
    left = [thing.urn for thing in production.world if thing.urn]
    assert left == [], f"{len(left)} are left"


def test_a_network_that_is_there_is_used_with_mysql(running: Make) -> None:
    stack = running(targets.stack("aws-existing-network"))
    there = [thing for thing in stack.world if not thing.urn]
    stack.unchanged()
    assert stack.double() == []
    assert CANARY not in stack.state()
    changed = stack.up("--refresh").did("create", "update", "replace", "delete")
    assert changed == {}, f"{len(stack.world)} resources, {len(there)} of them were there"
    assert not [thing for thing in stack.world if thing.urn and thing.token in {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"}]


def test_one_word_that_takes_all_protection_off_is_told_before_it_is_done(checkout: Checkout) -> None:
    checkout.change("stacks/Pulumi.aws-production.yaml", "environment: production", "environment: development")
    found = checkout.told("aws-production", "--quick", "--against", "HEAD", code=1)
    losing = [error["urn"] for error in found["errors"] if "its protection against deletion" in error["message"]]
    assert {urn.rsplit("::", 1)[-1] for urn in losing} == {"penguinmails-database-server", "penguinmails-entry-balancer"}
    others = [error for error in found["errors"] if error["phase"] != "data" and "it is protected" not in error["message"]]
    assert others == [], "but for what the engine protects, the change is a right one"
