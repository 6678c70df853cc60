"""`getPolicyDocument`, as Terraform's provider renders it."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD
from scripts.simulation.values import Problem
from scripts.simulation.world import World
from tests.unit.scripts.simulation.clouds.aws.helpers import HERE


def answer(**arguments: Any) -> Any:
    return CLOUD.invoke("aws:iam/getPolicyDocument:getPolicyDocument", arguments, HERE, World())


def document(**arguments: Any) -> Any:
    found = answer(**arguments)
    assert not isinstance(found, Problem), found
    return json.loads(found["json"])


def test_the_text_is_that_of_the_provider() -> None:
    found = answer(
        statements=[
            {
                "sid": "Send",
                "actions": ["sqs:GetQueueUrl", "sqs:SendMessage"],
                "resources": ["arn:aws:sqs:eu-central-1:123456789012:jobs"],
                "principals": [{"type": "AWS", "identifiers": ["arn:aws:iam::123456789012:role/api"]}],
                "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}],
            }
        ]
    )
    expected = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Send",
      "Effect": "Allow",
      "Action": [
        "sqs:SendMessage",
        "sqs:GetQueueUrl"
      ],
      "Resource": "arn:aws:sqs:eu-central-1:123456789012:jobs",
      "Principal": {
        "AWS": "arn:aws:iam::123456789012:role/api"
      },
      "Condition": {
        "StringEquals": {
          "aws:SourceAccount": "123456789012"
        }
      }
    }
  ]
}"""
    assert found["json"] == expected
    assert found["minifiedJson"] == json.dumps(json.loads(expected), separators=(",", ":"))
    assert found["id"] == str(zlib.crc32(expected.encode()))
    assert found["version"] == "2012-10-17"


@pytest.mark.parametrize(
    ("principals", "rendered"),
    [
        ([{"type": "*", "identifiers": ["*"]}], "*"),
        ([{"type": "AWS", "identifiers": ["*"]}], {"AWS": "*"}),
        (
            [{"type": "Service", "identifiers": ["a.amazonaws.com", "b.amazonaws.com"]}],
            {"Service": ["b.amazonaws.com", "a.amazonaws.com"]},
        ),
        (
            [{"type": "Service", "identifiers": ["a.amazonaws.com"]}, {"type": "AWS", "identifiers": ["1", "2"]}],
            {"AWS": ["2", "1"], "Service": "a.amazonaws.com"},
        ),
        ([{"type": "AWS", "identifiers": ["1"]}, {"type": "AWS", "identifiers": ["2", "3"]}], {"AWS": ["1", "3", "2"]}),
    ],
)
def test_principals(principals: list[Any], rendered: Any) -> None:
    found = document(statements=[{"actions": ["sts:AssumeRole"], "principals": principals}])
    assert found["Statement"][0]["Principal"] == rendered


def test_conditions_of_one_key_are_put_together_in_their_order() -> None:
    conditions = [
        {"test": "StringLike", "variable": "s3:prefix", "values": ["b", "a"]},
        {"test": "StringLike", "variable": "s3:prefix", "values": ["c"]},
        {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]},
    ]
    found = document(statements=[{"actions": ["s3:*"], "resources": ["*"], "conditions": conditions}])
    assert found["Statement"][0]["Condition"] == {
        "Bool": {"aws:SecureTransport": "false"},
        "StringLike": {"s3:prefix": ["b", "a", "c"]},
    }


def test_variables_and_signs_of_html() -> None:
    found = answer(statements=[{"actions": ["s3:*"], "resources": ["arn:aws:s3:::home/&{aws:username}", "a<b>&c"]}])
    assert '"arn:aws:s3:::home/${aws:username}"' in found["json"]
    assert r'"a\u003cb\u003e\u0026c"' in found["json"]


def test_other_parts() -> None:
    statement = {
        "effect": "Deny",
        "notActions": ["iam:*"],
        "notResources": ["b", "a"],
        "notPrincipals": [{"type": "AWS", "identifiers": ["1"]}],
    }
    found = document(statements=[statement], policyId="mine", version="2008-10-17")
    assert found == {
        "Version": "2008-10-17",
        "Id": "mine",
        "Statement": [{"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["b", "a"], "NotPrincipal": {"AWS": "1"}}],
    }


def test_a_later_statement_takes_the_place_of_one_with_its_sid() -> None:
    base = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": ["b:X", "a:X"], "Resource": "*"}]}
    )
    override = json.dumps({"Statement": [{"Sid": "B", "Effect": "Deny", "Action": "c:X", "Resource": "*"}]})
    own = [{"sid": "B", "actions": ["d:X"], "resources": ["*"]}, {"actions": ["e:X"], "resources": ["*"]}]
    found = document(sourcePolicyDocuments=[base], overridePolicyDocuments=[override], statements=own)
    assert [(one.get("Sid"), one["Action"]) for one in found["Statement"]] == [
        ("A", ["b:X", "a:X"]),
        ("B", "c:X"),
        (None, "e:X"),
    ]


def test_conditions_and_principals_of_other_documents_take_this_form() -> None:
    source = json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Condition": {"Bool": {"aws:SecureTransport": True}},
                    "Principal": {"AWS": ["1", "2"]},
                    "Action": "s3:*",
                }
            ]
        }
    )
    found = document(sourcePolicyDocuments=[source])["Statement"][0]
    assert found["Condition"] == {"Bool": {"aws:SecureTransport": "true"}}
    assert found["Principal"] == {"AWS": ["2", "1"]}


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"version": "2020-01-01"}, "version"),
        ({"statements": [{"sid": "not this"}]}, "statements[0].sid"),
        ({"statements": [{"sid": "A"}, {"sid": "A"}]}, "statements[1].sid"),
        ({"statements": [{"effect": "Maybe"}]}, "statements[0].effect"),
        ({"sourcePolicyDocuments": ["{"]}, "sourcePolicyDocuments[0]"),
        ({"sourcePolicyDocuments": ['{"Statement": {}}']}, "sourcePolicyDocuments[0]"),
        ({"version": "2008-10-17", "statements": [{"resources": ["&{aws:username}"]}]}, "statements[0].resources"),
    ],
)
def test_what_the_provider_refuses(arguments: dict[str, Any], path: str) -> None:
    found = answer(**arguments)
    assert isinstance(found, Problem)
    assert found.path == path


def test_two_sources_with_one_sid_are_refused() -> None:
    source = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "a:X", "Resource": "*"}]})
    found = answer(sourcePolicyDocuments=[source, source])
    assert isinstance(found, Problem)
    assert found.path == "sourcePolicyDocuments[1]"


def test_what_it_gives_is_accepted_as_a_policy() -> None:
    trust = answer(
        statements=[
            {"actions": ["sts:AssumeRole"], "principals": [{"type": "Service", "identifiers": ["ecs-tasks.amazonaws.com"]}]}
        ]
    )
    assert CLOUD.check("aws:iam/role:Role", {"name": "r", "assumeRolePolicy": trust["json"]}, HERE) == []
