"""Policies and trust of roles, as documents."""

from __future__ import annotations

import json
from typing import Any

from components.aws.roles import document, trust


def statements(*permissions: tuple[str, list[str], list[str]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(document(permissions))["Statement"]
    return found


def test_each_permission_is_a_statement_with_its_reason() -> None:
    [first, second] = statements(("pull the image", ["ecr:B", "ecr:A"], ["arn:b", "arn:a"]), ("", ["s3:GetObject"], ["arn:c"]))
    assert first == {"Sid": "PullTheImage", "Effect": "Allow", "Action": ["ecr:A", "ecr:B"], "Resource": ["arn:a", "arn:b"]}
    assert "Sid" not in second


def test_what_is_given_twice_stands_once() -> None:
    assert len(statements(("read", ["a:B"], ["arn:a"]), ("read again", ["a:B"], ["arn:a"]))) == 1


def test_two_statements_of_one_reason_have_ids_of_their_own() -> None:
    found = statements(("read", ["a:B"], ["arn:a"]), ("read", ["a:B"], ["arn:b"]), ("read", ["a:C"], ["arn:b"]))
    assert [one["Sid"] for one in found] == ["Read", "Read2", "Read3"]


def test_a_role_is_taken_on_for_this_account_and_the_named_resources_only() -> None:
    source = "arn:aws:ecs:eu-central-1:123456789012:*"
    [statement] = json.loads(trust("ecs-tasks.amazonaws.com", "123456789012", source))["Statement"]
    assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": source},
    }
    [open_to_all] = json.loads(trust("x.amazonaws.com", None))["Statement"]
    assert "Condition" not in open_to_all
