"""Security groups with standalone rules only: inline ones and standalone ones undo each other."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import Identity


@dataclass(frozen=True)
class Guarded:
    """`guard`: the group of what is reached. `clients`: the group that reaches it, and nothing else by that."""

    guard: Output[str]
    clients: Output[str]


def group(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    purpose: str,
    network: Output[str],
    parent: pulumi.Resource,
) -> aws.ec2.SecurityGroup:
    """A group without any rule: nothing in, nothing out.

    The name ends in what the provider makes up: AWS changes no description, so that another `purpose` is another group, which
    must stand beside the old one until everything has moved to it.
    """
    physical = naming.physical(identity, role, naming.SECURITY_GROUP_LIMIT)
    return aws.ec2.SecurityGroup(
        name,
        name_prefix=f"{physical}-",
        description=purpose,
        vpc_id=network,
        revoke_rules_on_delete=True,
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent),
    )


def allow(
    name: str,
    identity: Identity,
    component: str,
    source: Output[str],
    destination: Output[str],
    port: int,
    purpose: str,
    parent: pulumi.Resource,
) -> None:
    """Lets members of one group reach members of another on a TCP port: both halves."""
    labels = tags(identity, component, name)
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-in",
        security_group_id=destination,
        referenced_security_group_id=source,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
        tags=labels,
        opts=ResourceOptions(parent=parent),
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-out",
        security_group_id=source,
        referenced_security_group_id=destination,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
        tags=labels,
        opts=ResourceOptions(parent=parent),
    )


def allow_out(
    name: str, identity: Identity, component: str, source: Output[str], port: int, purpose: str, parent: pulumi.Resource
) -> None:
    """Lets members of a group reach any address on a TCP port."""
    aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=source,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
        tags=tags(identity, component, name),
        opts=ResourceOptions(parent=parent),
    )


def allow_in(
    name: str,
    identity: Identity,
    component: str,
    addresses: Input[str],
    destination: Output[str],
    port: int,
    purpose: str,
    parent: pulumi.Resource,
) -> pulumi.Resource:
    """Lets a range of addresses reach members of a group on a TCP port."""
    return aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=destination,
        cidr_ipv4=addresses,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
        tags=tags(identity, component, name),
        opts=ResourceOptions(parent=parent),
    )


def guarded(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    purpose: tuple[str, str],
    network: Output[str],
    port: int,
    parent: pulumi.Resource,
) -> Guarded:
    """A group for what `role` is, and one for its clients, who reach it on a TCP port. `purpose`: of the one and the other."""
    guard = group(f"{name}-guard", identity, component, role, purpose[0], network, parent)
    clients = group(f"{name}-clients", identity, component, f"{role}-clients", purpose[1], network, parent)
    allow(f"{name}-clients", identity, component, clients.id, guard.id, port, purpose[1], parent)
    return Guarded(guard.id, clients.id)
