"""A network that somebody else made: looked up and checked, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output

from components.spec import ExistingNetwork

MIN_ZONES = 2
"""A database subnet group and a load balancer need that many."""


@dataclass(frozen=True)
class FoundNetwork:
    """`tiers`: tier -> ids of its subnets."""

    vpc_id: Output[str]
    tiers: dict[str, Output[Sequence[str]]]


@dataclass(frozen=True)
class FoundSubnet:
    id: str
    vpc_id: str
    zone: str


def look_up(network: ExistingNetwork, parent: pulumi.Resource) -> FoundNetwork:
    """The ids, each known to fit: their use waits for the check."""
    lookup = InvokeOptions(parent=parent)
    vpc = aws.ec2.get_vpc_output(id=network.vpc_id, opts=lookup).id
    asked: Mapping[str, Sequence[str]] = {
        "public": network.public_subnet_ids,
        "private": network.private_subnet_ids,
        "isolated": network.isolated_subnet_ids,
    }
    tiers = {tier: _checked(tier, ids, network.vpc_id, lookup) for tier, ids in asked.items()}
    return FoundNetwork(vpc, tiers)


def _checked(tier: str, ids: Sequence[str], vpc: str, lookup: InvokeOptions) -> Output[Sequence[str]]:
    found = Output.all(*(aws.ec2.get_subnet_output(id=identifier, opts=lookup) for identifier in ids))

    def check(subnets: Sequence[aws.ec2.GetSubnetResult]) -> Sequence[str]:
        problem = misfit(tier, [FoundSubnet(subnet.id, subnet.vpc_id, subnet.availability_zone) for subnet in subnets], vpc)
        if problem:
            raise pulumi.RunError(problem)
        return list(ids)

    return found.apply(check)


def misfit(tier: str, subnets: Sequence[FoundSubnet], vpc: str) -> str | None:
    """One sentence when the subnets of a tier cannot be used; pure."""
    path = f"platform.aws.existing_network.{tier}_subnet_ids"
    for index, subnet in enumerate(subnets):
        if subnet.vpc_id != vpc:
            return f"{path}[{index}]: {subnet.id} belongs to {subnet.vpc_id}; use subnets of {vpc}"
    zones = {subnet.zone for subnet in subnets}
    if len(zones) < MIN_ZONES:
        return f"{path}: all are in {', '.join(sorted(zones))}; use subnets in {MIN_ZONES} availability zones or more"
    return None
