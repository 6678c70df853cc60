"""When a backup or a drill is due, and which kind of backup. Pure; times in seconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from cronsim import CronSim

from penguinmails_backup.facts import Facts, PartFact
from penguinmails_backup.settings import FULL_EVERY_DAYS

DAY = 86400.0
OBJECTS = "objects"
"""The part of the backups that is no repository, and its only type."""

RETRY_SECONDS = 900
"""After a failure, and while another run has the lock."""

START_SECONDS = 120
"""After a restore the server is started by whoever asked for it."""

FIRST_DRILL_SECONDS = 3600
"""After the first backup, so that a platform is not proved for the first time a week later."""


def backups_due(facts: Facts, repositories: int, cron: str, now: float) -> dict[str, str]:
    """The parts that are due, each with its type of backup. A missed time is made up for at once.

    Each has a time of its own: one that failed is tried again without the others, however long it takes to be mended.
    """
    if facts.missing and now - facts.attempt < RETRY_SECONDS:
        return {}
    if facts.restores and now - facts.restores[-1].at < START_SECONDS:
        return {}
    found = {}
    for part, kind in backups(facts, repositories, now).items():
        made = facts.parts.get(part, PartFact()).made
        late = part != OBJECTS and _needs_full(facts, part)
        if not made or late or part in facts.missing or following(cron, made) <= now:
            found[part] = kind
    return found


def backups(facts: Facts, repositories: int, now: float, *, full: bool = False) -> dict[str, str]:
    """Every part of the backups with the type that is its turn: full once a week, and first of all.

    After a restore too, because a new timeline begins there.
    """
    found = {}
    for part in map(repository, range(1, repositories + 1)):
        # An hour less than a week: a backup that began a little late does not push the next one to the day after.
        week = now - facts.parts.get(part, PartFact()).full >= FULL_EVERY_DAYS * DAY - 3600
        found[part] = "full" if full or week or _needs_full(facts, part) else "differential"
    return {**found, OBJECTS: OBJECTS}


def repository(number: int) -> str:
    """The name of a part."""
    return f"repository {number}"


def drill_due(facts: Facts, every_days: int, now: float) -> bool:
    """A drill that failed is tried again after a day, or sooner where drills are more frequent.

    One that left no record (its container was ended) has failed too.
    """
    made = [known.made for part, known in facts.parts.items() if part != OBJECTS and known.made]
    if not made:
        return False
    if not facts.drill_attempt:
        return now - min(made) >= FIRST_DRILL_SECONDS
    passed = bool(facts.drills) and facts.drills[-1].passed and facts.drills[-1].at >= facts.drill_attempt
    return now - facts.drill_attempt >= (every_days if passed else min(every_days, 1)) * DAY


def drill_turn(facts: Facts, repositories: int) -> int:
    """The repository to prove next: the one whose last drill that passed is the oldest, so one that fails keeps its turn."""
    passed = {drill.repository: drill.at for drill in facts.drills if drill.passed}
    return min(range(1, repositories + 1), key=lambda number: (passed.get(number, 0.0), number))


def following(cron: str, after: float) -> float:
    """The first time of a schedule that comes after a moment."""
    return next(CronSim(cron, datetime.fromtimestamp(after, UTC))).timestamp()


def interval(cron: str, now: float) -> float:
    """The longest gap between two of the next 50 times of a schedule."""
    times = CronSim(cron, datetime.fromtimestamp(now, UTC))
    moments = [next(times).timestamp() for _ in range(50)]
    return max(later - earlier for earlier, later in pairwise(moments))


def _needs_full(facts: Facts, part: str) -> bool:
    last = facts.parts.get(part, PartFact()).full
    return not last or any(restore.at > last for restore in facts.restores)
