"""The dashboard's content as CloudWatch takes it: one JSON text, the same for the same platform. Pure.

Read from the top: what users see (objectives, requests, answers), then what works for them, then what keeps data. Lines that
alarms compare with are drawn where there is one figure for all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH, HEIGHT, ACROSS = 8, 6, 3
"""Of a graph, and how many stand side by side: the grid is 24 wide."""

Series = Sequence[Any]
_LINES: Final = "timeSeries"


@dataclass(frozen=True)
class Watched:
    """What monitoring knows the parts by; None or empty for what is not there. `logs`: names of the metrics of errors."""

    region: str
    availability_percent: float
    response_p95_milliseconds: int
    cluster: str | None
    entry: str | None
    database: str | None
    pooler: str | None
    has_mail: bool
    replicas: Sequence[str]
    services: Mapping[str, str]
    targets: Mapping[str, str]
    queues: Mapping[str, str]
    dead: Mapping[str, str]
    errors: Mapping[str, str]
    errors_namespace: str


def body(watched: Watched) -> str:
    """The dashboard as JSON."""
    graphs = [
        *_entry(watched),
        *_services(watched),
        *_queues(watched),
        *_database(watched),
        *_mail(watched),
    ]
    placed = [
        {
            "type": "metric",
            "x": index % ACROSS * WIDTH,
            "y": index // ACROSS * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": graph,
        }
        for index, graph in enumerate(graphs)
    ]
    return json.dumps({"widgets": placed}, sort_keys=True)


def _graph(watched: Watched, title: str, series: Sequence[Series], *, limit: float | None = None) -> dict[str, Any]:
    """A graph of lines. `limit`: a horizontal line."""
    found: dict[str, Any] = {
        "title": title,
        "region": watched.region,
        "view": _LINES,
        "stacked": False,
        "period": 60,
        "metrics": [list(one) for one in series],
        "yAxis": {"left": {"min": 0}},
    }
    if limit is not None:
        found["annotations"] = {"horizontal": [{"label": "limit", "value": limit}]}
    return found


def _line(namespace: str, metric: str, dimensions: Mapping[str, str], label: str, stat: str, **more: Any) -> Series:
    flat = [part for pair in dimensions.items() for part in pair]
    return [namespace, metric, *flat, {"label": label, "stat": stat, **more}]


def _entry(watched: Watched) -> list[dict[str, Any]]:
    if watched.entry is None:
        return []
    elb, of = "AWS/ApplicationELB", {"LoadBalancer": watched.entry}
    answered = [
        _line(elb, "HTTPCode_Target_5XX_Count", of, "errors of services", "Sum", id="services", visible=False),
        _line(elb, "HTTPCode_ELB_5XX_Count", of, "errors of the load balancer", "Sum", id="balancer", visible=False),
        _line(elb, "RequestCount", of, "requests", "Sum", id="requests", visible=False),
        [{"id": "failed", "expression": "FILL(services, 0) + FILL(balancer, 0)", "label": "failed", "visible": False}],
        [{"id": "good", "expression": "100 * (1 - failed / MAX([requests, failed]))", "label": "answered without error, %"}],
    ]
    objective = _graph(watched, "Availability", answered, limit=watched.availability_percent)
    objective["yAxis"] = {"left": {"max": 100}}
    times = [_line(elb, "TargetResponseTime", of, stat, stat) for stat in ("p50", "p95", "p99")]
    codes = [
        _line(elb, name, of, label, "Sum")
        for name, label in (
            ("RequestCount", "requests"),
            ("HTTPCode_Target_4XX_Count", "4xx of services"),
            ("HTTPCode_ELB_4XX_Count", "4xx of the load balancer"),
            ("HTTPCode_Target_5XX_Count", "5xx of services"),
            ("HTTPCode_ELB_5XX_Count", "5xx of the load balancer"),
        )
    ]
    return [
        objective,
        _graph(watched, "Response time, s", times, limit=watched.response_p95_milliseconds / 1000),
        _graph(watched, "Requests a minute", codes),
    ]


def _services(watched: Watched) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if watched.cluster is not None and watched.services:
        cluster = watched.cluster
        for title, namespace, metric, stat in (
            ("CPU of services, %", "AWS/ECS", "CPUUtilization", "Average"),
            ("Memory of services, %", "AWS/ECS", "MemoryUtilization", "Maximum"),
            ("Running copies", "ECS/ContainerInsights", "RunningTaskCount", "Minimum"),
        ):
            series = [
                _line(namespace, metric, {"ClusterName": cluster, "ServiceName": service}, role, stat)
                for role, service in sorted(watched.services.items())
            ]
            found.append(_graph(watched, title, series))
    if watched.entry is not None and watched.targets:
        series = [
            _line(
                "AWS/ApplicationELB",
                "UnHealthyHostCount",
                {"LoadBalancer": watched.entry, "TargetGroup": target},
                role,
                "Maximum",
            )
            for role, target in sorted(watched.targets.items())
        ]
        found.append(_graph(watched, "Copies that do not answer", series))
    if watched.errors:
        series = [_line(watched.errors_namespace, metric, {}, role, "Sum") for role, metric in sorted(watched.errors.items())]
        found.append(_graph(watched, "Errors in logs a minute", series))
    return found


def _queues(watched: Watched) -> list[dict[str, Any]]:
    found = []
    for title, metric, names in (
        ("Waiting messages", "ApproximateNumberOfMessagesVisible", watched.queues),
        ("Oldest message, s", "ApproximateAgeOfOldestMessage", watched.queues),
        ("Dead letters", "ApproximateNumberOfMessagesVisible", watched.dead),
    ):
        if names:
            series = [_line("AWS/SQS", metric, {"QueueName": name}, queue, "Maximum") for queue, name in sorted(names.items())]
            found.append(_graph(watched, title, series))
    return found


def _database(watched: Watched) -> list[dict[str, Any]]:
    found = []
    servers = {f"replica {number}": one for number, one in enumerate(watched.replicas, start=1)}
    if watched.database is not None:
        servers = {"database": watched.database, **servers}
    for title, metric, stat in (
        ("CPU of the database, %", "CPUUtilization", "Average"),
        ("Connections of the database", "DatabaseConnections", "Maximum"),
        ("Free storage, bytes", "FreeStorageSpace", "Minimum"),
        ("Free memory, bytes", "FreeableMemory", "Minimum"),
        ("Read latency, s", "ReadLatency", "Average"),
    ):
        if servers:
            series = [_line("AWS/RDS", metric, {"DBInstanceIdentifier": one}, role, stat) for role, one in servers.items()]
            found.append(_graph(watched, title, series))
    if watched.replicas:
        series = [
            _line("AWS/RDS", "ReplicaLag", {"DBInstanceIdentifier": one}, f"replica {number}", "Maximum")
            for number, one in enumerate(watched.replicas, start=1)
        ]
        found.append(_graph(watched, "Replicas behind, s", series))
    if watched.pooler is not None:
        of = {"ProxyName": watched.pooler}
        # Each node tells its own once a minute.
        connected = [
            _line("AWS/RDS", "ClientConnections", of, "clients", "Sum"),
            _line("AWS/RDS", "DatabaseConnections", of, "to the database", "Sum"),
        ]
        waits = [
            _line("AWS/RDS", "DatabaseConnectionsBorrowLatency", of, "for a connection", "Average"),
            _line("AWS/RDS", "QueryDatabaseResponseLatency", of, "for the database", "Average"),
        ]
        found += [
            _graph(watched, "Connections of the pooler", connected),
            _graph(watched, "Waiting in the pooler, microseconds", waits),
        ]
    return found


def _mail(watched: Watched) -> list[dict[str, Any]]:
    """Of the whole account, as SES counts it."""
    if not watched.has_mail:
        return []
    sent = [_line("AWS/SES", name, {}, name.lower(), "Sum") for name in ("Send", "Delivery", "Bounce", "Complaint", "Reject")]
    rates = [
        _line("AWS/SES", f"Reputation.{name}Rate", {}, f"{name.lower()}s", "Average", period=3600)
        for name in ("Bounce", "Complaint")
    ]
    return [_graph(watched, "Mail a minute", sent), _graph(watched, "Share of bounces and complaints", rates, limit=0.05)]


def url(region: str, name: str) -> str:
    """Where a person looks at it, in the console of the region's partition."""
    domain = "console.amazonaws-us-gov.com" if region.startswith("us-gov-") else f"{region}.console.aws.amazon.com"
    return f"https://{domain}/cloudwatch/home?region={region}#dashboards/dashboard/{name}"
