"""What the gate sees of a service, and what it refuses. Pure.

A service scales only when it carries the labels of its platform and the gate was told its smallest and its greatest number.
They are no labels of the service: a change of one would be a release of it. Everything else of a service is sent back to the
engine as it was read.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PROJECT, STACK, ROLE = "penguinmails.project", "penguinmails.stack", "penguinmails.component"
Limits = Mapping[str, tuple[int, int]]
"""Role -> smallest and greatest number of copies."""

BUSY = frozenset({"updating", "rollback_started"})
"""A release or its way back is under way."""

STUCK = frozenset({"paused", "rollback_paused"})
"""A release stopped half way: what Swarm would go back to is the description from before, which a change would replace."""

QUIET_SECONDS = 3
"""After a change by somebody else, until it can be seen whether a release follows from it."""

WATCH_SECONDS = 60
"""After a release, while `scripts/up` watches it (45 s) and may take it back: Swarm goes back to the description before the
last change, which a number of copies would be."""

RELEASE_SECONDS = 3600
"""For which a release of one service holds the numbers of all others, as a migration may take; a longer one hangs."""

FAILED = frozenset({"failed", "rejected"})
_LARGEST = 100


@dataclass(frozen=True)
class Service:
    """A service of the platform. `spec` is the engine's own description; `version` must be that of the last change.

    `minimum` and `maximum` are None for one that does not scale, `replicas` for one that has a copy on every host.
    """

    id: str
    version: int
    role: str
    replicas: int | None
    minimum: int | None
    maximum: int | None
    state: str
    state_began: str
    completed: datetime | None
    changed: datetime | None
    cpus: float
    memory_mib: float
    spec: Mapping[str, Any]

    def unsettled(self, now: datetime) -> str:
        """What of a release keeps the number of copies as it is; empty when nothing does."""
        if self.state in BUSY | STUCK:
            return f"a release is under way ({self.state})"
        if self.state == "completed" and self.completed and now - self.completed < timedelta(seconds=WATCH_SECONDS):
            return "a release has just ended and may still be taken back"
        return ""

    def holds_others(self, now: datetime) -> bool:
        """Whether a run of `scripts/up` is likely to go on from here to other services.

        It has read all numbers at its start, and sends each with its service, which may be minutes later. What is stuck, or
        takes too long, is left alone: such a run has ended.
        """
        began = _time(self.state_began)
        if self.state in BUSY:
            return began is None or now - began < timedelta(seconds=RELEASE_SECONDS)
        return self.state == "completed" and bool(self.unsettled(now))


@dataclass(frozen=True)
class Task:
    """One copy of a service, now or before. `service` is the service's id; `container` is empty until there is one."""

    id: str
    service: str
    state: str
    wanted: str
    container: str = ""

    @property
    def runs(self) -> bool:
        return self.state == "running" and self.wanted == "running"


@dataclass(frozen=True)
class Refusal:
    """Why a number is not set: an HTTP status and one sentence."""

    status: int
    sentence: str


def limits(text: str) -> Limits:
    """LIMITS, a JSON object of role and two numbers. Raises `ValueError` with a sentence for anything else."""
    try:
        found = {str(role): (int(least), int(most)) for role, (least, most) in json.loads(text).items()}
    except (AttributeError, TypeError, ValueError):
        raise ValueError('LIMITS should be a JSON object such as {"api": [2, 6]}') from None
    for role, (least, most) in found.items():
        if not 1 <= least <= most <= _LARGEST:
            raise ValueError(f"LIMITS: {role} should have 1 to {_LARGEST} copies, the smaller number first")
    return found


def service(raw: Mapping[str, Any], bounds: Limits) -> Service:
    """A service as the engine tells of it, and what may be done with it."""
    spec = raw["Spec"]
    labels = spec.get("Labels") or {}
    update = raw.get("UpdateStatus") or {}
    limits = (spec["TaskTemplate"].get("Resources") or {}).get("Limits") or {}
    role = labels.get(ROLE, spec.get("Name", ""))
    least, most = bounds.get(role, (None, None))
    return Service(
        id=raw["ID"],
        version=raw["Version"]["Index"],
        role=role,
        replicas=((spec.get("Mode") or {}).get("Replicated") or {}).get("Replicas"),
        minimum=least,
        maximum=most,
        state=update.get("State", ""),
        state_began=update.get("StartedAt", ""),
        completed=_time(update.get("CompletedAt")),
        changed=_time(raw.get("UpdatedAt")),
        cpus=limits.get("NanoCPUs", 0) / 1e9,
        memory_mib=limits.get("MemoryBytes", 0) / 1024**2,
        spec=spec,
    )


