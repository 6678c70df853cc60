"""Log groups that exist before their first line, with a retention, so that no service makes one that is kept for ever."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.aws.tags import tags
from components.contract import Identity

RETENTION_DAYS = 30
RETENTION_DAYS_IN_DEVELOPMENT = 7
"""Values that CloudWatch Logs accepts (API reference, PutRetentionPolicy)."""


def log_group(
    name: str, identity: Identity, component: str, physical: str, key: aws.kms.Key | None, parent: pulumi.Resource
) -> aws.cloudwatch.LogGroup:
    """A log group under the physical name that the writing service uses. No key: AWS's own encrypts."""
    return aws.cloudwatch.LogGroup(
        name,
        name=physical,
        retention_in_days=RETENTION_DAYS if identity.keeps_data else RETENTION_DAYS_IN_DEVELOPMENT,
        kms_key_id=None if key is None else key.arn,
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent),
    )
