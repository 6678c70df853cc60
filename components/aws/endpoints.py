"""Private ways to AWS's own services."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components import naming
from components.aws.security_groups import group
from components.aws.tags import tags
from components.contract import Identity

SERVICES = ("ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sqs")
"""What tasks call all the time: images, keys, logs, secrets, queues. About 7 dollars a month each and zone."""


def gateway_endpoint(
    name: str, identity: Identity, vpc: Output[str], tables: Sequence[Output[str]], parent: pulumi.Resource
) -> None:
    """Object storage without the NAT gateway; it costs nothing."""
    aws.ec2.VpcEndpoint(
        f"{name}-s3",
        vpc_id=vpc,
        service_name=_service("s3", parent),
        vpc_endpoint_type="Gateway",
        route_table_ids=tables,
        tags=tags(identity, "network", naming.physical(identity, "s3", naming.TAG_LIMIT)),
        opts=ResourceOptions(parent=parent),
    )


def interface_endpoints(
    name: str, identity: Identity, vpc: aws.ec2.Vpc, subnets: Sequence[Output[str]], parent: pulumi.Resource
) -> None:
    """One endpoint a service in every private subnet, reached over TLS from inside the network only."""
    guard = group(f"{name}-endpoints", identity, "endpoints", "Private endpoints of AWS services", vpc.id, parent)
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-endpoints-in",
        security_group_id=guard.id,
        cidr_ipv4=vpc.cidr_block,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="HTTPS from inside the network",
        tags=tags(identity, "network", f"{name}-endpoints-in"),
        opts=ResourceOptions(parent=parent),
    )
    for service in SERVICES:
        role = service.replace(".", "-")
        aws.ec2.VpcEndpoint(
            f"{name}-{role}",
            vpc_id=vpc.id,
            service_name=_service(service, parent),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=subnets,
            security_group_ids=[guard.id],
            tags=tags(identity, "network", naming.physical(identity, role, naming.TAG_LIMIT)),
            opts=ResourceOptions(parent=parent),
        )


def _service(service: str, parent: pulumi.Resource) -> Output[str]:
    region = aws.get_region_output(opts=InvokeOptions(parent=parent)).region
    return Output.concat("com.amazonaws.", region, ".", service)
