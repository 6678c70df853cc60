"""The journal of an upgrade, and what an upgrade refuses before it changes anything."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from components import stackfile
from scripts.operations import preflight, upgrade
from scripts.operations import upgrade_journal as journal
from scripts.operations.stack import Stack, read
from scripts.operations.upgrade_journal import Deployed, Upgrade
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

DIGEST = "localhost:5000/penguinmails/api@sha256:" + "0" * 64
DESCRIPTION: dict[str, Any] = {
    "migration": {"image": "api"},
    "services": {"api": {"image": "api", "cpu": 1}, "worker": {"image": "api"}},
}
BEFORE = Deployed(DESCRIPTION, {"api": DIGEST, "migration": DIGEST}, "abc", "2026-01-02T03:04:05Z")


def test_a_rollback_names_the_very_images() -> None:
    pinned = BEFORE.pinned()
    assert pinned["services"]["api"] == {"image": DIGEST, "cpu": 1}
    assert pinned["services"]["worker"] == {"image": "api"}, "one that is not known stays as it was described"
    assert pinned["migration"] == {"image": DIGEST}
    assert DESCRIPTION["services"]["api"]["image"] == "api"


def test_what_is_written_down_is_read_again(tmp_path: Path) -> None:
    assert journal.read(tmp_path) is None
    assert journal.read_deployed(tmp_path) is None
    journal.write_deployed(tmp_path, BEFORE)
    assert journal.read_deployed(tmp_path) == BEFORE
    begun = journal.write(tmp_path, Upgrade(BEFORE, "2026-01-02T03:04:06Z", "begun"), "failed")
    assert begun.state == "failed"
    assert journal.read(tmp_path) == begun
    assert stat.S_IMODE((tmp_path / "upgrade.json").stat().st_mode) == 0o600


def test_a_description_with_pinned_images_can_be_deployed() -> None:
    described = json.loads(read("docker-local").spec.model_dump_json(exclude_none=True))
    pinned = Deployed(described, {"api": DIGEST, "worker": DIGEST, "migration": DIGEST}, "", "").pinned()
    assert stackfile.parse(json.dumps(pinned)).services["api"].image == DIGEST


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(preflight, "check", lambda _: None)
    return read("docker-local")


def test_an_old_engine_is_refused(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "must", lambda *_, **__: "19.03.15")
    with pytest.raises(Failure, match=r"Docker 19\.03\.15 is too old: the kit needs 20\.10 or newer"):
        upgrade.checked(stack)


class Running:
    """Docker with one container for each role, which filters them as Docker does; the newest comes first."""

    def __init__(self, stack: Stack, roles: list[str], version: str) -> None:
        self.version = version
        self.roles = {f"penguinmails-{stack.name}-{role}.1.{role}": role for role in roles}
        self.stack = stack.name

    def __call__(self, *arguments: str, timeout: float = 0, explain: str = "") -> str | None:
        match arguments:
            case ("version", *_):
                return "20.10.24+dfsg1"
            case ("ps", *options):
                return "\n".join(role for name, role in self.roles.items() if self._is_asked(name, role, options))
            case ("exec", "database", _, _, text) if "PG_VERSION" in text:
                return self.version
        return None

    def _is_asked(self, name: str, role: str, options: list[str]) -> bool:
        labels = {"project": "penguinmails", "stack": self.stack, "component": role}
        own = {f"label=penguinmails.{key}={value}" for key, value in labels.items()}
        asked = [option for option in options if option.startswith(("label=", "name="))]
        return all(one in own or (one.startswith("name=") and re.search(one[5:], name)) for one in asked)


EXPORTER = "database-exporter"
"""It is asked for nothing here, and has a name that begins like the database's."""


@pytest.mark.parametrize(
    ("roles", "version", "fits"),
    [
        ([EXPORTER, "database", "api"], "17", True),
        ([EXPORTER, "api"], "16", True),
        ([EXPORTER, "database", "api"], "16", False),
    ],
    ids=["the same", "no database", "another"],
)
def test_another_major_of_postgresql_is_refused(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, roles: list[str], version: str, fits: bool
) -> None:
    running = Running(stack, roles, version)
    monkeypatch.setattr(docker, "must", running)
    monkeypatch.setattr(docker, "output", running)
    if fits:
        assert "PostgreSQL 17" in upgrade.checked(stack)[0]
    else:
        with pytest.raises(Failure, match="The data is of PostgreSQL 16 and this version runs 17"):
            upgrade.checked(stack)


