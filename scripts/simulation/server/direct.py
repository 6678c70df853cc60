"""The simulated providers without an engine between: one resource after another, for tables of right and wrong programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import RLock

from scripts.simulation.server.faults import Fault, Faults
from scripts.simulation.server.provider import Provider, Refused, Shared
from scripts.simulation.server.serve import cloud
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import World


@dataclass(frozen=True)
class Made:
    """What became of a resource that was accepted."""

    token: str
    name: str
    id: str
    outputs: Mapping[str, Value]


class Direct:
    """Providers of all clouds over one world, each configured once."""

    def __init__(self, faults: Sequence[Fault] = (), configs: Mapping[str, Properties] | None = None) -> None:
        self.world = World()
        self._shared = Shared(self.world, Faults(faults), RLock(), Counter())
        self.configs = configs or {}
        self._providers: dict[str, Provider] = {}

    def configure(self, package: str, config: Properties) -> None:
        """Gives a cloud's provider its configuration, before anything is made there.

        Raises `Refused` with what the provider says.
        """
        provider = Provider(cloud(package), self._shared)
        problems = provider.check_config(config)
        if problems:
            raise Refused(problems)
        provider.configure(config)
        self._providers[package] = provider

    def assume(self, package: str, values: Sequence[str]) -> None:
        """Things that are there already, by their ids."""
        for value in values:
            found = cloud(package).assumed(value)
            if found is not None:
                self.world.put(found)

    def _provider(self, token: str) -> Provider:
        package = token.split(":", maxsplit=1)[0]
        if package not in self._providers:
            provider = Provider(cloud(package), self._shared)
            provider.configure(self.configs.get(package, CONFIGS[package]))
            self._providers[package] = provider
        return self._providers[package]

    def make(self, token: str, name: str, inputs: Properties) -> Made:
        """Checks and makes a resource.

        Raises `Refused` with what the provider says.
        """
        provider, urn = self._provider(token), _urn(token, name)
        checked, problems = provider.check(urn, name, {}, inputs)
        if problems:
            raise Refused(problems)
        identifier, outputs = provider.create(urn, name, checked, preview=False)
        return Made(token, name, identifier, outputs)

    def change(self, made: Made, inputs: Properties) -> Made:
        """Checks and updates a resource, with all inputs given anew.

        Raises `Refused` with what the provider says; a `ValueError` when the change would replace it.
        """
        provider, urn = self._provider(made.token), _urn(made.token, made.name)
        current = provider.read(urn, made.id)
        if current is None:
            raise Refused([Problem("", f"{made.id} does not exist")])
        checked, problems = provider.check(urn, made.name, current.inputs, inputs)
        if problems:
            raise Refused(problems)
        replacing = provider.diff(urn, made.name, current.inputs, checked)[0].replacing
        if replacing:
            raise ValueError(f"a change of {', '.join(sorted(replacing))} replaces the {made.token}")
        outputs = provider.update(urn, made.name, made.id, checked, current.outputs, preview=False)
        return Made(made.token, made.name, made.id, outputs)

    def delete(self, made: Made) -> None:
        """Raises `Refused` when something holds it."""
        self._provider(made.token).delete(_urn(made.token, made.name), made.id)

    def invoke(self, token: str, arguments: Properties) -> Mapping[str, Value]:
        return self._provider(token).invoke(token, arguments)


CONFIGS: Mapping[str, Properties] = {
    "aws": {"region": "eu-central-1"},
    "azure-native": {"subscriptionId": "00000000-0000-4000-8000-000000000001", "location": "westeurope"},
    "gcp": {"project": "penguinmails-simulated", "region": "europe-west3"},
    "docker": {"host": "unix:///var/run/docker.sock"},
}
"""Providers as a stack file would configure them."""


def _urn(token: str, name: str) -> str:
    return f"urn:pulumi:test::penguinmails::{token}::{name}"
