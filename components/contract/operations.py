"""What watches the platform and keeps its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components import spec
from components.contract.data import DatabaseOutputs, MailOutputs, PoolingOutputs, QueueOutputs
from components.contract.foundation import NetworkOutputs, StorageOutputs, TelemetryOutputs
from components.contract.identity import Identity
from components.contract.services import ClusterOutputs, EdgeOutputs, EntryOutputs, ServiceOutputs


@dataclass(frozen=True)
class Parts:
    """All that can be watched; None for what the target or the description does not have."""

    database: DatabaseOutputs
    pooling: PoolingOutputs
    queue: QueueOutputs
    storage: StorageOutputs
    services: Mapping[str, ServiceOutputs]
    edge: EdgeOutputs
    cluster: ClusterOutputs | None = None
    entry: EntryOutputs | None = None
    mail: MailOutputs | None = None
    telemetry: TelemetryOutputs | None = None


@dataclass(frozen=True)
class AlertsArgs:
    """`asked`: the whole description, for thresholds follow from sizes. `secrets`: all of the stack's configuration."""

    identity: Identity
    alerts: spec.Alerts
    asked: spec.PlatformSpec
    parts: Parts
    network: NetworkOutputs
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class AlertsOutputs:
    """`channel`: where an alert is put to be told to everybody."""

    dashboard_url: pulumi.Output[str]
    channel: pulumi.Output[str]


@dataclass(frozen=True)
class BackupArgs:
    """`channel`: where failed backups and drills are told. `aws`: the second region. `network`: where drills restore.

    `docker`: where backups go too. `queue`: what else holds state. `secrets`: all of the stack's configuration.
    """

    identity: Identity
    backup: spec.Backup
    database: DatabaseOutputs
    storage: StorageOutputs
    channel: pulumi.Output[str] | None = None
    aws: spec.AwsSection | None = None
    network: NetworkOutputs | None = None
    docker: spec.DockerSection | None = None
    queue: QueueOutputs | None = None
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class BackupOutputs:
    vault_id: pulumi.Output[str]
