"""When backups and drills are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from penguinmails_backup import schedule
from penguinmails_backup.facts import DrillFact, Facts, PartFact, RestoreFact

DAILY = "30 2 * * *"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


FIRST = at("2026-11-02T12:00")
ONE = "repository 1"
MADE = {part: PartFact(FIRST, FIRST) for part in (ONE, "objects")}
AFTER_FIRST = Facts(parts=MADE, attempt=FIRST)


def due(facts: Facts, now: float) -> dict[str, str]:
    return schedule.backups_due(facts, 1, DAILY, now)


def both(kind: str) -> dict[str, str]:
    return {ONE: kind, "objects": "objects"}


def test_the_first_backup_is_due_at_once_and_full() -> None:
    assert due(Facts(), FIRST) == both("full")


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        ("2026-11-02T12:01", None),
        ("2026-11-03T02:29", None),
        ("2026-11-03T02:30", "differential"),
        ("2026-11-05T09:00", "differential"),  # missed, made up for
        ("2026-11-09T11:30", "full"),
    ],
)
def test_differential_by_day_and_full_by_week(now: str, kind: str | None) -> None:
    assert due(AFTER_FIRST, at(now)) == (both(kind) if kind else {})


def test_each_repository_has_its_own_week() -> None:
    known = Facts(parts={**MADE, "repository 2": PartFact(FIRST + 5 * 86400, FIRST + 5 * 86400)}, attempt=FIRST + 5 * 86400)
    found = schedule.backups_due(known, 2, DAILY, at("2026-11-09T11:30"))
    assert found == {ONE: "full", "repository 2": "differential", "objects": "objects"}


def test_a_failed_backup_is_tried_again_after_a_quarter_of_an_hour() -> None:
    failed = Facts(parts=MADE, attempt=FIRST + 100, missing=[ONE])
    assert due(failed, FIRST + 200) == {}
    assert due(failed, FIRST + 100 + schedule.RETRY_SECONDS) == {ONE: "differential"}


def test_a_restore_is_followed_by_a_full_backup_once_the_server_had_time_to_start() -> None:
    restored = Facts(parts=MADE, attempt=FIRST, restores=[RestoreFact(FIRST + 50, FIRST + 10, 1, 1, 2)])
    assert due(restored, FIRST + 60) == {}
    assert due(restored, FIRST + 50 + schedule.START_SECONDS) == {ONE: "full"}


def drilled(passed: bool) -> Facts:
    drill = DrillFact("drill", FIRST, passed, 1.0, 1.0, "", "")
    return Facts(parts=MADE, attempt=FIRST, drills=[drill], drill_attempt=FIRST)


@pytest.mark.parametrize(
    ("facts", "hours", "due"),
    [
        (Facts(), 1000, False),  # nothing to restore
        (AFTER_FIRST, 0.5, False),
        (AFTER_FIRST, 1, True),
        (Facts(parts={"objects": MADE["objects"]}), 1000, False),  # no database to restore
        (drilled(True), 167, False),
        (drilled(True), 168, True),
        (drilled(False), 23, False),
        (drilled(False), 24, True),
        (replace(drilled(True), drill_attempt=FIRST + 1), 24, False),
        (replace(drilled(True), drill_attempt=FIRST + 1), 24.1, True),  # the one after left no record
    ],
)
def test_drills(facts: Facts, hours: float, due: bool) -> None:
    assert schedule.drill_due(facts, 7, FIRST + hours * 3600) is due


@pytest.mark.parametrize(
    ("drills", "turn"),
    [
        ([], 1),
        ([(1, True)], 2),
        ([(1, True), (2, True)], 1),
        ([(1, True), (2, False)], 2),  # not proved yet
        ([(1, True), (1, True)], 2),  # the second could not be read
        ([(0, True)], 1),  # of a keeper that did not write it down
    ],
)
def test_each_repository_has_its_turn(drills: list[tuple[int, bool]], turn: int) -> None:
    made = [
        DrillFact("", FIRST + number, passed, 1, 1, "", "", repository) for number, (repository, passed) in enumerate(drills)
    ]
    assert schedule.drill_turn(Facts(drills=made), 2) == turn
    assert schedule.drill_turn(Facts(drills=made), 1) == 1


@pytest.mark.parametrize(("cron", "hours"), [(DAILY, 24), ("0 */6 * * *", 6), ("0 1,3 * * *", 22), ("0 2 * * 0", 168)])
def test_the_interval_is_the_longest_gap(cron: str, hours: float) -> None:
    assert schedule.interval(cron, FIRST) == hours * 3600
