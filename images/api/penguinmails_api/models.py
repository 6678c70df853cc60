"""Tables, in types that PostgreSQL, MySQL and SQLite all have.

The migrations are written by hand and a test compares them with this module. Releases expand first and contract later:
old and new code run side by side, so a column is added with a default or nullable, and dropped a release after its last
reader.
"""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.mysql import DATETIME, MEDIUMTEXT, VARCHAR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from penguinmails_api.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints get names of ours: a migration must be able to drop what a database would have named by itself."""

SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts upwards only in a column of type INTEGER."""


# MySQL's own: its times have no fraction of a second and its texts 64 KiB unless asked; its strings compare without case.
MOMENT = DateTime(timezone=True).with_variant(DATETIME(fsp=6), "mysql")
CONTENT = Text().with_variant(MEDIUMTEXT(), "mysql")


def exact(length: int) -> String:
    """Text that is equal only to itself, in MySQL too."""
    return String(length).with_variant(VARCHAR(length, collation="utf8mb4_bin"), "mysql")


class Status(enum.StrEnum):
    """Where a message stands. Stored as text: a native enum would need a migration for every new state."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """``moment`` in UTC; SQLite and MySQL give back times without a zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dict[str, Any]: JSON(), datetime: MOMENT}  # noqa: RUF012


class Message(Base):
    """A message that a client handed over. Its content stays here; queues carry the identifier only."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("client_id", "idempotency_key"), Index(None, "client_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(Uuid(), primary_key=True, default=new_id)
    client_id: Mapped[str] = mapped_column(exact(64))
    idempotency_key: Mapped[str | None] = mapped_column(exact(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(320))
    recipients: Mapped[list[str]] = mapped_column(JSON())
    subject: Mapped[str] = mapped_column(String(998))
    text: Mapped[str | None] = mapped_column(CONTENT)
    html: Mapped[str | None] = mapped_column(CONTENT)
    status: Mapped[str] = mapped_column(String(16), default=Status.QUEUED.value)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class MessageEvent(Base):
    """What happened to a message. The constraint is what makes a redelivery harmless: an event happens once."""

    __tablename__ = "message_events"
    __table_args__ = (UniqueConstraint("message_id", "kind"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(Uuid(), ForeignKey("messages.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime] = mapped_column(default=now)


class OutboxEntry(Base):
    """A publication that is owed to the broker; written with its message, deleted once the broker has confirmed."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "queue", "id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    queue: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[uuid.UUID] = mapped_column(Uuid(), ForeignKey("messages.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
