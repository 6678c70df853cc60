"""What the user asks for: one frozen, strictly checked description of the platform, with no cloud's word in it.

Units stand in the names (`storage_gib`, `grace_period_seconds`). Nothing is coerced: a string where a number belongs, an
unknown key or a value out of range is refused before anything is deployed (`stackfile.parse` gives each a sentence). What
only one target understands belongs into that target's own section and is refused on every other target.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=24)]
"""A neutral name of a service, a queue or an identifier: short enough for every cloud after prefixes are added."""

Domain = Annotated[
    str, StringConstraints(pattern=r"^(localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$", max_length=253)
]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,127}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Model(BaseModel):
    """Frozen, strict, closed: the base of every section."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class TargetName(StrEnum):
    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"
    DOCKER = "docker"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Size(StrEnum):
    """A neutral size; `sizing.py` of each target maps it to what exists there, never smaller than stated here.

    small: 1 vCPU and 0.5 GiB; medium: 2 vCPU and 4 GiB; large: 4 vCPU and 16 GiB.
    """

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Pooling(Model):
    """Connection pooling in transaction mode between the services and the database."""

    client_connections: int = Field(default=500, ge=10, le=20000, description="Clients that may be connected at once.")
    database_connections: int = Field(default=20, ge=2, le=1000, description="Connections held open to the database.")

    @model_validator(mode="after")
    def _fewer_behind(self) -> Self:
        if self.client_connections < self.database_connections:
            raise ValueError(
                f"client_connections: {self.client_connections} is below database_connections of {self.database_connections}"
            )
        return self


class Database(Model):
    """The relational database, always encrypted, private and reached over TLS."""

    engine: Literal["postgresql", "mysql"] = "postgresql"
    size: Size = Size.SMALL
    storage_gib: int = Field(default=20, ge=20, le=16384, description="Storage to provide, in GiB.")
    high_availability: bool | None = Field(
        default=None,
        description="A standby that takes over by itself; null: outside development, where the target has it.",
    )
    pooling: Pooling = Pooling()


class Queue(Model):
    """A durable queue; each has a dead-letter queue of its own."""

    max_deliveries: int = Field(default=5, ge=1, le=100, description="Deliveries before a message is dead-lettered.")
    processing_timeout_seconds: int = Field(
        default=300, ge=60, le=43200, description="A message not acknowledged by then is delivered again."
    )


