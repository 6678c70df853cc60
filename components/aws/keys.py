"""Customer-managed keys, rotated every year, whose use is granted through IAM and to the services named here.

A key costs about a dollar a month and cannot be shared with another account by accident; in development AWS's own keys do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import Identity

DELETION_DAYS = 30
"""A deleted key can be called back for so long; what it encrypted is lost afterwards."""


def key(name: str, identity: Identity, role: str, purpose: str, parent: pulumi.Resource, logs: bool = False) -> aws.kms.Key:
    """A key with an alias. `logs`: CloudWatch Logs of this account and region may use it."""
    lookup = InvokeOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=lookup).account_id
    partition = aws.get_partition_output(opts=lookup).partition
    region = aws.get_region_output(opts=lookup).region
    policy = Output.all(account, partition, region).apply(lambda found: json.dumps(key_policy(*found, logs=logs)))
    physical = naming.physical(identity, role, naming.KMS_ALIAS_LIMIT)
    made = aws.kms.Key(
        f"{name}-key",
        description=purpose,
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_DAYS,
        policy=policy,
        tags=tags(identity, role, physical),
        opts=ResourceOptions(parent=parent, protect=identity.keeps_data),
    )
    aws.kms.Alias(
        f"{name}-key-alias",
        name=f"alias/{physical}",
        target_key_id=made.key_id,
        opts=ResourceOptions(parent=parent),
    )
    return made


def key_policy(account: str, partition: str, region: str, *, logs: bool) -> Mapping[str, Any]:
    """Administration by the account's own IAM, and encryption for CloudWatch Logs where it is asked for."""
    statements: list[Mapping[str, Any]] = [
        {
            "Sid": "AccountAdministersThroughIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if logs:
        statements.append(_logs(account, partition, region))
    return {"Version": "2012-10-17", "Statement": statements}


def _logs(account: str, partition: str, region: str) -> Mapping[str, Any]:
    actions: Sequence[str] = ["Decrypt*", "Describe*", "Encrypt*", "GenerateDataKey*", "ReEncrypt*"]
    return {
        "Sid": "LogsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": [f"kms:{action}" for action in actions],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:{partition}:logs:{region}:{account}:*"}},
    }
