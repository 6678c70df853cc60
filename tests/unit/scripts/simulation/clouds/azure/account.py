"""A simulated account for tests, without the server and without types: one resource after another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.simulation.clouds.model import Candidate, Cloud
from scripts.simulation.server import references
from scripts.simulation.values import UNKNOWN, Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World


@dataclass
class Account:
    """`problems`, `make`, `change` and `delete` in the order in which a provider asks its cloud."""

    cloud: Cloud
    place: Place
    world: World = field(default_factory=World)

    def problems(self, token: str, name: str, inputs: Properties, current: Resource | None = None) -> Sequence[Problem]:
        """What `check` says, or where that is nothing what the references say, or then `admit`."""
        candidate = self._candidate(token, name, inputs, current)
        return (
            self.cloud.check(candidate.token, candidate.inputs, self.place)
            or list(references.problems(self.cloud, candidate, self.world))
            or self.cloud.admit(candidate, self.world)
        )

    def make(self, token: str, name: str, inputs: Properties) -> Resource:
        found = self.problems(token, name, inputs)
        assert not found, [str(problem) for problem in found]
        candidate = self._candidate(token, name, inputs, None)
        return self._put(candidate, self.cloud.identifier(candidate))

    def change(self, made: Resource, inputs: Properties) -> Resource:
        name = made.urn.rsplit("::", 1)[-1]
        found = self.problems(made.token, name, inputs, made)
        assert not found, [str(problem) for problem in found]
        return self._put(self._candidate(made.token, name, inputs, made), made.id)

    def delete(self, made: Resource) -> None:
        found = [*references.still_held(self.cloud, made, self.world), *self.cloud.release(made, self.world)]
        assert not found, [str(problem) for problem in found]
        self.world.remove(made.token, made.id)

    def _put(self, candidate: Candidate, identifier: str) -> Resource:
        outputs = {**candidate.inputs, **self.cloud.outputs(candidate, identifier), "id": identifier}
        made = Resource(candidate.token, identifier, candidate.urn, self.place, candidate.inputs, outputs)
        self.world.put(made)
        return made

    def _candidate(self, token: str, name: str, inputs: Properties, current: Resource | None) -> Candidate:
        token = token if token.startswith(f"{self.cloud.package}:") else f"{self.cloud.package}:{token}"
        urn = f"urn:pulumi:test::penguinmails::{token}::{name}"
        seed = hashlib.sha256(urn.encode()).hexdigest()[:32]
        old: Properties = current.inputs if current is not None else {}
        given: dict[str, Any] = {key: value for key, value in inputs.items() if value is not None}
        added: dict[str, Value] = dict(self.cloud.defaults(token, name, given, old, seed))
        return Candidate(token, urn, name, self.place, {**given, **added}, seed, current)


def with_unknowns(value: Any) -> list[Any]:
    """The value with each of its parts, at any depth, unknown in turn."""
    if isinstance(value, dict):
        return [{**value, key: other} for key, inner in value.items() for other in (UNKNOWN, *with_unknowns(inner))]
    if isinstance(value, list):
        parts = [(at, other) for at, inner in enumerate(value) for other in (UNKNOWN, *with_unknowns(inner))]
        return [[*value[:at], other, *value[at + 1 :]] for at, other in parts]
    return []
