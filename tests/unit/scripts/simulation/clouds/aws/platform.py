"""A whole mail platform on AWS, right in every part: the simulated cloud must take all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
ACCOUNT, REGION = "123456789012", "eu-central-1"

Part = tuple[str, str, Mapping[str, Any]]


def out(name: str, output: str = "id") -> dict[str, str]:
    """An output of another part, filled in when it is made."""
    return {"__of": name, "__output": output}


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str) -> str:
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def network() -> list[Part]:
    parts: list[Part] = [
        ("ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "tags": {"Name": "mail"}}),
        ("ec2/internetGateway:InternetGateway", "gateway", {"vpcId": out("vpc")}),
        ("ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", {"vpcId": out("vpc")}),
        ("ec2/routeTable:RouteTable", "public", {"vpcId": out("vpc")}),
        (
            "ec2/route:Route",
            "internet",
            {"routeTableId": out("public"), "destinationCidrBlock": "0.0.0.0/0", "gatewayId": out("gateway")},
        ),
    ]
    for number, zone in enumerate(ZONES):
        for offset, tier in enumerate(("public", "app", "data")):
            block = f"10.0.{offset * 16 + number}.0/24"
            inside = {"vpcId": out("vpc"), "cidrBlock": block, "availabilityZone": zone}
            parts.append(("ec2/subnet:Subnet", f"{tier}-{number}", {**inside, "mapPublicIpOnLaunch": False}))
        parts += [
            (
                "ec2/routeTableAssociation:RouteTableAssociation",
                f"public-{number}-table",
                {"subnetId": out(f"public-{number}"), "routeTableId": out("public")},
            ),
            ("ec2/eip:Eip", f"address-{number}", {"domain": "vpc"}),
            (
                "ec2/natGateway:NatGateway",
                f"nat-{number}",
                {"subnetId": out(f"public-{number}"), "allocationId": out(f"address-{number}")},
            ),
            ("ec2/routeTable:RouteTable", f"app-{number}-table", {"vpcId": out("vpc")}),
            (
                "ec2/route:Route",
                f"app-{number}-internet",
                {
                    "routeTableId": out(f"app-{number}-table"),
                    "destinationCidrBlock": "0.0.0.0/0",
                    "natGatewayId": out(f"nat-{number}"),
                },
            ),
            (
                "ec2/routeTableAssociation:RouteTableAssociation",
                f"app-{number}-association",
                {"subnetId": out(f"app-{number}"), "routeTableId": out(f"app-{number}-table")},
            ),
        ]
    for name, port in (("edge", 443), ("service", 8000), ("database", 5432)):
        parts.append(("ec2/securityGroup:SecurityGroup", name, {"vpcId": out("vpc"), "description": f"{name} of mail"}))
        if name != "edge":
            source = {"service": "edge", "database": "service"}[name]
            parts.append(
                (
                    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                    f"{name}-in",
                    {
                        "securityGroupId": out(name),
                        "referencedSecurityGroupId": out(source),
                        "ipProtocol": "tcp",
                        "fromPort": port,
                        "toPort": port,
                    },
                )
            )
    parts += [
        (
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "service-out",
            {"securityGroupId": out("service"), "cidrIpv4": "0.0.0.0/0", "ipProtocol": "-1"},
        ),
        (
            "ec2/vpcEndpoint:VpcEndpoint",
            "s3",
            {"vpcId": out("vpc"), "serviceName": f"com.amazonaws.{REGION}.s3", "routeTableIds": [out("app-0-table")]},
        ),
        (
            "ec2/vpcEndpoint:VpcEndpoint",
            "secrets",
            {
                "vpcId": out("vpc"),
                "serviceName": f"com.amazonaws.{REGION}.secretsmanager",
                "vpcEndpointType": "Interface",
                "privateDnsEnabled": True,
                "subnetIds": [out("app-0"), out("app-1")],
                "securityGroupIds": [out("service")],
            },
        ),
    ]
    return parts
