"""Whether the new copies of a release answer as well as promised, from the requests that they answered. Pure.

Two questions: how many requests took longer than the objective, and how many ended with a server error. A share that is seen
in a few requests may be chance, so a release is bad only when the share that is certain (the lower bound of Wilson's interval)
is above what is allowed, and above what the old copies may have had (their upper bound): a platform that was slow before is
not mended by going back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SLOW_SHARE = 0.05
"""Of requests that may take longer than the objective, which is a 95th percentile."""
ERROR_SHARE = 0.01
"""Of requests that may end with a server error while a release is watched."""
LEAST_REQUESTS = 20
"""Fewer say nothing."""
LEAST_ERRORS = 3
_Z = 2.576
"""Of a normal distribution: 99 % of it lies within."""


@dataclass(frozen=True)
class Request:
    """One answer, as the edge saw it; `milliseconds` until the response began."""

    status: int
    milliseconds: int

    @property
    def failed(self) -> bool:
        return self.status >= 500


@dataclass(frozen=True)
class Figures:
    """What was counted. `p95` in milliseconds, 0 without requests."""

    requests: int
    slow: int
    errors: int
    p95: int

    def sentence(self, objective_milliseconds: int) -> str:
        return (
            f"{self.requests} requests, p95 {self.p95} ms, {self.slow} over {objective_milliseconds} ms, "
            f"{self.errors} with a server error"
        )


@dataclass(frozen=True)
class Verdict:
    """`reason`: why the new copies are worse than allowed; None when nothing shows it."""

    new: Figures
    old: Figures
    reason: str | None

    @property
    def bad(self) -> bool:
        return self.reason is not None


def judge(new: Sequence[Request], old: Sequence[Request], objective_milliseconds: int) -> Verdict:
    """The verdict on what the `new` copies answered, beside what the `old` ones did at the same time or before."""
    after, before = figures(new, objective_milliseconds), figures(old, objective_milliseconds)
    return Verdict(after, before, _reason(after, before, objective_milliseconds))


def figures(requests: Sequence[Request], objective_milliseconds: int) -> Figures:
    slow = sum(request.milliseconds > objective_milliseconds for request in requests)
    errors = sum(request.failed for request in requests)
    return Figures(len(requests), slow, errors, percentile((request.milliseconds for request in requests), 95))


def percentile(values: Iterable[int], percent: int) -> int:
    """The smallest value that `percent` of 100 values do not exceed (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's interval: between which shares the true one lies, with 99 % confidence; (0, 1) without a trial."""
    if total == 0:
        return 0.0, 1.0
    share, spread = hits / total, _Z * _Z / total
    middle = share + spread / 2
    half = _Z * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def _reason(new: Figures, old: Figures, objective: int) -> str | None:
    if new.requests < LEAST_REQUESTS:
        return None
    if new.errors >= LEAST_ERRORS and _above(new.errors, new, old.errors, old, ERROR_SHARE):
        return f"{new.errors} of {new.requests} requests ended with a server error"
    if _above(new.slow, new, old.slow, old, SLOW_SHARE):
        return f"{new.slow} of {new.requests} requests took longer than {objective} ms (p95 {new.p95} ms)"
    return None


def _above(hits: int, new: Figures, old_hits: int, old: Figures, allowed: float) -> bool:
    """Whether the new share is surely above the allowed one and above what the old copies may have."""
    bar = allowed
    if old.requests >= LEAST_REQUESTS:
        bar = max(bar, interval(old_hits, old.requests)[1])
    return interval(hits, new.requests)[0] > bar
