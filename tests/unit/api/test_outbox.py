"""The relay: nothing is deleted before its confirm, nothing confirmed is kept, and it outlives every failure."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from penguinmails_api import messages
from penguinmails_api.broker import BrokerUnavailableError, UnroutableError
from penguinmails_api.db import Sessions
from penguinmails_api.dialects import claim
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import OutboxEntry
from penguinmails_api.outbox import BACKOFF_MAXIMUM_SECONDS, Relay, backoff_seconds, enqueue
from sqlalchemy import func, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import OperationalError

from tests.unit.api.conftest import QUEUES, FakePublisher

DRAFT = messages.Draft("b@example.org", ["a@example.com"], "s", "t", None)


def fill(sessions: Sessions, count: int) -> list[str]:
    return [str(messages.accept(sessions, "c", DRAFT, None)[0].id) for _ in range(count)]


def depth(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(OutboxEntry)) or 0


def test_what_is_confirmed_is_deleted(relay: Relay, sessions: Sessions, publisher: FakePublisher, metrics: Metrics) -> None:
    made = fill(sessions, 3)
    relay.turn()
    assert [message_id for _, _, message_id in publisher.published] == made
    assert {queue for queue, _, _ in publisher.published} == {QUEUES["outbound"]}
    assert depth(sessions) == 0
    assert metrics.registry.get_sample_value("penguinmails_outbox_confirmed_total", {"queue": "outbound"}) == 3


@pytest.mark.parametrize("error", [BrokerUnavailableError("away"), UnroutableError("no queue")])
def test_what_is_not_confirmed_is_kept(error: Exception, relay: Relay, sessions: Sessions, publisher: FakePublisher) -> None:
    fill(sessions, 3)
    publisher.fail_after, publisher.error = 1, error
    relay.turn()
    assert depth(sessions) == 2
    publisher.fail_after = None
    relay.turn()
    assert depth(sessions) == 0
    assert len(publisher.published) == 3


def test_a_full_batch_is_followed_at_once(relay: Relay, sessions: Sessions) -> None:
    fill(sessions, 11)
    assert relay.turn() == 0.0
    assert relay.turn() == 0.5


def test_a_missing_queue_does_not_hold_up_another(sessions: Sessions, metrics: Metrics) -> None:
    class Partly(FakePublisher):
        def publish(self, queue: str, body: bytes, message_id: str) -> None:
            if queue == "gone":
                raise UnroutableError
            super().publish(queue, body, message_id)

    publisher = Partly()
    relay = Relay(sessions, publisher, {"bounces": "gone", "outbound": "here"}, metrics)
    with sessions.begin() as session:
        message = messages._store(session, "c", DRAFT, None)
        enqueue(session, message.id, "bounces")
    relay.turn()
    assert [queue for queue, _, _ in publisher.published] == ["here"]
    assert depth(sessions) == 1


def test_backoff_grows_and_is_bounded(relay: Relay, sessions: Sessions, publisher: FakePublisher) -> None:
    fill(sessions, 1)
    publisher.fail_after = 0
    pauses = [relay.turn() for _ in range(8)]
    assert pauses[:3] == [0.5, 1.0, 2.0]
    assert pauses[-1] == BACKOFF_MAXIMUM_SECONDS == backoff_seconds(10_000)
    publisher.fail_after = None
    assert relay.turn() == 0.5


def test_any_failure_is_outlived(relay: Relay, publisher: FakePublisher, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = iter([OperationalError("", {}, Exception("away")), TypeError("a bug")])
    monkeypatch.setattr(publisher, "keepalive", lambda: (_ for _ in ()).throw(next(failures)))
    assert relay.turn() > 0
    assert relay.turn() > 0


def test_the_thread_publishes_on_wake_and_stops(sessions: Sessions, publisher: FakePublisher, metrics: Metrics) -> None:
    relay = Relay(sessions, publisher, QUEUES, metrics, poll_seconds=30)
    relay.start()
    time.sleep(0.05)
    fill(sessions, 1)
    relay.wake()
    deadline = time.monotonic() + 5
    while not publisher.published and time.monotonic() < deadline:
        time.sleep(0.01)
    relay.stop(5)
    assert len(publisher.published) == 1
    assert "relay" not in {thread.name for thread in threading.enumerate()}


def test_depth_and_age_are_measured(relay: Relay, sessions: Sessions, publisher: FakePublisher, metrics: Metrics) -> None:
    fill(sessions, 2)
    publisher.fail_after, publisher.error = 0, UnroutableError()
    relay.turn()
    assert metrics.registry.get_sample_value("penguinmails_outbox_depth") == 2
    assert (metrics.registry.get_sample_value("penguinmails_outbox_oldest_age_seconds") or 0) > 0


def test_rows_are_claimed_where_the_database_can() -> None:
    statement = select(OutboxEntry)
    dialects: list[tuple[Any, bool]] = [(postgresql, True), (mysql, True), (sqlite, False)]
    for module, locks in dialects:
        dialect = module.dialect()
        text = str(claim(statement, dialect.name).compile(dialect=dialect))
        assert ("SKIP LOCKED" in text) is locks
