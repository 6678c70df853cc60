"""How many copies a service should have: target tracking with a dead band and two windows. Pure.

Each measure says how many copies the load needs, as a number with a fraction; the largest decides. Copies come, through a
short window, when more are needed than `1 + tolerance` times what there are, and no more than end that; copies go, through a
long window, only down to a number of which the load needs at most `1 - tolerance`. So no load that moves by less than the
tolerance either way can ever make copies come and go in turns.

Slow answers alone bring no copy: what waits for the database would wait in more copies too. They take the dead band away:
where answers are slower than promised and processors are within it, one more comes; and none goes while answers are slow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

_EXACT = 9
"""Decimal digits that count of a need, so that 3.0000000000000004 copies are not 4."""


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """How quickly copies come and go. Times in seconds.

    `settle`: between a step and the next one outwards, for new copies to start and the figures to show it. `pause`: between
    steps inwards. `gap`: figures that were away for longer begin new windows.
    """

    tolerance: float = 0.1
    out_window: float = 15
    in_window: float = 300
    settle: float = 30
    pause: float = 60
    gap: float = 20


@dataclass(frozen=True, kw_only=True)
class Target:
    """What to hold. `cpu_percent` of each copy's limit, `messages` and `requests_per_minute` for each copy; None: not followed.

    `p95_seconds`: answers slower than this are slow. `calm_cpu_percent`: copies that stay may not be busier than this.
    """

    cpu_percent: float | None = None
    requests_per_minute: float | None = None
    messages: float | None = None
    p95_seconds: float | None = None
    calm_cpu_percent: float = 60


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was measured of a service. `cpu_percents`: of each copy that was measured; the others are sums over all copies.

    None: not known. `p95_seconds` is None too when there were no requests.
    """

    cpu_percents: Sequence[float] | None = None
    requests_per_minute: float | None = None
    messages: float | None = None
    p95_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Copies:
    """What there is now, as the gate tells it."""

    minimum: int
    maximum: int
    replicas: int
    running: int
    updating: bool = False


@dataclass(frozen=True)
class State:
    """What is remembered of a service: (time, copies that were needed then), oldest first; and when copies last changed."""

    needs: tuple[tuple[float, int], ...] = ()
    stepped: float | None = None


Held = Literal["release", "stopped", "figures", "maximum", "prometheus", "gate", "refused"]
"""Why a number stays although it might have to change."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`desired` copies, and why. `held`: what kept it from changing, where something did."""

    desired: int
    reason: str
    state: State
    held: Held | None = None


def decide(copies: Copies, target: Target, figures: Figures | None, state: State, now: float, tuning: Tuning) -> Decision:
    """The number of copies from `now` (seconds of any clock that only goes forward); None for figures: none were had."""
    least, most, current = copies.minimum, copies.maximum, copies.replicas
    if copies.updating:
        return Decision(desired=current, reason="a release is under way", held="release", state=replace(state, needs=()))
    if current == 0:
        return Decision(desired=0, reason="somebody stopped it, as a restore does", held="stopped", state=State())
    if not least <= current <= most:
        bound = min(max(current, least), most)
        return Decision(desired=bound, reason=f"between {least} and {most} are allowed", state=State(stepped=now))
    missing = _missing(target, figures)
    if figures is None or missing:
        reason = f"no figures of {missing}" if missing else "no figures"
        return Decision(desired=current, reason=reason, held="figures", state=state)
    wanted, why = _wanted(copies, target, figures, tuning)
    state = _remember(state, now, min(max(wanted, least), most), tuning)
    desired = _step(current, state, now, tuning)
    if desired != current:
        why = f"{why}; {_windows(desired > current, tuning)}"
        return Decision(desired=desired, reason=why, state=State(state.needs, now))
    if wanted > most == current:
        return Decision(desired=current, reason=f"{why}; {most} is the greatest number", held="maximum", state=state)
    return Decision(desired=current, reason=why, state=state)


