"""Roles that services of AWS take on, each for one purpose."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import Identity


def service_role(name: str, identity: Identity, role: str, principal: str, parent: pulumi.Resource) -> aws.iam.Role:
    """A role that only `principal` (`monitoring.rds.amazonaws.com`) may take on, and only for this account."""
    account = aws.get_caller_identity_output(opts=InvokeOptions(parent=parent)).account_id
    physical = naming.physical(identity, role, naming.IAM_ROLE_LIMIT)
    return aws.iam.Role(
        name,
        name=physical,
        assume_role_policy=account.apply(lambda found: trust(principal, found)),
        tags=tags(identity, role, physical),
        opts=ResourceOptions(parent=parent),
    )


def trust(principal: str, account: str) -> str:
    """The trust policy; the condition keeps another account from lending the service's hand (confused deputy)."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def inline_policy(
    name: str, role: aws.iam.Role, actions: list[str], resources: Output[list[str]], parent: pulumi.Resource
) -> aws.iam.RolePolicy:
    """Exact actions on exact resources."""
    policy = resources.apply(
        lambda found: json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": found}]}
        )
    )
    return aws.iam.RolePolicy(name, role=role.name, policy=policy, opts=ResourceOptions(parent=parent))
