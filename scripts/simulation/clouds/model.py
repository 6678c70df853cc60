"""The contract of a simulated cloud.

All functions are pure: they read what they are given and the `World`, and change nothing. Inputs have passed the check of
types (`schema.check`) before anything here but `defaults` and `check` sees them. In `check` any value may be UNKNOWN, of
which nothing is said; in `admit`, `identifier` and `outputs` all are known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Cloud:
    """One simulated cloud: its provider's name, the first part of its tokens (`azure-native`), and what answers each question.

    place(config): where a provider with this configuration works; a problem where it has no valid region, project, host.
    defaults(token, name, inputs, old, seed): what the provider itself adds to the inputs: names that were left out, kept from
    `old` where there is one, and top-level defaults that the real provider states.
    check(token, inputs, place): what is wrong with values whatever else exists: a name too long, a SKU, engine version or
    region that is not there, combinations that the cloud refuses.
    replaces(token): patterns of the inputs whose change makes a new resource (`dbName`, `settings.*`, `rules[*].id`); None: not
    known.
    references(token): which inputs name other resources.
    recognise(value): the token that a string is an id of by its form alone (`vpc-0a1b2c3d4e5f60718`), wherever it stands.
    admit(candidate, world): what the cloud refuses because of what else exists, beyond references: ranges that overlap, a name
    that is taken.
    release(resource, world): why this cannot be deleted, beyond references that hold it: deletion protection, content.
    identifier(candidate): the id of something new.
    outputs(candidate, identifier): computed outputs with a form of their own (ARN, endpoint); the rest is filled in by type
    (`server.completion`).
    invoke(token, arguments, place, world): the answer of a data source; a problem for one that is not simulated or finds
    nothing.
    overwrites(token): whether making it again only puts its settings once more. Two resources of a program for one such thing
    are refused all the same.
    assumed(value): something that the stack file says is there already (an existing network), by its id; None for any other
    string.
    """

    package: str
    place: Callable[[Properties], Place | Problem]
    defaults: Callable[[str, str, Properties, Properties, str], Mapping[str, Value]]
    check: Callable[[str, Properties, Place], Sequence[Problem]]
    replaces: Callable[[str], frozenset[str] | None]
    references: Callable[[str], Sequence[Reference]]
    recognise: Callable[[str], str | None]
    admit: Callable[[Candidate, World], Sequence[Problem]]
    release: Callable[[Resource, World], Sequence[Problem]]
    identifier: Callable[[Candidate], str]
    outputs: Callable[[Candidate, str], Mapping[str, Value]]
    invoke: Callable[[str, Properties, Place, World], Mapping[str, Value] | Problem]
    assumed: Callable[[str], Resource | None]
    overwrites: Callable[[str], bool] = lambda _: False
