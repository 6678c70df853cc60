"""What waits for what on Docker, and that nothing which is in use is deleted when something is replaced."""

from __future__ import annotations

import pytest

from components import stackfile
from tests.contract.conftest import program, stack_names, stack_text
from tests.harness import mocked
from tests.harness.mocked import Registered
from tests.harness.simulated import Simulated

SERVICE = "docker:index/service:Service"
NAMED_ANEW = ("docker:index/secret:Secret", "docker:index/serviceConfig:ServiceConfig")


@pytest.fixture(params=[name for name in stack_names() if name.startswith("docker-")])
def registered(request: pytest.FixtureRequest, authority: str) -> list[Registered]:
    spec, simulated = stackfile.parse(stack_text(request.param)), Simulated()
    monitor = mocked.Monitor(simulated)
    mocked.run(simulated, monitor, lambda: program(spec, authority))
    return monitor.seen


def test_no_value_is_made_from_a_service(registered: list[Registered]) -> None:
    """A service is deleted before its replacement is made, and what has a value of it is deleted with it, though in use."""
    made = [
        f"{one.name}: {key}"
        for one in registered
        if one.typ.startswith("docker:")
        for key, urns in one.of.items()
        if any(f"{SERVICE}::" in urn for urn in urns)
    ]
    assert made == []


def test_secrets_and_files_are_made_anew_before_the_old_go(registered: list[Registered]) -> None:
    """A name of one's own would make the engine delete the old one first: two cannot have the same."""
    found = [one for one in registered if one.typ in NAMED_ANEW]
    assert len(found) > 20
    assert [one.name for one in found if "name" in one.inputs or one.deletes_first] == []


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("penguinmails-migration-run", "penguinmails-database-server"),
        ("penguinmails-migration-run", "penguinmails-database-access-run"),
        ("penguinmails-database-access-run", "penguinmails-database-server"),
        ("penguinmails-pooling-server", "penguinmails-database-access-run"),
        ("penguinmails-api-copies", "penguinmails-pooling-server"),
        ("penguinmails-api-copies", "penguinmails-queue-server"),
        ("penguinmails-api-copies", "penguinmails-migration-run"),
        ("penguinmails-edge-files", "penguinmails-api-copies"),
        ("penguinmails-edge-server", "penguinmails-edge-files"),
    ],
)
def test_what_needs_another_waits_for_it(registered: list[Registered], later: str, earlier: str) -> None:
    assert earlier in before(registered, later)


def test_the_keeper_of_backups_waits_for_the_database(registered: list[Registered]) -> None:
    for one in registered:
        if one.name == "penguinmails-backup-keeper":
            assert "penguinmails-database-server" in before(registered, one.name)


def before(registered: list[Registered], name: str) -> set[str]:
    """Names of all that a resource waits for, over however many others."""
    needs = {one.name: [urn.rpartition("::")[2] for urn in one.depends] for one in registered}
    found: set[str] = set()
    rest = [name]
    while rest:
        for needed in needs.get(rest.pop(), []):
            if needed not in found:
                found.add(needed)
                rest.append(needed)
    return found
