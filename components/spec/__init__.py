"""What the user asks for: one frozen, strictly checked description of the platform, with no cloud's word in it.

Units stand in the names (`storage_gib`, `grace_period_seconds`). Nothing is coerced: a string where a number belongs, an
unknown key or a value out of range is refused before anything is deployed (`stackfile.parse` gives each a sentence). What
only one target understands belongs into that target's own section and is refused on every other target.
"""

from __future__ import annotations

from pydantic import Field

from components.spec.base import (
    Domain,
    Email,
    Environment,
    Model,
    Name,
    Port,
    Size,
    SubnetId,
    TargetName,
    VariableName,
    WebhookUrl,
)
from components.spec.data import Database, Pooling, Queue, Storage
from components.spec.operations import Alerts, Backup, CustomAlarm, Mail, Objectives, Telemetry
from components.spec.services import Dns, Edge, Migration, Scaling, Service
from components.spec.targets import (
    Acme,
    AwsSection,
    DockerSection,
    ExistingNetwork,
    S3Repository,
    SftpRepository,
    SmtpRelay,
)

__all__ = [
    "Acme",
    "Alerts",
    "AwsSection",
    "Backup",
    "CustomAlarm",
    "Database",
    "Dns",
    "DockerSection",
    "Domain",
    "Edge",
    "Email",
    "Environment",
    "ExistingNetwork",
    "Mail",
    "Migration",
    "Model",
    "Name",
    "Objectives",
    "PlatformSpec",
    "Pooling",
    "Port",
    "Queue",
    "S3Repository",
    "Scaling",
    "Service",
    "SftpRepository",
    "Size",
    "SmtpRelay",
    "Storage",
    "SubnetId",
    "TargetName",
    "Telemetry",
    "VariableName",
    "WebhookUrl",
]


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

    @property
    def public_url(self) -> str:
        """The address under which clients reach the platform."""
        port = "" if self.edge.https_port == 443 else f":{self.edge.https_port}"
        return f"https://{self.domain}{port}"
