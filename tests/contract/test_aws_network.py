"""The network on AWS against a simulated AWS: tiers and their ways out, what is let through, what is logged."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from pulumi.runtime.mocks import MockCallArgs

from components import stackfile
from components.aws import existing_network
from components.aws.existing_network import FoundSubnet
from tests.harness.foundation.deployed import ENVIRONMENTS, Foundation, build, built
from tests.harness.simulated import Simulated

EXISTING_VPC = "vpc-0a0a0a0a0a0a0a0a0"
EXISTING = {
    "vpc_id": EXISTING_VPC,
    "public_subnet_ids": ["subnet-0a0000000000000a1", "subnet-0a0000000000000a2"],
    "private_subnet_ids": ["subnet-0a0000000000000a3", "subnet-0a0000000000000a4"],
    "isolated_subnet_ids": ["subnet-0a0000000000000a5", "subnet-0a0000000000000a6"],
}


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def foundation(environment: str) -> Foundation:
    return built(environment)


def test_tiers_have_the_ways_out_that_they_should(foundation: Foundation) -> None:
    tables = {found.name: found for found in foundation.of("ec2/routeTable:RouteTable")}
    ways: dict[str, set[str]] = {name: set() for name in tables}
    for route in foundation.of("ec2/route:Route"):
        table = route.name.removesuffix("-out") + "-routes"
        assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
        ways[table] |= {key for key in ("gatewayId", "natGatewayId") if key in route.inputs}
    assert ways == {
        "penguinmails-network-public-routes": {"gatewayId"},
        "penguinmails-network-isolated-routes": set(),
        **{f"penguinmails-network-private-{index}-routes": {"natGatewayId"} for index in range(3)},
    }
    assert len(foundation.of("RouteTableAssociation")) == 9
    s3 = foundation.named("penguinmails-network-s3")
    assert len(s3.inputs["routeTableIds"]) == 3
    assert (s3.inputs["vpcEndpointType"], s3.inputs["serviceName"]) == ("Gateway", "com.amazonaws.eu-central-1.s3")


def test_subnets_are_private_and_stay_where_they_are(foundation: Foundation) -> None:
    subnets = foundation.of("ec2/subnet:Subnet")
    assert len(subnets) == 9
    whole = ipaddress.IPv4Network(foundation.one("ec2/vpc:Vpc").inputs["cidrBlock"])
    for subnet in subnets:
        assert subnet.inputs["mapPublicIpOnLaunch"] is False
        assert subnet.ignored == ["availabilityZone"]
        assert ipaddress.IPv4Network(subnet.inputs["cidrBlock"]).subnet_of(whole)
        assert subnet.inputs["availabilityZone"] == f"eu-central-1{'abc'[int(subnet.name[-1])]}"
    assert {tier: len(ids) for tier, ids in foundation.subnets.items()} == {"public": 3, "private": 3, "isolated": 3}
    assert len({subnet for ids in foundation.subnets.values() for subnet in ids}) == 9


def test_a_network_under_a_running_platform_is_not_made_anew(foundation: Foundation, environment: str) -> None:
    """Another range would be refused by the engine, before half of it is made."""
    parts = [*foundation.of("ec2/vpc:Vpc"), *foundation.of("ec2/subnet:Subnet")]
    assert len(parts) == 10
    assert {found.protect for found in parts} == {environment != "development"}


def test_each_zone_has_its_own_way_out_in_production_only() -> None:
    assert [len(built(environment).of("ec2/natGateway:NatGateway")) for environment in ENVIRONMENTS] == [1, 1, 3]
    routes = [one for one in built().of("ec2/route:Route") if "natGatewayId" in one.inputs]
    assert len({route.inputs["natGatewayId"] for route in routes}) == 3


def test_the_default_group_lets_nothing_through(foundation: Foundation) -> None:
    group = foundation.one("DefaultSecurityGroup")
    assert not group.inputs.get("ingress")
    assert not group.inputs.get("egress")
    for found in foundation.of("ec2/securityGroup:SecurityGroup"):
        assert not {"ingress", "egress"} & set(found.inputs), found.name
    assert not [rule for rule in foundation.of("IngressRule") if rule.inputs.get("cidrIpv4") == "0.0.0.0/0"]


def test_names_resolve_in_the_network(foundation: Foundation) -> None:
    vpc = foundation.one("ec2/vpc:Vpc").inputs
    assert vpc["enableDnsHostnames"] is True
    assert vpc["enableDnsSupport"] is True


def test_outside_development_traffic_is_private_and_logged(foundation: Foundation, environment: str) -> None:
    private = [one for one in foundation.of("VpcEndpoint") if one.inputs["vpcEndpointType"] == "Interface"]
    if environment == "development":
        assert not private
        assert not foundation.of("FlowLog")
        return
    services = {one.inputs["serviceName"].removeprefix("com.amazonaws.eu-central-1.") for one in private}
    assert services == {"ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs"}
    for one in private:
        assert one.inputs["privateDnsEnabled"] is True
        assert len(one.inputs["subnetIds"]) == 3
        assert one.inputs["policy"]
    guard = foundation.named("penguinmails-network-endpoints-in").inputs
    assert (guard["cidrIpv4"], guard["fromPort"], guard["toPort"]) == ("10.20.0.0/16", 443, 443)
    assert foundation.one("FlowLog").inputs["trafficType"] == "ALL"


def test_logs_are_encrypted_and_not_kept_for_ever(foundation: Foundation, environment: str) -> None:
    groups = foundation.of("cloudwatch/logGroup:LogGroup")
    assert len(groups) == (3 if environment == "development" else 4)
    for group in groups:
        assert group.inputs["kmsKeyId"].startswith("arn:aws:kms:")
        assert group.inputs["retentionInDays"] == (7 if environment == "development" else 90)


def test_services_reach_https_and_submission_only(foundation: Foundation) -> None:
    rules = [rule for rule in foundation.of("EgressRule") if rule.inputs.get("cidrIpv4")]
    assert {(rule.inputs["cidrIpv4"], rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules} == {
        ("0.0.0.0/0", 443, 443),
        ("0.0.0.0/0", 587, 587),
    }


def test_two_zones_and_another_range() -> None:
    foundation = build(aws={"region": "eu-west-1", "cidr": "10.9.0.0/22", "zones": 2})
    assert len(foundation.of("ec2/subnet:Subnet")) == 6
    assert len(foundation.of("NatGateway")) == 2
    assert foundation.one("ec2/vpc:Vpc").inputs["cidrBlock"] == "10.9.0.0/22"


def test_a_third_zone_moves_no_subnet() -> None:
    few, many = (build(aws={"region": "eu-west-1", "zones": zones}) for zones in (2, 3))
    for subnet in few.of("ec2/subnet:Subnet"):
        assert many.named(subnet.name).inputs["cidrBlock"] == subnet.inputs["cidrBlock"]


def test_an_existing_network_is_used_and_not_changed() -> None:
    foundation = build(aws={"region": "eu-central-1", "existing_network": EXISTING})
    made = {found.typ for found in foundation.own if found.parent.endswith("penguinmails-network")}
    assert made == {
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    }
    assert foundation.subnets["isolated"] == EXISTING["isolated_subnet_ids"]
    assert foundation.one("SubnetGroup").inputs["subnetIds"] == EXISTING["isolated_subnet_ids"]
    assert {group.inputs["vpcId"] for group in foundation.of("ec2/securityGroup:SecurityGroup")} == {EXISTING["vpc_id"]}


def test_an_existing_network_that_does_not_fit_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []
    monkeypatch.setattr(
        existing_network, "_subnet", lambda identifier, _: FoundSubnet(identifier, EXISTING_VPC, "eu-central-1a", "euc1-az2")
    )
    monkeypatch.setattr(Simulated, "new_resource", lambda _, args: (registered.append(args.typ) or args.name, args.inputs))
    with pytest.raises(stackfile.StackFileError) as error:
        build(aws={"region": "eu-central-1", "existing_network": EXISTING})
    assert len(error.value.problems) == 4
    assert error.value.problems[0] == (
        "platform.aws.existing_network.public_subnet_ids[1]: subnet-0a0000000000000a2 is in eu-central-1a, as "
        "subnet-0a0000000000000a1 is; use one subnet a zone"
    )
    assert not [typ for typ in registered if typ.startswith("aws:")]


def test_a_region_with_too_few_zones_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []
    monkeypatch.setattr(Simulated, "call", lambda _, args: {"names": ["us-west-1b", "us-west-1a"]})
    monkeypatch.setattr(Simulated, "new_resource", lambda _, args: (registered.append(args.typ) or args.name, args.inputs))
    with pytest.raises(stackfile.StackFileError, match=r"^platform\.aws\.zones: 3 is above the 2 that us-west-1 has; use 2$"):
        build(aws={"region": "us-west-1"})
    assert not [typ for typ in registered if typ.startswith("aws:")]


def test_no_subnet_is_in_a_zone_without_fargate(monkeypatch: pytest.MonkeyPatch) -> None:
    excluded: list[str] = []
    answer = Simulated.call

    def call(simulated: Simulated, args: MockCallArgs) -> Any:
        excluded.extend(args.args.get("excludeZoneIds") or [])
        return answer(simulated, args)

    monkeypatch.setattr(Simulated, "call", call)
    build(aws={"region": "ap-northeast-1"})
    assert excluded == ["apne1-az3", "use1-az3", "usw1-az2"]
