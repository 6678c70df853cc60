"""The decisions of the autoscaler: examples of each rule, and properties over all loads."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from penguinmails_operations.autoscaler.policy import Copies, Decision, Figures, State, Target, Tuning, decide

TUNING = Tuning()
CPU = Target(cpu_percent=60)
MESSAGES = Target(messages=100)
EVERY = 3


def copies(replicas: int, minimum: int = 1, maximum: int = 10, **more: int | bool) -> Copies:
    return Copies(minimum=minimum, maximum=maximum, replicas=replicas, **{"running": replicas, **more})  # type: ignore[arg-type]


def cpu(*percents: float) -> Figures:
    return Figures(cpu_percents=percents)


def simulate(
    figures: Callable[[float, int], Figures | None],
    seconds: int,
    *,
    tuning: Tuning = TUNING,
    target: Target = CPU,
    start: int = 1,
    minimum: int = 1,
    maximum: int = 10,
) -> list[tuple[float, int, Decision]]:
    """Rounds of the loop: (time, copies before, decision); what is decided is so in the next round."""
    state, replicas = State(), start
    rounds: list[tuple[float, int, Decision]] = []
    for now in range(0, seconds, EVERY):
        present = copies(replicas, minimum, maximum)
        decision = decide(present, target, figures(now, replicas), state, now, tuning)
        rounds.append((now, replicas, decision))
        state, replicas = decision.state, decision.desired
    return rounds


def steps(rounds: Sequence[tuple[float, int, Decision]]) -> list[tuple[float, int, int]]:
    return [(now, before, decision.desired) for now, before, decision in rounds if decision.desired != before]


def load(copies_needed: float) -> Callable[[float, int], Figures]:
    """A load that so many copies carry at 60 %; a copy cannot use more than all of its processor."""
    return lambda _now, running: cpu(*[min(100.0, 60 * copies_needed / running)] * running)


def test_copies_come_after_the_short_window_and_no_sooner() -> None:
    [(now, before, after), *_] = steps(simulate(load(3), 60))
    assert (now, before, after) == (15, 1, 2)


def test_each_step_out_at_most_doubles_and_waits_for_the_last_one() -> None:
    rounds = steps(simulate(lambda _now, _running: Figures(messages=950), 120, target=MESSAGES))
    assert [(before, after) for _, before, after in rounds] == [(1, 2), (2, 4), (4, 8), (8, 9)]
    assert all(later - sooner >= TUNING.settle for (sooner, *_), (later, *_) in pairwise(rounds))


def test_copies_go_after_the_long_window_by_half_at_most() -> None:
    rounds = steps(simulate(lambda _now, _running: Figures(messages=0), 900, target=MESSAGES, start=8))
    assert [(before, after) for _, before, after in rounds] == [(8, 4), (4, 2), (2, 1)]
    assert rounds[0][0] == 300
    assert all(later - sooner >= TUNING.pause for (sooner, *_), (later, *_) in pairwise(rounds))


def test_the_largest_need_of_the_long_window_decides_what_goes() -> None:
    def waiting(now: float, _running: int) -> Figures:
        return Figures(messages=430 if now == 150 else 0)

    rounds = steps(simulate(waiting, 450, target=MESSAGES, start=8))
    assert rounds[0][1:] == (8, 5)  # half would be 4, and 430 messages need 5


def test_the_measure_that_needs_most_decides() -> None:
    both = Target(cpu_percent=60, messages=100)
    busy = simulate(lambda _now, _running: Figures(cpu_percents=[6], messages=1000), 20, target=both)
    assert steps(busy)
    assert all("messages needs 10.00 copies" in decision.reason for _, _, decision in busy)


def test_copies_that_stay_must_carry_the_processors_load_whatever_is_followed() -> None:
    rounds = simulate(lambda _now, _running: Figures(messages=0, cpu_percents=[55, 55, 55]), 600, target=MESSAGES, start=3)
    assert steps(rounds) == []


@pytest.mark.parametrize("figures", [None, Figures(), Figures(cpu_percents=[]), Figures(messages=5)])
def test_without_the_figures_that_are_followed_nothing_moves(figures: Figures | None) -> None:
    decision = decide(copies(3), CPU, figures, State(needs=((0, 9), (5, 9), (20, 9))), 20, TUNING)
    assert (decision.desired, decision.held) == (3, "figures")


def test_figures_that_were_away_begin_the_windows_anew() -> None:
    def gone(now: float, running: int) -> Figures | None:
        return None if 200 <= now < 250 else load(0.1)(now, running)

    assert steps(simulate(gone, 500, start=4)) == []
    assert steps(simulate(gone, 600, start=4))[0][0] >= 250 + TUNING.in_window


def test_a_release_holds_everything_and_begins_the_windows_anew() -> None:
    before = State(needs=((0, 9), (20, 9)), stepped=None)
    held = decide(copies(3, updating=True), CPU, cpu(100, 100, 100), before, 21, TUNING)
    assert (held.desired, held.held, held.state.needs) == (3, "release", ())
    assert decide(copies(3), CPU, cpu(100, 100, 100), held.state, 24, TUNING).desired == 3


def test_a_changed_limit_takes_effect_at_once_and_without_figures() -> None:
    assert decide(copies(2, minimum=3), CPU, None, State(), 0, TUNING).desired == 3
    assert decide(copies(9, maximum=4), CPU, None, State(), 0, TUNING).desired == 4
    assert decide(copies(9, maximum=4, updating=True), CPU, None, State(), 0, TUNING).desired == 9


def test_what_somebody_stopped_stays_so() -> None:
    """A restore has no copy running while it puts the data back."""
    decision = decide(copies(0), CPU, cpu(100), State(needs=((0, 9), (20, 9))), 21, TUNING)
    assert (decision.desired, decision.held, decision.state.needs) == (0, "stopped", ())


def test_at_the_greatest_number_it_says_so() -> None:
    last = simulate(load(30), 200, maximum=4)[-1][2]
    assert (last.desired, last.held) == (4, "maximum")
    assert "4 is the greatest number" in last.reason


def test_a_copy_that_is_not_measured_yet_moves_nothing_by_itself() -> None:
    """Two of four are measured: as the others might be idle nothing comes, as they might be busy nothing goes."""
    state = State(needs=tuple((time, 4) for time in range(0, 300, EVERY)))
    assert decide(copies(4), CPU, cpu(90, 90), state, 300, TUNING).desired == 4
    calm = State(needs=tuple((time, 1) for time in range(0, 300, EVERY)))
    assert decide(copies(4), CPU, cpu(5, 5), calm, 300, TUNING).desired == 3


SLOW = Target(cpu_percent=60, p95_seconds=0.2)


@pytest.mark.parametrize(
    ("percent", "p95", "after"),
    [
        (57, 0.5, 4),  # within the dead band and slow: one more
        (57, 0.1, 3),  # within the dead band
        (57, None, 3),  # no requests
        (30, 0.5, 3),  # slow, and not for want of processors
    ],
)
def test_slow_answers_bring_a_copy_only_where_processors_are_busy(percent: float, p95: float | None, after: int) -> None:
    figures = Figures(cpu_percents=[percent] * 3, p95_seconds=p95)
    rounds = simulate(lambda _now, _running: figures, 18, target=SLOW, start=3)
    assert rounds[-1][2].desired == after


def test_nothing_goes_while_answers_are_slow() -> None:
    slow = simulate(lambda _now, running: Figures(cpu_percents=[2] * running, p95_seconds=1), 900, target=SLOW, start=4)
    assert steps(slow) == []


figures_of = st.builds(
    Figures,
    cpu_percents=st.none() | st.lists(st.floats(0, 400), max_size=12),
    requests_per_minute=st.none() | st.floats(0, 1e6),
    messages=st.none() | st.floats(0, 1e6),
    p95_seconds=st.none() | st.floats(0, 60),
)
targets = st.builds(
    Target,
    cpu_percent=st.none() | st.floats(10, 90),
    requests_per_minute=st.none() | st.floats(1, 1e6),
    messages=st.floats(1, 1e6),
    p95_seconds=st.none() | st.floats(0.01, 60),
)
states = st.builds(
    State,
    needs=st.lists(st.tuples(st.floats(0, 400), st.integers(1, 20)), max_size=20).map(lambda found: tuple(sorted(found))),
    stepped=st.none() | st.floats(0, 400),
)
bounds = st.tuples(st.integers(1, 20), st.integers(1, 20)).map(sorted)


@given(bounds, st.integers(1, 30), targets, st.none() | figures_of, states, st.booleans())
def test_never_outside_the_limits_never_more_than_double_never_less_than_half(
    limits: list[int], replicas: int, target: Target, figures: Figures | None, state: State, updating: bool
) -> None:
    minimum, maximum = limits
    decision = decide(copies(replicas, minimum, maximum, updating=updating), target, figures, state, 400, TUNING)
    if updating:
        assert decision.desired == replicas
        return
    assert minimum <= decision.desired <= maximum
    if minimum <= replicas <= maximum:
        assert max(1, replicas - max(1, replicas // 2)) <= decision.desired <= 2 * replicas
        if decision.held == "figures":
            assert decision.desired == replicas


@given(bounds, st.integers(1, 20), states, st.floats(0, 5000), st.floats(0, 5000))
def test_a_greater_load_never_means_fewer_copies(
    limits: list[int], replicas: int, state: State, one: float, other: float
) -> None:
    present = copies(replicas, *limits)
    low, high = (
        decide(present, MESSAGES, Figures(messages=value), state, 400, TUNING).desired for value in sorted((one, other))
    )
    assert low <= high


BRISK = Tuning(in_window=60, settle=15, pause=15)
"""The same rules with a shorter long window: an hour's worth in a tenth of the rounds."""


@settings(deadline=None)
@given(st.floats(0.2, 9), st.integers(1, 10), st.lists(st.floats(0.9, 1.1), min_size=3, max_size=60), st.integers(1, 30))
def test_a_constant_load_with_noise_never_makes_copies_come_and_go(
    needed: float, start: int, noise: list[float], hold: int
) -> None:
    """Noise of the worst kind: each level is held for as long as may be, so that windows see nothing else."""

    def noisy(now: float, running: int) -> Figures:
        level = noise[int(now // (EVERY * hold)) % len(noise)]
        return cpu(*[60 * needed * level / running] * running)

    rounds = simulate(noisy, 600, start=start, tuning=BRISK)
    found = [after > before for _, before, after in steps(rounds)]
    assert found in ([True] * len(found), [False] * len(found))


@settings(deadline=None)
@given(st.floats(0.2, 9), st.integers(1, 10))
def test_a_constant_load_ends_at_the_copies_that_it_needs(needed: float, start: int) -> None:
    last = simulate(load(needed), 600, start=start, tuning=BRISK)[-1][1]
    assert needed <= last * 1.1 + 1e-6
    assert last <= math.ceil(needed / 0.9 + 1e-6) or last == 1
