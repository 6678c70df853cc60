"""Log groups that exist before their first line, with a retention, so that no service makes one that is kept for ever."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.aws.tags import tags
from components.contract import Identity

RETENTION_DAYS = 90
RETENTION_DAYS_IN_DEVELOPMENT = 7
"""Values that CloudWatch Logs accepts (API reference, PutRetentionPolicy). A GiB costs about half a dollar to take in and three
cents a month to keep, so that retention is the smaller part of the bill."""


def retention_days(identity: Identity) -> int:
    """How long lines are kept where the description does not say."""
    return RETENTION_DAYS if identity.keeps_data else RETENTION_DAYS_IN_DEVELOPMENT


def log_group(
    name: str,
    identity: Identity,
    component: str,
    physical: str,
    key: aws.kms.Key,
    parent: pulumi.Resource,
    *,
    days: int | None = None,
    protect: bool = False,
) -> aws.cloudwatch.LogGroup:
    """A log group under the physical name that the writing service uses; `key` lets CloudWatch Logs encrypt.

    `days`: how long lines are kept, one of CloudWatch's values; None is `retention_days`.
    """
    return aws.cloudwatch.LogGroup(
        name,
        name=physical,
        retention_in_days=retention_days(identity) if days is None else days,
        kms_key_id=key.arn,
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent, protect=protect),
    )
