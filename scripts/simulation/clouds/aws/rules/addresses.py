"""VPCs, subnets, gateways and routes: ranges of addresses, zones, and what belongs to one VPC."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from scripts.simulation.clouds.aws import place
from scripts.simulation.clouds.aws.rules.reading import Rules, items, missing, named, number, others, region_of, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place, Resource, World

_WIDEST, _NARROWEST = 16, 28
"""Prefix lengths that a VPC and a subnet may have: "VPC CIDR blocks" of the VPC user guide."""

_TARGETS = (
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "odbNetworkArn",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)
_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")


def network(path: str, value: object, *, widest: int = 0, narrowest: int = 32) -> Problem | None:
    """What is wrong with an IPv4 range: None for a right one and for what is not known."""
    if not isinstance(value, str):
        return None
    try:
        found = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        return Problem(path, f"{value!r} is no IPv4 range; write one such as 10.0.0.0/24")
    if "/" not in value:
        return Problem(path, f"{value!r} has no prefix length; write {value}/32 for one address")
    if str(found.network_address) != value.partition("/")[0]:
        return Problem(path, f"{value} has bits set beyond its prefix; write {found}")
    if not widest <= found.prefixlen <= narrowest:
        return Problem(path, f"{value} is out of range; use a prefix from /{widest} to /{narrowest}")
    return None


def check_range(inputs: Properties, _: Place) -> Iterator[Problem]:
    wrong = network("cidrBlock", inputs.get("cidrBlock"), widest=_WIDEST, narrowest=_NARROWEST)
    if wrong:
        yield wrong
    if missing(inputs, "cidrBlock") and missing(inputs, "ipv4IpamPoolId") and inputs.get("ipv6Native") is not True:
        yield Problem("cidrBlock", "is missing; give a range such as 10.0.0.0/16 or an ipv4IpamPoolId")


def check_zone(inputs: Properties, where: Place) -> Iterator[Problem]:
    """The zone must lie in the region."""
    zones = place.zones(where.region)
    zone, by_id = text(inputs, "availabilityZone"), text(inputs, "availabilityZoneId")
    if zone and not missing(inputs, "availabilityZoneId"):
        yield Problem("availabilityZoneId", "is given besides availabilityZone; give one of the two")
    elif zone and zone not in zones:
        yield Problem("availabilityZone", f"{zone} is no zone of {where.region}; use one of {', '.join(zones)}")
    elif by_id and zones and by_id.partition("-az")[0] != place.zone_id(zones[0]).partition("-az")[0]:
        wanted = ", ".join(place.zone_id(one) for one in zones)
        yield Problem("availabilityZoneId", f"{by_id} is no zone of {where.region}; use one of {wanted}")


def check_nat(inputs: Properties, _: Place) -> Iterator[Problem]:
    regional = inputs.get("availabilityMode") == "regional"
    if regional and missing(inputs, "vpcId"):
        yield Problem("vpcId", "is missing; a regional NAT gateway belongs to a VPC")
    if regional and not missing(inputs, "subnetId"):
        yield Problem("subnetId", "is given with availabilityMode regional; leave it out, or use zonal")
    if not regional and missing(inputs, "subnetId") and not isinstance(inputs.get("availabilityMode"), Unknown):
        yield Problem("subnetId", "is missing; a zonal NAT gateway stands in a public subnet")
    public = inputs.get("connectivityType") == "public"
    if public and not regional and missing(inputs, "allocationId"):
        yield Problem("allocationId", "is missing; give the id of an elastic IP, or set connectivityType to private")
    if inputs.get("connectivityType") == "private" and not missing(inputs, "allocationId"):
        yield Problem("allocationId", "is given with connectivityType private; leave it out")


def check_route(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _exactly_one(inputs, _DESTINATIONS, "destinationCidrBlock")
    yield from _exactly_one(inputs, _TARGETS, "gatewayId")
    wrong = network("destinationCidrBlock", inputs.get("destinationCidrBlock"))
    if wrong:
        yield wrong


def _exactly_one(inputs: Properties, keys: Sequence[str], example: str) -> Iterator[Problem]:
    given = [key for key in keys if not missing(inputs, key)]
    if len(given) > 1:
        yield Problem(given[1], f"is given besides {given[0]}; give one of the two")
    if not given:
        yield Problem(example, f"is missing; give one of {', '.join(keys)}")


def check_table(inputs: Properties, _: Place) -> Iterator[Problem]:
    for path, route in items(inputs, "routes"):
        wrong = network(f"{path}.cidrBlock", route.get("cidrBlock"))
        if wrong:
            yield wrong


def check_association(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _exactly_one(inputs, ("subnetId", "gatewayId"), "subnetId")


def check_prefixes(inputs: Properties, _: Place) -> Iterator[Problem]:
    most, entries = number(inputs, "maxEntries"), items(inputs, "entries")
    if most is not None and len(entries) > most:
        yield Problem("entries", f"has {len(entries)} entries; maxEntries allows {int(most)}")
    if inputs.get("addressFamily") == "IPv4":
        for path, entry in entries:
            wrong = network(f"{path}.cidr", entry.get("cidr"))
            if wrong:
                yield wrong


def admit_subnet(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The range lies in the VPC's and meets no other subnet's; the zone lies in the VPC's region."""
    vpc = named(world, "ec2/vpc:Vpc", candidate.inputs.get("vpcId"))
    if vpc is None:
        return
    if vpc.place.region and region_of(vpc) != candidate.place.region:
        yield Problem("vpcId", f"the VPC is in {region_of(vpc)}, the subnet in {candidate.place.region}; use one region")
    own, around = _range(candidate.inputs.get("cidrBlock")), _range(vpc.outputs.get("cidrBlock"))
    if own is None:
        return
    if around is not None and not own.subnet_of(around):
        yield Problem("cidrBlock", f"{own} is not within {around} of the {vpc.label}; use a range within it")
        return
    for other in others(world, "ec2/subnet:Subnet", candidate):
        taken = _range(other.outputs.get("cidrBlock"))
        if other.outputs.get("vpcId") == vpc.id and taken is not None and taken.overlaps(own):
            yield Problem("cidrBlock", f"{own} overlaps {taken} of the {other.label}; use a free range of {around or vpc.id}")
            return


