"""Where this program works: account, partition and region, as the provider of the parent answers."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output


@dataclass(frozen=True)
class Account:
    """`id`: twelve digits. `partition`: `aws` or `aws-us-gov`; it begins every ARN. Others are refused in `limits.py`."""

    id: Output[str]
    partition: Output[str]
    region: Output[str]


def account(parent: pulumi.Resource) -> Account:
    lookup = InvokeOptions(parent=parent)
    return Account(
        id=aws.get_caller_identity_output(opts=lookup).account_id,
        partition=aws.get_partition_output(opts=lookup).partition,
        region=aws.get_region_output(opts=lookup).region,
    )
