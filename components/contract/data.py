"""Where data is and moves: database, pooler, queues, mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components import spec
from components.binding import Binding, Permission
from components.contract.foundation import CertificateOutputs, DnsOutputs, NetworkOutputs
from components.contract.identity import Identity


@dataclass(frozen=True)
class DatabaseArgs:
    """The owner's role changes the schema, the application's role rows. `backup`: how long the database's own are kept.

    `app_password`: None where the application's role has none (tokens of an identity). `docker`: where backups go too.
    `secrets`: all of the stack's configuration.
    """

    identity: Identity
    database: spec.Database
    network: NetworkOutputs
    certificate: CertificateOutputs
    owner_password: pulumi.Output[str]
    app_password: pulumi.Output[str] | None
    backup: spec.Backup | None = None
    docker: spec.DockerSection | None = None
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DatabaseOutputs:
    """`direct`: `DATABASE_DIRECT_URL` for migrations, straight to the server as the owner. `reading`: the read replicas.

    `id`: what monitoring knows it by; `resource`: its full id, for backups; `replicas`: ids of the read replicas. `login`: the
    right to log in as the application's role without a password. `instances`: the server and its replicas, for what must wait
    until all are there. Each where the target has it.
    """

    host: pulumi.Output[str]
    port: int
    name: str
    app_role: str
    direct: Binding
    reading: Binding = field(default_factory=Binding)
    id: pulumi.Output[str] | None = None
    resource: pulumi.Output[str] | None = None
    replicas: Sequence[pulumi.Output[str]] = ()
    login: Permission | None = None
    instances: Sequence[pulumi.Resource] = ()


@dataclass(frozen=True)
class PoolingArgs:
    """`asked`: the database and, in it, the pooling. `secrets`: all of the stack's configuration."""

    identity: Identity
    asked: spec.Database
    network: NetworkOutputs
    certificate: CertificateOutputs
    database: DatabaseOutputs
    app_password: pulumi.Output[str] | None
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PoolingOutputs:
    """`binding`: `DATABASE_URL` through the pooler, as the application's role. `id`: what monitoring knows it by."""

    binding: Binding
    id: pulumi.Output[str] | None = None


@dataclass(frozen=True)
class QueueAccess:
    """Which queues (neutral names) a service may send to and read."""

    publishes: Sequence[str]
    consumes: Sequence[str]


@dataclass(frozen=True)
class QueueArgs:
    """`secret`: what the services' passwords are derived from, where the broker has passwords.

    `events`: the queues that the mail service puts bounces and complaints into.
    """

    identity: Identity
    queues: Mapping[str, spec.Queue]
    access: Mapping[str, QueueAccess]
    network: NetworkOutputs
    certificate: CertificateOutputs
    secret: pulumi.Output[str] | None
    events: Sequence[str] = ()


@dataclass(frozen=True)
class QueueOutputs:
    """`bindings`: service -> `BROKER_URL` and `QUEUES` with its own rights. `names`: neutral name -> physical id.

    `metered`: neutral name -> what monitoring knows the queue by; `dead`: the same of its dead-letter queue. `resources`:
    neutral name -> full id of the queue. Each where the target has it.
    """

    bindings: Mapping[str, Binding]
    names: Mapping[str, pulumi.Output[str]]
    metered: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    dead: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    resources: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class MailArgs:
    """`events`: full id of the queue that bounces and complaints are put into."""

    identity: Identity
    mail: spec.Mail
    dns: DnsOutputs | None
    events: pulumi.Output[str] | None = None


@dataclass(frozen=True)
class MailOutputs:
    """`binding`: `SMTP_URL`. `id`: what monitoring knows it by."""

    binding: Binding
    id: pulumi.Output[str] | None = None
