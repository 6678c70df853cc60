"""Parts that answer as the real ones do, and can be away."""

from __future__ import annotations

import json
from typing import Any

import httpx
from penguinmails_operations.status.sources import Addresses

PASSWORD = "the password of the page"
ADDRESSES = Addresses(
    prometheus="http://prometheus:9090",
    alertmanager="http://alertmanager:9093",
    gate="http://gate:9301",
    autoscaler="http://autoscaler:9300",
    backup="http://backup:9400",
    logs="http://logs:9200",
)
SERVICES = [
    {
        "service": "api",
        "replicas": 3,
        "running": 3,
        "minimum": 2,
        "maximum": 6,
        "releasing": False,
        "cpus": 1,
        "memory_mib": 512,
    },
    {"service": "broker", "replicas": 1, "running": 1, "minimum": None, "maximum": None, "releasing": False},
    {"service": "database", "replicas": 1, "running": 1, "minimum": None, "maximum": None, "releasing": False},
    {"service": "edge", "replicas": 1, "running": 1, "minimum": None, "maximum": None, "releasing": False},
    {"service": "worker", "replicas": 2, "running": 2, "minimum": 1, "maximum": 4, "releasing": False},
]
DECISIONS = [
    {
        "time": "2026-02-03T11:58:00Z",
        "service": "api",
        "from": 2,
        "to": 3,
        "reason": "95 of 100 requests take 260 ms",
        "figures": {},
    }
]
BACKUPS = [
    {
        "type": "full",
        "label": "20260203-020000F",
        "finished": "2026-02-03T02:04:00Z",
        "database_bytes": 9663676416,
        "stored_bytes": 2147483648,
        "repository": 1,
        "damaged": False,
    }
]
DRILLS = [
    {"name": "d2", "at": "2026-02-01T03:00:00Z", "passed": True, "rpo_seconds": 12.4, "rto_seconds": 93.0, "reason": ""},
    {
        "name": "d1",
        "at": "2026-01-25T03:00:00Z",
        "passed": False,
        "rpo_seconds": None,
        "rto_seconds": None,
        "reason": "no room",
    },
]
ERRORS = [
    {
        "id": "0123456789ab",
        "service": "worker",
        "kind": "SMTPServerDisconnected",
        "title": "Connection <script>alert(1)</script> closed",
        "first_seen": "2026-02-03T10:00:00.123456789Z",
        "last_seen": "2026-02-03T11:59:00.123456789Z",
        "count": 42,
        "releases": ["9f1b"],
        "example": '{"level": "ERROR", "message": "<b>bold</b>"}',
    }
]
SECURITY = {
    "totals": {"login_failed": 1, "key_misuse": 12},
    "events": [
        {
            "kind": "key_misuse",
            "service": "api",
            "detail": "a wrong API key from 203.0.113.9",
            "first": "2026-02-03T11:30:00Z",
            "last": "2026-02-03T11:31:00Z",
            "count": 12,
        }
    ],
}
RELEASES = [{"service": "api", "release": "9f1b0c55aa01d2e3", "since": "2026-02-02T12:00:00Z"}]
ALERTS = [
    {
        "labels": {"alertname": "QueueGrows", "severity": "warning"},
        "annotations": {"summary": "1200 messages wait in outbound"},
        "startsAt": "2026-02-03T11:40:00Z",
    }
]
SEARCH = {
    "complete": True,
    "lines": [
        {
            "time": "2026-02-03T11:59:00.1Z",
            "service": "api",
            "level": "info",
            "line": '{"level": "INFO", "message": "request", "status": 200}',
        }
    ],
}
PATHS: dict[tuple[str, str], Any] = {
    ("gate", "/services"): SERVICES,
    ("autoscaler", "/decisions"): DECISIONS,
    ("backup", "/backups"): BACKUPS,
    ("backup", "/drills"): DRILLS,
    ("logs", "/errors"): ERRORS,
    ("logs", "/security"): SECURITY,
    ("logs", "/releases"): RELEASES,
    ("logs", "/search"): SEARCH,
    ("alertmanager", "/api/v2/alerts"): ALERTS,
}


class Parts:
    """`away`: hosts that do not answer. `figures`: words of a query -> value; without one the query gives nothing."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.broken: dict[str, httpx.Response] = {}
        self.changed: dict[tuple[str, str], Any] = {}
        self.asked: list[str] = []
        self.failed_ratio = "0.0002"

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        host, path = request.url.host, request.url.path
        self.asked.append(f"{host}{path}")
        if host in self.away:
            raise httpx.ConnectError("refused")
        if host in self.broken:
            return self.broken[host]
        if host == "prometheus":
            return httpx.Response(200, json=self._prometheus(path, request.url.params.get("query", "")))
        return httpx.Response(200, content=json.dumps(self.changed.get((host, path), PATHS[host, path])))

    def _prometheus(self, path: str, query: str) -> Any:
        if path.endswith("/query_range"):
            values = [[number * 300, str(number % 7 + 1)] for number in range(72)]
            return {"data": {"result": [{"metric": {}, "values": values}]}}
        if path.endswith("/alerts"):
            alert = {"labels": {"alertname": "FromPrometheus"}, "annotations": {}, "state": "firing", "activeAt": ""}
            return {"data": {"alerts": [alert, {**alert, "state": "pending", "labels": {"alertname": "Pending"}}]}}
        found: list[tuple[dict[str, str], str]] = [({}, "1")]
        if query == "min by (job) (up)":
            found = [({"job": service["service"]}, "1") for service in SERVICES]
        elif "rabbitmq" in query:
            found = [({"queue": "outbound"}, "17")]
        elif "histogram_quantile" in query:
            found = [({}, "0.087")]
        elif "[30d]" in query and query.startswith("(avg"):
            found = [({}, self.failed_ratio)]
        elif "vector(0)" in query:
            found = [({}, "0.2")]
        return {"data": {"result": [{"metric": labels, "value": [0, value]} for labels, value in found]}}
