"""The keeper's own health: it ends with neither of its threads, and a long job is no standstill."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from penguinmails_backup import daemon, facts, jobs, live, schedule
from penguinmails_backup.settings import Settings

SETTINGS = Settings(stack="s", database_name="d", schedule="30 2 * * *", retention_days=7, drill_every_days=7)


class Clock:
    """Seconds pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(daemon, "time", found)
    monkeypatch.setattr(daemon, "TICK_SECONDS", 0.001)
    monkeypatch.setattr(daemon, "say", lambda *_: None)
    monkeypatch.setattr(facts, "read", facts.Facts)
    monkeypatch.setattr(schedule, "drill_due", lambda *_: False)
    monkeypatch.setattr(schedule, "backups_due", lambda *_: {})
    return found


Started = Callable[[], daemon.Keeper]


@pytest.fixture
def started(clock: Clock) -> Iterator[Started]:
    """Starts a keeper's schedule; its watch is taken for well."""
    keepers: list[tuple[daemon.Keeper, threading.Thread]] = []

    def start() -> daemon.Keeper:
        keeper = daemon.Keeper(SETTINGS)
        thread = threading.Thread(target=keeper._work, daemon=True)
        keepers.append((keeper, thread))
        thread.start()
        return keeper

    yield start
    for keeper, thread in keepers:
        keeper._stop.set()
        thread.join(5)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def pass_by(clock: Clock, keeper: daemon.Keeper) -> None:
    """Time in which the watch goes on and nothing else does."""
    clock.now += daemon.STANDSTILL_SECONDS + 1
    keeper._watched = clock.now


def test_one_error_does_not_end_the_schedule(monkeypatch: pytest.MonkeyPatch, started: Started) -> None:
    looks: list[int] = []

    def due(*_: object) -> dict[str, str]:
        looks.append(1)
        if len(looks) == 1:
            raise ValueError("no such file")
        return {}

    monkeypatch.setattr(schedule, "backups_due", due)
    started()
    until(lambda: len(looks) > 2)


def test_a_schedule_that_never_passes_is_ill(monkeypatch: pytest.MonkeyPatch, clock: Clock, started: Started) -> None:
    failed = threading.Event()

    def broken() -> facts.Facts:
        failed.set()
        raise ValueError("no JSON")

    monkeypatch.setattr(facts, "read", broken)
    keeper = started()
    assert failed.wait(5)
    assert keeper._healthy()
    pass_by(clock, keeper)
    time.sleep(0.02)
    assert not keeper._healthy()


def test_a_job_may_take_hours(monkeypatch: pytest.MonkeyPatch, clock: Clock, started: Started) -> None:
    begun, end = threading.Event(), threading.Event()

    def job(*_: object, **__: object) -> dict[str, object]:
        begun.set()
        assert end.wait(5)
        return {}

    monkeypatch.setattr(schedule, "backups_due", lambda *_: {} if end.is_set() else {"objects": "objects"})
    monkeypatch.setattr(jobs, "backup", job)
    keeper = started()
    assert begun.wait(5)
    pass_by(clock, keeper)
    assert keeper._healthy()
    end.set()
    until(lambda: not keeper._at_work)
    until(keeper._healthy)


def test_nothing_is_started_while_a_restore_is_prepared(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    begun: list[object] = []
    held = facts.Facts(held_until=clock.now + 10)
    monkeypatch.setattr(facts, "read", lambda: held)
    monkeypatch.setattr(schedule, "backups_due", lambda *_: {"objects": "objects"})
    monkeypatch.setattr(jobs, "backup", lambda *_, parts: begun.append(parts) or {})
    keeper = daemon.Keeper(SETTINGS)
    keeper._look()
    assert begun == []
    clock.now += 11
    keeper._look()
    assert begun == [{"objects": "objects"}]


def test_what_a_killed_drill_left_goes_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone = facts.alone
    monkeypatch.setattr(facts, "alone", lambda what: alone(what, tmp_path))
    monkeypatch.setattr(daemon, "SCRATCH", tmp_path)
    monkeypatch.setattr(daemon, "say", lambda *_: None)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "copy").write_text("of the database")
    with facts.alone("drill"):
        daemon.clear()
    assert (tmp_path / "data" / "copy").exists()  # it is at work
    daemon.clear()
    assert list((tmp_path / "data").iterdir()) == []


def test_a_watch_that_stands_still_is_ill(clock: Clock, started: Started) -> None:
    keeper = started()
    clock.now += daemon.STANDSTILL_SECONDS + 1
    until(lambda: keeper._scheduled == clock.now)
    assert not keeper._healthy()


def test_a_server_that_has_started_is_woken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its checkpointer would else ship nothing for a quarter of an hour."""
    asked: list[str] = []
    begun = [100.0]

    class Connection:
        def execute(self, query: str, *_: object) -> None:
            asked.append(query)

    @contextmanager
    def connected(*_: object) -> Iterator[Connection]:
        yield Connection()

    monkeypatch.setattr(live, "connected", connected)
    monkeypatch.setattr(live, "one", lambda *_: begun[0])
    woken = daemon.wake("d", 0.0)
    woken = daemon.wake("d", woken)
    assert (woken, asked) == (100.0, ["SELECT pg_reload_conf()"])
    begun[0] = 200.0
    assert daemon.wake("d", woken) == 200.0
    assert len(asked) == 2
