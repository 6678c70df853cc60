"""Network, database and queues of a target, with the contract's own arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components import contract as c
from components import stackfile, targets
from components.binding import SecretReference
from components.contract import Identity
from components.spec import PlatformSpec
from components.target import Target, Unsupported


@dataclass(frozen=True)
class Built:
    """What later capabilities would use."""

    network: c.NetworkOutputs
    database: c.DatabaseOutputs
    queue: c.QueueOutputs

    def exports(self) -> Mapping[str, Output[Any]]:
        """What everybody may see; bindings without their secrets."""
        bindings = {name: Output.from_input(dict(binding.variables)) for name, binding in self.queue.bindings.items()}
        return {
            "database_host": self.database.host,
            "queue_names": Output.from_input(dict(self.queue.names)),
            "bindings": Output.from_input(bindings),
        }


def run() -> None:
    """The program: reads the stack's configuration as the real one does."""
    config = pulumi.Config()
    spec = stackfile.parse(config.require("platform"))
    target = targets.choose(spec.target)
    keys = [key.name for key in target.secret_keys(spec)]
    secrets = {name: config.require_secret(name) for name in keys}
    identity = Identity(pulumi.get_project(), pulumi.get_stack(), spec.environment, None)
    for name, value in foundation(spec, target, identity, secrets).exports().items():
        pulumi.export(name, value)


def foundation(spec: PlatformSpec, target: Target, identity: Identity, secrets: Mapping[str, Output[str]]) -> Built:
    """Builds what there is, in the order of the platform.

    Raises `StackFileError` as the platform would, the missing capabilities left aside.
    """
    problems = refusals(spec, target)
    if problems:
        raise stackfile.StackFileError(problems)
    assert not isinstance(target.network, Unsupported)
    assert not isinstance(target.database, Unsupported)
    assert not isinstance(target.queue, Unsupported)
    provider = target.provider(spec, identity)
    root = pulumi.ComponentResource("penguinmails:index:Platform", "penguinmails", None, ResourceOptions(providers=[provider]))
    child = ResourceOptions(parent=root)
    network = target.network("penguinmails-network", c.NetworkArgs(identity, spec.aws), child).outputs
    nothing = Output.from_input("")
    certificate = c.CertificateOutputs(SecretReference(nothing, nothing), nothing, {}, None)
    database = target.database(
        "penguinmails-database",
        c.DatabaseArgs(
            identity=identity,
            database=spec.database,
            network=network,
            certificate=certificate,
            owner_password=secrets["databaseOwnerPassword"],
            app_password=secrets.get("databaseAppPassword"),
            backup=spec.backup,
        ),
        child,
    ).outputs
    access = {name: c.QueueAccess(service.publishes, service.consumes) for name, service in spec.services.items()}
    queue = target.queue(
        "penguinmails-queue",
        c.QueueArgs(identity, spec.queues, access, network, certificate, secrets.get("brokerSecret")),
        child,
    ).outputs
    return Built(network, database, queue)


def refusals(spec: PlatformSpec, target: Target) -> list[str]:
    """What the target refuses of a description, the missing capabilities left aside."""
    return [f"{gap.field}: {gap.reason}" for gap in target.limits(spec)]
