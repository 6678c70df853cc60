"""Burn rates of objectives: exact figures of the SRE workbook, and what holds for any objective."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws import burn_rate

OBJECTIVES = st.floats(min_value=90, max_value=99.99)


@pytest.mark.parametrize(
    ("burn", "objective", "share"),
    [(14.4, 99.9, 0.0144), (6, 99.9, 0.006), (1, 99.9, 0.001), (14.4, 99.99, 0.00144), (14.4, 95, 0.72), (14.4, 90, 1.0)],
)
def test_a_burn_rate_is_a_share_of_requests(burn: float, objective: float, share: float) -> None:
    assert burn_rate.threshold(burn, objective) == share


def test_windows_are_those_of_the_workbook() -> None:
    found = [(one.burn, one.long_minutes, one.short_minutes) for one in burn_rate.WINDOWS]
    assert found == [(14.4, 60, 5), (6, 360, 30), (1, 3 * 1440, 360)]
    month = 30 * 24 * 60
    spent = [round(one.burn * one.long_minutes / month, 6) for one in burn_rate.WINDOWS]
    assert spent == [0.02, 0.05, 0.1]
    assert all(one.long_minutes == 12 * one.short_minutes for one in burn_rate.WINDOWS)


@given(objective=OBJECTIVES)
def test_any_objective_can_fire_and_slower_windows_see_less(objective: float) -> None:
    pairs = burn_rate.availability("app/x/1", objective)
    shares = [pair.long.threshold for pair in pairs]
    assert all(0 < share <= 1 for share in shares)
    assert shares == sorted(shares, reverse=True)
    assert [pair.short.threshold for pair in pairs] == shares
    for pair in pairs:
        assert pair.long.period_seconds > pair.short.period_seconds
        for alarm in (pair.long, pair.short):
            whole = alarm.periods * alarm.period_seconds
            assert whole <= (7 * 86400 if alarm.period_seconds >= 3600 else 86400)


def test_requests_that_no_service_got_count_as_failed() -> None:
    [fast, *_] = burn_rate.availability("app/x/1", 99.9)
    assert {metric.name for metric in fast.long.metrics.values()} == {
        "HTTPCode_Target_5XX_Count",
        "HTTPCode_ELB_5XX_Count",
        "RequestCount",
    }
    assert fast.long.expressions["share"] == "IF(failed >= 5, failed / MAX([requests, failed]), 0)"
    assert fast.short.expressions["share"] == "IF(failed > 0, failed / MAX([requests, failed]), 0)"
    assert fast.long.silence == fast.short.silence == "notBreaching"


def test_slow_answers_are_a_share_too() -> None:
    pairs = burn_rate.latency("app/x/1", 200)
    assert [pair.long.threshold for pair in pairs] == [0.72, 0.3, 0.05]
    assert pairs[0].long.metrics["within"].statistic == "PR(:0.2)"
    assert burn_rate.latency("app/x/1", 1500)[0].short.metrics["within"].statistic == "PR(:1.5)"
