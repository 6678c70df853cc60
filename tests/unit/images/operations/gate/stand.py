"""An engine with services and tasks, and the gate before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from penguinmails_operations.gate import rules
from penguinmails_operations.gate.app import make_app
from penguinmails_operations.gate.engine import Engine
from penguinmails_operations.gate.watch import Watch

from tests.unit.images.operations.asgi import Client

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
TOKEN = "canary-token"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


def stamp(seconds_ago: float) -> str:
    return (NOW - timedelta(seconds=seconds_ago)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def raw(role: str, labels: Mapping[str, str] = {}, *, stack: str = "one", project: str = "penguinmails") -> dict[str, Any]:
    """A service of two copies as the engine tells of it, changed a minute ago."""
    own = {rules.PROJECT: project, rules.STACK: stack, rules.ROLE: role}
    return {
        "ID": f"id-{stack}-{role}",
        "Version": {"Index": 7},
        "UpdatedAt": stamp(60),
        "Spec": {
            "Name": f"{project}-{stack}-{role}",
            "Labels": {**own, **labels},
            "TaskTemplate": {
                "ContainerSpec": {"Image": "image@sha256:1", "Env": ["A=b"]},
                "Resources": {"Limits": {"NanoCPUs": 500_000_000, "MemoryBytes": 256 * 1024**2}},
            },
            "Mode": {"Replicated": {"Replicas": 2}},
            "EndpointSpec": {"Mode": "dnsrr"},
        },
    }


LIMITS = {"api": (1, 4), "everywhere": (1, 4)}


class FakeEngine:
    """An engine with services and tasks. `conflicts`: how many changes fail because somebody else was quicker."""

    def __init__(self, *services: dict[str, Any]) -> None:
        self.services = {service["ID"]: service for service in services}
        self.tasks: list[dict[str, Any]] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.conflicts = 0
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("no such socket")
        if request.method == "GET" and request.url.path == "/services":
            return httpx.Response(200, json=list(self.services.values()))
        if request.method == "GET" and request.url.path == "/tasks":
            wanted = json.loads(request.url.params["filters"])["service"]
            return httpx.Response(200, json=[task for task in self.tasks if task["ServiceID"] in wanted])
        _, _, identifier, action = request.url.path.split("/")
        assert (request.method, action) == ("POST", "update")
        service = self.services[identifier]
        if self.conflicts:
            self.conflicts -= 1
            service["Version"]["Index"] += 1
        if int(request.url.params["version"]) != service["Version"]["Index"]:
            return httpx.Response(500, json={"message": "rpc error: code = Unknown desc = update out of sequence"})
        service["Spec"] = json.loads(request.content)
        service["Version"]["Index"] += 1
        self.sent.append((identifier, service["Spec"]))
        return httpx.Response(200, json={"Warnings": None})


class Stand:
    def __init__(self, *services: dict[str, Any]) -> None:
        self.engine = FakeEngine(*services)
        engine = Engine("penguinmails", "one", httpx.MockTransport(self.engine), LIMITS)
        self.seconds = 0.0
        self.watch = Watch(engine, lambda: self.seconds)
        self.client = Client(make_app(engine, self.watch, TOKEN, lambda: NOW))

    def put(self, role: str, replicas: object = 3, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.client.request(
            "PUT", f"/services/{role}/replicas", json={"replicas": replicas}, headers=AUTHORIZED if headers is None else headers
        )

    def metric(self, line: str) -> float | None:
        found = [text for text in self.client.get("/metrics").text.splitlines() if text.startswith(line + " ")]
        return float(found[0].rsplit(" ", 1)[1]) if found else None
