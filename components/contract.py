"""What every target must give, written without any cloud's SDK.

A capability is a component with frozen `*Args` in and frozen `*Outputs` out. Values that Python must branch on are plain;
values that exist only after deployment are `Output`. A `Target` has one entry for each capability: a callable that builds the
component, or `Unsupported` with the field that asks for it, so that a gap is a type, a sentence and a row of the README's
table, never a silent no-op.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar

import pulumi

from components import spec
from components.spec import Environment, PlatformSpec, TargetName

ArgsT = TypeVar("ArgsT", contravariant=True)
OutputsT = TypeVar("OutputsT", covariant=True)


@dataclass(frozen=True)
class Identity:
    """Which platform this is; every physical name, label and tag is made from it (`naming.py`).

    `node`: on-premise, the host that keeps the data; None on one host and in the cloud.
    """

    project: str
    stack: str
    environment: Environment
    node: str | None = None


@dataclass(frozen=True)
class Unsupported:
    """Something that a target does not give, with the field of the stack file that asks for it."""

    reason: str
    field: str


@dataclass(frozen=True)
class SecretKey:
    """A secret of the stack's configuration, encrypted there by the engine.

    `password` is random text, `authority` a private key with its certificate in PEM.
    """

    name: str
    kind: Literal["password", "authority"]
    purpose: str


@dataclass(frozen=True)
class SecretReference:
    """A secret in the target's own store: what a container definition points at. Never the value."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]


@dataclass(frozen=True)
class FileReference:
    """A public file (a certificate) in the target's own store, mounted into containers."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]


@dataclass(frozen=True)
class Binding:
    """What a container gets from a capability.

    `variables`: plain environment. `secrets`: variable name -> secret, given as `<NAME>_FILE` where the target can.
    `files`: path -> public file. `volumes`: path -> name of a shared volume.
    """

    variables: Mapping[str, pulumi.Output[str] | str] = field(default_factory=dict)
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    files: Mapping[str, FileReference] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: Binding) -> Binding:
        return Binding(
            {**self.variables, **other.variables},
            {**self.secrets, **other.secrets},
            {**self.files, **other.files},
            {**self.volumes, **other.volumes},
        )


@dataclass(frozen=True)
class NetworkArgs:
    identity: Identity


@dataclass(frozen=True)
class NetworkOutputs:
    """Ids of what containers attach to (subnets, networks) in three tiers: public entry, services, data."""

    edge: pulumi.Output[Sequence[str]]
    app: pulumi.Output[Sequence[str]]
    data: pulumi.Output[Sequence[str]]


@dataclass(frozen=True)
class TelemetryArgs:
    identity: Identity
    telemetry: spec.Telemetry


@dataclass(frozen=True)
class TelemetryOutputs:
    log_destination: pulumi.Output[str]


@dataclass(frozen=True)
class SecretsArgs:
    """`values`: variable name -> value, for what services need and no other capability makes."""

    identity: Identity
    values: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True)
class SecretsOutputs:
    binding: Binding


@dataclass(frozen=True)
class DnsArgs:
    identity: Identity
    dns: spec.Dns
    domain: str


@dataclass(frozen=True)
class DnsOutputs:
    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]


@dataclass(frozen=True)
class CertificateArgs:
    """`authority` signs where the kit does; `internal` names the parts that speak TLS to each other.

    `today` decides the validity of what is signed here.
    """

    identity: Identity
    mode: str
    domain: str
    authority: pulumi.Output[str] | None
    internal: Sequence[str]
    zone: DnsOutputs | None
    today: date


@dataclass(frozen=True)
class InternalCertificate:
    certificate: SecretReference
    key: SecretReference


@dataclass(frozen=True)
class CertificateOutputs:
    """`edge`: what the edge presents. `authority_pem`: what clients verify it with, empty for a public authority.

    `internal`: certificate of each internal part; `authority`: the public file that verifies those.
    """

    edge: SecretReference
    authority_pem: pulumi.Output[str]
    internal: Mapping[str, InternalCertificate]
    authority: FileReference


@dataclass(frozen=True)
class StorageArgs:
    identity: Identity
    storage: spec.Storage


@dataclass(frozen=True)
class StorageOutputs:
    binding: Binding


@dataclass(frozen=True)
class DatabaseArgs:
    """The owner's role changes the schema; the application's role reads and writes rows."""

    identity: Identity
    database: spec.Database
    network: NetworkOutputs
    certificate: CertificateOutputs
    owner_password: pulumi.Output[str]
    app_password: pulumi.Output[str]


@dataclass(frozen=True)
class DatabaseOutputs:
    """`direct`: `DATABASE_DIRECT_URL` for migrations, straight to the server as the owner."""

    host: pulumi.Output[str]
    port: int
    name: str
    app_role: str
    direct: Binding


@dataclass(frozen=True)
class PoolingArgs:
    identity: Identity
    pooling: spec.Pooling
    network: NetworkOutputs
    certificate: CertificateOutputs
    database: DatabaseOutputs
    app_password: pulumi.Output[str]


@dataclass(frozen=True)
class PoolingOutputs:
    """`binding`: `DATABASE_URL` through the pooler, as the application's role."""

    binding: Binding


