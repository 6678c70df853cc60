"""When a backup or a drill is due, and which kind of backup. Pure; times in seconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from cronsim import CronSim

from penguinmails_backup.facts import Facts
from penguinmails_backup.settings import FULL_EVERY_DAYS

DAY = 86400.0
RETRY_SECONDS = 900
"""After a failure, and while another run has the lock."""

START_SECONDS = 120
"""After a restore the server is started by whoever asked for it."""

FIRST_DRILL_SECONDS = 3600
"""After the first backup, so that a platform is not proved for the first time a week later."""


def backup_due(facts: Facts, cron: str, now: float) -> str | None:
    """The kind of backup that is due, or None. A missed time is made up for at once."""
    if facts.attempt_failed and now - facts.attempt < RETRY_SECONDS:
        return None
    if facts.restores and now - facts.restores[-1].at < START_SECONDS:
        return None
    if _needs_full(facts) or facts.attempt_failed:
        return kind(facts, now)
    return kind(facts, now) if following(cron, facts.attempt) <= now else None


def kind(facts: Facts, now: float) -> str:
    """Full once a week, and first of all; after a restore too, because a new timeline begins there."""
    if _needs_full(facts):
        return "full"
    # An hour less than a week: a backup that began a little late does not push the next one to the day after.
    return "full" if now - facts.successes["full"] >= FULL_EVERY_DAYS * DAY - 3600 else "differential"


def drill_due(facts: Facts, every_days: int, now: float) -> bool:
    """A drill that failed is tried again after a day, or sooner where drills are more frequent."""
    if not facts.successes:
        return False
    if not facts.drill_attempt:
        return now - min(facts.successes.values()) >= FIRST_DRILL_SECONDS
    passed = bool(facts.drills) and facts.drills[-1].passed
    return now - facts.drill_attempt >= (every_days if passed else min(every_days, 1)) * DAY


def following(cron: str, after: float) -> float:
    """The first time of a schedule that comes after a moment."""
    return next(CronSim(cron, datetime.fromtimestamp(after, UTC))).timestamp()


def interval(cron: str, now: float) -> float:
    """The longest gap between two of the next 50 times of a schedule."""
    times = CronSim(cron, datetime.fromtimestamp(now, UTC))
    moments = [next(times).timestamp() for _ in range(50)]
    return max(later - earlier for earlier, later in pairwise(moments))


def _needs_full(facts: Facts) -> bool:
    last = facts.successes.get("full", 0.0)
    return not last or any(restore.at > last for restore in facts.restores)
