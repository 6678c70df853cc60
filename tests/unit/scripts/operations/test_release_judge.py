"""What a release is judged by, with figures that a person can check."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.operations.release_judge import LEAST_REQUESTS, Request, interval, judge, percentile

OBJECTIVE = 200


def answers(count: int, milliseconds: int = 10, status: int = 200) -> list[Request]:
    return [Request(status, milliseconds)] * count


def test_a_slow_release_is_bad_after_few_requests() -> None:
    verdict = judge(answers(LEAST_REQUESTS, 600), answers(1000), OBJECTIVE)
    assert verdict.reason == "20 of 20 requests took longer than 200 ms (p95 600 ms)"
    assert (verdict.new.slow, verdict.new.p95, verdict.old.p95) == (20, 600, 10)


@pytest.mark.parametrize(
    "new",
    [
        [],
        answers(LEAST_REQUESTS - 1, 600),
        answers(500),
        answers(94) + answers(6, 600),  # 6 % may be chance in a hundred requests
        answers(500, OBJECTIVE),
    ],
    ids=["nothing", "too few", "fast", "a little slow", "just as promised"],
)
def test_what_shows_nothing_is_not_rolled_back(new: list[Request]) -> None:
    assert not judge(new, answers(1000), OBJECTIVE).bad


def test_a_tenth_that_is_slow_is_bad_when_it_is_no_chance() -> None:
    assert judge(answers(900) + answers(100, 600), answers(1000), OBJECTIVE).bad
    assert not judge(answers(27) + answers(3, 600), answers(1000), OBJECTIVE).bad


def test_a_platform_that_was_slow_before_is_not_rolled_back_for_it() -> None:
    busy = answers(50) + answers(50, 600)
    assert not judge(busy, busy, OBJECTIVE).bad
    assert judge(answers(200, 600), busy, OBJECTIVE).bad
    assert judge(busy, answers(LEAST_REQUESTS - 1, 600), OBJECTIVE).bad, "too few old ones excuse nothing"


def test_server_errors_are_bad_and_those_of_clients_are_not() -> None:
    verdict = judge(answers(95) + answers(5, status=502), answers(1000), OBJECTIVE)
    assert verdict.reason == "5 of 100 requests ended with a server error"
    assert not judge(answers(95) + answers(5, status=404), answers(1000), OBJECTIVE).bad
    assert not judge(answers(98) + answers(2, status=500), answers(1000), OBJECTIVE).bad, "two may be chance"


def test_a_verdict_in_words() -> None:
    assert judge(answers(30, 300), [], OBJECTIVE).new.sentence(OBJECTIVE) == (
        "30 requests, p95 300 ms, 30 over 200 ms, 0 with a server error"
    )


def test_wilsons_interval_is_the_textbooks() -> None:
    low, high = interval(10, 100)
    assert (round(low, 3), round(high, 3)) == (0.046, 0.204)


@given(st.integers(0, 1000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share_that_was_seen(trial: tuple[int, int]) -> None:
    hits, total = trial
    low, high = interval(hits, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low - 1e-9 <= hits / total <= high + 1e-9


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=300))
def test_a_percentile_is_one_of_the_values_and_few_are_above(values: list[int]) -> None:
    found = percentile(values, 95)
    assert found in values
    assert sum(value > found for value in values) <= len(values) * 0.05
