"""A key's policy: administration without use, use through named services only."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

import pytest

from components.aws.keys import key_policy

DATA = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")


def statements(services: tuple[str, ...] = ("rds", "secretsmanager"), logs: bool = True) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = key_policy("123456789012", "aws-cn", "cn-north-1", services=services, logs=logs)[
        "Statement"
    ]
    return found


def actions(statement: Mapping[str, Any]) -> list[str]:
    return statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]


@pytest.mark.parametrize("action", DATA)
def test_nobody_uses_a_key_without_a_condition(action: str) -> None:
    using = [one for one in statements() if any(fnmatch.fnmatchcase(action, pattern) for pattern in actions(one))]
    assert using
    assert all(one.get("Condition") for one in using)


def test_the_account_can_always_mend_the_policy() -> None:
    [administers] = [one for one in statements((), logs=False) if "kms:PutKeyPolicy" in actions(one)]
    assert administers["Principal"] == {"AWS": "arn:aws-cn:iam::123456789012:root"}
    assert "Condition" not in administers
    assert "kms:DisableKeyRotation" not in actions(administers)
    assert not [action for action in actions(administers) if "*" in action]


def test_use_is_bound_to_services_region_and_account() -> None:
    through = [one["Condition"]["StringEquals"] for one in statements(logs=False) if "Condition" in one]
    assert len(through) == 2
    for condition in through:
        assert condition["kms:CallerAccount"] == "123456789012"
        assert condition["kms:ViaService"] == ["rds.cn-north-1.amazonaws.com", "secretsmanager.cn-north-1.amazonaws.com"]


def test_grants_are_for_services_of_aws_only() -> None:
    [granting] = [one for one in statements() if "kms:CreateGrant" in actions(one)]
    assert granting["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_logs_encrypt_for_their_own_account_and_only_where_asked() -> None:
    [logs] = [one for one in statements() if "Service" in one["Principal"]]
    assert logs["Principal"] == {"Service": "logs.cn-north-1.amazonaws.com"}
    assert logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] == "arn:aws-cn:logs:cn-north-1:123456789012:*"
    assert not [one for one in statements(logs=False) if "Service" in one["Principal"]]
