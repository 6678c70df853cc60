"""The contract of a simulated cloud.

All methods are pure: they read what they are given and the `World`, and change nothing. Inputs have passed the check of
types (`schema.check`) before anything here but `defaults` and `check` sees them. In `check` any value may be UNKNOWN, of
which nothing is said; in `admit`, `identifier` and `outputs` all are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World


@dataclass(frozen=True)
class Candidate:
    """A resource that is about to be made or changed. `seed` is 32 hexadecimal digits that depend on the URN and on how often
    it was made, so that ids are the same on every run and differ after a replacement. `current`: what an update changes."""

    token: str
    urn: str
    name: str
    place: Place
    inputs: Properties
    seed: str
    current: Resource | None = None


@dataclass(frozen=True)
class Reference:
    """An input that must name something that exists.

    `path` is a pattern of `values.select` (`subnetIds[*]`). `tokens`: what may stand there. `attributes`: by which of their
    outputs it is named. `foreign`: prefixes of values that need not exist here (`alias/aws/`). `holds`: what is named so
    cannot be deleted.
    """

    path: str
    tokens: tuple[str, ...]
    attributes: tuple[str, ...] = ("id",)
    foreign: tuple[str, ...] = ()
    holds: bool = True


class Cloud(Protocol):
    """One simulated cloud."""

    @property
    def package(self) -> str:
        """The provider's name, the first part of its tokens: `aws`, `azure-native`, `gcp`, `docker`."""

    @property
    def project(self) -> str:
        """The Python package of its SDK: `pulumi_aws`, `pulumi_azure_native`, ..."""

    def place(self, config: Properties) -> Place | Problem:
        """Where a provider with this configuration works; a problem where it has no valid region, project, host."""

    def defaults(self, token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
        """What the provider itself adds to the inputs: names that were left out (kept from `old` where there is one), and
        top-level defaults that the real provider states."""

    def check(self, token: str, inputs: Properties, place: Place) -> Sequence[Problem]:
        """What is wrong with values whatever else exists: a name too long, a SKU, engine version or region that is not there,
        combinations that the cloud refuses."""

    def replaces(self, token: str) -> frozenset[str] | None:
        """Patterns of the inputs whose change makes a new resource (`dbName`, `settings.*`, `rules[*].id`); None: not known."""

    def references(self, token: str) -> Sequence[Reference]:
        """Which inputs name other resources."""

    def recognise(self, value: str) -> str | None:
        """The token that a string is an id of by its form alone (`vpc-0a1b2c3d4e5f60718`), wherever it stands."""

    def admit(self, candidate: Candidate, world: World) -> Sequence[Problem]:
        """What the cloud refuses because of what else exists, beyond references: ranges that overlap, a name that is taken."""

    def release(self, resource: Resource, world: World) -> Sequence[Problem]:
        """Why this cannot be deleted, beyond references that hold it: deletion protection, content."""

    def identifier(self, candidate: Candidate) -> str:
        """The id of something new."""

    def outputs(self, candidate: Candidate, identifier: str) -> Mapping[str, Value]:
        """Computed outputs with a form of their own (ARN, endpoint); the rest is filled in by type (`server.completion`)."""

    def invoke(self, token: str, arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
        """The answer of a data source; a problem for one that is not simulated or finds nothing."""

    def assumed(self, value: str) -> Resource | None:
        """Something that the stack file says is there already (an existing network), by its id; None for any other string."""
