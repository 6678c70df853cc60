"""Subnets and security groups that must belong together: to one VPC, and to as many zones as the service wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scripts.simulation.clouds.aws.rules.reading import named, strings
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem
from scripts.simulation.world import Resource, World


def subnets_of(candidate: Candidate, world: World, pattern: str) -> list[tuple[str, Resource]]:
    """The subnets at a pattern, each with its path."""
    found = [(path, named(world, "ec2/subnet:Subnet", value)) for path, value in strings(candidate.inputs, pattern)]
    return [(path, subnet) for path, subnet in found if subnet is not None]


def vpc_of(subnets: Sequence[tuple[str, Resource]]) -> str | None:
    """The VPC that most of the subnets belong to, the first of those that are as many."""
    known = [vpc for _, subnet in subnets if isinstance(vpc := subnet.outputs.get("vpcId"), str)]
    return max(known, key=known.count) if known else None


def one_vpc(candidate: Candidate, world: World, pattern: str) -> Iterator[Problem]:
    """All subnets belong to one VPC."""
    subnets = subnets_of(candidate, world, pattern)
    vpc = vpc_of(subnets)
    for path, subnet in subnets:
        own = subnet.outputs.get("vpcId")
        if isinstance(own, str) and own != vpc:
            yield Problem(path, f"{subnet.id} is in the VPC {own}, the other subnets are in {vpc}; use subnets of one VPC")
            return


def zones(candidate: Candidate, world: World, pattern: str, least: int, what: str) -> Iterator[Problem]:
    """The subnets cover at least so many zones."""
    subnets = subnets_of(candidate, world, pattern)
    given = strings(candidate.inputs, pattern)
    covered = {subnet.outputs.get("availabilityZone") for _, subnet in subnets}
    if len(given) == len(subnets) and None not in covered and len(covered) < least:
        found = ", ".join(sorted(str(zone) for zone in covered))
        path = pattern.removesuffix("[*]")
        yield Problem(path, f"covers {len(covered)} availability zone ({found}); {what} needs subnets in at least {least}")


def groups_in(candidate: Candidate, world: World, pattern: str, vpc: str | None) -> Iterator[Problem]:
    """All security groups belong to the VPC of the subnets, or to one VPC where there are none."""
    for path, value in strings(candidate.inputs, pattern):
        group = named(world, "ec2/securityGroup:SecurityGroup", value)
        own = group.outputs.get("vpcId") if group is not None else None
        if group is None or not isinstance(own, str):
            continue
        if vpc is not None and own != vpc:
            yield Problem(path, f"the {group.label} is in the VPC {own}, the subnets are in {vpc}; use a group of that VPC")
        vpc = vpc or own
