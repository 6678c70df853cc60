"""VPC endpoints and flow logs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.addresses import differ
from scripts.simulation.clouds.aws.rules.membership import groups_in, one_vpc, subnets_of
from scripts.simulation.clouds.aws.rules.reading import Rules, missing, named, others, strings, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, World

_GATEWAY_SERVICES = ("s3", "dynamodb", "s3express")


def check_endpoint(inputs: Properties, where: Place) -> Iterator[Problem]:
    """The service lies in the region, and gateways serve S3 and DynamoDB only."""
    service, kind = text(inputs, "serviceName"), text(inputs, "vpcEndpointType")
    if service is None or kind is None:
        return
    found = re.fullmatch(r"(?:cn\.)?com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]+)", service)
    if found and found[1] != where.region and missing(inputs, "serviceRegion"):
        yield Problem("serviceName", f"names the region {found[1]}, the endpoint is in {where.region}; use its own region")
    if found and kind == "Gateway" and found[2] not in _GATEWAY_SERVICES:
        yield Problem("vpcEndpointType", f"{found[2]} has no gateway endpoint; use Interface")
    if kind == "Gateway":
        for key in ("subnetIds", "securityGroupIds"):
            if inputs.get(key):
                yield Problem(key, "belongs to interface endpoints; leave it out, or set vpcEndpointType to Interface")
    if kind == "Interface" and inputs.get("routeTableIds"):
        yield Problem("routeTableIds", "belongs to gateway endpoints; give subnetIds instead")


def admit_endpoint(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Subnets, groups and tables of the endpoint's VPC, one subnet a zone, one endpoint a service with private names."""
    inputs = candidate.inputs
    vpc = text(inputs, "vpcId")
    yield from one_vpc(candidate, world, "subnetIds[*]")
    yield from groups_in(candidate, world, "securityGroupIds[*]", vpc)
    seen: dict[object, str] = {}
    for path, subnet in subnets_of(candidate, world, "subnetIds[*]"):
        if vpc and subnet.outputs.get("vpcId") not in {None, vpc}:
            yield Problem(path, f"the {subnet.label} is in another VPC than vpcId {vpc}; use subnets of that VPC")
        zone = subnet.outputs.get("availabilityZone")
        if zone in seen:
            yield Problem(path, f"the {subnet.label} is in {zone}, as {seen[zone]} is; give one subnet a zone")
        elif zone is not None:
            seen[zone] = subnet.label
    for path, value in strings(inputs, "routeTableIds[*]"):
        table = named(world, "ec2/routeTable:RouteTable", value)
        if table is not None and vpc and table.outputs.get("vpcId") not in {None, vpc}:
            yield Problem(path, f"the {table.label} belongs to another VPC than vpcId {vpc}; use tables of that VPC")
    yield from _private_names(candidate, world)


def _private_names(candidate: Candidate, world: World) -> Iterator[Problem]:
    if candidate.inputs.get("privateDnsEnabled") is not True:
        return
    vpc = named(world, "ec2/vpc:Vpc", candidate.inputs.get("vpcId"))
    for key in ("enableDnsHostnames", "enableDnsSupport"):
        if vpc is not None and vpc.inputs and vpc.outputs.get(key) is False:
            yield Problem("privateDnsEnabled", f"the {vpc.label} has {key} false; set it to true")
            return
    for other in others(world, "ec2/vpcEndpoint:VpcEndpoint", candidate):
        same = all(other.outputs.get(key) == candidate.inputs.get(key) for key in ("vpcId", "serviceName", "privateDnsEnabled"))
        if same:
            yield Problem("serviceName", f"the {other.label} gives this VPC the private names of the service already; keep one")


def check_flow_log(inputs: Properties, _: Place) -> Iterator[Problem]:
    sources = ("vpcId", "subnetId", "eniId", "transitGatewayId", "transitGatewayAttachmentId", "regionalNatGatewayId")
    given = [key for key in sources if not missing(inputs, key)]
    if len(given) != 1:
        yield Problem(given[1] if given else "vpcId", f"give one of {', '.join(sources)}, so that it is clear what is logged")
    if missing(inputs, "logDestination"):
        yield Problem("logDestination", "is missing; give the ARN of a log group, bucket or delivery stream")
    if inputs.get("logDestinationType") == "cloud-watch-logs" and missing(inputs, "iamRoleArn"):
        yield Problem("iamRoleArn", "is missing; CloudWatch Logs takes flow logs by a role")
    destination, kind = text(inputs, "logDestination"), text(inputs, "logDestinationType")
    service = {"cloud-watch-logs": "logs", "s3": "s3", "kinesis-data-firehose": "firehose"}.get(kind or "")
    if destination and service and destination.split(":")[2:3] != [service]:
        yield Problem("logDestination", f"is no ARN of {service}, as logDestinationType {kind} wants; make the two agree")
    interval = inputs.get("maxAggregationInterval")
    if isinstance(interval, int) and interval not in {60, 600}:
        yield Problem("maxAggregationInterval", f"{interval} is not taken; use 60 or 600 seconds")


def admit_acl(candidate: Candidate, world: World) -> Iterator[Problem]:
    vpc = named(world, "ec2/vpc:Vpc", candidate.inputs.get("vpcId"))
    for path, subnet in subnets_of(candidate, world, "subnetIds[*]"):
        if vpc is not None and subnet.outputs.get("vpcId") not in {None, vpc.id}:
            yield Problem(path, f"the {subnet.label} is in another VPC than the {vpc.label}; use subnets of that VPC")


def admit_nat_place(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A public gateway needs an internet gateway in its VPC."""
    subnet = named(world, "ec2/subnet:Subnet", candidate.inputs.get("subnetId"))
    if subnet is None or candidate.inputs.get("connectivityType") == "private" or missing(subnet.outputs, "vpcId"):
        return
    vpc = named(world, "ec2/vpc:Vpc", subnet.outputs["vpcId"])
    if vpc is None or not vpc.inputs:
        return
    if not any(not differ(gateway, subnet) for gateway in world.of("aws:ec2/internetGateway:InternetGateway")):
        yield Problem("subnetId", f"the {vpc.label} has no internet gateway; make one, and let this depend on it")


CHECKS: Rules = {
    "ec2/flowLog:FlowLog": (check_flow_log,),
    "ec2/vpcEndpoint:VpcEndpoint": (check_endpoint,),
}

ADMITS: Rules = {
    "ec2/natGateway:NatGateway": (admit_nat_place,),
    "ec2/networkAcl:NetworkAcl": (admit_acl,),
    "ec2/vpcEndpoint:VpcEndpoint": (admit_endpoint,),
}
