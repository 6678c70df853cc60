"""The simulated AWS, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.simulation.clouds.aws import defaults, ids, invokes, outputs, place, references, replacement, rules
from scripts.simulation.clouds.aws.types import PACKAGE
from scripts.simulation.clouds.model import Candidate, Cloud, Reference
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World


class Aws:
    """AWS as pulumi-aws 7 sees it. Every method answers from the module of its name."""

    @property
    def package(self) -> str:
        return PACKAGE

    @property
    def project(self) -> str:
        return "pulumi_aws"

    def place(self, config: Properties) -> Place | Problem:
        return place.place(config)

    def defaults(self, token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
        return defaults.defaults(token, name, inputs, old, seed)

    def check(self, token: str, inputs: Properties, place: Place) -> Sequence[Problem]:
        return rules.check(token, inputs, place)

    def replaces(self, token: str) -> frozenset[str] | None:
        return replacement.replaces(token)

    def references(self, token: str) -> Sequence[Reference]:
        return references.references(token)

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


CLOUD: Cloud = Aws()
