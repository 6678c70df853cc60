"""What every target must give, written without any cloud's SDK: frozen `*Args` in and `*Outputs` out (`target.py` binds them).

Values that Python must branch on are plain; values that exist only after deployment are `Output`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pulumi

from components import spec
from components.binding import Binding, FileReference, SecretReference
from components.spec import Environment


@dataclass(frozen=True)
class Identity:
    """Which platform this is; every physical name, label and tag is made from it (`naming.py`).

    `node`: on-premise, the host that keeps the data; None on one host and in the cloud.
    """

    project: str
    stack: str
    environment: Environment
    node: str | None = None

    @property
    def keeps_data(self) -> bool:
        """Whether deletion protection and long retention are on: everywhere but in development."""
        return self.environment is not Environment.DEVELOPMENT


@dataclass(frozen=True)
class NetworkArgs:
    """`aws`: a network that is there already, or the addresses of a new one."""

    identity: Identity
    aws: spec.AwsSection | None = None


@dataclass(frozen=True)
class NetworkOutputs:
    """Ids of what containers attach to (subnets, networks) in three tiers: public entry, services, data. `id`: the network
    around them. `clients`: the security group of all services; both None where there are none."""

    edge: pulumi.Output[Sequence[str]]
    app: pulumi.Output[Sequence[str]]
    data: pulumi.Output[Sequence[str]]
    id: pulumi.Output[str] | None = None
    clients: pulumi.Output[str] | None = None


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
    """`authority` signs where the kit does, valid from about `today`; `internal`: parts that speak TLS to each other."""

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
    """The owner's role changes the schema, the application's role rows. `backup`: how long the database's own are kept."""

    identity: Identity
    database: spec.Database
    network: NetworkOutputs
    certificate: CertificateOutputs
    owner_password: pulumi.Output[str]
    app_password: pulumi.Output[str]
    backup: spec.Backup | None = None


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
    """`secret`: what the services' passwords are derived from, where the broker has passwords."""

    identity: Identity
    queues: Mapping[str, spec.Queue]
    access: Mapping[str, QueueAccess]
    network: NetworkOutputs
    certificate: CertificateOutputs
    secret: pulumi.Output[str] | None


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
