"""The platforms for real use break no rule of any pack; those for development break what is listed here."""

from __future__ import annotations

from collections import Counter

import pytest

from policies import packs
from policies.judging import judge_all
from tests.unit.policies.production import stack

DEVELOPMENT = {
    "aws-development": {
        "a-zone-may-fail": 1,
        "backups-outlive-the-database": 1,
        "databases-are-backed-up": 1,
        "databases-are-watched": 1,
        "deletion-is-refused": 3,
        "deletion-of-keys-waits": 8,
        "logs-are-kept": 5,
        "network-traffic-is-logged": 1,
        "objects-have-versions": 1,
        "queues-are-watched": 2,
        "services-are-watched": 2,
        "services-have-copies": 2,
    },
    "docker-local": {
        "databases-are-backed-up": 1,
        "databases-are-watched": 1,
        "queues-are-watched": 1,
        "services-are-watched": 2,
        "services-have-copies": 2,
        "writes-are-durable": 1,
    },
}
"""Rule -> how many resources of the stack break it under all packs. None of these rules is in the baseline."""


def broken(name: str, *chosen: str) -> dict[str, int]:
    found = judge_all(packs.merged(chosen), stack(name))
    assert [verdict for verdict in found if verdict.kind != "violation"] == []
    return dict(Counter(rule for rule, _ in {(verdict.rule.name, verdict.urn) for verdict in found}))


@pytest.mark.parametrize("name", ["aws-production", "aws-existing-network", "docker-production"])
def test_a_platform_for_real_use_breaks_no_rule_of_any_pack(name: str) -> None:
    assert broken(name, *packs.names()) == {}


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_a_platform_for_development_breaks_what_is_expected_and_nothing_of_the_baseline(name: str) -> None:
    assert broken(name, *packs.names()) == DEVELOPMENT[name]
    assert broken(name, "baseline") == {}
