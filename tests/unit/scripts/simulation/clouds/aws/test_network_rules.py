"""VPCs, subnets, routes, endpoints and security groups."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.aws.rules.addresses import network
from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.aws.helpers import Cloud, said

VPC, SUBNET, GROUP = "ec2/vpc:Vpc", "ec2/subnet:Subnet", "ec2/securityGroup:SecurityGroup"
INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ROUTE, NAT, ENDPOINT, FLOW = (
    "ec2/route:Route",
    "ec2/natGateway:NatGateway",
    "ec2/vpcEndpoint:VpcEndpoint",
    "ec2/flowLog:FlowLog",
)
IN = {"securityGroupId": UNKNOWN, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/8"}
OUT = {"routeTableId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}
S3 = {"vpcId": UNKNOWN, "serviceName": "com.amazonaws.eu-central-1.s3"}
LOGGED = {"vpcId": UNKNOWN, "logDestination": UNKNOWN, "iamRoleArn": UNKNOWN, "trafficType": "ALL"}


@pytest.mark.parametrize(
    ("token", "right"),
    [
        (VPC, {"cidrBlock": "10.0.0.0/16"}),
        (VPC, {"cidrBlock": UNKNOWN}),
        (VPC, {"ipv4IpamPoolId": "ipam-1"}),
        (SUBNET, {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/28", "availabilityZone": "eu-central-1a"}),
        (SUBNET, {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/28", "availabilityZoneId": "euc1-az1"}),
        (INGRESS, IN),
        (INGRESS, {"securityGroupId": UNKNOWN, "ipProtocol": "-1", "referencedSecurityGroupId": UNKNOWN}),
        (INGRESS, {**IN, "ipProtocol": "icmp", "fromPort": 8, "toPort": -1}),
        (ROUTE, OUT),
        (NAT, {"subnetId": UNKNOWN, "allocationId": UNKNOWN}),
        (NAT, {"subnetId": UNKNOWN, "connectivityType": "private"}),
        (NAT, {"vpcId": UNKNOWN, "availabilityMode": "regional"}),
        (ENDPOINT, S3),
        (FLOW, LOGGED),
        (GROUP, {"vpcId": UNKNOWN, "egress": [{"fromPort": 0, "toPort": 0, "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]}),
    ],
)
def test_what_is_right_is_accepted(token: str, right: dict[str, Any]) -> None:
    assert said(token, right) == {}


@pytest.mark.parametrize(
    ("token", "wrong", "path"),
    [
        (VPC, {}, "cidrBlock"),
        (VPC, {"cidrBlock": "10.0.0.0/15"}, "cidrBlock"),
        (VPC, {"cidrBlock": "10.0.0.0/29"}, "cidrBlock"),
        (VPC, {"cidrBlock": "10.0.0.0"}, "cidrBlock"),
        (VPC, {"cidrBlock": "ten"}, "cidrBlock"),
        (VPC, {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "shared"}, "instanceTenancy"),
        (SUBNET, {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-west-1a"}, "availabilityZone"),
        (SUBNET, {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24", "availabilityZoneId": "use1-az1"}, "availabilityZoneId"),
        (
            SUBNET,
            {
                "vpcId": UNKNOWN,
                "cidrBlock": "10.0.0.0/24",
                "availabilityZone": "eu-central-1a",
                "availabilityZoneId": "euc1-az1",
            },
            "availabilityZoneId",
        ),
        (INGRESS, {**IN, "fromPort": 444}, "toPort"),
        (INGRESS, {**IN, "toPort": 65536}, "toPort"),
        (INGRESS, {**IN, "toPort": None}, "toPort"),
        (INGRESS, {**IN, "ipProtocol": "https"}, "ipProtocol"),
        (INGRESS, {**IN, "ipProtocol": "-1", "toPort": None}, "fromPort"),
        (INGRESS, {**IN, "cidrIpv4": "10.0.0.1/8"}, "cidrIpv4"),
        (INGRESS, {**IN, "cidrIpv4": None}, "cidrIpv4"),
        (INGRESS, {**IN, "referencedSecurityGroupId": UNKNOWN}, "referencedSecurityGroupId"),
        (INGRESS, {**IN, "description": "mail → world"}, "description"),
        (GROUP, {"description": "Grüße"}, "description"),
        (GROUP, {"description": "d" * 256}, "description"),
        (GROUP, {"ingress": [{"fromPort": 80, "toPort": 80, "protocol": "tcp"}]}, "ingress[0]"),
        (
            GROUP,
            {"ingress": [{"fromPort": 80, "toPort": 80, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/8", "10.0.0.1/8"]}]},
            "ingress[0].cidrBlocks[1]",
        ),
        (
            GROUP,
            {"egress": [{"fromPort": 1, "toPort": 0, "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]},
            "egress[0].fromPort",
        ),
        (ROUTE, {**OUT, "natGatewayId": UNKNOWN}, "natGatewayId"),
        (ROUTE, {**OUT, "gatewayId": None}, "gatewayId"),
        (ROUTE, {**OUT, "destinationCidrBlock": "10.0.0.1/24"}, "destinationCidrBlock"),
        (NAT, {"subnetId": UNKNOWN}, "allocationId"),
        (NAT, {"allocationId": UNKNOWN}, "subnetId"),
        (NAT, {"subnetId": UNKNOWN, "allocationId": UNKNOWN, "connectivityType": "private"}, "allocationId"),
        (NAT, {"availabilityMode": "regional"}, "vpcId"),
        (ENDPOINT, {**S3, "serviceName": "com.amazonaws.us-east-1.s3"}, "serviceName"),
        (ENDPOINT, {**S3, "serviceName": "com.amazonaws.eu-central-1.sqs"}, "vpcEndpointType"),
        (ENDPOINT, {**S3, "subnetIds": [UNKNOWN]}, "subnetIds"),
        (ENDPOINT, {**S3, "vpcEndpointType": "Interface", "routeTableIds": [UNKNOWN]}, "routeTableIds"),
        (FLOW, {**LOGGED, "iamRoleArn": None}, "iamRoleArn"),
        (FLOW, {**LOGGED, "subnetId": UNKNOWN}, "subnetId"),
        (FLOW, {**LOGGED, "logDestination": "arn:aws:s3:::logs"}, "logDestination"),
        (FLOW, {**LOGGED, "maxAggregationInterval": 300}, "maxAggregationInterval"),
        ("ec2/routeTableAssociation:RouteTableAssociation", {"routeTableId": UNKNOWN}, "subnetId"),
    ],
)
def test_what_is_wrong_by_itself(token: str, wrong: dict[str, Any], path: str) -> None:
    assert list(said(token, wrong)) == [path]


@given(st.integers(16, 28), st.integers(0, 2**32 - 1))
def test_a_range_is_accepted_just_when_no_bit_stands_beyond_its_prefix(prefix: int, address: int) -> None:
    text = ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))
    clean = address % (1 << 32 - prefix) == 0
    assert (network("cidrBlock", f"{text}/{prefix}", widest=16, narrowest=28) is None) is clean


def test_subnets_stay_within_their_vpc_and_apart() -> None:
    cloud = Cloud()
    vpc, [first, *_] = cloud.network()
    assert "is not within 10.0.0.0/16" in cloud.refused(SUBNET, "x", vpcId=vpc.id, cidrBlock="10.1.0.0/24")
    assert "overlaps 10.0.0.0/24 of the Subnet vpc-a-0" in cloud.refused(SUBNET, "x", vpcId=vpc.id, cidrBlock="10.0.0.0/25")
    other = cloud.make(VPC, "other", cidrBlock="10.0.0.0/16")
    cloud.make(SUBNET, "y", vpcId=other.id, cidrBlock="10.0.0.0/25")
    same = {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-central-1a", "tags": {"Name": "a"}}
    assert cloud.direct.change(first, same).outputs["tags"] == {"Name": "a"}


def test_a_subnet_lies_in_the_region_of_its_vpc() -> None:
    cloud = Cloud()
    vpc, _ = cloud.network()
    found = cloud.refused(SUBNET, "x", vpcId=vpc.id, cidrBlock="10.0.9.0/24", region="eu-west-1")
    assert found == "vpcId: the VPC is in eu-central-1, the subnet in eu-west-1; use one region"


def test_one_internet_gateway_a_vpc() -> None:
    cloud = Cloud()
    vpc, _ = cloud.network()
    cloud.make("ec2/internetGateway:InternetGateway", "gateway", vpcId=vpc.id)
    assert "takes one internet gateway" in cloud.refused("ec2/internetGateway:InternetGateway", "second", vpcId=vpc.id)


def test_a_nat_gateway_needs_a_way_out_and_an_address_of_its_own() -> None:
    cloud = Cloud()
    vpc, subnets = cloud.network()
    address = cloud.make("ec2/eip:Eip", "address")
    inputs = {"subnetId": subnets[0].id, "allocationId": address.id}
    assert "has no internet gateway" in cloud.refused(NAT, "nat", **inputs)
    cloud.make("ec2/internetGateway:InternetGateway", "gateway", vpcId=vpc.id)
    cloud.make(NAT, "nat", **inputs)
    assert "give each gateway its own elastic IP" in cloud.refused(NAT, "second", **inputs)


def test_tables_and_routes_belong_to_one_vpc() -> None:
    cloud = Cloud()
    (one, [subnet, *_]), (other, _) = cloud.network("one"), cloud.network("other", "10.1")
    table, foreign = (cloud.make("ec2/routeTable:RouteTable", f"{vpc.name}-table", vpcId=vpc.id) for vpc in (one, other))
    association = "ec2/routeTableAssociation:RouteTableAssociation"
    assert "belongs to another VPC" in cloud.refused(association, "a", subnetId=subnet.id, routeTableId=foreign.id)
    cloud.make(association, "a", subnetId=subnet.id, routeTableId=table.id)
    assert "a subnet takes one" in cloud.refused(association, "b", subnetId=subnet.id, routeTableId=table.id)
    loose = cloud.make("ec2/internetGateway:InternetGateway", "loose")
    out = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0"}
    assert "is attached to no VPC" in cloud.refused(ROUTE, "r", **out, gatewayId=loose.id)
    gateway = cloud.make("ec2/internetGateway:InternetGateway", "gateway", vpcId=one.id)
    cloud.make(ROUTE, "r", **out, gatewayId=gateway.id)
    assert "a destination stands once" in cloud.refused(ROUTE, "s", **out, gatewayId=gateway.id)


def test_endpoints_take_one_subnet_a_zone_of_their_vpc() -> None:
    cloud = Cloud()
    vpc, [a, b, again] = cloud.network(zones="aba")
    other, [far, *_] = cloud.network("other", "10.1")
    group = cloud.make(GROUP, "group", vpcId=other.id)
    sqs = {"vpcId": vpc.id, "serviceName": "com.amazonaws.eu-central-1.sqs", "vpcEndpointType": "Interface"}
    assert "give one subnet a zone" in cloud.refused(ENDPOINT, "e", **sqs, subnetIds=[a.id, again.id])
    assert "is in another VPC" in cloud.refused(ENDPOINT, "e", **sqs, subnetIds=[far.id])
    assert "use a group of that VPC" in cloud.refused(ENDPOINT, "e", **sqs, subnetIds=[a.id, b.id], securityGroupIds=[group.id])
    assert "has enableDnsHostnames false" in cloud.refused(ENDPOINT, "e", **sqs, subnetIds=[a.id], privateDnsEnabled=True)


def test_security_groups_have_names_and_rules_once() -> None:
    cloud = Cloud()
    vpc, _ = cloud.network()
    group = cloud.make(GROUP, "group", vpcId=vpc.id, name="mail")
    assert "mail is taken in this VPC" in cloud.refused(GROUP, "again", vpcId=vpc.id, name="mail")
    rule = {**IN, "securityGroupId": group.id}
    cloud.make(INGRESS, "https", **rule)
    assert "the same rule exists already as SecurityGroupIngressRule https" in cloud.refused(INGRESS, "again", **rule)
    far = cloud.make(GROUP, "far", vpcId=cloud.make(VPC, "far", cidrBlock="10.9.0.0/16").id)
    from_far = {**rule, "cidrIpv4": None, "referencedSecurityGroupId": far.id}
    assert "is in another VPC than the SecurityGroup group" in cloud.refused(INGRESS, "far", **from_far)


def test_a_group_takes_sixty_rules() -> None:
    cloud = Cloud()
    vpc, _ = cloud.network()
    group = cloud.make(GROUP, "group", vpcId=vpc.id)
    for number in range(60):
        cloud.make(INGRESS, f"rule-{number}", **{**IN, "securityGroupId": group.id, "toPort": 443 + number})
    assert "a group takes 60" in cloud.refused(INGRESS, "more", **{**IN, "securityGroupId": group.id, "toPort": 999})


def test_the_default_groups_of_a_vpc_may_be_named() -> None:
    cloud = Cloud()
    vpc, _ = cloud.network()
    cloud.make(INGRESS, "rule", **{**IN, "securityGroupId": vpc.outputs["defaultSecurityGroupId"]})


def test_a_security_group_that_is_named_stays() -> None:
    """A key in use may go: KMS only schedules that; what is attached to interfaces may not."""
    cloud = Cloud()
    vpc, _ = cloud.network()
    one, other = (cloud.make(GROUP, name, vpcId=vpc.id) for name in ("one", "other"))
    cloud.make(INGRESS, "rule", **{**IN, "cidrIpv4": None, "securityGroupId": one.id, "referencedSecurityGroupId": other.id})
    assert "is still used by SecurityGroupIngressRule rule (referencedSecurityGroupId)" in cloud.delete_refused(other)
    key = cloud.make("kms/key:Key", "key")
    cloud.make("sqs/queue:Queue", "jobs", kmsMasterKeyId=key.id)
    cloud.direct.delete(key)
