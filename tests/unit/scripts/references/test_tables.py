"""Tables from resources."""

from __future__ import annotations

import json
from typing import Any

from scripts.references import tables
from scripts.references.gather import Made


def policy(
    *statements: dict[str, Any], name: str = "penguinmails-api-policy", token: str = "iam/rolePolicy:RolePolicy"
) -> Made:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return Made("aws-production", "aws", "Service", f"aws:{token}", name, {"policy": document})


def test_a_statement_is_a_row_without_what_differs_between_installations() -> None:
    arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:penguinmails-aws-production-key-a1B2c3"
    found = policy({"Sid": "ReadOwnSecrets", "Effect": "Allow", "Action": ["s:Get", "s:List"], "Resource": arn})
    resource = "`arn:aws:secretsmanager:REGION:ACCOUNT:secret:penguinmails-STACK-key-…`"
    rows = tables.permissions([found, found]).splitlines()[2:]
    assert rows == [f"| api | `s:Get`<br>`s:List` | {resource} | read own secrets |"]


def test_a_condition_is_told() -> None:
    condition = {"StringLike": {"ses:FromAddress": "*@example.com"}}
    found = policy({"Action": "ses:SendRawEmail", "Resource": "arn:x", "Condition": condition, "Sid": "SendMail"})
    assert 'only with `{"StringLike": {"ses:FromAddress": "*@example.com"}}`' in tables.permissions([found])


def test_a_capability_is_its_types_a_reason_or_that_none_is_needed() -> None:
    made = [
        Made("aws-production", "aws", "Queue", "aws:sqs/queue:Queue", "a", {}),
        Made("aws-development", "aws", "Queue", "aws:sqs/queue:Queue", "b", {}),
        Made("docker-local", "docker", "Queue", "docker:index/service:Service", "c", {}),
    ]
    table = tables.capabilities(made, {"docker": {"Mail": "**refused**: not yet"}})
    assert "| queues | `Service` | `sqs.Queue` |" in table
    assert "| mail | **refused**: not yet | needs none |" in table


def test_sids_are_words() -> None:
    assert tables.spaced("ReadOwnSecrets") == "read own secrets"
    assert tables.spaced("LogInToRDS") == "log in to RDS"
    assert tables.spaced("") == ""
