"""Roles that services of AWS take on, each for one purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import documents
from components.aws.account import account
from components.aws.tags import tags
from components.binding import Permission
from components.contract import Identity


def service_role(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    principal: str,
    parent: pulumi.Resource,
    *,
    named: bool = True,
    source: str | None = None,
) -> aws.iam.Role:
    """A role that only `principal` (`monitoring.rds.amazonaws.com`) may take on, and only for this account.

    `named` is false for a service that is not documented to name the account for which it takes the role on: the condition
    would lock it out. Only this account can hand it the role in any case (`iam:PassRole` does not reach another's roles).
    `source`: the service (`ecs`) whose resources of this account and region alone it is taken on for, where that is documented.
    """
    physical = naming.physical(identity, role, naming.IAM_ROLE_LIMIT)
    here = account(parent)
    policy = Output.all(here.id, here.partition, here.region).apply(
        lambda found: trust(
            principal,
            found[0] if named else None,
            f"arn:{found[1]}:{source}:{found[2]}:{found[0]}:*" if source is not None else None,
        )
    )
    return aws.iam.Role(
        name,
        name=physical,
        assume_role_policy=policy,
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent),
    )


def trust(principal: str, account: str | None, source: str | None = None) -> str:
    """The trust policy; the conditions keep another account from lending the service's hand (confused deputy).

    `source`: ARN, with `*` at its end, of what the service may take the role on for.
    """
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    conditions: dict[str, Any] = {}
    if account is not None:
        conditions["StringEquals"] = {"aws:SourceAccount": account}
    if source is not None:
        conditions["ArnLike"] = {"aws:SourceArn": source}
    if conditions:
        statement["Condition"] = conditions
    return documents.document([statement])


def managed_policy(name: str, role: aws.iam.Role, policy: str, parent: pulumi.Resource) -> aws.iam.RolePolicyAttachment:
    """A policy that AWS keeps for a role of its services, by its name (`AmazonRDSEnhancedMonitoringRole`)."""
    return aws.iam.RolePolicyAttachment(
        name,
        role=role.name,
        policy_arn=Output.concat("arn:", account(parent).partition, f":iam::aws:policy/service-role/{policy}"),
        opts=ResourceOptions(parent=parent),
    )


def permissions_policy(
    name: str, identity: Identity, role: aws.iam.Role, permissions: Sequence[Permission], parent: pulumi.Resource
) -> aws.iam.RolePolicy:
    """One statement for each permission, and nothing else."""
    policy = Output.all(*(Output.all(*one.resources) for one in permissions)).apply(
        lambda found: document([(one.reason, one.actions, at) for one, at in zip(permissions, found, strict=True)])
    )
    return aws.iam.RolePolicy(
        name,
        name=naming.physical(identity, "permissions", naming.IAM_POLICY_LIMIT),
        role=role.name,
        policy=policy,
        opts=ResourceOptions(parent=parent),
    )


def document(permissions: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """A policy of (reason, actions, resources); what is given twice stands once. The reason is the statement's id. Pure."""
    statements: list[Mapping[str, Any]] = []
    for reason, actions, resources in permissions:
        statement = {"Effect": "Allow", "Action": sorted(set(actions)), "Resource": sorted(set(resources))}
        if statement in [{key: value for key, value in one.items() if key != "Sid"} for one in statements]:
            continue
        statements.append({**_sid(reason, {one.get("Sid") for one in statements}), **statement})
    return documents.document(statements)


def _sid(reason: str, taken: set[Any]) -> dict[str, str]:
    """Letters and digits only, as IAM wants an id, once in a policy: `to pull the image` -> `ToPullTheImage`."""
    words = "".join(word[0].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", reason))
    found, number = words, 2
    while found in taken:
        found, number = f"{words}{number}", number + 1
    return {"Sid": found} if found else {}
