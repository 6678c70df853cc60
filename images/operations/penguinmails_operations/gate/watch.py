"""The state of all services, read every few seconds, and what is counted from it.

Swarm keeps the last five tasks of a copy, so failures are counted as they are seen; those from before the gate began are not
counted, as a counter's beginning is no event.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from penguinmails_operations.gate import rules
from penguinmails_operations.gate.engine import Engine, EngineAway

log = logging.getLogger(__name__)

STALE_SECONDS = 30.0
"""Older figures are not shown: no figure is better than one of a platform that was."""


@dataclass(frozen=True)
class Snapshot:
    """`at`: monotonic seconds."""

    services: tuple[rules.Service, ...]
    tasks: tuple[rules.Task, ...]
    at: float


class Watch(Collector):
    """Holds the last snapshot; a collector of Prometheus' library that shows it."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._failed: set[str] = set()
        self._returned: set[tuple[str, str]] = set()
        self._failures: Counter[str] = Counter()
        self._rollbacks: Counter[str] = Counter()

    def look(self) -> Snapshot:
        """Reads the engine. Raises `EngineAway`."""
        services = tuple(self._engine.services())
        tasks = tuple(self._engine.tasks(services))
        with self._lock:
            self._count(services, tasks)
            self._snapshot = Snapshot(services, tasks, self._clock())
            return self._snapshot

    def run(self, stop: threading.Event, seconds: float) -> None:
        """Looks again and again until `stop`."""
        while not stop.wait(seconds):
            try:
                self.look()
            except EngineAway as error:
                log.warning("the services cannot be read", extra={"reason": str(error)})

    def is_fresh(self) -> bool:
        snapshot = self._snapshot
        return snapshot is not None and self._clock() - snapshot.at < STALE_SECONDS

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            snapshot, failures, rollbacks = self._snapshot, dict(self._failures), dict(self._rollbacks)
        tasks = GaugeMetricFamily("penguinmails_service_tasks", "Copies wanted and running.", labels=["service", "state"])
        updating = GaugeMetricFamily(
            "penguinmails_service_updating", "1 while a release or a rollback is under way.", labels=["service"]
        )
        if snapshot is not None and self.is_fresh():
            for service in snapshot.services:
                own = [task for task in snapshot.tasks if task.service == service.id]
                tasks.add_metric([service.role, "desired"], rules.desired(service, own))
                tasks.add_metric([service.role, "running"], sum(task.runs for task in own))
                updating.add_metric([service.role], float(service.state in rules.BUSY))
        yield tasks
        yield updating
        yield _counter("penguinmails_service_failures", "Copies that ended with an error.", failures)
        yield _counter("penguinmails_service_rollbacks", "Releases that Swarm took back.", rollbacks)

    def _count(self, services: Iterable[rules.Service], tasks: Iterable[rules.Task]) -> None:
        first = self._snapshot is None
        roles = {service.id: service.role for service in services}
        failed = {one.id: roles[one.service] for one in tasks if one.state in rules.FAILED and one.service in roles}
        returned = {(one.id, one.state_began): one.role for one in services if one.state.startswith("rollback")}
        for role in roles.values():
            self._failures.setdefault(role, 0)
            self._rollbacks.setdefault(role, 0)
        if not first:
            self._failures.update(role for task, role in failed.items() if task not in self._failed)
            self._rollbacks.update(role for key, role in returned.items() if key not in self._returned)
        # What the engine has forgotten is forgotten here too; a rollback's mark goes with the next change of the service.
        self._failed, self._returned = set(failed), set(returned)


def _counter(name: str, text: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=["service"])
    for role, value in sorted(values.items()):
        family.add_metric([role], value)
    return family