def test_without_backups_it_is_refused_outside_development(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = read("docker-production")
    unkept = Stack("x", production.file, production.spec.model_copy(update={"backup": None}))
    monkeypatch.setenv("PENGUINMAILS_STATE", str(tmp_path))
    with pytest.raises(Failure, match="Nothing is known of what runs"):
        upgrade._upgrade(unkept, yes=True, no_backup=False)
    journal.write_deployed(unkept.folder, BEFORE)
    monkeypatch.setattr(upgrade, "checked", lambda _: [])
    with pytest.raises(Failure, match=r"^platform\.backup: x has no backups to go back to"):
        upgrade._upgrade(unkept, yes=True, no_backup=False)


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that an upgrade runs, none of which does anything."""
    found: list[str] = []
    monkeypatch.setenv("PENGUINMAILS_STATE", str(tmp_path))
    monkeypatch.setattr(upgrade, "checked", lambda _: [])
    monkeypatch.setattr(preflight, "room_for_a_backup", lambda _: None)
    monkeypatch.setattr(upgrade, "_verify", lambda _: None)
    monkeypatch.setattr(upgrade, "_run", lambda command, *_, **__: found.append(command))
    return found


@pytest.mark.parametrize("state", ["begun", "backed-up", "deployed"])
def test_a_run_that_was_cut_off_goes_back_to_what_was_before_it(state: journal.State, ran: list[str]) -> None:
    """The first run has changed what is deployed; the second must not take that for the former."""
    local = read("docker-local")
    journal.write(local.folder, Upgrade(BEFORE, journal.now(), state), state)
    journal.write_deployed(local.folder, Deployed(DESCRIPTION, {}, "half", "2026-01-03T00:00:00Z"))
    assert upgrade._upgrade(local, yes=True, no_backup=False)["before"] == "abc"
    assert ran == ["up"]
    done = journal.read(local.folder)
    assert done is not None
    assert (done.state, done.before) == ("verified", BEFORE)


def with_backups() -> Stack:
    local, production = read("docker-local"), read("docker-production")
    return Stack(local.name, local.file, local.spec.model_copy(update={"backup": production.spec.backup}))


LONG_AGO = "2026-01-02T03:04:06Z"


@pytest.mark.parametrize(
    ("state", "moment"),
    [("failed", journal.now()), ("verified", journal.now()), ("backed-up", LONG_AGO), ("deployed", LONG_AGO)],
    ids=["it failed", "it is done", "cut off long ago", "seen to answer badly long ago"],
)
def test_another_upgrade_has_a_backup_and_a_moment_of_its_own(state: journal.State, moment: str, ran: list[str]) -> None:
    """With those of the former one, going back would lose all that was written between the two."""
    stack = with_backups()
    journal.write(stack.folder, Upgrade(BEFORE, moment, state, backup=True), state)
    now = Deployed(DESCRIPTION, {}, "def", journal.now())
    journal.write_deployed(stack.folder, now)
    began = journal.now()
    upgrade._upgrade(stack, yes=True, no_backup=False)
    assert ran == ["backup", "up"]
    done = journal.read(stack.folder)
    assert done is not None
    assert (done.state, done.before, done.backup) == ("verified", now, True)
    assert done.moment >= began


def test_what_came_up_and_answers_badly_keeps_what_was_before(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def badly(_: Stack) -> None:
        raise Failure("api answers / with server errors")

    stack = with_backups()
    journal.write_deployed(stack.folder, BEFORE)
    monkeypatch.setattr(upgrade, "_verify", badly)
    with pytest.raises(Failure, match="server errors"):
        upgrade._upgrade(stack, yes=True, no_backup=False)
    kept = journal.read(stack.folder)
    assert kept is not None
    assert (kept.state, kept.before, kept.backup) == ("deployed", BEFORE, True)


def test_what_does_not_come_up_is_closed(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: str, *_: str, explain: str) -> None:
        if command == "up":
            raise Failure(explain)

    stack = with_backups()
    journal.write_deployed(stack.folder, BEFORE)
    monkeypatch.setattr(upgrade, "_run", run)
    with pytest.raises(Failure, match="went back"):
        upgrade._upgrade(stack, yes=True, no_backup=False)
    closed = journal.read(stack.folder)
    assert closed is not None
    assert (closed.state, closed.goes_on) == ("failed", False)


def test_no_backup_begins_that_does_not_fit(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Stack) -> None:
        raise Failure("The backup may not fit")

    stack = with_backups()
    journal.write_deployed(stack.folder, BEFORE)
    monkeypatch.setattr(preflight, "room_for_a_backup", full)
    with pytest.raises(Failure, match="may not fit"):
        upgrade._upgrade(stack, yes=True, no_backup=False)
    assert ran == []
