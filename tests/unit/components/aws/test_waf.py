"""Rules of the firewall: what is above a limit, and what AWS takes of a rule."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws import waf
from components.spec import Edge

LARGEST_BYTES = 102400 * 1024


@given(st.integers(1, LARGEST_BYTES), st.integers(0, 10**12), st.sampled_from(["", "0", "000"]))
def test_a_number_above_the_limit_is_told_from_the_others(most: int, number: int, zeros: str) -> None:
    assert bool(re.search(waf.above(most), f"{zeros}{number}")) == (number > most)


@given(st.integers(1, LARGEST_BYTES), st.integers(-2, 2))
def test_the_limit_itself_is_let_through(most: int, beside: int) -> None:
    number = max(0, most + beside)
    assert bool(re.search(waf.above(most), str(number))) == (number > most)


@given(st.integers(16, 102400))
def test_a_pattern_is_one_of_aws(kib: int) -> None:
    assert len(waf.above(kib * 1024)) <= 512


@pytest.mark.parametrize("text", ["", "x", "12x", "-5", "1e9", " "])
def test_what_is_no_number_is_not_above(text: str) -> None:
    assert re.search(waf.above(1024), text) is None


def test_limits_of_the_description_come_first_in_every_environment() -> None:
    edge = Edge(requests_per_minute_per_client=300, max_request_body_kib=64)
    for managed in (True, False):
        rules = waf.rules(edge, managed=managed)
        assert [rule["name"] for rule in rules[:4]] == [
            "requests-of-a-client",
            "internal-paths",
            "body-without-length",
            "body-too-large",
        ]
        assert [rule["priority"] for rule in rules] == list(range(len(rules)))
        assert rules[0]["statement"]["rate_based_statement"]["limit"] == 300
        assert rules[0]["statement"]["rate_based_statement"]["evaluation_window_sec"] == 60
        assert rules[3]["statement"]["regex_match_statement"]["regex_string"] == waf.above(65536)
        assert len(rules) == (8 if managed else 4)


def test_groups_of_aws_do_not_judge_mail_in_a_body() -> None:
    for rule in waf.rules(Edge(), managed=True)[4:]:
        statement = rule["statement"]["managed_rule_group_statement"]
        counted = {one["name"] for one in statement.get("rule_action_overrides", [])}
        assert counted == set(waf.MANAGED[statement["name"]])
        assert rule["override_action"] == {"none": {}}


def test_every_rule_that_looks_into_a_body_only_counts() -> None:
    """By the groups' own lists of such rules (WAF developer guide, "Baseline rule groups" and "SQL database")."""
    assert {name: {rule for rule in counted if rule.endswith("_BODY")} for name, counted in waf.MANAGED.items()} == {
        "AWSManagedRulesAmazonIpReputationList": set(),
        "AWSManagedRulesKnownBadInputsRuleSet": {"JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"},
        "AWSManagedRulesCommonRuleSet": {
            "CrossSiteScripting_BODY",
            "EC2MetaDataSSRF_BODY",
            "GenericLFI_BODY",
            "GenericRFI_BODY",
            "SizeRestrictions_BODY",
        },
        "AWSManagedRulesSQLiRuleSet": {"SQLi_BODY", "SQLiExtendedPatterns_BODY"},
    }


@pytest.mark.parametrize(
    ("path", "blocked"),
    [
        ("/metrics", True),
        ("//metrics/x", True),
        ("/internal;v=1", True),
        ("/readyz", True),
        ("/metricsx", False),
        ("/api/metrics", False),
        ("/healthz", False),
    ],
)
def test_paths_for_inside_are_not_there_outside(path: str, blocked: bool) -> None:
    pattern = waf.rules(Edge(), managed=False)[1]["statement"]["regex_match_statement"]["regex_string"]
    assert bool(re.search(pattern, path)) == blocked


def test_a_refused_client_reads_why() -> None:
    bodies = {body["key"]: json.loads(body["content"]) for body in waf.bodies()}
    for rule in waf.rules(Edge(), managed=False):
        response: dict[str, Any] = rule["action"]["block"]["custom_response"]
        assert bodies[response["custom_response_body_key"]]["status"] == response["response_code"]


def matches(statement: dict[str, Any], request: dict[str, str]) -> bool:
    """The firewall's answer for statements of the forms that the kit writes."""
    [(kind, inner)] = statement.items()
    match kind:
        case "or_statement":
            return any(matches(one, request) for one in inner["statements"])
        case "and_statement":
            return all(matches(one, request) for one in inner["statements"])
        case "not_statement":
            return not matches(inner["statement"], request)
    [(field, which)] = inner["field_to_match"].items()
    value = request.get("method" if field == "method" else which["name"])
    return value is not None and re.search(inner["regex_string"], value) is not None


@pytest.mark.parametrize(
    ("request_", "blocked"),
    [
        ({"method": "GET"}, False),
        ({"method": "POST", "content-length": "12"}, False),
        ({"method": "POST"}, True),
        ({"method": "PUT", "content-length": "many"}, True),
        ({"method": "DELETE"}, False),
        ({"method": "GET", "transfer-encoding": "chunked"}, True),
    ],
)
def test_a_body_says_its_length(request_: dict[str, str], blocked: bool) -> None:
    assert matches(waf.rules(Edge(), managed=False)[2]["statement"], request_) == blocked