def _range(value: object) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(value) if isinstance(value, str) else None
    except ValueError:
        return None


def admit_internet_gateway(candidate: Candidate, world: World) -> Iterator[Problem]:
    vpc = candidate.inputs.get("vpcId")
    for other in others(world, "ec2/internetGateway:InternetGateway", candidate):
        if vpc and other.outputs.get("vpcId") == vpc:
            yield Problem("vpcId", f"{vpc} has the {other.label} already; a VPC takes one internet gateway")


def admit_association(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Table and subnet belong to one VPC, and a subnet has one table."""
    subnet = named(world, "ec2/subnet:Subnet", candidate.inputs.get("subnetId"))
    table = named(world, "ec2/routeTable:RouteTable", candidate.inputs.get("routeTableId"))
    if subnet is None:
        return
    if table is not None and differ(subnet, table):
        yield Problem("routeTableId", f"the {table.label} belongs to another VPC than the {subnet.label}; use one VPC")
    for other in others(world, "ec2/routeTableAssociation:RouteTableAssociation", candidate):
        if other.outputs.get("subnetId") == subnet.id:
            yield Problem("subnetId", f"the {subnet.label} has a route table by {other.label} already; a subnet takes one")


def differ(one: Resource, other: Resource) -> bool:
    """Whether two things belong to different VPCs, as far as that is known."""
    first, second = one.outputs.get("vpcId"), other.outputs.get("vpcId")
    return bool(first) and bool(second) and first != second


def admit_route(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A destination stands once in a table, and gateways belong to the table's VPC."""
    inputs = candidate.inputs
    table = named(world, "ec2/routeTable:RouteTable", inputs.get("routeTableId"))
    gateway = named(world, "ec2/internetGateway:InternetGateway", inputs.get("gatewayId"))
    if table is not None and gateway is not None:
        if not gateway.outputs.get("vpcId"):
            yield Problem("gatewayId", f"the {gateway.label} is attached to no VPC; give it the vpcId of the route table")
        elif differ(table, gateway):
            yield Problem("gatewayId", f"the {gateway.label} is attached to another VPC than the {table.label}; use one VPC")
    for other in others(world, "ec2/route:Route", candidate):
        for key in _DESTINATIONS:
            same = inputs.get(key) is not None and other.outputs.get(key) == inputs[key]
            if same and other.outputs.get("routeTableId") == inputs.get("routeTableId"):
                yield Problem(
                    key, f"{inputs[key]} has a route by {other.label} in this table already; a destination stands once"
                )


def admit_nat(candidate: Candidate, world: World) -> Iterator[Problem]:
    """An elastic IP serves one gateway."""
    address = candidate.inputs.get("allocationId")
    for other in others(world, "ec2/natGateway:NatGateway", candidate):
        if address and other.outputs.get("allocationId") == address:
            yield Problem(
                "allocationId", f"{address} is used by the {other.label} already; give each gateway its own elastic IP"
            )


CHECKS: Rules = {
    "ec2/managedPrefixList:ManagedPrefixList": (check_prefixes,),
    "ec2/natGateway:NatGateway": (check_nat,),
    "ec2/route:Route": (check_route,),
    "ec2/routeTable:RouteTable": (check_table,),
    "ec2/routeTableAssociation:RouteTableAssociation": (check_association,),
    "ec2/subnet:Subnet": (check_range, check_zone),
    "ec2/vpc:Vpc": (check_range,),
}

ADMITS: Rules = {
    "ec2/internetGateway:InternetGateway": (admit_internet_gateway,),
    "ec2/natGateway:NatGateway": (admit_nat,),
    "ec2/route:Route": (admit_route,),
    "ec2/routeTableAssociation:RouteTableAssociation": (admit_association,),
    "ec2/subnet:Subnet": (admit_subnet,),
}
