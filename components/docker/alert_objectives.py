"""What the platform promises, and alerts by how fast the error budget of 30 days is used up. Pure.

As chapter 5 of the SRE workbook of Google, "Alerting on SLOs", has it (table 5-8): 2 % of the budget within an hour or 5 %
within six hours wake somebody, 10 % within three days can wait. A long window says that it matters, a short one that it still
goes on, so that the alert ends soon after the trouble.

Availability is what the edge answered: every 5xx, whoever made it. Response time is what the workload measures, from the first
byte of a request to the last of its answer, without its health checks. Times between two of its buckets are interpolated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from components.docker.alert_rules import SHOWN, Alert, Group, Record, Severity
from components.spec import Objectives, PlatformSpec

LATENCY_OBJECTIVE_PERCENT: Final = 95.0
"""The 95 of `response_p95_milliseconds`."""

LEAST_FAILURES: Final = 5
"""In the long window: below, one failed request of a quiet night would wake somebody."""

LEAST_REQUESTS: Final = 100
"""In the long window: of fewer, 95 of 100 cannot be told."""

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0)
"""Seconds, of the workload's histogram (images/api, metrics.py; a test compares them)."""

_EDGE: Final = 'haproxy_frontend_http_responses_total{job="edge",proxy="public"'
_TIMES: Final = "penguinmails_http_request_duration_seconds"


@dataclass(frozen=True)
class Window:
    """`burn`: how many times faster than allowed the budget goes."""

    name: str
    burn: float
    long: str
    short: str
    severity: Severity


WINDOWS: Final = (
    Window("Fast", 14.4, "1h", "5m", "page"),
    Window("Medium", 6, "6h", "30m", "page"),
    Window("Slow", 1, "3d", "6h", "ticket"),
)
SECONDS: Final = {"5m": 300, "30m": 1800, "1h": 3600, "6h": 21600, "3d": 259200}
_SELDOM: Final = ("6h", "3d")
"""Windows that are long enough to be looked at every two minutes only: they read half a million samples."""


def budget(objective_percent: float) -> float:
    """The share of requests that may fail: 99.9 % leaves 0.001."""
    return round((100 - objective_percent) / 100, 8)


def threshold(burn: float, objective_percent: float) -> float:
    """The share of failed requests from which on the budget goes so fast, at most 1: all of them."""
    return min(round(burn * budget(objective_percent), 8), 1.0)


def objectives(spec: PlatformSpec) -> Objectives:
    """What is promised, by the description or for want of it."""
    return spec.alerts.objectives if spec.alerts is not None else Objectives()


def recorded(spec: PlatformSpec) -> Sequence[Group]:
    """Recording rules of both objectives, on every platform: the status page and dashboards read days by them."""
    often = [record for window in SECONDS if window not in _SELDOM for record in _records(spec, window)]
    seldom = [record for window in _SELDOM for record in _records(spec, window)]
    return [Group("objectives", [*often, _buckets(spec)], 30), Group("objectives-long", seldom, 120)]


def groups(spec: PlatformSpec) -> Sequence[Group]:
    """Alerts of both objectives, which look at the records."""
    promised = objectives(spec)
    alerts = [*_availability(promised.availability_percent), *_latency(promised.response_p95_milliseconds)]
    return [Group("objectives-alerts", alerts, 30)]


def _records(spec: PlatformSpec, window: str) -> Iterator[Record]:
    """Rates a second of all and of bad requests, at the edge and among those that were timed."""
    yield Record(f"penguinmails:edge_requests:rate{window}", f"sum(rate({_EDGE}}}[{window}]))")
    yield Record(f"penguinmails:edge_errors:rate{window}", f'sum(rate({_EDGE},code="5xx"}}[{window}]))')
    yield Record(f"penguinmails:timed_requests:rate{window}", f"sum(rate({_TIMES}_count{{{_timed(spec)}}}[{window}]))")
    yield Record(f"penguinmails:slow_requests:rate{window}", slow(spec, window))


def _buckets(spec: PlatformSpec) -> Record:
    """The histogram of all copies in one, of which quantiles over 30 days are made: the copies' own has thousands of series."""
    return Record("penguinmails:timed_buckets:rate5m", f"sum by (le) (rate({_TIMES}_bucket{{{_timed(spec)}}}[5m]))")


def slow(spec: PlatformSpec, window: str) -> str:
    """The rate of requests that took longer than promised."""
    seconds = objectives(spec).response_p95_milliseconds / 1000
    timed = _timed(spec)

    def within(bucket: float) -> str:
        return f'sum(rate({_TIMES}_bucket{{{timed},le="{bucket}"}}[{window}]))'

    upper = next((bucket for bucket in BUCKETS if bucket >= seconds), None)
    if upper is None or upper == seconds or upper == BUCKETS[0]:
        fast = within(upper or BUCKETS[-1])
    else:
        lower = BUCKETS[BUCKETS.index(upper) - 1]
        part = round((seconds - lower) / (upper - lower), 6)
        fast = f"({round(1 - part, 6)} * {within(lower)} + {part} * {within(upper)})"
    return f"sum(rate({_TIMES}_count{{{timed}}}[{window}])) - {fast}"


def _timed(spec: PlatformSpec) -> str:
    """Which requests count: those of public services, but for what asks whether a copy is well."""
    public = {role: asked for role, asked in spec.services.items() if asked.public_path is not None}
    ignored = {"/metrics", *(path for asked in public.values() for path in (asked.health_path, asked.ready_path))}
    routes = "|".join(sorted(re.escape(path).replace("\\", "\\\\") for path in ignored))
    return f'job=~"{"|".join(sorted(public))}",route!~"{routes}"'


def _availability(objective_percent: float) -> Iterator[Alert]:
    for window in WINDOWS:
        most = threshold(window.burn, objective_percent)
        failures = f"penguinmails:edge_errors:rate{window.long} * {SECONDS[window.long]} >= {LEAST_FAILURES}"
        shares = (_share("edge_errors", "edge_requests", part, most) for part in (window.long, window.short))
        yield Alert(
            name=f"Availability{window.name}",
            expression=" and ".join((*shares, f"({failures})")),
            minutes=0,
            severity=window.severity,
            says=f"Requests fail {window.burn:g} times faster than {objective_percent:g} % in 30 days allow",
            do=f"{SHOWN.share} of the requests of {window.long} were answered with an error of the server, "
            "and it goes on. The edge's log names them; look at what was released last.",
            topic="availability",
            after=("database",),
        )


def _latency(milliseconds: int) -> Iterator[Alert]:
    for window in WINDOWS:
        most = threshold(window.burn, LATENCY_OBJECTIVE_PERCENT)
        requests = f"penguinmails:timed_requests:rate{window.long} * {SECONDS[window.long]} >= {LEAST_REQUESTS}"
        shares = (_share("slow_requests", "timed_requests", part, most) for part in (window.long, window.short))
        yield Alert(
            name=f"Latency{window.name}",
            expression=" and ".join((*shares, f"({requests})")),
            minutes=0,
            severity=window.severity,
            says=f"Answers above {milliseconds} ms are {window.burn:g} times more than the 5 of 100 that may be",
            do=f"{SHOWN.share} of the requests of {window.long} took longer, and it goes on. Look at the "
            "database, at waiting clients of the pooler, and at the processors of the host.",
            topic="latency",
            after=("database",),
        )


def _share(bad: str, all_: str, window: str, most: float) -> str:
    return f"(penguinmails:{bad}:rate{window} / penguinmails:{all_}:rate{window} >= {most:g})"
