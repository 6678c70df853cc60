"""Ids and ARNs: made, recognised, assumed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD, ids
from scripts.simulation.world import Place
from tests.unit.scripts.simulation.clouds.aws.helpers import candidate

ARN = "arn:aws:{}:eu-central-1:123456789012:{}"


@pytest.mark.parametrize(
    ("token", "inputs", "form"),
    [
        ("ec2/vpc:Vpc", {}, r"vpc-0[0-9a-f]{16}"),
        ("rds/instance:Instance", {"identifier": "mail"}, r"db-[A-Z2-7]{26}"),
        ("vpc/securityGroupIngressRule:SecurityGroupIngressRule", {}, r"sgr-0[0-9a-f]{16}"),
        ("iam/role:Role", {"name": "api"}, "api"),
        ("iam/policy:Policy", {"name": "read", "path": "/mail/"}, r"arn:aws:iam::123456789012:policy/mail/read"),
        ("sqs/queue:Queue", {"name": "jobs"}, r"https://sqs\.eu-central-1\.amazonaws\.com/123456789012/jobs"),
        ("sns/topic:Topic", {"name": "alerts"}, ARN.format("sns", "alerts")),
        ("s3/bucket:Bucket", {"bucket": "mail"}, "mail"),
        ("kms/key:Key", {}, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"),
        ("kms/key:Key", {"multiRegion": True}, r"mrk-[0-9a-f]{32}"),
        ("secretsmanager/secret:Secret", {"name": "a/b"}, ARN.format("secretsmanager", r"secret:a/b-[A-Z2-7]{6}")),
        ("secretsmanager/secretVersion:SecretVersion", {"secretId": "arn:x"}, r"arn:x\|[0-9a-f-]{36}"),
        (
            "ecs/service:Service",
            {"name": "api", "cluster": ARN.format("ecs", "cluster/mail")},
            ARN.format("ecs", "service/mail/api"),
        ),
        ("ecs/taskDefinition:TaskDefinition", {"family": "api"}, r"api:\d+"),
        (
            "lb/loadBalancer:LoadBalancer",
            {"name": "mail"},
            ARN.format("elasticloadbalancing", r"loadbalancer/app/mail/[0-9a-f]{16}"),
        ),
        (
            "lb/listener:Listener",
            {"loadBalancerArn": ARN.format("elasticloadbalancing", "loadbalancer/app/mail/0a")},
            ARN.format("elasticloadbalancing", r"listener/app/mail/0a/[0-9a-f]{16}"),
        ),
        ("route53/zone:Zone", {"name": "example.org"}, r"Z[A-Z2-7]{20}"),
        ("route53/record:Record", {"zoneId": "Z1", "name": "www.example.org.", "type": "A"}, r"Z1_www\.example\.org_A"),
        (
            "rds/proxyTarget:ProxyTarget",
            {"dbProxyName": "p", "targetGroupName": "default", "dbInstanceIdentifier": "m"},
            "p/default/RDS_INSTANCE/m",
        ),
        ("sns/topicPolicy:TopicPolicy", {"arn": "arn:t", "policy": "{}"}, "arn:t"),
        ("glue/job:Job", {"name": "x"}, "x"),
        ("glue/job:Job", {}, r"job-[0-9a-f]{17}"),
    ],
)
def test_ids_have_the_form_of_their_type(token: str, inputs: dict[str, Any], form: str) -> None:
    assert re.fullmatch(form, CLOUD.identifier(candidate(token, inputs)))


def test_ids_depend_on_the_seed_alone() -> None:
    first, second = (CLOUD.identifier(candidate("ec2/vpc:Vpc", {}, seed=digit * 32)) for digit in "01")
    assert first != second
    assert first == CLOUD.identifier(candidate("ec2/vpc:Vpc", {"tags": {"a": "b"}}, seed="0" * 32))


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ("vpc-0a1b2c3d4e5f60718", "aws:ec2/vpc:Vpc"),
        ("vpc-1a2b3c4d", "aws:ec2/vpc:Vpc"),
        ("subnet-0a1b2c3d4e5f60718", "aws:ec2/subnet:Subnet"),
        ("sg-0a1b2c3d4e5f60718", "aws:ec2/securityGroup:SecurityGroup"),
        ("arn:aws:sqs:eu-central-1:123456789012:jobs", "aws:sqs/queue:Queue"),
        ("arn:aws:iam::123456789012:role/service/api", "aws:iam/role:Role"),
        ("arn:aws:kms:eu-central-1:123456789012:key/0a1b", "aws:kms/key:Key"),
        ("arn:aws:s3:::mail", "aws:s3/bucket:Bucket"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", None),
        ("arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", None),
        ("arn:aws:iam::123456789012:root", None),
        ("arn:aws:s3:::mail/*", None),
        ("arn:aws:s3:::mail/key", None),
        ("arn:aws:logs:eu-central-1:123456789012:log-group:/mail:*", None),
        ("vpc-mail", None),
        ("a sentence with vpc-0a1b2c3d4e5f60718", None),
    ],
)
def test_ids_are_recognised_by_their_form(value: str, token: str | None) -> None:
    assert CLOUD.recognise(value) == token


def test_what_comes_with_a_vpc_is_no_resource_of_its_own() -> None:
    group = ids.with_owner("sg", "vpc-0a1b2c3d4e5f60718")
    assert re.fullmatch(r"sg-f[0-9a-f]{16}", group)
    assert CLOUD.recognise(group) is None
    default = candidate("ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": "vpc-0a1b2c3d4e5f60718"})
    assert CLOUD.identifier(default) == group
    assert CLOUD.outputs(candidate("ec2/vpc:Vpc", {}), "vpc-0a1b2c3d4e5f60718")["defaultSecurityGroupId"] == group


def test_what_a_stack_file_names_is_assumed_to_exist() -> None:
    vpc = CLOUD.assumed("vpc-0a1b2c3d4e5f60718")
    assert vpc is not None
    assert (vpc.token, vpc.id, vpc.urn) == ("aws:ec2/vpc:Vpc", "vpc-0a1b2c3d4e5f60718", "")
    key = CLOUD.assumed("arn:aws:kms:us-east-1:999999999999:key/0a1b")
    assert key is not None
    assert (key.id, key.place) == ("0a1b", Place("aws", "999999999999", "us-east-1"))
    zone = CLOUD.assumed("Z0123456789ABCDEFGHIJ")
    assert zone is not None
    assert zone.token == "aws:route53/zone:Zone"
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b"
    known = CLOUD.assumed(certificate)
    assert known is not None
    assert known.id == certificate
    assert CLOUD.assumed("example.org") is None
