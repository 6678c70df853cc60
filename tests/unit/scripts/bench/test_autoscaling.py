"""What is counted from the numbers of copies that were seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scripts.bench.autoscaling import Release, Report, Seen, reported, reversals, steps, still_held
from scripts.bench.figures import Result, Sample


def test_steps_are_changes_of_what_is_wanted_and_turns_are_counted() -> None:
    seen = [Seen(at, wanted, 1) for at, wanted in enumerate((1, 1, 2, 2, 4, 3, 3, 4, 4))]
    assert steps(seen) == [(2, 1, 2), (4, 2, 4), (5, 4, 3), (7, 3, 4)]
    assert reversals(steps(seen)) == 2
    assert reversals(steps(seen[:5])) == 0
    assert reversals([]) == 0


def test_a_measurement_begins_when_no_release_holds_the_numbers_any_more() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert still_held([], now) == 0
    assert still_held([now - timedelta(seconds=65)], now) == 0
    assert still_held([now - timedelta(days=1), now - timedelta(seconds=20)], now) == 45


def report(copies: list[int], calm: list[int], *, failure: str = "", released: tuple[float, float] | None = None) -> Report:
    """Of looks ten seconds apart."""
    seen = [Seen(10.0 * at, wanted, wanted) for at, wanted in enumerate(copies)]
    after = [Seen(seen[-1].at + 10.0 * at, wanted, wanted) for at, wanted in enumerate(calm)]
    release = None
    if released is not None:
        release = Release.__new__(Release)
        release.began, release.ended = released
    result = Result([Sample(1.0, 5, 0, "GET", 200, failure)], seen[-1].at)
    return reported(result, seen, after, seen[-1].at, release, waited=True)


def test_what_comes_in_time_keeps_its_number_and_goes_again_is_good() -> None:
    assert report([1, 1, 2, 2, 2], [2, 1], released=(20, 40)).faults == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (report([1, 1, 1, 1, 2], [2, 1]), "first step"),
        (report([1, 2, 1, 2, 2], [2, 1]), "too often"),
        (report([1, 2, 2], [2, 1], failure="timeout"), "requests failed"),
        (report([1, 2, 2, 1, 2], [2, 1], released=(20, 40)), "the release changed"),
        (report([1, 2, 2], [2, 2]), "did not go again"),
    ],
)
def test_what_is_not_good_is_told(wrong: Report, sentence: str) -> None:
    assert not wrong.holds
    assert any(sentence in fault for fault in wrong.faults)
