"""Events that matter to security: what becomes one, and how long each is kept, whatever else happens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from penguinmails_operations.logs import collector as module
from penguinmails_operations.logs.app import application
from penguinmails_operations.logs.collector import Collector
from penguinmails_operations.logs.journal import EVENT_DAYS, EVENTS_OF_DAY
from prometheus_client import generate_latest

from tests.unit.images.operations.asgi import Client
from tests.unit.images.operations.logs.conftest import Make
from tests.unit.images.operations.logs.engine import BEGAN, Engine


def metrics(collector: Collector) -> str:
    return generate_latest(collector.measures.registry).decode()


def test_a_new_release_is_an_event_and_known_ever_after(engine: Engine, make: Make) -> None:
    engine.write("starts")
    collector = make()
    collector.run_pass()
    assert collector.journal.events == []
    newer = Engine(engine.root, "b2" * 32, release="r2")
    newer.write("starts", at=datetime.now(UTC))
    engine.write("stops", at=datetime.now(UTC))
    collector.run_pass()
    assert [event.detail for event in collector.journal.events] == ["api runs r2 instead of r1"]
    assert 'penguinmails_security_events_total{kind="stack_changed"} 1.0' in metrics(collector)
    assert 'penguinmails_security_events_total{kind="login_failed"} 0.0' in metrics(collector)
    assert make().journal.releases["api"].release == "r2"


def later(engine: Engine, letter: str, service: str, release: str) -> Engine:
    """A container that comes when the first is known."""
    made = Engine(engine.root, f"{letter}3" * 32, service=service, release=release)
    made.write("starts", at=datetime.now(UTC))
    return made


@pytest.mark.parametrize(
    ("service", "release", "kind", "detail"),
    [
        ("api", "r2", "stack_changed", "api runs r2 instead of r1"),
        ("worker", "r1", "stack_changed", "worker runs r1 for the first time"),
        ("api", "r1", "container_started", "a new container of api with the release that it had"),
    ],
)
def test_a_release_is_told_from_a_restart(
    service: str, release: str, kind: str, detail: str, engine: Engine, make: Make
) -> None:
    engine.write("starts")
    found = {engine.container: "api"}
    collector = make(found=lambda: dict(found))
    collector.run_pass()
    assert collector.journal.events == []
    found[later(engine, "c", service, release).container] = service
    collector.run_pass()
    collector.run_pass()
    assert [(event.kind, event.detail) for event in collector.journal.events] == [(kind, detail)]


def test_a_new_container_that_writes_nothing_is_told_of_too(
    engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.write("starts")
    found = {engine.container: "api"}
    collector = make(found=lambda: dict(found))
    collector.run_pass()
    found["c3" * 32] = "worker"
    collector.run_pass()
    assert collector.journal.events == []
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.0)
    collector.run_pass()
    collector.run_pass()
    assert [event.detail for event in collector.journal.events] == ["a new container of worker, which has written nothing"]


def test_failed_logins_are_merged_within_a_minute(engine: Engine, make: Make) -> None:
    for _ in range(3):
        engine.tell("WARNING", "authentication failed", reason="wrong", client_address="10.0.0.1")
    engine.write(
        json.dumps({"message": "authentication failed", "reason": "wrong", "client_address": "10.0.0.1"}),
        at=BEGAN + timedelta(minutes=5),
    )
    collector = make()
    collector.run_pass()
    assert [event.count for event in collector.journal.events] == [3, 1]
    assert 'penguinmails_security_events_total{kind="key_misuse"} 4.0' in metrics(collector)
    assert [event.count for event in make().journal.events] == [3, 1]


def misuse(engine: Engine, number: int, at: datetime = BEGAN) -> None:
    text = {"message": "authentication failed", "reason": "wrong", "client_address": f"10.0.{number // 250}.{number % 250}"}
    engine.write(json.dumps(text), at=at)


def test_nobody_makes_the_events_of_others_forgotten_by_many_of_his_own(engine: Engine, make: Make) -> None:
    """One client after another with a wrong key, as somebody with many addresses would do it, before and after a login."""
    misuse(engine, 9999, at=BEGAN - timedelta(days=2))
    status = Engine(engine.root, "b2" * 32, service="status")
    status.tell("WARNING", "login failed", client_address="203.0.113.9")
    collector = make()
    collector.run_pass()
    for number in range(1500):
        misuse(engine, number)
    while collector.run_pass():
        pass
    for found in (collector, make()):
        details = [event.detail for event in found.journal.events]
        assert "a failed login at the status page from 203.0.113.9" in details
        assert "a wrong API key from 10.0.39.249" in details
        assert len(details) <= 2 * EVENTS_OF_DAY + 4
        assert sum(event.count for event in found.journal.events) == 1502
    assert collector.journal.totals["key_misuse"] == 1501
    told = Client(application(collector)).get("/security").json()
    assert [event for event in told["events"] if event["kind"] == "login_failed"]


def test_events_go_after_their_days(engine: Engine, make: Make) -> None:
    misuse(engine, 1, at=BEGAN - timedelta(days=EVENT_DAYS + 1))
    misuse(engine, 2, at=BEGAN - timedelta(days=EVENT_DAYS - 1))
    collector = make()
    collector.run_pass()
    assert [event.detail for event in collector.journal.events] == ["a wrong API key from 10.0.0.2"]
    assert len(make().journal.events) == 1
