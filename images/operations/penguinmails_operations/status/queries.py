"""What the page asks Prometheus. Pure.

Availability is measured at the edge, on everything that was answered to the public: what no copy could answer counts too.
Days are read from what Prometheus records as it goes (alert_objectives.py): the copies' own histograms are thousands of series,
and a month of them takes longer to read than anybody waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = "30d"
BURN_WINDOWS = ("5m", "1h", "6h", "3d")
RANGE_SECONDS, STEP_SECONDS = 6 * 3600, 300
_ALL, _FAILED = "penguinmails:edge_requests:rate", "penguinmails:edge_errors:rate"
_BUCKETS = "penguinmails:timed_buckets:rate5m"


@dataclass(frozen=True)
class Objectives:
    """What the platform promises: `availability` in percent, `p95` in seconds."""

    availability: float = 99.9
    p95: float = 0.2


def _ratio(failed: str, every: str) -> str:
    """The share of answers that were server errors; nothing when nobody asked."""
    return f"({failed} or vector(0)) / ({every} > 0)"


def _mean(recorded: str) -> str:
    return f"avg_over_time({recorded}[{WINDOW}])"


def _p95(buckets: str) -> str:
    return f"histogram_quantile(0.95, {buckets})"


def instant(objectives: Objectives) -> Mapping[str, str]:
    """Quick ones: name -> query."""
    budget = (100 - objectives.availability) / 100
    ratios = {window: _ratio(f"{_FAILED}{window}", f"{_ALL}{window}") for window in BURN_WINDOWS}
    return {
        "up": "min by (job) (up)",
        "requests": f"{_ALL}5m",
        "p95": _p95(_BUCKETS),
        "queues": "sum by (queue) (rabbitmq_detailed_queue_messages)",
        **{f"burn_{window}": f"({ratio}) / {budget:.6g}" for window, ratio in ratios.items()},
    }


def slow() -> Mapping[str, str]:
    """Those that read all the days."""
    return {"errors_30d": _ratio(_mean(f"{_FAILED}5m"), _mean(f"{_ALL}5m")), "p95_30d": _p95(_mean(_BUCKETS))}


def ranges() -> Mapping[str, str]:
    """Curves of the last six hours."""
    return {"requests_curve": f"{_ALL}5m", "p95_curve": _p95(_BUCKETS)}