def _missing(target: Target, figures: Figures | None) -> str:
    """The measures that are followed and were not measured."""
    if figures is None:
        return ""
    asked = {
        "cpu": (target.cpu_percent, figures.cpu_percents or None),
        "requests": (target.requests_per_minute, figures.requests_per_minute),
        "messages": (target.messages, figures.messages),
    }
    return " and ".join(name for name, (wanted, found) in asked.items() if wanted is not None and found is None)


def _wanted(copies: Copies, target: Target, figures: Figures, tuning: Tuning) -> tuple[int, str]:
    """The copies that these figures ask for, without limits and windows, and why."""
    current = copies.replicas
    more, fewer = _needs(copies, target, figures)
    what, need = max(more.items(), key=lambda item: item[1])
    told = f"{what} needs {need:.2f} copies"
    if need > current * (1 + tuning.tolerance):
        return _whole(need / (1 + tuning.tolerance)), told
    slow = target.p95_seconds is not None and figures.p95_seconds is not None and figures.p95_seconds > target.p95_seconds
    if slow:
        told = f"{told}, answers take {figures.p95_seconds:.3f} s"
        busy = (_cpu(copies, figures, target.cpu_percent or target.calm_cpu_percent, missing=0) or 0) > current * (
            1 - tuning.tolerance
        )
        return (current + 1 if busy else current), told
    return min(_whole(max(fewer.values()) / (1 - tuning.tolerance)), current), told


def _whole(need: float) -> int:
    return max(1, math.ceil(round(need, _EXACT)))


def _needs(copies: Copies, target: Target, figures: Figures) -> tuple[dict[str, float], dict[str, float]]:
    """By measure the copies needed: as far as it is sure, and at most.

    A copy that runs and was not measured counts as idle where copies would come, and as fully used where they would go.
    Copies that would stay have to carry the processors' load, whatever is followed.
    """
    more: dict[str, float] = {}
    fewer: dict[str, float] = {}
    for name, measured, wanted in (
        ("requests", figures.requests_per_minute, target.requests_per_minute),
        ("messages", figures.messages, target.messages),
    ):
        if wanted is not None and measured is not None:
            more[name] = fewer[name] = measured / wanted
    if target.cpu_percent is not None:
        more["cpu"] = _cpu(copies, figures, target.cpu_percent, missing=0) or 0
    calm = _cpu(copies, figures, target.cpu_percent or target.calm_cpu_percent, missing=1)
    if calm is not None:
        fewer["cpu"] = calm
    return more, fewer


def _cpu(copies: Copies, figures: Figures, held: float, *, missing: float) -> float | None:
    """Copies that the processors' load needs; `missing`: what a copy that was not measured counts as."""
    if not figures.cpu_percents:
        return None
    unseen = max(0, copies.running - len(figures.cpu_percents))
    return sum(figures.cpu_percents) / held + unseen * missing


def _remember(state: State, now: float, needed: int, tuning: Tuning) -> State:
    """Adds what is needed now, begins anew after a gap, and forgets what is older than both windows."""
    kept = state.needs if state.needs and now - state.needs[-1][0] <= tuning.gap else ()
    oldest = now - max(tuning.out_window, tuning.in_window)
    # The last one from before the windows stays: it tells that they are whole.
    whole = [index for index, (time, _) in enumerate(kept) if time <= oldest]
    return replace(state, needs=(*kept[whole[-1] if whole else 0 :], (now, needed)))


def _step(current: int, state: State, now: float, tuning: Tuning) -> int:
    since = math.inf if state.stepped is None else now - state.stepped
    more = _within(state, now, tuning.out_window)
    if more and min(more) > current and since >= tuning.settle:
        return min(*more, 2 * current)
    fewer = _within(state, now, tuning.in_window)
    if fewer and max(fewer) < current and since >= tuning.pause:
        return max(*fewer, current - max(1, current // 2))
    return current


def _within(state: State, now: float, window: float) -> list[int]:
    """What was needed all through a window; nothing when it is not whole yet."""
    if not state.needs or state.needs[0][0] > now - window:
        return []
    return [needed for time, needed in state.needs if time >= now - window]


def _windows(out: bool, tuning: Tuning) -> str:
    return f"so for {tuning.out_window:.0f} s" if out else f"not more for {tuning.in_window:.0f} s"
