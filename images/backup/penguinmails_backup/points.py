"""Which moments can be brought back, and from which backup on which timeline. Pure.

A restore in place begins a new timeline at its target. A moment is meant as the platform was then: before a restore it is on
the timeline of before. A backup of an older timeline leads to a newer one only when it ended before that one left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from penguinmails_backup.errors import BackupError
from penguinmails_backup.facts import RestoreFact
from penguinmails_backup.pgbackrest import Held

SAME_RUN_SECONDS = 12 * 3600
"""From the end of a backup to the begin of the next repository's in the same run, which may have been tried again for hours."""


@dataclass(frozen=True)
class Range:
    """From the end of the oldest backup to the newest moment that is in the archive; seconds since 1970."""

    oldest: float
    newest: float


@dataclass(frozen=True)
class Choice:
    backup: Held
    timeline: int


def window(backups: Sequence[Held], archived: float) -> Range:
    """Raises `BackupError` when there is no backup at all."""
    sound = [held for held in backups if not held.damaged]
    if not sound:
        raise BackupError("There is no backup yet: run scripts/backup first.")
    return Range(min(held.stop for held in sound), archived)


def choose(
    backups: Sequence[Held], restores: Sequence[RestoreFact], target: float, *, current: int, repository: int | None = None
) -> Choice:
    """The newest backup of the nearest repository from which `target` can be reached. `current`: the timeline of now.

    One further away is taken when the nearer has none, or only one that is much older: a run backs up into one after the
    other, so the newest of all is nearly always the furthest. Raises `BackupError` when there is none.
    """
    later = [restore for restore in restores if restore.at > target]
    timeline = later[0].old if later else current
    limits = _limits(restores, timeline)
    fitting = [
        held
        for held in backups
        if not held.damaged
        and held.stop <= target
        and held.timeline in limits
        and held.stop <= limits[held.timeline]
        and (repository is None or held.repository == repository)
    ]
    if not fitting:
        raise BackupError(f"No backup leads to {stamp(target)}: choose a later moment.")
    newest = {held.repository: held for held in sorted(fitting, key=lambda held: held.stop)}
    latest = max(held.start for held in newest.values())
    near = [held for number, held in sorted(newest.items()) if latest - held.stop <= SAME_RUN_SECONDS]
    return Choice(near[0], timeline)


def _limits(restores: Sequence[RestoreFact], timeline: int) -> dict[int, float]:
    """Timelines that lead to `timeline` -> until when they do."""
    limits = {timeline: float("inf")}
    parents = {restore.new: restore for restore in restores}
    while timeline in parents:
        left = parents[timeline]
        if left.parent in limits:
            break
        limits[left.parent] = min(left.target, limits[timeline])
        timeline = left.parent
    return limits


def moment(text: str) -> float:
    """A time of ISO 8601 with its zone, as seconds since 1970.

    Raises `BackupError` for anything else.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BackupError(f"{text!r} is no moment: write a date, a time and a zone, such as 2026-01-31T14:05:09Z.")
    return found.timestamp()


def stamp(seconds: float) -> str:
    """ISO 8601 in UTC, to the second, or to the microsecond where there is a fraction."""
    found = datetime.fromtimestamp(seconds, UTC)
    return found.isoformat(timespec="microseconds" if found.microsecond else "seconds").replace("+00:00", "Z")


def postgres_time(seconds: float) -> str:
    """The same as PostgreSQL reads it, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00")
