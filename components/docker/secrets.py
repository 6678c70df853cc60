"""Secrets that services need and no other capability makes, as Swarm secrets."""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components.binding import Binding
from components.contract import SecretsArgs, SecretsOutputs
from components.docker import swarm


class Secrets(pulumi.ComponentResource):
    def __init__(self, name: str, args: SecretsArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Secrets", name, None, opts)
        references = {
            variable: swarm.secret(
                f"{name}-{variable.lower().replace('_', '-')}",
                args.identity,
                "secrets",
                value,
                ResourceOptions(parent=self),
            )
            for variable, value in args.values.items()
        }
        self.outputs = SecretsOutputs(Binding(secrets=references))
        self.register_outputs({variable: reference.name for variable, reference in references.items()})
