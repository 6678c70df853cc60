"""What SES tells of mail that came back or was complained about: an event on the message, once however often it is told.

A notification comes as it is or inside SNS's envelope (raw delivery on or off), by SES's event publishing or its older
feedback. SES gives mail a Message-ID of its own, so the message is known by a header of ours (`transport.ID_HEADER`), by a
tag, or by what the client's Message-ID was. Addresses are never stored or logged here: the message has its recipients.
What is not a bounce or a complaint, or of no message of ours, leaves one line in the log and is done with.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from penguinmails_api.db import Sessions
from penguinmails_api.models import Message, MessageEvent
from penguinmails_api.transport import ID_HEADER

log = logging.getLogger(__name__)

BOUNCES = "bounces"
"""Neutral name of the queue."""
_KINDS = {"Bounce": "bounced", "Complaint": "complained"}
_TAG = "message_id"


class UnreadableError(Exception):
    """A body that no repetition makes readable."""


@dataclass(frozen=True)
class Notification:
    """``kind`` of the event on the message; None for what SES tells besides."""

    told: str
    kind: str | None
    message_id: uuid.UUID | None
    detail: dict[str, Any]


def parse(body: bytes) -> Notification:
    """A notification of SES, from its envelope if it has one."""
    try:
        told = json.loads(body)
        if told.get("Type") == "Notification" and isinstance(told.get("Message"), str):
            told = json.loads(told["Message"])
        name = str(told.get("eventType") or told["notificationType"])
        mail = told["mail"]
        more = told.get(name.lower()) or {}
        detail = {"type": more.get("bounceType") or more.get("complaintFeedbackType"), "subtype": more.get("bounceSubType")}
        message_id = next(filter(None, map(_identifier, _candidates(mail))), None)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnreadableError("unreadable") from None
    return Notification(name, _KINDS.get(name), message_id, {key: value for key, value in detail.items() if value})


def _candidates(mail: dict[str, Any]) -> Iterator[str]:
    """Where the message's id may be, most certain first."""
    headers = [(str(header["name"]).lower(), str(header["value"])) for header in mail.get("headers") or ()]
    yield from (value for name, value in headers if name == ID_HEADER.lower())
    yield from (str(value) for value in (mail.get("tags") or {}).get(_TAG, ()))
    yield from (value for name, value in headers if name == "message-id")


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip().strip("<>").partition("@")[0])
    except ValueError:
        return None


def record(sessions: Sessions, body: bytes) -> str:
    """Record what ``body`` tells; returns the outcome's name. UnreadableError."""
    notification = parse(body)
    if notification.kind is None or notification.message_id is None:
        return _ignored(notification)
    with sessions.begin() as session:
        # Locked, so that the same told twice at once is an event once, and not an error of the second.
        found = select(Message.id).where(Message.id == notification.message_id).with_for_update()
        if session.scalars(found).one_or_none() is None:
            return _ignored(notification)
        known = select(MessageEvent.id).where(
            MessageEvent.message_id == notification.message_id, MessageEvent.kind == notification.kind
        )
        if session.scalars(known).first() is not None:
            return "duplicate"
        session.add(MessageEvent(message_id=notification.message_id, kind=notification.kind, detail=notification.detail))
    return notification.kind


def _ignored(notification: Notification) -> str:
    known = str(notification.message_id) if notification.message_id else None
    log.warning("mail service tells of no message here", extra={"told": notification.told[:32], "message_id": known})
    return "ignored"
