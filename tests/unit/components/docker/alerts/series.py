"""Series over time for promtool's tests: a value for each minute, written in its notation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

Value = Callable[[float], float | None]
"""Minute -> value; None where there is no sample."""
Series = Mapping[str, Value]

DAY = 1440


def flat(value: float) -> Value:
    return lambda _: value


def counts(per_minute: float) -> Value:
    return lambda minute: per_minute * minute


def turns(before: float, after: float | None, at: float) -> Value:
    """One value until the minute `at`, another from then on."""
    return lambda minute: before if minute < at else after


def quickens(before: float, after: float, at: float) -> Value:
    """A counter that goes up faster from the minute `at` on."""
    return lambda minute: before * min(minute, at) + after * max(0.0, minute - at)


def steps(before: float, after: float, at: float) -> Value:
    """A counter that jumps once, in the minute `at`."""
    return turns(before, before + after, at)


def ages(offset: float = 0) -> Value:
    """A moment in Unix time that is always `offset` seconds ago."""
    return lambda minute: 60 * minute - offset


def stops(at: float, offset: float = 0) -> Value:
    """A moment that is renewed until the minute `at`, and then stays."""
    return lambda minute: 60 * min(minute, at) - offset


def written(value: Value, minutes: int, interval: int) -> str:
    """The values of `minutes` at every `interval` minutes, in promtool's notation."""
    samples = [value(float(minute)) for minute in range(0, minutes + 1, interval)]
    parts = []
    for sample, run in groupby(samples):
        count = len(list(run))
        if sample is None:
            parts.append(f"_x{count}")
        else:
            parts.append(f"{sample:.10g}" if count == 1 else f"{sample:.10g}x{count - 1}")
    return " ".join(parts)


def input_series(series: Series, minutes: int, interval: int) -> list[dict[str, str]]:
    return [{"series": name, "values": written(value, minutes, interval)} for name, value in series.items()]
