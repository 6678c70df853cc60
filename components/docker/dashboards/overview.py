"""The platform as its clients see it: what it promises, requests, latency and errors. Pure."""

from __future__ import annotations

from components.docker.dashboards.panels import Board, Panel, Query, Row
from components.spec import Objectives

_ALL = 'haproxy_frontend_http_responses_total{proxy="public"}'
_BUCKETS = "penguinmails_http_request_duration_seconds_bucket"
_COUNT = "penguinmails_http_request_duration_seconds_count"
_CLIENTS = 'route!~"/healthz|/readyz|/metrics"'
_BY_ROUTE = f"histogram_quantile(0.95, sum by (le, route) (rate({_BUCKETS}{{{_CLIENTS}}}[5m])))"
_SUMMED = "penguinmails:timed_buckets:rate5m"
_FAILED_30D = (
    "(avg_over_time(penguinmails:edge_errors:rate5m[30d]) or vector(0))"
    " / (avg_over_time(penguinmails:edge_requests:rate5m[30d]) > 0)"
)
"""From what Prometheus records as it goes: a month of the copies' own series takes longer to read than anybody waits."""
_NO_REQUESTS = "nobody has asked yet"
_NO_ERRORS = "no error has been logged yet"


def _ratio(window: str) -> str:
    """The share of failed requests at the edge: what no copy could answer counts too."""
    return f"(penguinmails:edge_errors:rate{window} or vector(0)) / (penguinmails:edge_requests:rate{window} > 0)"


def _quantile(share: float) -> str:
    return f"histogram_quantile({share}, {_SUMMED})"


def overview(objectives: Objectives) -> Board:
    budget = (100 - objectives.availability_percent) / 100
    promised = objectives.response_p95_milliseconds / 1000
    return Board("penguinmails-platform", "PenguinMails: platform", [_promises(budget, promised), *_ROWS])


def _promises(budget: float, promised: float) -> Row:
    bad, warn, good = "red", "orange", "green"
    return Row(
        "Promises of 30 days",
        [
            Panel(
                "Availability",
                [Query(f"1 - ({_FAILED_30D})", quiet=_NO_REQUESTS)],
                unit="percentunit",
                kind="stat",
                limits=[(0, bad), (1 - budget, good)],
            ),
            Panel(
                "Error budget left",
                [Query(f"1 - ({_FAILED_30D}) / {budget:.6g}", quiet=_NO_REQUESTS)],
                unit="percentunit",
                kind="stat",
                limits=[(-1, bad), (0, warn), (0.25, good)],
            ),
            Panel(
                "95 of 100 requests within",
                [Query(f"histogram_quantile(0.95, avg_over_time({_SUMMED}[30d]))", quiet=_NO_REQUESTS)],
                unit="s",
                kind="stat",
                limits=[(0, good), (promised, bad)],
            ),
            Panel(
                "Burn rate over an hour",
                [Query(f"({_ratio('1h')}) / {budget:.6g}", quiet=_NO_REQUESTS)],
                kind="stat",
                about="At 1 the budget lasts exactly 30 days.",
                limits=[(0, good), (1, warn), (6, bad)],
            ),
        ],
    )


_ROWS = (
    Row(
        "Requests",
        [
            Panel("Answers by class", [Query(f"sum by (code) (rate({_ALL}[5m]))", "{{code}}")], unit="reqps"),
            Panel(
                "Response time",
                [
                    Query(_quantile(0.5), "half", _NO_REQUESTS),
                    Query(_quantile(0.95), "95 of 100", _NO_REQUESTS),
                    Query(_quantile(0.99), "99 of 100", _NO_REQUESTS),
                ],
                unit="s",
            ),
        ],
    ),
    Row(
        "Routes",
        [
            Panel(
                "Requests by route",
                [Query(f"sum by (method, route) (rate({_COUNT}{{{_CLIENTS}}}[5m]))", "{{method}} {{route}}", _NO_REQUESTS)],
                unit="reqps",
            ),
            Panel("95 of 100 by route", [Query(_BY_ROUTE, "{{route}}", _NO_REQUESTS)], unit="s"),
        ],
    ),
    Row(
        "Errors and security",
        [
            Panel(
                "Errors in the logs",
                [Query("sum by (service) (rate(penguinmails_errors_total[5m]) * 60)", "{{service}}", _NO_ERRORS)],
                about="A minute. The status page has their groups.",
            ),
            Panel(
                "Security events",
                [Query("sum by (kind) (increase(penguinmails_security_events_total[1h]))", "{{kind}}")],
                about="Within an hour.",
            ),
        ],
    ),
    Row(
        "Host",
        [
            Panel(
                "Processors",
                [Query('1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m]))', "busy")],
                unit="percentunit",
                most=1,
            ),
            Panel(
                "Memory",
                [Query("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "used")],
                unit="percentunit",
                most=1,
            ),
            Panel(
                "Disk",
                [Query("1 - min(node_filesystem_avail_bytes / node_filesystem_size_bytes)", "used")],
                unit="percentunit",
                most=1,
            ),
        ],
    ),
)
