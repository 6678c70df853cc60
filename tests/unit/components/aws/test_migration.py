"""How long a migration may take: within what ECS waits, and no longer than needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.migration import MAX_SECONDS, patience


@given(st.integers(30, MAX_SECONDS))
def test_a_migration_has_its_time_and_hardly_more(seconds: int) -> None:
    health = patience(seconds)
    assert 5 <= health.interval <= 300
    assert 1 <= health.retries <= 10
    assert 0 <= health.start_period <= 300
    assert 2 <= health.timeout <= 60
    given_seconds = health.start_period + health.retries * health.interval
    assert seconds <= given_seconds <= seconds + max(10, health.interval)


def test_a_short_migration_is_seen_at_once() -> None:
    health = patience(300)
    assert (health.start_period, health.interval, health.retries) == (300, 5, 1)


def test_more_than_ecs_waits_is_refused() -> None:
    with pytest.raises(ValueError, match="3300"):
        patience(MAX_SECONDS + 1)
