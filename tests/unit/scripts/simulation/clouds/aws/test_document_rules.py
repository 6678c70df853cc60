"""Policies of identities, of resources and of keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.aws.helpers import said

POLICY, ROLE, KEY, BUCKET = "iam/policy:Policy", "iam/role:Role", "kms/key:Key", "s3/bucketPolicy:BucketPolicy"
ROOT = "arn:aws:iam::123456789012:root"


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::mail/*"}
OPEN = {**READ, "Principal": {"AWS": ROOT}}


@pytest.mark.parametrize(
    "statement",
    [
        READ,
        {**READ, "Action": ["s3:Get*", "sqs:*"], "Resource": "*"},
        {
            **READ,
            "Condition": {
                "ForAnyValue:StringLike": {"aws:PrincipalTag/team": ["a", "b"]},
                "Null": {"aws:TokenIssueTime": "true"},
            },
        },
        {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:iam::123456789012:role/*"]},
    ],
)
def test_policies_of_identities_that_are_right(statement: dict[str, Any]) -> None:
    assert said(POLICY, {"policy": document(statement)}) == {}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "is no JSON object"),
        (json.dumps({"Statement": [READ]}), "has no Version"),
        (document(READ, Version="2012-10-18"), "has the Version '2012-10-18'"),
        (document(), "has no Statement"),
        (document(READ, Statements=[]), "has 'Statements', which a policy has not"),
        (document({**READ, "Effect": "allow"}), "Statement[0] has the Effect 'allow'"),
        (document(READ, {**READ, "Action": None, "Actions": "s3:*"}), "Statement[1] has 'Actions'"),
        (document({key: value for key, value in READ.items() if key != "Action"}), "has no Action"),
        (document({**READ, "NotAction": "s3:*"}), "has both Action and NotAction"),
        (document({**READ, "Action": "GetObject"}), "has the Action 'GetObject'; write service:Name"),
        (document({**READ, "Action": []}), "has an empty Action"),
        (document({key: value for key, value in READ.items() if key != "Resource"}), "has no Resource"),
        (document({**READ, "Resource": "mail"}), "has the Resource 'mail'"),
        (document({**READ, "Resource": "arn:aws:s3"}), "which is no whole ARN"),
        (document(OPEN), "has a Principal, which belongs to policies of resources"),
        (document({**READ, "Sid": "read mail"}), "has the Sid 'read mail'"),
        (document({**READ, "Sid": "A"}, {**READ, "Sid": "A"}), "has the Sid A twice"),
        (document({**READ, "Condition": {"StringEqual": {"aws:SourceArn": "x"}}}), "'StringEqual', which does not exist"),
        (document({**READ, "Condition": {"StringEquals": {"SourceArn": "x"}}}), "write a condition key such as aws:SourceArn"),
        (document(*[{**READ, "Sid": f"S{number}"} for number in range(100)]), "6144 are taken, so split it"),
    ],
)
def test_policies_of_identities_that_are_wrong(policy: str, words: str) -> None:
    [(path, reason)] = said(POLICY, {"policy": policy}).items()
    assert (path, words in reason) == ("policy", True), reason


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (READ, "has no Principal"),
        ({**OPEN, "Principal": {"AWS": "mail"}}, "has 'mail' as Principal"),
        ({**OPEN, "Principal": {"Service": "ecs-tasks"}}, "has the service 'ecs-tasks'"),
        ({**OPEN, "Principal": {"User": "x"}}, "has 'User' in its Principal"),
        ({**OPEN, "Principal": ROOT}, "has the Principal"),
    ],
)
def test_policies_of_resources_name_who(statement: dict[str, Any], words: str) -> None:
    assert words in said(BUCKET, {"bucket": UNKNOWN, "policy": document(statement)})["policy"]
    assert said(BUCKET, {"bucket": UNKNOWN, "policy": document(OPEN, {**OPEN, "Principal": "*", "Effect": "Deny"})}) == {}


def test_a_trust_policy_is_about_assuming_the_role() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    assert said(ROLE, {"assumeRolePolicy": document(trust)}) == {}
    assert (
        "which a trust policy has not"
        in said(ROLE, {"assumeRolePolicy": document({**trust, "Resource": "*"})})["assumeRolePolicy"]
    )
    assert "use sts:AssumeRole" in said(ROLE, {"assumeRolePolicy": document({**trust, "Action": "s3:*"})})["assumeRolePolicy"]
    inline = {"assumeRolePolicy": document(trust), "inlinePolicies": [{"name": "a", "policy": "{"}]}
    assert list(said(ROLE, inline)) == ["inlinePolicies[0].policy"]
    managed = {"assumeRolePolicy": document(trust), "managedPolicyArns": ["ReadOnlyAccess"]}
    assert list(said(ROLE, managed)) == ["managedPolicyArns[0]"]
    assert list(said(ROLE, {"assumeRolePolicy": document(trust), "maxSessionDuration": 60})) == ["maxSessionDuration"]


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ({"Action": "kms:*", "Principal": {"AWS": ROOT}}, True),
        ({"Action": ["kms:PutKeyPolicy", "kms:Encrypt"], "Principal": {"AWS": "arn:aws:iam::123456789012:role/admin"}}, True),
        ({"Action": "kms:*", "Principal": {"AWS": "123456789012"}}, True),
        ({"Action": "kms:Encrypt", "Principal": {"AWS": ROOT}}, False),
        ({"Action": "kms:*", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}}, False),
        ({"Action": "kms:*", "Principal": {"Service": "logs.amazonaws.com"}}, False),
    ],
)
def test_a_key_stays_manageable(statement: dict[str, Any], kept: bool) -> None:
    policy = document({"Effect": "Allow", "Resource": "*", **statement})
    assert said(KEY, {"policy": policy}) == (
        {} if kept else {"policy": f"lets nobody of the account change it again; allow kms:* to {ROOT}"}
    )
    assert said(KEY, {"policy": policy, "bypassPolicyLockoutSafetyCheck": True}) == {}
    assert said(KEY, {"policy": UNKNOWN}) == {}
