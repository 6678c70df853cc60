"""Customer-managed keys, rotated every year, usable only through the services named for each.

A key costs about a dollar a month. It is the same in every environment: changing the key of a database replaces the database,
so a development platform that grows up must have its own key from the first day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import account
from components.aws.tags import tags
from components.contract import Identity

DELETION_DAYS, DELETION_DAYS_IN_DEVELOPMENT = 30, 7
"""A deleted key can be called back for so long (7 to 30 days); what it encrypted is lost afterwards."""

ADMINISTRATION = (
    "CancelKeyDeletion",
    "CreateAlias",
    "DeleteAlias",
    "DescribeKey",
    "DisableKey",
    "EnableKey",
    "EnableKeyRotation",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListAliases",
    "ListGrants",
    "ListKeyPolicies",
    "ListResourceTags",
    "PutKeyPolicy",
    "RevokeGrant",
    "RotateKeyOnDemand",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
)
"""What IAM may allow to identities of the account: no encryption, no decryption, no grant, and rotation stays on."""

EVENTS = "events.amazonaws.com"
"""EventBridge."""

USE = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*")
"""As the policies of AWS's own keys, such as aws/rds and aws/secretsmanager, name it."""


def key(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    purpose: str,
    parent: pulumi.Resource,
    *,
    services: Sequence[str] = (),
    logs: bool = False,
    publishers: Sequence[str] = (),
    trail: str | None = None,
    region: str | None = None,
) -> aws.kms.Key:
    """A key with an alias.

    `services`: short names (`rds`) of those through which the account's identities may use it. `logs`: CloudWatch Logs may.
    `publishers`: principals (`ses.amazonaws.com`) that put messages into topics under this key. `trail`: name of the trail of
    CloudTrail that writes under it. `region`: where the key is, if it is not where the platform is.
    """
    here = account(parent)
    policy = Output.all(here.id, here.partition, here.region if region is None else Output.from_input(region)).apply(
        lambda found: json.dumps(
            key_policy(*found, services=services, logs=logs, publishers=publishers, trail=trail), sort_keys=True
        )
    )
    physical = naming.physical(identity, role, naming.KMS_ALIAS_LIMIT)
    made = aws.kms.Key(
        f"{name}-key",
        description=purpose,
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_DAYS if identity.keeps_data else DELETION_DAYS_IN_DEVELOPMENT,
        policy=policy,
        region=region,
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent, protect=identity.keeps_data),
    )
    aws.kms.Alias(
        f"{name}-key-alias",
        name=f"alias/{physical}",
        target_key_id=made.key_id,
        region=region,
        opts=ResourceOptions(parent=parent),
    )
    return made


def key_policy(
    account: str,
    partition: str,
    region: str,
    *,
    services: Sequence[str],
    logs: bool,
    publishers: Sequence[str] = (),
    trail: str | None = None,
) -> Mapping[str, Any]:
    """Administration by the account's IAM; use through the named services only; encryption for CloudWatch Logs, for what
    publishes into topics and for a trail if asked for.

    In a key's policy the resource `*` is the key itself. Pure.
    """
    root = {"AWS": f"arn:{partition}:iam::{account}:root"}
    statements: list[Mapping[str, Any]] = [
        {
            "Sid": "AccountAdministers",
            "Effect": "Allow",
            "Principal": root,
            "Action": [f"kms:{action}" for action in ADMINISTRATION],
            "Resource": "*",
        }
    ]
    if services:
        through = {
            "kms:CallerAccount": account,
            "kms:ViaService": [f"{service}.{region}.amazonaws.com" for service in sorted(services)],
        }
        statements += _through(root, through)
    if logs:
        statements.append(_logs(account, partition, region))
    if publishers:
        statements += _publishers(account, partition, region, publishers)
    if trail is not None:
        statements += _trail(account, partition, region, trail)
    return {"Version": "2012-10-17", "Statement": statements}


def _through(principal: Mapping[str, str], through: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Use, and the grants by which a service keeps a volume usable while nobody calls it."""
    return [
        {
            "Sid": "AccountUsesThroughServices",
            "Effect": "Allow",
            "Principal": principal,
            "Action": [f"kms:{action}" for action in USE],
            "Resource": "*",
            "Condition": {"StringEquals": through},
        },
        {
            "Sid": "ServicesKeepGrants",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def _logs(account: str, partition: str, region: str) -> Mapping[str, Any]:
    """As "Encrypt log data in CloudWatch Logs" of its user guide has it, for groups of this account and region."""
    actions = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*")
    return {
        "Sid": "LogsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": [f"kms:{action}" for action in actions],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:{partition}:logs:{region}:{account}:*"}},
    }


def _publishers(account: str, partition: str, region: str, principals: Sequence[str]) -> list[Mapping[str, Any]]:
    """As "SNS key management" of its developer guide has it for event sources and encrypted topics, for this account only.

    EventBridge does not say for whom it works ("Adding aws:SourceAccount ... is not supported for EventBridge"); what SNS says
    of the topic keeps it to topics of this account.
    """
    told = sorted(one for one in principals if one != EVENTS)
    topics = {"kms:EncryptionContext:aws:sns:topicArn": f"arn:{partition}:sns:{region}:{account}:*"}
    found = []
    if told:
        found.append(_publisher("ServicesPublish", told, {"StringEquals": {"aws:SourceAccount": account}}))
    if EVENTS in principals:
        found.append(_publisher("EventsPublish", EVENTS, {"ArnLike": topics}))
    return found


def _publisher(sid: str, principal: str | Sequence[str], condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": condition,
    }


def _trail(account: str, partition: str, region: str, name: str) -> list[Mapping[str, Any]]:
    """As "Configure AWS KMS key policies for CloudTrail" of its user guide has it."""
    arn = f"arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"
    context = {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:{partition}:cloudtrail:*:{account}:trail/*"}
    shared = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": "*"}
    of_trail = {"StringEquals": {"aws:SourceArn": arn}}
    return [
        {"Sid": "TrailEncrypts", **shared, "Action": "kms:GenerateDataKey*", "Condition": {**of_trail, "StringLike": context}},
        # A bucket with a key of its own is looked at when the trail is made, which takes Decrypt without a context.
        {"Sid": "TrailIsDescribed", **shared, "Action": ["kms:Decrypt", "kms:DescribeKey"], "Condition": of_trail},
    ]
