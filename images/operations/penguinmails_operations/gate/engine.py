"""The three requests that the gate makes of the engine, over its socket.

Paths name no version of the API: the engine then answers in its newest, so that a description that is read and sent back loses
no field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from penguinmails_operations.gate import rules

TIMEOUT_SECONDS = 5.0
_CONFLICT = "out of sequence"
"""The engine's words when a service was changed since it was read; the status differs between versions."""


class EngineAway(Exception):
    """The engine did not answer, or not as expected."""


class Conflict(Exception):
    """Somebody changed the service since it was read."""


class Engine:
    """What the gate may do: read services and tasks of one platform, and send one service back."""

    def __init__(self, project: str, stack: str, transport: httpx.BaseTransport, limits: rules.Limits) -> None:
        self._project, self._stack, self._limits = project, stack, limits
        self._client = httpx.Client(transport=transport, base_url="http://engine", timeout=TIMEOUT_SECONDS)

    def services(self) -> list[rules.Service]:
        labels = [f"{rules.PROJECT}={self._project}", f"{rules.STACK}={self._stack}"]
        found = self._get("/services", {"label": labels})
        return [rules.service(raw, self._limits) for raw in found if rules.belongs(raw, self._project, self._stack)]

    def tasks(self, services: Sequence[rules.Service]) -> list[rules.Task]:
        """The copies of `services`, those of the recent past too."""
        if not services:
            return []
        return [rules.task(raw) for raw in self._get("/tasks", {"service": [one.id for one in services]})]

    def send(self, service: rules.Service, spec: Mapping[str, Any]) -> None:
        """Raises `Conflict` when the service is not any more what was read."""
        answer = self._ask("POST", f"/services/{service.id}/update", params={"version": service.version}, json=spec)
        if answer.is_success:
            return
        if _CONFLICT in answer.text:
            raise Conflict
        raise EngineAway(f"the engine refused a change of {service.role}: {answer.status_code} {answer.text[:200]}")

    def _get(self, path: str, filters: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
        answer = self._ask("GET", path, params={"filters": json.dumps(filters)})
        if not answer.is_success:
            raise EngineAway(f"the engine answered {answer.status_code} to GET {path}: {answer.text[:200]}")
        found: list[dict[str, Any]] = answer.json()
        return found

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **more)
        except httpx.HTTPError as error:
            raise EngineAway(f"the engine does not answer: {error}") from None
