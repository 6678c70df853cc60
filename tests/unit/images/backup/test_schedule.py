"""When backups and drills are due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from penguinmails_backup import schedule
from penguinmails_backup.facts import DrillFact, Facts, RestoreFact

DAILY = "30 2 * * *"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


FIRST = at("2026-11-02T12:00")
AFTER_FIRST = Facts(successes={"full": FIRST}, attempt=FIRST)


def test_the_first_backup_is_due_at_once_and_full() -> None:
    assert schedule.backup_due(Facts(), DAILY, FIRST) == "full"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-02T12:01", None),
        ("2026-11-03T02:29", None),
        ("2026-11-03T02:30", "differential"),
        ("2026-11-05T09:00", "differential"),  # missed, made up for
        ("2026-11-09T11:30", "full"),
    ],
)
def test_differential_by_day_and_full_by_week(now: str, due: str | None) -> None:
    assert schedule.backup_due(AFTER_FIRST, DAILY, at(now)) == due


def test_a_failed_backup_is_tried_again_after_a_quarter_of_an_hour() -> None:
    failed = Facts(successes={"full": FIRST}, attempt=FIRST + 100, attempt_failed=True)
    assert schedule.backup_due(failed, DAILY, FIRST + 200) is None
    assert schedule.backup_due(failed, DAILY, FIRST + 100 + schedule.RETRY_SECONDS) == "differential"


def test_a_restore_is_followed_by_a_full_backup_once_the_server_had_time_to_start() -> None:
    restored = Facts(successes={"full": FIRST}, attempt=FIRST, restores=[RestoreFact(FIRST + 50, FIRST + 10, 1, 1, 2)])
    assert schedule.backup_due(restored, DAILY, FIRST + 60) is None
    assert schedule.backup_due(restored, DAILY, FIRST + 50 + schedule.START_SECONDS) == "full"


def drilled(passed: bool) -> Facts:
    drill = DrillFact("drill", FIRST, passed, 1.0, 1.0, "", "")
    return Facts(successes={"full": FIRST}, attempt=FIRST, drills=[drill], drill_attempt=FIRST)


@pytest.mark.parametrize(
    ("facts", "hours", "due"),
    [
        (Facts(), 1000, False),  # nothing to restore
        (AFTER_FIRST, 0.5, False),
        (AFTER_FIRST, 1, True),
        (drilled(True), 167, False),
        (drilled(True), 168, True),
        (drilled(False), 23, False),
        (drilled(False), 24, True),
    ],
)
def test_drills(facts: Facts, hours: float, due: bool) -> None:
    assert schedule.drill_due(facts, 7, FIRST + hours * 3600) is due


@pytest.mark.parametrize(("cron", "hours"), [(DAILY, 24), ("0 */6 * * *", 6), ("0 1,3 * * *", 22), ("0 2 * * 0", 168)])
def test_the_interval_is_the_longest_gap(cron: str, hours: float) -> None:
    assert schedule.interval(cron, FIRST) == hours * 3600
