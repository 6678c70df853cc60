"""Scaling, backups and drills as the page shows them. Pure, and lenient: a field that is not there is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from penguinmails_operations.status.sources import Answer
from penguinmails_operations.status.words import Moment, duration, moment, size

SHOWN = 10


@dataclass(frozen=True)
class Scaled:
    """A service that scales: how many copies there are, between which bounds."""

    service: str
    replicas: int
    running: int
    minimum: int
    maximum: int
    percent: float


@dataclass(frozen=True)
class Decision:
    at: Moment
    service: str
    step: str
    reason: str


@dataclass(frozen=True)
class Scaling:
    services: Sequence[Scaled]
    decisions: Sequence[Decision]
    problem: str
    decisions_problem: str


@dataclass(frozen=True)
class Kept:
    """A backup or a drill. `details`: pairs of a word and a value."""

    at: Moment
    title: str
    is_good: bool
    details: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Backups:
    backups: Sequence[Kept]
    drills: Sequence[Kept]
    problem: str
    is_there: bool


def scaling(services: Answer, decisions: Answer, now: datetime) -> Scaling:
    found = [
        _scaled(entry)
        for entry in services.value or []
        if entry.get("minimum") is not None and entry.get("maximum") is not None
    ]
    told = [
        Decision(
            at=moment(entry.get("time"), now),
            service=str(entry.get("service", "")),
            step=_step(entry),
            reason=str(entry.get("reason", "")),
        )
        for entry in (decisions.value or [])[:SHOWN]
    ]
    return Scaling(sorted(found, key=lambda one: one.service), told, services.problem, decisions.problem)


def _step(entry: Mapping[str, Any]) -> str:
    before, after = entry.get("from", "?"), entry.get("to", "?")
    return f"stays at {before}" if before == after else f"{before} → {after}"


def _scaled(entry: Mapping[str, Any]) -> Scaled:
    least, most, there = int(entry["minimum"]), int(entry["maximum"]), int(entry.get("replicas") or 0)
    percent = 100.0 * there / most if most else 0.0
    return Scaled(str(entry.get("service", "")), there, int(entry.get("running") or 0), least, most, min(100.0, percent))


def backups(made: Answer, drills: Answer, now: datetime) -> Backups:
    return Backups(
        backups=[_backup(entry, now) for entry in (made.value or [])[:SHOWN]],
        drills=[_drill(entry, now) for entry in (drills.value or [])[:SHOWN]],
        problem=made.problem or drills.problem,
        is_there="has none" not in made.problem,
    )


def _backup(entry: Mapping[str, Any], now: datetime) -> Kept:
    details = [
        *_pair(entry, "database", "database_bytes", size),
        *_pair(entry, "stored", "stored_bytes", size),
        *_pair(entry, "in repository", "repository", str),
    ]
    title = f"{entry.get('type', 'backup')} {entry.get('label', '')}".strip()
    is_good = not entry.get("damaged")
    return Kept(moment(entry.get("finished"), now), title if is_good else f"{title}, damaged", is_good, details)


def _drill(entry: Mapping[str, Any], now: datetime) -> Kept:
    details = [
        *_pair(entry, "data lost at most", "rpo_seconds", _seconds),
        *_pair(entry, "back after", "rto_seconds", _seconds),
    ]
    is_good = bool(entry.get("passed"))
    details += [] if is_good else [("because", str(entry.get("reason", "")))]
    return Kept(moment(entry.get("at"), now), "passed" if is_good else "failed", is_good, details)


def _pair(entry: Mapping[str, Any], word: str, name: str, render: Any) -> list[tuple[str, str]]:
    value = entry.get(name)
    return [(word, render(value))] if isinstance(value, int | float) else []


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 60 else duration(timedelta(seconds=value))
