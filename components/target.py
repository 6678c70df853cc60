"""One place to deploy to: a class for each capability of the contract, or the reason why there is none.

A `Target` has one entry for each capability: a callable that builds the component, or `Unsupported` with the field that asks
for it, so that a gap is a type, a sentence and a row of the README's table, never a silent no-op.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import pulumi

from components import contract as c
from components.contract import Identity
from components.spec import PlatformSpec, TargetName

ArgsT = TypeVar("ArgsT", contravariant=True)
OutputsT = TypeVar("OutputsT", covariant=True)


@dataclass(frozen=True)
class Unsupported:
    """Something that a target does not give, with the field of the stack file that asks for it."""

    reason: str
    field: str


@dataclass(frozen=True)
class SecretKey:
    """A secret of the stack's configuration, encrypted there by the engine.

    `password` is random text, `authority` a private key with its certificate in PEM; both are made by `scripts/up`. What is
    `supplied` comes from a person: `pulumi config set --secret`.
    """

    name: str
    kind: Literal["password", "authority", "supplied"]
    purpose: str


class Component(Protocol[OutputsT]):
    """What a capability's class gives besides being a `ComponentResource`."""

    @property
    def outputs(self) -> OutputsT: ...


class Capability(Protocol[ArgsT, OutputsT]):
    """How a capability is built: the constructor of its component."""

    def __call__(self, name: str, args: ArgsT, opts: pulumi.ResourceOptions, /) -> Component[OutputsT]: ...


@dataclass(frozen=True)
class Target:
    """One place to deploy to. `limits` names the fields of a description that it cannot honour.

    `cluster` and `entry` are None where services need no place of their own to run in, or no door to register at.
    """

    name: TargetName
    provider: Callable[[PlatformSpec, Identity], pulumi.ProviderResource]
    limits: Callable[[PlatformSpec], Sequence[Unsupported]]
    secret_keys: Callable[[PlatformSpec], Sequence[SecretKey]]
    network: Capability[c.NetworkArgs, c.NetworkOutputs] | Unsupported
    telemetry: Capability[c.TelemetryArgs, c.TelemetryOutputs] | Unsupported
    secrets: Capability[c.SecretsArgs, c.SecretsOutputs] | Unsupported
    dns: Capability[c.DnsArgs, c.DnsOutputs] | Unsupported
    certificate: Capability[c.CertificateArgs, c.CertificateOutputs] | Unsupported
    storage: Capability[c.StorageArgs, c.StorageOutputs] | Unsupported
    database: Capability[c.DatabaseArgs, c.DatabaseOutputs] | Unsupported
    pooling: Capability[c.PoolingArgs, c.PoolingOutputs] | Unsupported
    queue: Capability[c.QueueArgs, c.QueueOutputs] | Unsupported
    mail: Capability[c.MailArgs, c.MailOutputs] | Unsupported
    cluster: Capability[c.ClusterArgs, c.ClusterOutputs] | None
    entry: Capability[c.EntryArgs, c.EntryOutputs] | None
    migration: Capability[c.MigrationArgs, c.MigrationOutputs] | Unsupported
    service: Capability[c.ServiceArgs, c.ServiceOutputs] | Unsupported
    edge: Capability[c.EdgeArgs, c.EdgeOutputs] | Unsupported
    alerts: Capability[c.AlertsArgs, c.AlertsOutputs] | Unsupported
    backup: Capability[c.BackupArgs, c.BackupOutputs] | Unsupported