class Scaling(Model):
    """How many copies of a service run."""

    min_replicas: int = Field(default=1, ge=1, le=100)
    max_replicas: int = Field(default=1, ge=1, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_replicas < self.min_replicas:
            raise ValueError(f"max_replicas: {self.max_replicas} is below min_replicas of {self.min_replicas}")
        return self


class Service(Model):
    """A container that runs all the time: the API, or a worker that consumes queues."""

    image: str = Field(
        min_length=1,
        max_length=255,
        pattern=r"^([a-z][a-z0-9-]*|[^\s@]+@sha256:[0-9a-f]{64})$",
        description="A folder of `images/`, or a reference of another registry with its digest.",
    )
    command: tuple[str, ...] = ()
    cpu: float = Field(default=0.5, ge=0.1, le=16, description="Limit in vCPU.")
    memory_mib: int = Field(default=256, ge=64, le=122880, description="Limit in MiB.")
    port: Port = 8000
    public_path: str | None = Field(
        default=None,
        pattern=r"^/[A-Za-z0-9/_.-]*$",
        description="The edge sends requests whose path starts so; null: none.",
    )
    health_path: str = Field(default="/healthz", pattern=r"^/[A-Za-z0-9/_.-]*$", description="Alive when it answers 200.")
    ready_path: str = Field(default="/readyz", pattern=r"^/[A-Za-z0-9/_.-]*$", description="Gets requests when it answers 200.")
    grace_period_seconds: int = Field(default=30, ge=5, le=120, description="From the stop signal to the end.")
    scaling: Scaling = Scaling()
    publishes: tuple[Name, ...] = Field(default=(), description="Queues that it may send to.")
    consumes: tuple[Name, ...] = Field(default=(), description="Queues that it may read.")
    environment: dict[VariableName, str] = Field(default={}, description="Plain values; secrets never stand here.")


class Migration(Model):
    """The program that brings the database's schema up to date before the services of a release change."""

    image: str = Field(min_length=1, max_length=255, pattern=r"^([a-z][a-z0-9-]*|[^\s@]+@sha256:[0-9a-f]{64})$")
    command: tuple[str, ...] = ("migrate",)
    timeout_seconds: int = Field(default=300, ge=30, le=3600)


class Edge(Model):
    """Where requests come in, over TLS only."""

    https_port: Port = 443
    http_port: Port | None = Field(default=80, description="Redirects to HTTPS; null opens none.")
    certificate: Literal["internal", "acme", "supplied", "managed"] = Field(
        default="managed", description="internal: the kit's own authority; managed: the cloud's."
    )
    requests_per_minute_per_client: int = Field(default=6000, ge=60, le=1000000, description="More get status 429.")
    max_request_body_kib: int = Field(default=10240, ge=16, le=102400, description="Larger requests get status 413.")


class Storage(Model):
    """Object storage for attachments and exports."""

    versioned: bool = Field(default=False, description="Keep overwritten and deleted objects for a time.")


class Telemetry(Model):
    """One place for the logs of all services."""

    log_retention_days: int = Field(default=30, ge=1, le=3650)


class Dns(Model):
    """The zone that holds the platform's names."""

    create_zone: bool = True


class Mail(Model):
    """Sending mail that authenticates (SPF, DKIM, DMARC)."""

    domain: Domain
    postmaster: Email


class Alerts(Model):
    """Who is told, and about what."""

    emails: tuple[Email, ...] = Field(min_length=1)


class Backup(Model):
    """Backups beyond the database's own, and drills that restore them."""

    retention_days: int = Field(default=30, ge=1, le=3650, description="Of the database's own backups too.")


class DockerSection(Model):
    """What only the Docker target understands."""

    host: str = Field(
        default="unix:///var/run/docker.sock",
        pattern=r"^(unix:///.+|ssh://.+|tcp://.+)$",
        description="Address of the engine, a manager of a Swarm.",
    )
    node: str | None = Field(
        default=None, min_length=1, description="Host name of the node that keeps the data; null on one host."
    )


class ExistingNetwork(Model):
    """A network that is there already: nothing in it is changed. Each tier has subnets in two zones or more."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$")
    public_subnet_ids: tuple[SubnetId, ...] = Field(min_length=2, description="For the edge, with a way to the internet.")
    private_subnet_ids: tuple[SubnetId, ...] = Field(min_length=2, description="For services, with a way out only.")
    isolated_subnet_ids: tuple[SubnetId, ...] = Field(min_length=2, description="For data, with no way out.")


class AwsSection(Model):
    """What only the AWS target understands."""

    region: str = Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[1-9]$", description="Where everything is deployed.")
    cidr: str | None = Field(
        default=None,
        pattern=r"^\d{1,3}(\.\d{1,3}){3}/(1[6-9]|2[0-2])$",
        description="Private addresses of a new network, /16 to /22; null is 10.20.0.0/16.",
    )
    zones: int | None = Field(default=None, ge=2, le=3, description="Availability zones of a new network; null is 3.")
    existing_network: ExistingNetwork | None = None


class PlatformSpec(Model):
    """The whole platform. Built by `stackfile.parse` from the stack file's one structured value, `platform`."""

    target: TargetName
    environment: Environment
    domain: Domain
    database: Database = Database()
    queues: dict[Name, Queue] = Field(default={"outbound": Queue()}, min_length=1)
    services: dict[Name, Service] = Field(min_length=1)
    migration: Migration | None = None
    edge: Edge = Edge()
    storage: Storage = Storage()
    telemetry: Telemetry | None = None
    dns: Dns | None = None
    mail: Mail | None = None
    alerts: Alerts | None = None
    backup: Backup | None = None
    aws: AwsSection | None = None
    docker: DockerSection | None = None

    @property
    def is_development(self) -> bool:
        """Whether data may be lost: deletion protection is on everywhere else."""
        return self.environment is Environment.DEVELOPMENT
