"""Storing and finding messages; knows nothing of HTTP."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from penguinmails_api.db import Sessions, reading
from penguinmails_api.models import Message
from penguinmails_api.outbox import enqueue


class KeyReusedError(Exception):
    """The idempotency key belongs to another message."""


@dataclass(frozen=True)
class Draft:
    """A message that a client wants sent."""

    sender: str
    recipients: list[str]
    subject: str
    text: str | None
    html: str | None

    def fingerprint(self) -> str:
        """Same content, same fingerprint: how a repeated request is told from a new one under an old key."""
        canonical = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def accept(sessions: Sessions, client_id: str, draft: Draft, key: str | None) -> tuple[Message, bool]:
    """Store a message and its outbox entry in one transaction; returns it and whether it is new.

    Of two concurrent requests with one key the database's constraint lets one through, and the other finds its message.
    """
    if key is not None:
        known = _find_by_key(sessions, client_id, key, draft)
        if known is not None:
            return known, False
    try:
        with sessions.begin() as session:
            message = _store(session, client_id, draft, key)
        return message, True
    except IntegrityError:
        known = _find_by_key(sessions, client_id, key, draft) if key is not None else None
        if known is None:
            raise
        return known, False


def _store(session: Session, client_id: str, draft: Draft, key: str | None) -> Message:
    message = Message(
        client_id=client_id,
        idempotency_key=key,
        fingerprint=draft.fingerprint(),
        sender=draft.sender,
        recipients=list(draft.recipients),
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
    )
    session.add(message)
    session.flush()
    enqueue(session, message.id)
    return message


def _find_by_key(sessions: Sessions, client_id: str, key: str, draft: Draft) -> Message | None:
    with reading(sessions) as session:
        statement = select(Message).where(Message.client_id == client_id, Message.idempotency_key == key)
        message = session.scalars(statement).one_or_none()
    if message is not None and message.fingerprint != draft.fingerprint():
        raise KeyReusedError
    return message


def find(sessions: Sessions, client_id: str, message_id: uuid.UUID) -> Message | None:
    """The client's message, or None."""
    with reading(sessions) as session:
        return session.scalars(select(Message).where(Message.client_id == client_id, Message.id == message_id)).one_or_none()


def page(sessions: Sessions, client_id: str, before: uuid.UUID | None, limit: int) -> list[Message]:
    """The client's newest messages older than ``before``; identifiers sort by time."""
    statement = select(Message).where(Message.client_id == client_id)
    if before is not None:
        statement = statement.where(Message.id < before)
    with reading(sessions) as session:
        return list(session.scalars(statement.order_by(Message.id.desc()).limit(limit)))
