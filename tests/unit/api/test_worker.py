"""The worker: once however often, poison away, outages waited out, nothing lost at the end."""

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest
from penguinmails_api import messages
from penguinmails_api.broker import BrokerUnavailableError
from penguinmails_api.db import Sessions
from penguinmails_api.health import Pulse
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Message, MessageEvent
from penguinmails_api.transport import Letter, PermanentFailureError, RecordingTransport, TemporaryFailureError, Transport
from penguinmails_api.worker import Worker
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.unit.api.conftest import FakeConsumer


class Scripted(RecordingTransport):
    """Fails with what it was given, in turn, then works."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.letters: list[Letter] = []

    def deliver(self, letter: Letter) -> dict[str, Any]:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append(letter)
        return super().deliver(letter)


@pytest.fixture
def transport() -> Scripted:
    return Scripted()


@pytest.fixture
def worker(sessions: Sessions, consumer: FakeConsumer, transport: Transport, metrics: Metrics) -> Worker:
    return Worker(sessions, consumer, transport, metrics, Pulse(60), drain_seconds=2)


@pytest.fixture
def message(sessions: Sessions) -> Message:
    return messages.accept(sessions, "c", messages.Draft("b@example.org", ["a@example.com"], "s", "t", None), None)[0]


def payload(message_id: uuid.UUID) -> bytes:
    return json.dumps({"version": 1, "message_id": str(message_id)}).encode()


def state(sessions: Sessions, message_id: uuid.UUID) -> tuple[str, list[str]]:
    with sessions() as session:
        events = session.scalars(select(MessageEvent.kind).where(MessageEvent.message_id == message_id)).all()
        return session.get_one(Message, message_id).status, list(events)


def outcome(metrics: Metrics, name: str) -> float:
    return metrics.registry.get_sample_value("penguinmails_deliveries_total", {"outcome": name}) or 0.0


def test_a_redelivery_is_acknowledged_and_changes_nothing(
    worker: Worker, consumer: FakeConsumer, transport: Scripted, sessions: Sessions, message: Message, metrics: Metrics
) -> None:
    for _ in range(3):
        worker.handle(consumer.delivery(payload(message.id)))
    assert consumer.settled == ["ack"] * 3
    assert state(sessions, message.id) == ("sent", ["sent"])
    assert len(transport.letters) == 1
    assert (outcome(metrics, "sent"), outcome(metrics, "duplicate")) == (1, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b'{"message_id": 5}',
        b'{"message_id": "x"}',
        payload(uuid.UUID(int=7)),
    ],
)
def test_poison_is_rejected(body: bytes, worker: Worker, consumer: FakeConsumer, metrics: Metrics) -> None:
    worker.handle(consumer.delivery(body))
    assert consumer.settled == ["reject"]
    assert outcome(metrics, "poison") == 1


def test_a_temporary_failure_goes_back_after_a_delay(
    worker: Worker, consumer: FakeConsumer, transport: Scripted, sessions: Sessions, message: Message
) -> None:
    transport.failures.append(TemporaryFailureError("greylisted"))
    worker.handle(consumer.delivery(payload(message.id), attempt=3))
    assert consumer.settled == []
    assert state(sessions, message.id) == ("queued", [])
    (deferred,) = worker._deferred
    worker._give_back(deferred.due - 0.001)
    assert consumer.settled == []
    worker._give_back(deferred.due)
    assert consumer.settled == ["requeue"]


def test_a_permanent_failure_is_remembered_and_acknowledged(
    worker: Worker, consumer: FakeConsumer, transport: Scripted, sessions: Sessions, message: Message
) -> None:
    transport.failures.append(PermanentFailureError("every recipient was refused (550)"))
    worker.handle(consumer.delivery(payload(message.id)))
    assert consumer.settled == ["ack"]
    assert state(sessions, message.id) == ("failed", ["failed"])


def test_an_outage_of_the_database_is_waited_out_with_the_delivery_in_hand(
    worker: Worker, consumer: FakeConsumer, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = worker.process, iter([OperationalError("", {}, Exception("away"))] * 2)

    def sometimes(message_id: uuid.UUID) -> str:
        for failure in failures:
            raise failure
        return real(message_id)

    monkeypatch.setattr(worker, "process", sometimes)
    monkeypatch.setattr("penguinmails_api.worker.backoff_seconds", lambda _: 0.0)
    worker.handle(consumer.delivery(payload(message.id)))
    assert consumer.settled == ["ack"]
    assert consumer.kept_alive == 2


def test_stopping_finishes_what_has_arrived(worker: Worker, consumer: FakeConsumer, message: Message) -> None:
    consumer.waiting.extend(consumer.delivery(payload(message.id)) for _ in range(5))
    worker._stopping.set()
    worker._consume()
    assert consumer.stopped
    assert consumer.settled == ["ack"] * 5


def test_stopping_leaves_the_rest_to_the_broker_when_the_time_is_up(
    sessions: Sessions, consumer: FakeConsumer, metrics: Metrics, message: Message
) -> None:
    worker = Worker(sessions, consumer, RecordingTransport(), metrics, Pulse(60), drain_seconds=0)
    consumer.waiting.extend(consumer.delivery(payload(message.id)) for _ in range(5))
    worker.stop()
    worker._consume()
    assert consumer.settled == []


def test_a_lost_broker_is_reconnected_and_old_deliveries_forgotten(
    worker: Worker, consumer: FakeConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()
    attempts: list[int] = []

    def open_() -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise BrokerUnavailableError("away")
        opened.set()

    monkeypatch.setattr(consumer, "open", open_)
    monkeypatch.setattr("penguinmails_api.worker.backoff_seconds", lambda _: 0.0)
    monkeypatch.setattr(consumer, "receive", lambda _: opened.wait(0.01) and None)
    with pytest.raises(BrokerUnavailableError):
        worker.ping()
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert opened.wait(5)
    worker.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert len(attempts) == 3


def test_a_broken_settlement_is_not_taken_for_a_bad_message(worker: Worker, consumer: FakeConsumer, message: Message) -> None:
    class Gone:
        body, attempt = payload(message.id), 1

        def ack(self) -> None:
            raise BrokerUnavailableError("away")

    with pytest.raises(BrokerUnavailableError):
        worker.handle(Gone())  # type: ignore[arg-type]
    assert worker._deferred == []


def test_a_broker_that_can_keeps_the_delay_itself(
    worker: Worker, consumer: FakeConsumer, transport: Scripted, message: Message
) -> None:
    delays: list[float] = []
    transport.failures.append(TemporaryFailureError("greylisted"))
    worker.handle(replace(consumer.delivery(payload(message.id), attempt=3), postpone=delays.append))
    assert delays == [4.0]
    assert worker._deferred == []
