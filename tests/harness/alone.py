"""One capability by itself in the simulated clouds: for tests that only look at its resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components import stackfile, targets
from components.contract import Identity
from components.spec import PlatformSpec
from tests.harness.mocked import Monitor, Registered, run
from tests.harness.simulated import Simulated
from tests.harness.targets import PACKAGES

Make = Callable[[PlatformSpec, Identity, ResourceOptions], Mapping[str, Output[Any]]]
"""Builds the capability under the given options, and says which outputs the test wants to know."""


@dataclass
class Alone:
    """`known`: the wanted outputs with every value known."""

    resources: list[Registered]
    known: Mapping[str, Any]

    def of(self, token: str) -> list[Registered]:
        """Resources whose type ends so (`:Bucket`)."""
        return [found for found in self.resources if found.typ.endswith(token)]

    def one(self, token: str) -> Registered:
        [found] = self.of(token)
        return found

    def named(self, name: str) -> Registered:
        [found] = [one for one in self.resources if one.name == name]
        return found


def alone(description: Mapping[str, Any], make: Make, assume: Sequence[str] = ()) -> Alone:
    """What `make` registers for a description of a stack called `test`.

    `assume`: ids and ARNs that are there already, for inputs that another capability would have made.
    Raises `StackFileError` as the program would; an `AssertionError` with what the simulated cloud refuses.
    """
    spec = stackfile.parse(json.dumps(description))
    simulated = Simulated()
    monitor = Monitor(simulated)
    simulated.direct.assume(PACKAGES[spec.target.value], sorted(assume))
    identity = Identity("penguinmails", "test", spec.environment)

    def program() -> Mapping[str, Output[Any]]:
        provider = targets.choose(spec.target).provider(spec, identity)
        options = ResourceOptions(providers=[provider])
        root = pulumi.ComponentResource("penguinmails:index:Platform", "penguinmails", None, options)
        return make(spec, identity, ResourceOptions(parent=root))

    known = run(simulated, monitor, program)
    return Alone(monitor.seen, known)
