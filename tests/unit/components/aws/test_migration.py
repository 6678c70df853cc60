"""How long a migration may take: within what ECS waits, and no longer than needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.migration import GRACE_SECONDS, MAX_SECONDS, patience, wait_seconds


@given(st.integers(30, MAX_SECONDS))
def test_a_migration_has_its_time_and_hardly_more(seconds: int) -> None:
    health = patience(seconds)
    assert 5 <= health.interval <= 300
    assert 1 <= health.retries <= 10
    assert 0 <= health.start_period <= 300
    assert 2 <= health.timeout <= 60
    given_seconds = health.start_period + health.retries * health.interval
    assert seconds <= given_seconds <= seconds + max(10, health.interval)


@given(st.integers(30, MAX_SECONDS))
def test_ecs_gives_up_before_the_engine_does(seconds: int) -> None:
    """Three tasks in a row, each with a minute to start."""
    assert wait_seconds(patience(seconds)) >= 3 * (seconds + GRACE_SECONDS + 60)


def test_a_short_migration_is_seen_at_once() -> None:
    health = patience(300)
    assert (health.start_period, health.interval, health.retries) == (300, 5, 1)


def test_more_than_ecs_waits_is_refused() -> None:
    with pytest.raises(ValueError, match="3300"):
        patience(MAX_SECONDS + 1)
