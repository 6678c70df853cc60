"""What the database's server and its read replicas have alike: protection, encryption, logs, monitoring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output

from components.aws.database_settings import Engine
from components.aws.logs import log_group
from components.aws.roles import managed_policy, service_role
from components.contract import Identity

AUTHORITY = "rds-ca-rsa2048-g1"

INSIGHTS_DAYS = 7
"""The retention of Performance Insights that costs nothing."""

MONITORING_SECONDS = 60


@dataclass(frozen=True)
class Monitoring:
    """`role`: ARN of the role that writes figures of the operating system. `before`: what must be there before it is used."""

    role: Output[str]
    before: Sequence[pulumi.Resource]


def monitoring(name: str, identity: Identity, parent: pulumi.Resource) -> Monitoring:
    role = service_role(name, identity, "database", "database-monitoring", "monitoring.rds.amazonaws.com", parent)
    return Monitoring(role.arn, [managed_policy(f"{name}-policy", role, "AmazonRDSEnhancedMonitoringRole", parent)])


def logs(
    name: str, identity: Identity, physical: str, engine: Engine, key: aws.kms.Key, parent: pulumi.Resource
) -> list[aws.cloudwatch.LogGroup]:
    """Made before the instance, or RDS makes them, kept for ever and under no key of the platform."""
    return [
        log_group(f"{name}-{export}-log", identity, "database", f"/aws/rds/instance/{physical}/{export}", key, parent)
        for export in engine.exports
    ]


def alike(
    identity: Identity, engine: Engine, parameters: Output[str], watched: Monitoring | None, key: aws.kms.Key
) -> dict[str, Any]:
    """Arguments of `rds.Instance`. `parameters`: name of the parameter group."""
    keeps = identity.keeps_data
    return {
        "port": engine.port,
        "parameter_group_name": parameters,
        "ca_cert_identifier": AUTHORITY,
        "iam_database_authentication_enabled": True,
        "publicly_accessible": False,
        "storage_type": "gp3",
        "storage_encrypted": True,
        "copy_tags_to_snapshot": True,
        "delete_automated_backups": not keeps,
        "deletion_protection": keeps,
        "auto_minor_version_upgrade": True,
        "allow_major_version_upgrade": False,
        "apply_immediately": not keeps,
        "enabled_cloudwatch_logs_exports": list(engine.exports),
        "monitoring_interval": MONITORING_SECONDS if watched else 0,
        "monitoring_role_arn": watched.role if watched else None,
        "database_insights_mode": "standard",
        "performance_insights_enabled": keeps,
        "performance_insights_kms_key_id": key.arn if keeps else None,
        "performance_insights_retention_period": INSIGHTS_DAYS if keeps else None,
    }
