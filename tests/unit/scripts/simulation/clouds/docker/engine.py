"""A simulated engine for tests, without the server: one resource after another."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.simulation.clouds.docker import CLOUD
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World

HERE = Place("docker", "unix:///var/run/docker.sock", "")
DIGEST = f"registry.example/app@sha256:{'a' * 64}"
DATA = base64.b64encode(b"text").decode()


@dataclass
class Engine:
    world: World = field(default_factory=World)
    place: Place = HERE

    def problems(self, token: str, name: str, inputs: Properties, current: Resource | None = None) -> Sequence[Problem]:
        """What `check` says, or where that is nothing what `admit` says."""
        candidate = self._candidate(token, name, inputs, current)
        return CLOUD.check(token, candidate.inputs, self.place) or CLOUD.admit(candidate, self.world)

    def make(self, token: str, name: str, inputs: Properties) -> Resource:
        found = self.problems(token, name, inputs)
        assert not found, found
        candidate = self._candidate(token, name, inputs, None)
        identifier = CLOUD.identifier(candidate)
        outputs = {**candidate.inputs, **CLOUD.outputs(candidate, identifier), "id": identifier}
        made = Resource(token, identifier, candidate.urn, self.place, candidate.inputs, outputs)
        self.world.put(made)
        return made

    def _candidate(self, token: str, name: str, inputs: Properties, current: Resource | None) -> Candidate:
        urn = f"urn:pulumi:s::p::{token}::{name}"
        seed = hashlib.sha256(f"{urn}#{self.world.generation(urn)}".encode()).hexdigest()[:32]
        old = current.inputs if current is not None else {}
        complete = {**inputs, **CLOUD.defaults(token, name, inputs, old, seed)}
        return Candidate(token, urn, name, self.place, complete, seed, current)


def service(spec: Properties | None = None, task: Properties | None = None, **top: Value) -> dict[str, Any]:
    """The inputs of a service that is right."""
    return {"taskSpec": {"containerSpec": {"image": DIGEST, **(spec or {})}, **(task or {})}, **top}


def port(published: int, mode: str = "host", **more: Value) -> dict[str, Any]:
    """An endpoint that publishes one port."""
    kind = "dnsrr" if mode == "host" else "vip"
    return {"mode": kind, "ports": [{"targetPort": 80, "publishedPort": published, "publishMode": mode, **more}]}


def paths(problems: Sequence[Problem]) -> list[str]:
    return [problem.path for problem in problems]
