"""What the page asks Prometheus. Pure.

Availability is measured at the edge, on everything that was answered to the public: what no copy could answer counts too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = "30d"
BURN_WINDOWS = ("5m", "1h", "6h", "3d")
RANGE_SECONDS, STEP_SECONDS = 6 * 3600, 300
_ALL = 'haproxy_frontend_http_responses_total{proxy="public"}'
_FAILED = 'haproxy_frontend_http_responses_total{proxy="public",code="5xx"}'
_BUCKETS = "penguinmails_http_request_duration_seconds_bucket"
_PROBES = 'route!~"/healthz|/readyz|/metrics"'


@dataclass(frozen=True)
class Objectives:
    """What the platform promises: `availability` in percent, `p95` in seconds."""

    availability: float = 99.9
    p95: float = 0.2


def _ratio(window: str) -> str:
    """The share of answers that were server errors; nothing when nobody asked."""
    return f"(sum(increase({_FAILED}[{window}])) or vector(0)) / (sum(increase({_ALL}[{window}])) > 0)"


def _p95(window: str) -> str:
    return f"histogram_quantile(0.95, sum by (le) (rate({_BUCKETS}{{{_PROBES}}}[{window}])))"


def instant(objectives: Objectives) -> Mapping[str, str]:
    """Quick ones: name -> query."""
    budget = (100 - objectives.availability) / 100
    burns = {f"burn_{window}": f"({_ratio(window)}) / {budget:.6g}" for window in BURN_WINDOWS[:2]}
    return {
        "up": "min by (job) (up)",
        "requests": f"sum(rate({_ALL}[5m]))",
        "p95": _p95("5m"),
        "queues": "sum by (queue) (rabbitmq_detailed_queue_messages)",
        **burns,
    }


def slow(objectives: Objectives) -> Mapping[str, str]:
    """Those that read days."""
    budget = (100 - objectives.availability) / 100
    burns = {f"burn_{window}": f"({_ratio(window)}) / {budget:.6g}" for window in BURN_WINDOWS[2:]}
    return {
        "errors_30d": _ratio(WINDOW),
        "requests_30d": f"sum(increase({_ALL}[{WINDOW}]))",
        "p95_30d": _p95(WINDOW),
        "since": "time() - min(haproxy_process_start_time_seconds)",
        **burns,
    }


def ranges() -> Mapping[str, str]:
    """Curves of the last six hours."""
    return {"requests_curve": f"sum(rate({_ALL}[5m]))", "p95_curve": _p95("5m")}
