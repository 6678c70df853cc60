"""When a certificate is renewed, and how long a failure is waited after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from penguinmails_operations.acme import schedule

from tests.unit.images.operations.acme.made import NOW


@pytest.mark.parametrize(("days", "after"), [(90, 60), (45, 30), (6, 4), (1, 2 / 3)])
def test_two_thirds_of_the_lifetime(days: float, after: float) -> None:
    due = schedule.due(NOW, NOW + timedelta(days=days))
    assert abs(due - (NOW + timedelta(days=after))) < timedelta(seconds=1)


def test_what_the_authority_suggests_counts_but_not_beyond_three_quarters() -> None:
    end = NOW + timedelta(days=100)
    assert schedule.due(NOW, end, NOW + timedelta(days=10)) == NOW + timedelta(days=10)
    assert schedule.due(NOW, end, NOW + timedelta(days=70)) == NOW + timedelta(days=70)
    assert schedule.due(NOW, end, NOW + timedelta(days=99)) == NOW + timedelta(days=75)


def test_pauses_double_up_to_six_hours() -> None:
    minutes = [schedule.pause(failures).total_seconds() / 60 for failures in range(9)]
    assert minutes == [0, 5, 10, 20, 40, 80, 160, 320, 360]
    assert schedule.pause(1, limited=True) == timedelta(hours=1)


@given(st.integers(1, 10_000), st.booleans())
def test_no_pause_is_beyond_its_bounds(failures: int, limited: bool) -> None:
    assert timedelta(minutes=60 if limited else 5) <= schedule.pause(failures, limited=limited) <= timedelta(hours=6)
