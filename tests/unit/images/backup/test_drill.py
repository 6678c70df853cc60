"""How a drill begins and ends; what it restores is tried on a platform."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from penguinmails_backup import content, drill, facts, scratch
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import Settings
from psycopg import sql

SETTINGS = Settings(stack="s", database_name="d", schedule="30 2 * * *", retention_days=7, drill_every_days=7)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    change = facts.change
    monkeypatch.setattr(facts, "change", lambda step: change(step, tmp_path))
    monkeypatch.setattr(drill, "DRILLS", tmp_path / "drills")
    monkeypatch.setattr(drill, "SCRATCH", tmp_path / "scratch")
    monkeypatch.setattr(drill, "passphrase", lambda: "phrase")
    return tmp_path


@pytest.mark.parametrize(
    "error", [BackupError("No room."), OSError("No room."), KeyError("No room."), AssertionError("No room.")]
)
def test_whatever_ends_a_drill_is_written_down(folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(drill, "_measure", fail)
    found = drill.run(SETTINGS)
    assert found["passed"] is False
    [kept] = facts.read(folder).drills
    assert "No room." in kept.reason
    assert (folder / "drills" / f"{kept.name}.json").exists()


class Server:
    """Writes down what it is told; what a statement begins with may raise an error."""

    def __init__(self, *errors: type[psycopg.Error]) -> None:
        self.told: list[str] = []
        self._errors = list(errors)

    def execute(self, statement: str | sql.Composed) -> None:
        text = statement if isinstance(statement, str) else statement.as_string()
        self.told.append(text)
        if text.startswith("LOCK TABLE") and self._errors:
            raise self._errors.pop(0)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], Any]:
    monkeypatch.setattr(content, "names", lambda *_: [("public", "a"), ("public", "b")])
    monkeypatch.setattr(drill.time, "sleep", lambda _: None)
    return drill.quiet  # type: ignore[return-value]


def test_writers_wait_no_longer_however_many_tables_are_locked(quiet: Callable[[Server], Any]) -> None:
    server = Server(psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
    with quiet(server):
        assert server.told[-1] == "SET LOCAL statement_timeout = 0"
        assert server.told[-2] == 'LOCK TABLE ONLY "public"."a", ONLY "public"."b" IN SHARE MODE'
    assert server.told[:4] == [
        "BEGIN",
        "SET LOCAL statement_timeout = '2s'",  # of the whole statement, where lock_timeout is of each table
        server.told[2],
        "ROLLBACK",
    ]
    assert [line for line in server.told if line in {"ROLLBACK", "COMMIT"}] == ["ROLLBACK"] * 3 + ["COMMIT"]


def test_writers_that_leave_no_gap_are_left_alone(quiet: Callable[[Server], Any]) -> None:
    with pytest.raises(BackupError, match="Writers leave the drill no moment"):
        quiet(Server(*[psycopg.errors.QueryCanceled] * drill.LOCK_TRIES)).__enter__()


def test_what_the_second_server_keeps_for_replay_fits_into_the_room_that_was_asked_for() -> None:
    text = scratch.configuration(Path("/data"), Path("/folder"), goes_live=False)
    [kept] = [line for line in text.splitlines() if line.startswith("max_wal_size")]
    megabytes = int(kept.removeprefix("max_wal_size = ").removesuffix("MB"))
    assert 1.5 * megabytes * 1024 * 1024 <= scratch.MARGIN_BYTES
