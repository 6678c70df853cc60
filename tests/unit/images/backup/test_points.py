"""Which moments can be brought back, and how one is written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from penguinmails_backup import points
from penguinmails_backup.errors import BackupError
from penguinmails_backup.facts import RestoreFact
from penguinmails_backup.pgbackrest import Held


def held(label: str, stop: float, timeline: int = 1, repository: int = 1, *, damaged: bool = False) -> Held:
    return Held(label, "full", repository, stop - 5, stop, timeline, 0, 1, 1, damaged)


BACKUPS = [held("a", 100), held("b", 200), held("c", 450, 2)]
RESTORES = [RestoreFact(at=400, target=150, old=1, parent=1, new=2)]
"""At 400 the platform went back to 150."""


@pytest.mark.parametrize(
    ("target", "label", "timeline"),
    [
        (120, "a", 1),
        (250, "b", 1),  # as the platform was before the restore
        (399, "b", 1),
        (420, "a", 2),  # b is of a past that was undone
        (460, "c", 2),
    ],
)
def test_a_moment_is_meant_as_the_platform_was_then(target: float, label: str, timeline: int) -> None:
    choice = points.choose(BACKUPS, RESTORES, target, current=2)
    assert (choice.backup.label, choice.timeline) == (label, timeline)


def test_two_restores_in_a_row() -> None:
    restores = [*RESTORES, RestoreFact(at=500, target=250, old=2, parent=1, new=3)]
    assert points.choose(BACKUPS, restores, 510, current=3) == points.Choice(BACKUPS[1], 3)
    assert points.choose(BACKUPS, restores, 460, current=3) == points.Choice(BACKUPS[2], 2)
    assert points.choose(BACKUPS, restores, 390, current=3) == points.Choice(BACKUPS[1], 1)


def test_the_nearer_repository_wins_and_another_can_be_asked_for() -> None:
    both = [held("a", 100), held("a2", 100, repository=2)]
    assert points.choose(both, [], 150, current=1).backup.label == "a"
    assert points.choose(both, [], 150, current=1, repository=2).backup.label == "a2"


def test_the_nearer_repository_wins_though_the_run_ends_with_the_other() -> None:
    both = [held("a", 100), held("a2", 160, repository=2)]
    assert points.choose(both, [], 200, current=1).backup.label == "a"
    assert points.choose(both, [], 200, current=1, repository=2).backup.label == "a2"


DAY = 86400


@pytest.mark.parametrize(
    ("backups", "label"),
    [
        ([held("a2", 160, repository=2)], "a2"),  # the first cannot be read
        ([held("a", 100), held("a2", 160 + DAY, repository=2)], "a2"),  # the first has missed a run
        ([held("a", 100, damaged=True), held("a2", 160, repository=2)], "a2"),
        ([held("a", 100, 7), held("a2", 160, repository=2)], "a2"),  # of a timeline that does not lead there
        ([held("a", 100), held("b", 100 + DAY), held("a2", 160, repository=2)], "b"),
        (
            [held("a", 100), held("a2", 160, repository=2), held("b2", 3 * DAY, repository=2)],
            "a",
        ),  # b2 is later than the target
    ],
)
def test_the_other_repository_is_there_for_what_the_nearer_has_not(backups: list[Held], label: str) -> None:
    assert points.choose(backups, [], 2 * DAY, current=1).backup.label == label


def test_a_far_repository_may_take_a_day_for_a_backup() -> None:
    slow = replace(held("a2", 100 + 2 * DAY, repository=2), start=105)
    assert points.choose([held("a", 100), slow], [], 3 * DAY, current=1).backup.label == "a"


def test_a_damaged_backup_is_not_chosen() -> None:
    assert points.choose([held("a", 100), held("b", 200, damaged=True)], [], 250, current=1).backup.label == "a"


def test_before_the_first_backup_there_is_nothing() -> None:
    with pytest.raises(BackupError, match="No backup leads to 1970-01-01T00:00:50Z"):
        points.choose(BACKUPS, [], 50, current=1)
    with pytest.raises(BackupError, match="There is no backup yet"):
        points.window([], 100)
    assert points.window(BACKUPS, 999) == points.Range(100, 999)


@pytest.mark.parametrize("text", ["yesterday", "2026-01-31", "2026-01-31T14:05:09", "", "2026-02-30T00:00:00Z", "1769868309"])
def test_a_moment_has_a_date_a_time_and_a_zone(text: str) -> None:
    with pytest.raises(BackupError, match="is no moment: write a date, a time and a zone"):
        points.moment(text)


def test_a_moment_is_written_in_utc() -> None:
    seconds = points.moment("2026-11-24T21:09:57.106842+02:00")
    assert points.stamp(seconds) == "2026-11-24T19:09:57.106842Z"
    assert points.postgres_time(seconds) == "2026-11-24 19:09:57.106842+00"


@given(st.integers(0, 4_000_000_000), st.integers(0, 999_999))
def test_a_moment_is_read_back_to_the_microsecond(seconds: int, micros: int) -> None:
    text = points.stamp(seconds + micros / 1_000_000)
    assert points.stamp(points.moment(text)) == text
