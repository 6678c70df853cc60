"""Where the autoscaler's knowledge comes from: figures from Prometheus, numbers of copies from the gate."""

from __future__ import annotations

import math
from typing import Any

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from penguinmails_operations.autoscaler.policy import Figures
from penguinmails_operations.autoscaler.settings import Followed

TIMEOUT_SECONDS = 4.0
RATE_SECONDS = 15
"""Three looks of Prometheus, so that one may be lost: what did not come in within these is missing, never an old figure."""

LATENCY_SECONDS = 30
ENOUGH_REQUESTS_PER_SECOND = 2
"""The slowest of 20 is counted over so long and from so many requests on: of three, one slow one says nothing."""


class Away(Exception):
    """A source does not answer, or not as expected."""


class Refused(Exception):
    """The gate does not set a number, with its reason."""


class Told(BaseModel):
    """A service as the gate tells of it."""

    service: str
    replicas: int
    running: int
    minimum: int | None
    maximum: int | None
    updating: bool
    cpus: float


class Gate:
    """Reads all services and sets numbers of copies."""

    def __init__(self, client: httpx.Client, token: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}

    def services(self) -> dict[str, Told]:
        """By role. Raises `Away`."""
        try:
            answer = self._client.get("/services").raise_for_status()
            return {told.service: told for told in TypeAdapter(list[Told]).validate_json(answer.content)}
        except (httpx.HTTPError, ValidationError) as error:
            raise Away(f"the gate: {error}") from None

    def set(self, service: str, replicas: int) -> None:
        """Raises `Refused` when it must not be, `Away` when nobody knows."""
        try:
            answer = self._client.put(f"/services/{service}/replicas", json={"replicas": replicas}, headers=self._headers)
        except httpx.HTTPError as error:
            raise Away(f"the gate: {error}") from None
        if answer.is_client_error:
            raise Refused(answer.text[:300])
        if not answer.is_success:
            raise Away(f"the gate answered {answer.status_code}")


class Prometheus:
    """Asks for the figures of one service at a time."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def figures(self, service: str, followed: Followed, cpus: float) -> Figures:
        """`cpus`: the limit of each copy. What Prometheus does not know is None. Raises `Away`."""
        used = self._ask(queries(service, followed)["cpu"])
        asked = {name: self._one(query) for name, query in queries(service, followed).items() if name != "cpu"}
        return Figures(
            cpu_percents=[100 * value / cpus for value in used] if cpus > 0 else None,
            requests_per_minute=asked.get("requests"),
            messages=asked.get("messages"),
            p95_seconds=asked.get("p95"),
        )

    def _one(self, query: str) -> float | None:
        found = self._ask(query)
        return found[0] if found else None

    def _ask(self, query: str) -> list[float]:
        """The values of an instant query that are numbers."""
        try:
            answer = self._client.get("/api/v1/query", params={"query": query}).raise_for_status()
            result: list[dict[str, Any]] = answer.json()["data"]["result"]
            values = [float(series["value"][1]) for series in result]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Away(f"Prometheus: {error}") from None
        return [value for value in values if math.isfinite(value)]


def queries(service: str, followed: Followed) -> dict[str, str]:
    """The questions about a service, by measure. Pure.

    Jobs of Prometheus are named by role, the edge's backends by service and a number.
    """
    window = f"[{RATE_SECONDS}s]"
    found = {"cpu": f'rate(process_cpu_seconds_total{{job="{service}"}}{window})'}
    if followed.requests_per_minute is not None:
        proxy = f'{{job="edge",proxy=~"{service}-[0-9]+"}}'
        found["requests"] = f"60 * sum(rate(haproxy_backend_http_requests_total{proxy}{window}))"
    if followed.messages is not None:
        queue = f'{{job="broker-queues",queue=~"{"|".join(sorted(followed.queues))}"}}'
        found["messages"] = f"sum(last_over_time(rabbitmq_detailed_queue_messages_ready{queue}{window}))"
    if followed.p95_seconds is not None:
        name, some = "penguinmails_http_request_duration_seconds", f'{{job="{service}"}}[{LATENCY_SECONDS}s]'
        enough = f"sum(rate({name}_count{some})) > {ENOUGH_REQUESTS_PER_SECOND}"
        found["p95"] = f"histogram_quantile(0.95, sum by (le) (rate({name}_bucket{some}))) and {enough}"
    return found
