"""What AWS's logs, zones and certificates cannot honour is refused by its field, with what to write instead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import stackfile
from components.aws.foundation_limits import LOG_RETENTION_DAYS, foundation_limits
from components.spec import PlatformSpec

ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e"
GOOD: dict[str, Any] = {
    "target": "aws",
    "environment": "production",
    "domain": "mail.example.com",
    "services": {"api": {"image": "api", "public_path": "/"}},
    "aws": {"region": "eu-central-1"},
    "dns": {},
}
SUPPLIED: dict[str, Any] = {"edge": {"certificate": "supplied"}, "dns": None}


def parsed(**sections: Any) -> PlatformSpec:
    return stackfile.parse(json.dumps({key: value for key, value in {**GOOD, **sections}.items() if value is not None}))


def said(**sections: Any) -> dict[str, str]:
    return {gap.field: gap.reason for gap in foundation_limits(parsed(**sections))}


def test_right_descriptions_are_taken() -> None:
    assert said() == {}
    assert said(dns={"zone": "example.com", "create_zone": False}) == {}
    assert said(**SUPPLIED, aws={"region": "eu-central-1", "certificate_arn": ARN}) == {}
    assert said(**SUPPLIED, aws={"region": "eu-central-1", "certificate_arn": ARN, "account_id": "123456789012"}) == {}


@pytest.mark.parametrize(("days", "longer"), [(2, 3), (31, 60), (366, 400), (3289, 3653)])
def test_a_retention_that_cloudwatch_has_not_is_refused_with_the_next_longer(days: int, longer: int) -> None:
    assert said(telemetry={"log_retention_days": days}) == {
        "platform.telemetry.log_retention_days": f"CloudWatch Logs cannot keep lines for {days} days; use {longer}"
    }


@given(st.integers(1, 3653))
def test_the_retention_that_is_named_is_taken_and_not_shorter(days: int) -> None:
    reasons = said(telemetry={"log_retention_days": days})
    assert bool(reasons) == (days not in LOG_RETENTION_DAYS)
    for reason in reasons.values():
        longer = int(reason.rpartition(" ")[2])
        assert longer > days
        assert said(telemetry={"log_retention_days": longer}) == {}


@pytest.mark.parametrize("mode", ["internal", "acme"])
def test_certificates_of_other_targets_are_refused(mode: str) -> None:
    assert said(edge={"certificate": mode})["platform.edge.certificate"].endswith("use managed")


def test_a_managed_certificate_needs_a_zone() -> None:
    assert set(said(dns=None)) == {"platform.dns"}


@pytest.mark.parametrize(("domain", "taken"), [("a" * 52 + ".example.com", True), ("a" * 53 + ".example.com", False)])
def test_a_managed_certificate_takes_64_characters(domain: str, taken: bool) -> None:
    assert set(said(domain=domain)) == (set() if taken else {"platform.domain"})


def test_localhost_is_no_name_of_the_internet() -> None:
    assert set(said(domain="localhost")) == {"platform.domain"}


@pytest.mark.parametrize(
    ("edge", "section", "word"),
    [
        ("supplied", {}, "is missing"),
        ("managed", {"certificate_arn": ARN}, "leave it out"),
        ("supplied", {"certificate_arn": ARN.replace("eu-central-1", "us-east-1")}, "is in us-east-1"),
        ("supplied", {"certificate_arn": ARN, "account_id": "210987654321"}, "is of account 123456789012"),
    ],
)
def test_a_supplied_certificate_is_named_and_is_where_the_platform_is(edge: str, section: dict[str, Any], word: str) -> None:
    reasons = said(edge={"certificate": edge}, aws={"region": "eu-central-1", **section})
    assert set(reasons) == {"platform.aws.certificate_arn"}
    assert word in reasons["platform.aws.certificate_arn"]
