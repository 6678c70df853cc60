"""Private ways to AWS's own services."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import Account, account
from components.aws.documents import document
from components.aws.security_groups import allow_in, group
from components.aws.tags import tags
from components.contract import Identity

SERVICES = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs")
"""What tasks call: images, logs, secrets and queues. Keys are not among them: the services that use them call KMS themselves.
About 7 dollars a month each and zone (0.01 an hour), 110 in three zones, and a cent a GiB; NAT takes 4.5 cents a GiB. Outside
development only."""


def gateway_endpoint(
    name: str, identity: Identity, vpc: Output[str], tables: Sequence[Output[str]], parent: pulumi.Resource
) -> None:
    """Object storage without the NAT gateway; it costs nothing.

    It has no policy of its own: layers of images come from buckets of other accounts by signed addresses, and what a task may
    read is said by its role.
    """
    aws.ec2.VpcEndpoint(
        f"{name}-s3",
        vpc_id=vpc,
        service_name=Output.concat("com.amazonaws.", account(parent).region, ".s3"),
        vpc_endpoint_type="Gateway",
        route_table_ids=tables,
        tags=tags(identity, "network", naming.physical(identity, "s3", naming.TAG_LIMIT)),
        opts=ResourceOptions(parent=parent),
    )


def interface_endpoints(
    name: str, identity: Identity, vpc: aws.ec2.Vpc, subnets: Sequence[Output[str]], parent: pulumi.Resource
) -> None:
    """One endpoint a service in every private subnet, reached over TLS from inside the network only."""
    guard = group(f"{name}-endpoints", identity, "network", "endpoints", "Private endpoints of AWS services", vpc.id, parent)
    says = "HTTPS from inside the network"
    allow_in(f"{name}-endpoints-in", identity, "network", vpc.cidr_block, guard.id, 443, says, parent)
    here = account(parent)
    for service in SERVICES:
        role = service.replace(".", "-")
        aws.ec2.VpcEndpoint(
            f"{name}-{role}",
            vpc_id=vpc.id,
            service_name=Output.concat("com.amazonaws.", here.region, ".", service),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=subnets,
            security_group_ids=[guard.id],
            policy=_policy(service, here),
            tags=tags(identity, "network", naming.physical(identity, role, naming.TAG_LIMIT)),
            opts=ResourceOptions(parent=parent),
        )


def _policy(service: str, here: Account) -> Output[str]:
    return here.id.apply(lambda found: own_account_only(service, found))


def own_account_only(service: str, account: str) -> str:
    """The policy of an endpoint: nobody carries data out with another account's credentials. Pure."""
    statement = {
        "Sid": "OwnAccount",
        "Effect": "Allow",
        "Principal": "*",
        "Action": f"{service.split('.', maxsplit=1)[0]}:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": account}},
    }
    return document([statement])
