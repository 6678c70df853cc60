"""Every few seconds: read, decide, set, and write down why."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge

from penguinmails_operations.autoscaler.policy import Copies, Decision, Figures, State, Tuning, decide
from penguinmails_operations.autoscaler.settings import Followed
from penguinmails_operations.autoscaler.sources import Away, Gate, Prometheus, Refused, Told

log = logging.getLogger(__name__)
REMEMBERED = 200
"""Decisions that are told; the logs have all of them."""
REASONS = ("figures", "gate", "maximum", "prometheus", "refused", "release", "stopped")


class Loop:
    """Holds what is remembered of each service. `clock`: seconds that only go forward."""

    def __init__(
        self,
        followed: Mapping[str, Followed],
        tuning: Tuning,
        gate: Gate,
        prometheus: Prometheus,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._followed, self._tuning = followed, tuning
        self._gate, self._prometheus, self._clock = gate, prometheus, clock
        self._states: dict[str, State] = {}
        self._holds: dict[str, str] = {}
        self._decisions: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._ticked = clock()
        self.registry = CollectorRegistry()
        self._desired = Gauge("penguinmails_scaling_desired_replicas", "Copies wanted.", ["service"], registry=self.registry)
        self._held = Gauge(
            "penguinmails_scaling_held", "Services whose number is held, by what holds it.", ["reason"], registry=self.registry
        )
        self._steps = Counter(
            "penguinmails_scaling_steps", "Changes of a number.", ["service", "direction"], registry=self.registry
        )
        for service in followed:
            for direction in ("in", "out"):
                self._steps.labels(service, direction)

    def run(self, stop: threading.Event, seconds: float) -> None:
        while not stop.is_set():
            try:
                self.tick()
            except Exception:
                log.exception("a round failed")
            stop.wait(seconds)

    def is_alive(self) -> bool:
        return self._clock() - self._ticked < 60

    def decisions(self) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self._decisions)

    def tick(self) -> None:
        """One round over all services."""
        holds: dict[str, str] = {}
        try:
            told = self._gate.services()
        except Away as error:
            told = {}
            holds = self._hold_all("gate", str(error))
        for service, followed in self._followed.items():
            found = told.get(service)
            if found is not None and found.minimum is not None and found.maximum is not None:
                copies = Copies(
                    minimum=found.minimum,
                    maximum=found.maximum,
                    replicas=found.replicas,
                    running=found.running,
                    updating=found.updating,
                )
                held = self._service(service, followed, found, copies)
                if held is not None:
                    holds[service] = held
        self._holds = holds
        for reason in REASONS:
            self._held.labels(reason).set(sum(held == reason for held in holds.values()))
        self._ticked = self._clock()

    def _service(self, service: str, followed: Followed, told: Told, copies: Copies) -> str | None:
        """Decides for one service; returns what holds its number, if something does."""
        before = self._states.get(service, State())
        figures: Figures | None = None
        away = ""
        try:
            figures = self._prometheus.figures(service, followed, told.cpus)
        except Away as error:
            away = str(error)
        decision = decide(copies, followed.target, figures, before, self._clock(), self._tuning)
        if away and decision.held == "figures":
            decision = dataclasses.replace(decision, held="prometheus", reason=away)
        if decision.desired != copies.replicas:
            decision = self._set(service, decision, copies, before)
        self._states[service] = decision.state
        self._desired.labels(service).set(decision.desired)
        moved = decision.held is None and decision.desired != copies.replicas
        if moved or (decision.held is not None and self._holds.get(service) != decision.held):
            self._write(service, copies, decision, figures)
        return decision.held

    def _set(self, service: str, decision: Decision, copies: Copies, before: State) -> Decision:
        """The decision as it came out: a number that was not set is asked for again in the next round."""
        try:
            self._gate.set(service, decision.desired)
        except (Refused, Away) as error:
            state = State(decision.state.needs, before.stepped)
            held: Any = "refused" if isinstance(error, Refused) else "gate"
            return dataclasses.replace(
                decision, desired=copies.replicas, held=held, reason=f"{decision.reason}; {error}", state=state
            )
        self._steps.labels(service, "out" if decision.desired > copies.replicas else "in").inc()
        return decision

    def _write(self, service: str, copies: Copies, decision: Decision, figures: Figures | None) -> None:
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": service,
            "from": copies.replicas,
            "to": decision.desired,
            "reason": decision.reason,
            "held": decision.held,
            "figures": None if figures is None else dataclasses.asdict(figures),
        }
        self._decisions.appendleft(entry)
        fields = {key: value for key, value in entry.items() if key != "time"}
        log.info("held" if decision.held else "step", extra=fields)

    def _hold_all(self, held: str, reason: str) -> dict[str, str]:
        if any(self._holds.get(service) != held for service in self._followed):
            log.warning("the numbers of copies are held", extra={"held": held, "reason": reason})
        return dict.fromkeys(self._followed, held)
