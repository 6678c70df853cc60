"""Asks the parts that know: Prometheus, Alertmanager, the gate, the autoscaler, the backups and the collector of logs.

Each is asked by itself and for a short time; what does not answer is told with its reason and holds up nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from penguinmails_operations.status import queries

log = logging.getLogger(__name__)

TIMEOUT_SECONDS, SLOW_TIMEOUT_SECONDS = 3.0, 10.0
KEPT_SECONDS, SLOW_KEPT_SECONDS = 5.0, 60.0
"""For so long answers serve again: however many people look, the parts are asked this often. Queries over days are slow."""
MAXIMUM_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """`value` is None when there is none, and `problem` then says why in a few words."""

    value: Any = None
    problem: str = ""


@dataclass(frozen=True)
class Addresses:
    """Where the parts answer; an empty address is a part that this platform does not have."""

    prometheus: str = ""
    alertmanager: str = ""
    gate: str = ""
    autoscaler: str = ""
    backup: str = ""
    logs: str = ""


@dataclass(frozen=True)
class Facts:
    """All answers. `figures`: name of a query (`queries.py`) -> answer, a list of (labels, value)."""

    services: Answer
    decisions: Answer
    backups: Answer
    drills: Answer
    errors: Answer
    security: Answer
    releases: Answer
    alerts: Answer
    figures: Mapping[str, Answer] = field(default_factory=dict)


class Sources:
    """The parts, with the newest answers of each."""

    def __init__(self, addresses: Addresses, objectives: queries.Objectives, client: httpx.AsyncClient | None = None) -> None:
        self._addresses = addresses
        self._queries = queries.instant(objectives)
        self._slow = queries.slow()
        self._ranges = queries.ranges()
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
        self._kept: dict[str, tuple[float, Answer]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def facts(self) -> Facts:
        where = self._addresses
        plain = {
            "services": (where.gate, "/services"),
            "decisions": (where.autoscaler, "/decisions"),
            "backups": (where.backup, "/backups"),
            "drills": (where.backup, "/drills"),
            "errors": (where.logs, "/errors"),
            "security": (where.logs, "/security"),
            "releases": (where.logs, "/releases"),
        }
        names = [*plain, "alerts", *self._queries, *self._slow, *self._ranges]
        asked = [self._json(base, path) for base, path in plain.values()]
        asked.append(self._alerts())
        asked += [self._instant(text) for text in self._queries.values()]
        asked += [self._instant(text, is_slow=True) for text in self._slow.values()]
        asked += [self._range(text) for text in self._ranges.values()]
        answers = dict(zip(names, await asyncio.gather(*asked), strict=True))
        figures = {name: answers.pop(name) for name in [*self._queries, *self._slow, *self._ranges]}
        return Facts(**answers, figures=figures)

    async def search(self, service: str, text: str, since: str) -> Answer:
        """Lines of the logs; a search takes longer than everything else and is not kept."""
        parameters = {"service": service, "text": text, "since": since, "limit": "200"}
        return await self._ask(self._addresses.logs, "/search", parameters, seconds=20.0)

    async def _alerts(self) -> Answer:
        """What fires, by Alertmanager; by Prometheus while that is away."""
        answer = await self._json(self._addresses.alertmanager, "/api/v2/alerts?silenced=false&inhibited=false")
        if answer.value is not None:
            return answer
        second = await self._json(self._addresses.prometheus, "/api/v1/alerts")
        if second.value is None:
            return answer
        found = _alerts_of_prometheus(second.value)
        return Answer(found, answer.problem)

    async def _instant(self, text: str, *, is_slow: bool = False) -> Answer:
        answer = await self._json(self._addresses.prometheus, "/api/v1/query", {"query": text}, is_slow=is_slow)
        return _read(answer, lambda found: [(item["metric"], float(item["value"][1])) for item in found["data"]["result"]])

    async def _range(self, text: str) -> Answer:
        end = int(time.time() // queries.STEP_SECONDS) * queries.STEP_SECONDS
        parameters = {
            "query": text,
            "start": str(end - queries.RANGE_SECONDS),
            "end": str(end),
            "step": str(queries.STEP_SECONDS),
        }
        answer = await self._json(self._addresses.prometheus, "/api/v1/query_range", parameters, is_slow=True)
        return _read(
            answer,
            lambda found: [(float(at), float(value)) for item in found["data"]["result"][:1] for at, value in item["values"]],
        )

    async def _json(
        self, base: str, path: str, parameters: Mapping[str, str] | None = None, *, is_slow: bool = False
    ) -> Answer:
        seconds = SLOW_KEPT_SECONDS if is_slow else KEPT_SECONDS
        key = f"{base}{path}{'' if parameters is None else parameters['query']}"
        async with self._locks.setdefault(key, asyncio.Lock()):
            at, kept = self._kept.get(key, (0.0, Answer()))
            if key in self._kept and time.monotonic() - at < (seconds if kept.value is not None else KEPT_SECONDS):
                return kept
            timeout = SLOW_TIMEOUT_SECONDS if is_slow else TIMEOUT_SECONDS
            answer = await self._ask(base, path, parameters, timeout)
            self._kept[key] = (time.monotonic(), answer)
            return answer

    async def _ask(
        self, base: str, path: str, parameters: Mapping[str, str] | None = None, seconds: float = TIMEOUT_SECONDS
    ) -> Answer:
        if not base:
            return Answer(problem="this platform has none")
        try:
            answer = await self._client.get(f"{base}{path}", params=parameters, timeout=seconds)
            if answer.status_code != 200:
                return Answer(problem=f"it answered {answer.status_code}")
            if len(answer.content) > MAXIMUM_BYTES:
                return Answer(problem="its answer is too large")
            return Answer(answer.json())
        except httpx.TimeoutException:
            return Answer(problem=f"no answer within {seconds:.0f} s")
        except httpx.HTTPError:
            return Answer(problem="it does not answer")
        except ValueError:
            return Answer(problem="its answer is no JSON")


def _read(answer: Answer, reader: Callable[[Any], Sequence[Any]]) -> Answer:
    if answer.value is None:
        return answer
    try:
        return Answer(reader(answer.value))
    except (KeyError, TypeError, ValueError, IndexError):
        return Answer(problem="its answer is of another form")


def _alerts_of_prometheus(found: Any) -> list[dict[str, Any]]:
    alerts = found.get("data", {}).get("alerts", []) if isinstance(found, dict) else []
    return [
        {"labels": alert.get("labels", {}), "annotations": alert.get("annotations", {}), "startsAt": alert.get("activeAt", "")}
        for alert in alerts
        if alert.get("state") == "firing"
    ]
