"""Roles that services of AWS take on, each for one purpose."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import account
from components.aws.tags import tags
from components.contract import Identity


def service_role(
    name: str, identity: Identity, component: str, role: str, principal: str, parent: pulumi.Resource, *, named: bool = True
) -> aws.iam.Role:
    """A role that only `principal` (`monitoring.rds.amazonaws.com`) may take on, and only for this account.

    `named` is false for a service that is not documented to name the account for which it takes the role on: the condition
    would lock it out. Only this account can hand it the role in any case (`iam:PassRole` does not reach another's roles).
    """
    physical = naming.physical(identity, role, naming.IAM_ROLE_LIMIT)
    return aws.iam.Role(
        name,
        name=physical,
        assume_role_policy=account(parent).id.apply(lambda found: trust(principal, found if named else None)),
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent),
    )


def trust(principal: str, account: str | None) -> str:
    """The trust policy; the condition keeps another account from lending the service's hand (confused deputy)."""
    statement: dict[str, object] = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    if account is not None:
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


def inline_policy(
    name: str,
    identity: Identity,
    role: aws.iam.Role,
    actions: Sequence[str],
    resources: Sequence[Output[str]],
    parent: pulumi.Resource,
) -> aws.iam.RolePolicy:
    """Exact actions on exact resources."""
    policy = Output.all(*resources).apply(
        lambda found: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": sorted(actions), "Resource": list(found)}],
            },
            sort_keys=True,
        )
    )
    return aws.iam.RolePolicy(
        name,
        name=naming.physical(identity, "permissions", naming.IAM_POLICY_LIMIT),
        role=role.name,
        policy=policy,
        opts=ResourceOptions(parent=parent),
    )
