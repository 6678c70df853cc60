"""What the collector remembers, in one SQLite file that changes once a batch: positions, sizes, groups of errors, events.

One transaction holds all of a batch, so that counts, positions and kept lines never disagree, whenever the program ends.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from penguinmails_operations.logs.tail import Position

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (container TEXT PRIMARY KEY, service TEXT, identity TEXT, bytes INTEGER, pending TEXT);
CREATE TABLE IF NOT EXISTS days (day TEXT PRIMARY KEY, bytes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS groups (id TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS totals (kind TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS releases (service TEXT PRIMARY KEY, release TEXT NOT NULL, since TEXT NOT NULL);
"""


@dataclass
class Source:
    """A container that is read. `pending`: what its assembler holds."""

    container: str
    service: str
    position: Position | None = None
    pending: str = ""


@dataclass
class Group:
    """Errors that are the same. Times are RFC 3339 in UTC; `releases`: the newest last."""

    id: str
    service: str
    kind: str
    title: str
    first_seen: str
    last_seen: str
    count: int = 0
    releases: list[str] = field(default_factory=list)
    example: str = ""


@dataclass
class Event:
    """Something that matters to security, `count` times between `first` and `last`."""

    kind: str
    service: str
    detail: str
    first: str
    last: str
    count: int = 1
    id: int | None = None


@dataclass
class Release:
    """Which image a service runs, since when."""

    service: str
    release: str
    since: str


class State:
    """The file. Every method is called by one thread; `commit` ends a batch."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A power cut may take the last batches back: the days are cut to what is recorded, and they are read again.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)

    def begin(self) -> None:
        self._connection.execute("BEGIN")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def sources(self) -> dict[str, Source]:
        rows = self._connection.execute("SELECT container, service, identity, bytes, pending FROM sources")
        return {
            container: Source(container, service, Position(identity, size) if identity else None, pending)
            for container, service, identity, size, pending in rows
        }

    def save_source(self, source: Source) -> None:
        identity, offset = (source.position.identity, source.position.offset) if source.position else ("", 0)
        row = (source.container, source.service, identity, offset, source.pending)
        self._connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)", row)

    def forget_source(self, container: str) -> None:
        self._connection.execute("DELETE FROM sources WHERE container = ?", (container,))

    def days(self) -> dict[str, int]:
        return dict(self._connection.execute("SELECT day, bytes FROM days").fetchall())

    def save_day(self, day: str, size: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO days VALUES (?, ?)", (day, size))

    def forget_days(self, days: Iterable[str]) -> None:
        self._connection.executemany("DELETE FROM days WHERE day = ?", [(day,) for day in days])

    def groups(self) -> dict[str, Group]:
        rows = self._connection.execute("SELECT content FROM groups")
        return {group.id: group for group in (Group(**json.loads(content)) for (content,) in rows)}

    def save_group(self, group: Group) -> None:
        self._connection.execute("INSERT OR REPLACE INTO groups VALUES (?, ?)", (group.id, json.dumps(vars(group))))

    def forget_group(self, group: str) -> None:
        self._connection.execute("DELETE FROM groups WHERE id = ?", (group,))

    def events(self) -> list[Event]:
        """Oldest first."""
        rows = self._connection.execute("SELECT id, content FROM events ORDER BY id")
        return [Event(**{**json.loads(content), "id": number}) for number, content in rows]

    def save_event(self, event: Event) -> None:
        cursor = self._connection.execute("INSERT OR REPLACE INTO events VALUES (?, ?)", (event.id, json.dumps(vars(event))))
        event.id = cursor.lastrowid

    def forget_events(self, events: Iterable[Event]) -> None:
        self._connection.executemany("DELETE FROM events WHERE id = ?", [(event.id,) for event in events])

    def totals(self) -> Mapping[str, int]:
        return dict(self._connection.execute("SELECT kind, count FROM totals").fetchall())

    def save_total(self, kind: str, count: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO totals VALUES (?, ?)", (kind, count))

    def releases(self) -> dict[str, Release]:
        rows = self._connection.execute("SELECT service, release, since FROM releases")
        return {service: Release(service, release, since) for service, release, since in rows}

    def save_release(self, release: Release) -> None:
        row = (release.service, release.release, release.since)
        self._connection.execute("INSERT OR REPLACE INTO releases VALUES (?, ?, ?)", row)
