"""Names that are made up, and names that are refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.clouds.aws import CLOUD, names
from scripts.simulation.server.direct import Direct
from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.aws.helpers import SEED, candidate, said


@pytest.mark.parametrize(
    ("token", "logical", "inputs", "made"),
    [
        ("sqs/queue:Queue", "jobs", {}, {"name": "jobs-0123456"}),
        ("sqs/queue:Queue", "jobs", {"fifoQueue": True}, {"name": "jobs-0123456.fifo"}),
        ("rds/instance:Instance", "Mail", {}, {"identifier": "mail-0123456"}),
        ("s3/bucket:Bucket", "Mail", {}, {"bucket": "mail-0123456"}),
        ("kms/alias:Alias", "mail", {}, {"name": "alias/mail-0123456"}),
        ("lb/targetGroup:TargetGroup", "a-very-long-name-of-a-target-group", {}, {"name": "a-very-long-name-of-a-ta-0123456"}),
        ("lb/targetGroup:TargetGroup", "web", {"namePrefix": "web-"}, {}),
        ("s3/bucket:Bucket", "mail", {"bucketPrefix": "mail-"}, {}),
        ("sqs/queue:Queue", "jobs", {"name": "mine"}, {}),
        ("ecs/taskDefinition:TaskDefinition", "api", {}, {}),
    ],
)
def test_a_name_that_is_left_out_is_made_up(token: str, logical: str, inputs: dict[str, Any], made: dict[str, str]) -> None:
    found = CLOUD.defaults(f"aws:{token}", logical, inputs, {}, SEED)
    fields = {"name", "identifier", "bucket", "family"}
    assert {key: value for key, value in found.items() if key in fields} == made


def test_a_name_that_was_made_up_is_kept() -> None:
    found = CLOUD.defaults("aws:sqs/queue:Queue", "jobs", {}, {"name": "jobs-fffffff"}, SEED)
    assert found["name"] == "jobs-fffffff"


def test_a_prefix_gives_a_name_with_a_moment_that_stays() -> None:
    made = CLOUD.outputs(candidate("lb/targetGroup:TargetGroup", {"namePrefix": "mail-"}), "arn:x")["name"]
    assert re.fullmatch(r"mail-\d{26}", made)


@given(st.sampled_from(sorted(names.RULES)), st.from_regex(r"\A[a-z][a-z0-9-]{0,80}\Z"))
def test_every_name_that_is_made_up_is_accepted(token: str, logical: str) -> None:
    rule = names.RULES[token]
    if not rule.auto or token.startswith("aws:guardduty"):
        return
    base = logical.replace("--", "-").rstrip("-") or "a"
    made = names.defaults(token, re.sub("-+", "-", base), {}, {}, SEED)
    assert [str(problem) for problem in names.problems(token, made)] == []


@pytest.mark.parametrize(
    ("token", "inputs", "path"),
    [
        ("rds/instance:Instance", {"snapshotIdentifier": "s", "identifier": "9mail"}, "identifier"),
        ("rds/instance:Instance", {"snapshotIdentifier": "s", "identifier": "mail--db"}, "identifier"),
        ("rds/instance:Instance", {"snapshotIdentifier": "s", "identifier": "Mail"}, "identifier"),
        ("rds/instance:Instance", {"snapshotIdentifier": "s", "identifier": "m" * 64}, "identifier"),
        ("rds/subnetGroup:SubnetGroup", {"name": "default", "subnetIds": []}, "name"),
        ("s3/bucket:Bucket", {"bucket": "ab"}, "bucket"),
        ("s3/bucket:Bucket", {"bucket": "192.168.0.1"}, "bucket"),
        ("s3/bucket:Bucket", {"bucket": "mail..archive"}, "bucket"),
        ("s3/bucket:Bucket", {"bucket": "mail_archive"}, "bucket"),
        ("lb/loadBalancer:LoadBalancer", {"name": "internal-mail", "subnets": UNKNOWN}, "name"),
        ("lb/targetGroup:TargetGroup", {"namePrefix": "mail-api-", "targetType": "lambda"}, "namePrefix"),
        ("kms/alias:Alias", {"name": "mail", "targetKeyId": UNKNOWN}, "name"),
        ("kms/alias:Alias", {"name": "alias/aws/mail", "targetKeyId": UNKNOWN}, "name"),
        ("iam/role:Role", {"name": "mail role", "assumeRolePolicy": UNKNOWN}, "name"),
        ("ec2/securityGroup:SecurityGroup", {"name": "sg-mail"}, "name"),
        ("cloudwatch/logGroup:LogGroup", {"name": "aws/mail"}, "name"),
        ("ecs/taskDefinition:TaskDefinition", {"family": "a/b", "containerDefinitions": UNKNOWN}, "family"),
        ("secretsmanager/secret:Secret", {"name": "mail secret"}, "name"),
    ],
)
def test_a_name_that_the_service_refuses(token: str, inputs: dict[str, Any], path: str) -> None:
    assert list(said(token, inputs)) == [path]


def test_the_sentence_says_how_long_a_name_may_be() -> None:
    assert said("lb/targetGroup:TargetGroup", {"name": "w" * 33, "targetType": "lambda"}) == {
        "name": f"'{'w' * 33}' is 33 characters long; use 1 to 32"
    }


def test_nothing_is_said_of_a_name_that_is_not_known_yet() -> None:
    assert said("sqs/queue:Queue", {"name": UNKNOWN}) == {}


@pytest.mark.parametrize(
    ("token", "inputs", "change", "first"),
    [
        ("lb/targetGroup:TargetGroup", {"name": "mail", "port": 80, "targetType": "lambda"}, {"port": 81}, True),
        ("lb/targetGroup:TargetGroup", {"name": "web-0123456", "port": 80, "targetType": "lambda"}, {"port": 81}, False),
        ("lb/targetGroup:TargetGroup", {"namePrefix": "mail-", "port": 80, "targetType": "lambda"}, {"port": 81}, False),
        ("kms/alias:Alias", {"name": "alias/web-0123456", "region": "eu-central-1"}, {"region": "eu-west-1"}, False),
        ("ec2/natGateway:NatGateway", {"subnetId": "a", "connectivityType": "public"}, {"subnetId": "b"}, False),
    ],
)
def test_what_has_a_name_of_its_own_goes_before_what_replaces_it(
    token: str, inputs: dict[str, Any], change: dict[str, Any], first: bool
) -> None:
    """A name that is fixed would be taken; one that is made up, or a prefix, is not."""
    provider = Direct()._provider("aws:x")
    urn = f"urn:pulumi:test::mail::aws:{token}::web"
    found, delete_first = provider.diff(urn, "web", inputs, {**inputs, **change})
    assert found.replacing == set(change)
    assert delete_first is first
