"""What a load measured: counts, percentiles and a line for each second. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

SLOW_MS = 200
"""The objective of the platform: a request that takes longer counts as slow."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request. `due`: seconds after the load's start at which it was to be sent. `milliseconds`: from then to the end of
    the answer. `lag_ms`: how late the generator itself was. `failure`: a kind, empty when the answer is what was asked for.
    `message`: the id of a message that was acknowledged."""

    due: float
    milliseconds: float
    lag_ms: float
    method: str
    status: int
    failure: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Second:
    """Requests that were due within one second of the load."""

    second: int
    sent: int
    failed: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Result:
    """All samples of a load, in the order in which they were due. Latencies are those of answered requests and of failed ones,
    which count with the time until they failed."""

    samples: Sequence[Sample]
    seconds: float

    @cached_property
    def sent(self) -> int:
        return len(self.samples)

    @cached_property
    def failures(self) -> Mapping[str, int]:
        return dict(Counter(sample.failure for sample in self.samples if sample.failure))

    @property
    def failed(self) -> int:
        return sum(self.failures.values())

    @cached_property
    def statuses(self) -> Mapping[int, int]:
        return dict(sorted(Counter(sample.status for sample in self.samples if sample.status).items()))

    @property
    def acknowledged(self) -> list[str]:
        """Messages that the platform has promised to send."""
        return [sample.message for sample in self.samples if sample.message]

    @cached_property
    def timeline(self) -> list[Second]:
        groups: dict[int, list[Sample]] = defaultdict(list)
        for sample in self.samples:
            groups[int(sample.due)].append(sample)
        return [_second(number, group) for number, group in sorted(groups.items())]

    def percentile(self, percent: float) -> float:
        """Milliseconds within which so many of 100 requests were answered."""
        return percentile([sample.milliseconds for sample in self.samples], percent)

    def between(self, start: float, end: float) -> Result:
        """The part that was due between two times, in seconds after the load's start."""
        return Result([sample for sample in self.samples if start <= sample.due < end], end - start)

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "sent": self.sent,
            "seconds": round(self.seconds, 1),
            "failed": self.failed,
            "failures": self.failures,
            "statuses": self.statuses,
            "p50_ms": self.percentile(50),
            "p95_ms": self.percentile(95),
            "p99_ms": self.percentile(99),
            "over_200_ms": sum(sample.milliseconds > SLOW_MS for sample in self.samples),
            "generator_lag_p99_ms": percentile([sample.lag_ms for sample in self.samples], 99),
            "acknowledged": len(self.acknowledged),
            "worst_second_p95_ms": max((second.p95_ms for second in self.timeline), default=0.0),
            "seconds_over_200_ms": sum(second.p95_ms > SLOW_MS for second in self.timeline),
        }

    def as_json(self) -> dict[str, Any]:
        return {**self.facts(), "timeline": [asdict(second) for second in self.timeline]}

    def sentence(self) -> str:
        """One line for a terminal."""
        facts = self.facts()
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.failures.items())
        return (
            f"{facts['sent']} sent in {facts['seconds']} s, {facts['failed']} failed{f' ({kinds})' if kinds else ''}, "
            f"p50 {facts['p50_ms']} ms, p95 {facts['p95_ms']} ms, p99 {facts['p99_ms']} ms, "
            f"{facts['over_200_ms']} over {SLOW_MS} ms, worst second's p95 {facts['worst_second_p95_ms']} ms"
        )


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile, rounded to a tenth; 0 for no values."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return round(ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)], 1)


def _second(number: int, group: Sequence[Sample]) -> Second:
    times = [sample.milliseconds for sample in group]
    return Second(
        second=number,
        sent=len(group),
        failed=sum(bool(sample.failure) for sample in group),
        p50_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
        p99_ms=percentile(times, 99),
    )
