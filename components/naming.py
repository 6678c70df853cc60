"""Physical names and labels: the only place that makes them, pure and within each target's limits.

A name is `<project>-<stack>-<role>`. One that would be too long keeps its beginning and ends in a hash of the whole, so
that two long names never meet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from components.contract import Identity

DOCKER_LIMIT = 63
"""Characters of a Swarm service's name: it is a DNS label."""

# Characters of names on AWS, each from the API reference of its service under the action in brackets.
RDS_LIMIT = 63
"""RDS (CreateDBInstance, CreateDBSubnetGroup and CreateDBParameterGroup take more)."""

SQS_LIMIT = 80
"""SQS (CreateQueue)."""

SECURITY_GROUP_LIMIT = 255 - 27
"""EC2 (CreateSecurityGroup), less the hyphen and the 26 characters that the provider makes up behind a prefix."""

IAM_ROLE_LIMIT, IAM_POLICY_LIMIT = 64, 128
"""IAM (CreateRole, PutRolePolicy); users take what roles take (CreateUser)."""

SES_LIMIT = 64
"""SES (CreateConfigurationSet, CreateConfigurationSetEventDestination)."""

SNS_LIMIT = 256
"""SNS (CreateTopic)."""

SECRET_LIMIT = 512 - 27
"""Secrets Manager (CreateSecret), less the hyphen and the 26 characters that the provider makes up behind a prefix."""

KMS_ALIAS_LIMIT = 256 - len("alias/")
"""KMS (CreateAlias)."""

LOG_GROUP_LIMIT = 512 - 1
"""CloudWatch Logs (CreateLogGroup), less the slash in front."""

ECS_LIMIT = 255
"""ECS (CreateCluster, CreateService; the family of RegisterTaskDefinition)."""

LOAD_BALANCER_LIMIT = 32
"""Elastic Load Balancing (CreateLoadBalancer)."""

TARGET_GROUP_PREFIX_LIMIT = 32 - 26
"""Elastic Load Balancing (CreateTargetGroup), less the characters that the provider makes up behind a prefix."""

SCALING_POLICY_LIMIT = 255
"""Application Auto Scaling (PutScalingPolicy takes 256, the provider 255)."""

WEB_ACL_LIMIT = 128
"""WAF (CreateWebACL)."""

BUCKET_LIMIT = 63 - len("-123456789012")
"""S3 (user guide, "General purpose bucket naming rules"), less the account behind."""

TAG_LIMIT = 256
"""Value of a tag (user guide of tagging, "Tag naming limits and requirements")."""

ALARM_LIMIT, DASHBOARD_LIMIT, METRIC_FILTER_LIMIT = 255, 255, 512
"""CloudWatch (PutMetricAlarm, where a metric's name takes as many; PutDashboard), CloudWatch Logs (PutMetricFilter)."""

EVENT_RULE_LIMIT = 64
"""EventBridge (PutRule)."""

TRAIL_LIMIT = 128
"""CloudTrail (CreateTrail)."""

BACKUP_LIMIT = 50
"""AWS Backup (CreateBackupVault, CreateBackupPlan, CreateBackupSelection, CreateRestoreTestingPlan)."""

_HASH_CHARACTERS = 8
_SEPARATORS = re.compile(r"[^a-z0-9]+")
"""Two hyphens in a row count as one: RDS refuses them."""


def physical(identity: Identity, role: str, limit: int) -> str:
    """The physical name of the resource that plays `role`, at most `limit` characters of a-z, 0-9 and single hyphens.

    Raises `ValueError` for a limit that leaves no room for the hash.
    """
    if limit < 2 * _HASH_CHARACTERS:
        raise ValueError(f"a limit of {limit} characters leaves no room for a name")
    whole = f"{identity.project}-{identity.stack}-{role}"
    clean = _SEPARATORS.sub("-", whole.lower()).strip("-")
    if clean == whole and len(whole) <= limit:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_HASH_CHARACTERS]
    kept = clean[: limit - _HASH_CHARACTERS - 1].rstrip("-")
    return f"{kept}-{digest}"


def prefix(role: str, limit: int) -> str:
    """The beginning of a name that the provider makes up, at most `limit` characters with the hyphen at its end."""
    return f"{_SEPARATORS.sub('-', role.lower())[: limit - 1].strip('-')}-"


def labels(identity: Identity, component: str) -> Mapping[str, str]:
    """Labels (tags) that say whose a resource is; what removes a platform finds its parts by them."""
    return {
        "penguinmails.project": identity.project,
        "penguinmails.stack": identity.stack,
        "penguinmails.environment": identity.environment.value,
        "penguinmails.component": component,
        "penguinmails.managed-by": "pulumi",
    }
