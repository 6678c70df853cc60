"""Flow logs: which address spoke to which, and what was refused. Encrypted, and kept as long as all logs."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.keys import key
from components.aws.logs import log_group
from components.aws.roles import permissions_policy, service_role
from components.aws.tags import tags
from components.binding import Permission
from components.contract import Identity

_ACTIONS = ("logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents")
"""What delivery to a group that exists needs (VPC user guide, "IAM role for publishing flow logs"); it makes no group."""


def flow_logs(name: str, identity: Identity, vpc: Output[str], parent: pulumi.Resource) -> None:
    """All traffic of a network, a minute at a time: more lines than ten minutes, paid by the GiB (`logs.py`)."""
    encryption = key(f"{name}-flows", identity, "network", "flows", "Flow logs of the network", parent, logs=True)
    physical = f"/{naming.physical(identity, 'flows', naming.LOG_GROUP_LIMIT)}"
    destination = log_group(f"{name}-flows", identity, "network", physical, encryption, parent)
    role = service_role(f"{name}-flows-role", identity, "network", "flows", "vpc-flow-logs.amazonaws.com", parent)
    resources = [destination.arn, Output.concat(destination.arn, ":*")]
    right = Permission(_ACTIONS, resources, "to deliver flow logs")
    policy = permissions_policy(f"{name}-flows-policy", identity, role, [right], parent)
    aws.ec2.FlowLog(
        f"{name}-flow-log",
        vpc_id=vpc,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=destination.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=60,
        tags=tags(identity, "network", naming.physical(identity, "flows", naming.TAG_LIMIT)),
        opts=ResourceOptions(parent=parent, depends_on=[policy]),
    )