def task(raw: Mapping[str, Any]) -> Task:
    status = raw.get("Status") or {}
    container = (status.get("ContainerStatus") or {}).get("ContainerID", "")
    return Task(raw["ID"], raw.get("ServiceID", ""), status.get("State", ""), raw.get("DesiredState", ""), container)


def containers(services: Iterable[Service], tasks: Iterable[Task]) -> list[dict[str, str]]:
    """Which containers the platform has, those of the recent past too: whose logs there are to read."""
    roles = {one.id: one.role for one in services}
    return [{"id": one.container, "service": roles[one.service]} for one in tasks if one.container and one.service in roles]


def belongs(raw: Mapping[str, Any], project: str, stack: str) -> bool:
    """Whether a service is a part of this platform; asked again of what the engine has filtered already."""
    labels = raw["Spec"].get("Labels") or {}
    return labels.get(PROJECT) == project and labels.get(STACK) == stack


def held(found: Service, services: Iterable[Service], now: datetime) -> str:
    """What of a release, of its own or of another service, keeps the number of copies as it is; empty when nothing does."""
    others = sorted(one.role for one in services if one.id != found.id and one.holds_others(now))
    elsewhere = f"a release of {others[0]} is under way or has just ended, and may come to {found.role}" if others else ""
    return found.unsettled(now) or elsewhere


def refusal(services: Iterable[Service], role: str, wanted: int, now: datetime) -> Refusal | None:
    """Why `role` may not have `wanted` copies now; None when it may. `services`: all of the platform."""
    services = list(services)
    found = next((one for one in services if one.role == role), None)
    if found is None:
        return Refusal(404, f"{role}: this platform has no such service")
    if found.minimum is None or found.maximum is None or found.replicas is None:
        return Refusal(403, f"{role}: is no service that scales")
    if not found.minimum <= wanted <= found.maximum:
        return Refusal(422, f"replicas: {wanted} is not between {found.minimum} and {found.maximum} of {role}")
    if found.replicas == 0:
        return Refusal(409, f"{role}: was stopped by somebody, who starts it again; a restore does so")
    release = held(found, services, now)
    if release:
        return Refusal(409, f"{role}: {release}; ask again later")
    if found.changed is not None and now - found.changed < timedelta(seconds=QUIET_SECONDS):
        return Refusal(409, f"{role}: was changed a moment ago; ask again in {QUIET_SECONDS} seconds")
    return None


def with_replicas(spec: Mapping[str, Any], wanted: int) -> dict[str, Any]:
    """The same description with another number of copies."""
    changed: dict[str, Any] = copy.deepcopy(dict(spec))
    changed["Mode"]["Replicated"]["Replicas"] = wanted
    return changed


def entry(found: Service, services: Iterable[Service], tasks: Iterable[Task], now: datetime) -> dict[str, Any]:
    """What is told of a service. `releasing`: a release of its own runs. `updating`: a release, its own or of another service,
    holds its number."""
    own = [one for one in tasks if one.service == found.id]
    return {
        "service": found.role,
        "replicas": desired(found, own),
        "running": sum(one.runs for one in own),
        "minimum": found.minimum,
        "maximum": found.maximum,
        "releasing": found.state in BUSY,
        "updating": bool(held(found, services, now)),
        "cpus": found.cpus,
        "memory_mib": found.memory_mib,
    }


def desired(found: Service, own: Iterable[Task]) -> int:
    """How many copies there should be; of a service with one on every host, those that were placed."""
    return found.replicas if found.replicas is not None else sum(one.wanted == "running" for one in own)


def _time(text: str | None) -> datetime | None:
    """The engine gives nanoseconds, which Python reads when they are cut to six digits."""
    if not text:
        return None
    head, _, fraction = text.removesuffix("Z").partition(".")
    try:
        return datetime.fromisoformat(f"{head}.{fraction[:6]:0<6}+00:00")
    except ValueError:
        return None
