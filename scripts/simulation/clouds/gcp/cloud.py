"""The simulated Google Cloud as a whole: one project a provider. What each part says is in the module of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.gcp import (
    checks,
    defaults,
    ids,
    invokes,
    outputs,
    place,
    references,
    replacement,
    rules,
)
from scripts.simulation.clouds.gcp.types import PACKAGE
from scripts.simulation.clouds.model import Candidate, Cloud, Reference
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World


class Google:
    """Satisfies `Cloud`."""

    package: Final = PACKAGE
    project: Final = "pulumi_gcp"

    def place(self, config: Properties) -> Place | Problem:
        return place.place(config)

    def defaults(self, token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
        return defaults.defaults(token, name, inputs, old, seed)

    def check(self, token: str, inputs: Properties, place: Place) -> Sequence[Problem]:
        return checks.check(token, inputs, place)

    def replaces(self, token: str) -> frozenset[str] | None:
        return replacement.of(token)

    def references(self, token: str) -> Sequence[Reference]:
        return references.of(token)

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


CLOUD: Final[Cloud] = Google()
