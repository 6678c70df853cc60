"""What is counted from the numbers of copies that were seen."""

from __future__ import annotations

from scripts.bench.autoscaling import Seen, reversals, steps


def test_steps_are_changes_of_what_is_wanted_and_turns_are_counted() -> None:
    seen = [Seen(at, wanted, 1) for at, wanted in enumerate((1, 1, 2, 2, 4, 3, 3, 4, 4))]
    assert steps(seen) == [(2, 1, 2), (4, 2, 4), (5, 4, 3), (7, 3, 4)]
    assert reversals(steps(seen)) == 2
    assert reversals(steps(seen[:5])) == 0
    assert reversals([]) == 0
