"""A network that somebody else made: looked up and checked before anything else is made, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions

from components.spec import ExistingNetwork
from components.stackfile import StackFileError

MIN_ZONES = 2
"""A database subnet group and a load balancer need that many."""

UNFIT_ZONES = ("apne1-az3", "use1-az3", "usw1-az2")
"""Old zones that get no newer services, by id, because each account has letters of its own: ap-northeast-1, us-east-1 and
us-west-1. Fargate is in none of them (developer guide of ECS, "Supported Regions for Amazon ECS on AWS Fargate")."""

_FIELD = "platform.aws.existing_network"


@dataclass(frozen=True)
class FoundVpc:
    id: str
    dns_hostnames: bool
    dns_support: bool


@dataclass(frozen=True)
class FoundSubnet:
    id: str
    vpc_id: str
    zone: str
    zone_id: str


def look_up(network: ExistingNetwork, parent: pulumi.Resource) -> Mapping[str, Sequence[str]]:
    """Tier -> ids of its subnets, which fit.

    Raises `StackFileError` with a sentence for each that does not.
    """
    lookup = InvokeOptions(parent=parent)
    vpc = aws.ec2.get_vpc(id=network.vpc_id, opts=lookup)
    tiers = {
        "public": network.public_subnet_ids,
        "private": network.private_subnet_ids,
        "isolated": network.isolated_subnet_ids,
    }
    found = {tier: [_subnet(identifier, lookup) for identifier in ids] for tier, ids in tiers.items()}
    problems = misfits(FoundVpc(vpc.id, vpc.enable_dns_hostnames, vpc.enable_dns_support), found)
    if problems:
        raise StackFileError(problems)
    return tiers


def _subnet(identifier: str, lookup: InvokeOptions) -> FoundSubnet:
    subnet = aws.ec2.get_subnet(id=identifier, opts=lookup)
    return FoundSubnet(subnet.id, subnet.vpc_id, subnet.availability_zone, subnet.availability_zone_id)


def misfits(vpc: FoundVpc, tiers: Mapping[str, Sequence[FoundSubnet]]) -> list[str]:
    """One sentence for everything that keeps the platform out of a network. Pure."""
    problems = []
    if not (vpc.dns_hostnames and vpc.dns_support):
        problems.append(f"{_FIELD}.vpc_id: {vpc.id} gives no host names; turn on its DNS support and DNS hostnames")
    for tier, subnets in tiers.items():
        problems += _tier(f"{_FIELD}.{tier}_subnet_ids", subnets, vpc.id, each_zone_once=tier == "public")
    return problems


def _tier(path: str, subnets: Sequence[FoundSubnet], vpc: str, *, each_zone_once: bool) -> Iterator[str]:
    """A load balancer takes one subnet a zone; a subnet group takes several."""
    zones: dict[str, str] = {}
    for index, subnet in enumerate(subnets):
        if subnet.vpc_id != vpc:
            yield f"{path}[{index}]: {subnet.id} belongs to {subnet.vpc_id}; use subnets of {vpc}"
        if subnet.zone_id in UNFIT_ZONES:
            yield f"{path}[{index}]: {subnet.id} is in {subnet.zone_id}, where Fargate does not run; use another zone's subnet"
        if each_zone_once and subnet.zone in zones:
            yield f"{path}[{index}]: {subnet.id} is in {subnet.zone}, as {zones[subnet.zone]} is; use one subnet a zone"
        zones.setdefault(subnet.zone, subnet.id)
    if len(zones) < MIN_ZONES:
        yield f"{path}: all are in {', '.join(sorted(zones))}; use subnets in {MIN_ZONES} availability zones or more"