@dataclass(frozen=True)
class QueueAccess:
    """Which queues (neutral names) a service may send to and read."""

    publishes: Sequence[str]
    consumes: Sequence[str]


@dataclass(frozen=True)
class QueueArgs:
    identity: Identity
    queues: Mapping[str, spec.Queue]
    access: Mapping[str, QueueAccess]
    network: NetworkOutputs
    certificate: CertificateOutputs
    secret: pulumi.Output[str]


@dataclass(frozen=True)
class QueueOutputs:
    """`bindings`: service -> `BROKER_URL` and `QUEUES` with its own rights. `names`: neutral name -> physical id."""

    bindings: Mapping[str, Binding]
    names: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True)
class MailArgs:
    identity: Identity
    mail: spec.Mail
    dns: DnsOutputs | None


@dataclass(frozen=True)
class MailOutputs:
    binding: Binding


@dataclass(frozen=True)
class MigrationArgs:
    identity: Identity
    migration: spec.Migration
    network: NetworkOutputs
    binding: Binding


@dataclass(frozen=True)
class MigrationOutputs:
    """`gate` is there once the schema is up to date; services depend on it."""

    gate: pulumi.Resource


@dataclass(frozen=True)
class ServiceArgs:
    identity: Identity
    name: str
    service: spec.Service
    network: NetworkOutputs
    binding: Binding
    migration: MigrationOutputs | None


@dataclass(frozen=True)
class ServiceOutputs:
    """`host`: the name under which the edge reaches the copies of a public service."""

    host: pulumi.Output[str]
    port: int


@dataclass(frozen=True)
class Route:
    """Requests whose path starts with `path` go to the copies of `service`."""

    path: str
    service: ServiceOutputs
    ready_path: str
    max_replicas: int


@dataclass(frozen=True)
class EdgeArgs:
    identity: Identity
    edge: spec.Edge
    domain: str
    url: str
    network: NetworkOutputs
    certificate: CertificateOutputs
    routes: Sequence[Route]


@dataclass(frozen=True)
class EdgeOutputs:
    url: pulumi.Output[str]


@dataclass(frozen=True)
class AlertsArgs:
    identity: Identity
    alerts: spec.Alerts
    url: pulumi.Output[str]


@dataclass(frozen=True)
class AlertsOutputs:
    dashboard_url: pulumi.Output[str]


@dataclass(frozen=True)
class BackupArgs:
    identity: Identity
    backup: spec.Backup
    database: DatabaseOutputs


@dataclass(frozen=True)
class BackupOutputs:
    vault_id: pulumi.Output[str]


class Component(Protocol[OutputsT]):
    """What a capability's class gives besides being a `ComponentResource`."""

    @property
    def outputs(self) -> OutputsT: ...


class Capability(Protocol[ArgsT, OutputsT]):
    """How a capability is built: the constructor of its component."""

    def __call__(self, name: str, args: ArgsT, opts: pulumi.ResourceOptions, /) -> Component[OutputsT]: ...


@dataclass(frozen=True)
class Target:
    """One place to deploy to. `limits` names the fields of a description that it cannot honour."""

    name: TargetName
    provider: Callable[[PlatformSpec, Identity], pulumi.ProviderResource]
    limits: Callable[[PlatformSpec], Sequence[Unsupported]]
    secret_keys: Callable[[PlatformSpec], Sequence[SecretKey]]
    network: Capability[NetworkArgs, NetworkOutputs]
    telemetry: Capability[TelemetryArgs, TelemetryOutputs] | Unsupported
    secrets: Capability[SecretsArgs, SecretsOutputs]
    dns: Capability[DnsArgs, DnsOutputs] | Unsupported
    certificate: Capability[CertificateArgs, CertificateOutputs]
    storage: Capability[StorageArgs, StorageOutputs]
    database: Capability[DatabaseArgs, DatabaseOutputs]
    pooling: Capability[PoolingArgs, PoolingOutputs]
    queue: Capability[QueueArgs, QueueOutputs]
    mail: Capability[MailArgs, MailOutputs] | Unsupported
    migration: Capability[MigrationArgs, MigrationOutputs]
    service: Capability[ServiceArgs, ServiceOutputs]
    edge: Capability[EdgeArgs, EdgeOutputs]
    alerts: Capability[AlertsArgs, AlertsOutputs] | Unsupported
    backup: Capability[BackupArgs, BackupOutputs] | Unsupported
