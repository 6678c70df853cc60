"""By what a service scales."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws import scaling
from components.spec import Scaling


@pytest.mark.parametrize(
    ("asked", "percent"),
    [
        ({}, 60),
        ({"cpu_percent": 40}, 40),
        ({"requests_per_minute_per_replica": 100}, None),
        ({"messages_per_replica": 100}, None),
        ({"messages_per_replica": 100, "cpu_percent": 70}, 70),
    ],
)
def test_the_processor_counts_where_nothing_else_is_named(asked: dict[str, Any], percent: int | None) -> None:
    assert scaling.cpu_percent(Scaling(min_replicas=1, max_replicas=4, **asked)) == percent


def test_a_backlog_is_of_all_queues_and_no_figure_of_it_is_made_up() -> None:
    """A filled figure would be a 0 in the newest minute, for which there are none yet."""
    assert scaling.backlog(1) == "(q0) / copies"
    assert scaling.backlog(2) == "(q0 + q1) / copies"


def test_one_number_of_copies_does_not_scale() -> None:
    assert not scaling.scales(Scaling(min_replicas=2, max_replicas=2))
    assert scaling.scales(Scaling(min_replicas=1, max_replicas=2))
