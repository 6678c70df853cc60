"""What SES tells: an event on the message, in every form it comes in, once, and without an address."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest
from penguinmails_api import bounces, messages
from penguinmails_api.db import Sessions
from penguinmails_api.health import Pulse
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Message, MessageEvent
from penguinmails_api.transport import ID_HEADER, Letter, RecordingTransport, compose
from penguinmails_api.worker import BounceWorker
from sqlalchemy import select

from tests.unit.api.conftest import FakeConsumer

ADDRESS = "ann@example.com"


@pytest.fixture
def message(sessions: Sessions) -> Message:
    return messages.accept(sessions, "c", messages.Draft("b@example.org", [ADDRESS], "s", "t", None), None)[0]


@pytest.fixture
def worker(sessions: Sessions, consumer: FakeConsumer, metrics: Metrics) -> BounceWorker:
    return BounceWorker(sessions, consumer, RecordingTransport(), metrics, Pulse(60), drain_seconds=1)


def told(name: str, mail: dict[str, Any], *, key: str = "eventType") -> dict[str, Any]:
    more = {
        "Bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": ADDRESS}]},
        "Complaint": {"complaintFeedbackType": "abuse", "complainedRecipients": [{"emailAddress": ADDRESS}]},
    }
    return {key: name, "mail": {"messageId": "0100-ses", "destination": [ADDRESS], **mail}, name.lower(): more.get(name, {})}


def places(identifier: object) -> list[dict[str, Any]]:
    return [
        {"headers": [{"name": "To", "value": ADDRESS}, {"name": ID_HEADER, "value": str(identifier)}]},
        {"headers": [{"name": "Message-ID", "value": f"<{identifier}@example.org>"}]},
        {"tags": {"message_id": [str(identifier)], "ses:from-domain": ["example.org"]}},
    ]


def events(sessions: Sessions) -> list[tuple[uuid.UUID, str, dict[str, Any]]]:
    with sessions() as session:
        return [(event.message_id, event.kind, event.detail) for event in session.scalars(select(MessageEvent))]


@pytest.mark.parametrize("enveloped", [True, False], ids=["envelope", "raw"])
@pytest.mark.parametrize("place", range(3), ids=["header", "message-id", "tag"])
@pytest.mark.parametrize(
    ("name", "event"),
    [("Bounce", ("bounced", {"type": "Permanent", "subtype": "General"})), ("Complaint", ("complained", {"type": "abuse"}))],
)
def test_it_becomes_an_event_once(
    name: str,
    event: tuple[str, dict[str, str]],
    place: int,
    enveloped: bool,
    worker: BounceWorker,
    consumer: FakeConsumer,
    sessions: Sessions,
    message: Message,
) -> None:
    notification: dict[str, Any] = told(name, places(message.id)[place], key="eventType" if enveloped else "notificationType")
    if enveloped:
        notification = {"Type": "Notification", "TopicArn": "arn:aws:sns:x", "Message": json.dumps(notification)}
    for _ in range(2):
        worker.handle(consumer.delivery(json.dumps(notification).encode()))
    assert consumer.settled == ["ack", "ack"]
    assert events(sessions) == [(message.id, *event)]


@pytest.mark.parametrize(
    "notification",
    [
        told("Bounce", {}),
        told("Bounce", places(uuid.UUID(int=7))[0]),
        told("Complaint", {"headers": [{"name": "Message-ID", "value": f"<x.{ADDRESS}>"}]}),
        told("DeliveryDelay", places(uuid.UUID(int=7))[0]),
    ],
)
def test_what_is_of_no_message_is_one_line_without_addresses(
    notification: dict[str, Any], worker: BounceWorker, consumer: FakeConsumer, sessions: Sessions, caplog: Any
) -> None:
    with caplog.at_level(logging.INFO, logger="penguinmails_api"):
        worker.handle(consumer.delivery(json.dumps(notification).encode()))
    assert consumer.settled == ["ack"]
    assert events(sessions) == []
    (line,) = [record for record in caplog.records if record.name.startswith("penguinmails_api")]
    assert ADDRESS not in str(vars(line))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b"{}", b'{"eventType": "Bounce"}', b'{"Type": "Notification", "Message": "x"}']
)
def test_what_is_unreadable_is_given_up(body: bytes, worker: BounceWorker, consumer: FakeConsumer) -> None:
    worker.handle(consumer.delivery(body))
    assert consumer.settled == ["reject"]


def test_mail_carries_the_id_that_a_bounce_is_known_by() -> None:
    mail = compose(Letter("the-id", "b@example.org", (ADDRESS,), "s", "t", None))
    assert mail[ID_HEADER] == "the-id"
    assert bounces.parse(json.dumps(told("Bounce", places(uuid.UUID(int=5))[0])).encode()).message_id == uuid.UUID(int=5)
