"""The simulated Docker as a whole: one engine in Swarm mode a host. What each part says is in the module of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.docker import (
    checks,
    defaults,
    ids,
    invokes,
    names,
    outputs,
    place,
    references,
    replacement,
    rules,
)
from scripts.simulation.clouds.model import Candidate, Cloud, Reference
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World


class Docker:
    """Satisfies `Cloud`."""

    package: Final = "docker"
    project: Final = "pulumi_docker"

    def place(self, config: Properties) -> Place | Problem:
        return place.place(config)

    def defaults(self, token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
        return {**defaults.added(token, inputs), **names.defaults(token, name, inputs, old, seed)}

    def check(self, token: str, inputs: Properties, place: Place) -> Sequence[Problem]:  # noqa: ARG002  (the protocol's)
        return checks.check(token, inputs)

    def replaces(self, token: str) -> frozenset[str] | None:
        return replacement.TABLE.get(token)

    def references(self, token: str) -> Sequence[Reference]:
        return references.REFERENCES.get(token, ())

    def recognise(self, value: str) -> str | None:
        return ids.recognise(value)

    def admit(self, candidate: Candidate, world: World) -> Sequence[Problem]:
        return rules.admit(candidate, world)

    def release(self, resource: Resource, world: World) -> Sequence[Problem]:
        return rules.release(resource, world)

    def identifier(self, candidate: Candidate) -> str:
        return ids.identifier(candidate)

    def outputs(self, candidate: Candidate, identifier: str) -> Mapping[str, Value]:
        return outputs.outputs(candidate, identifier)

    def invoke(self, token: str, arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
        return invokes.invoke(token, arguments, place, world)

    def assumed(self, value: str) -> Resource | None:
        return ids.assumed(value)


CLOUD: Final[Cloud] = Docker()
