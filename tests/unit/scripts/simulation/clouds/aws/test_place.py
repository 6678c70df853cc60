"""Regions, accounts and zones."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD, place
from scripts.simulation.values import UNKNOWN, Problem
from scripts.simulation.world import Place


@pytest.mark.parametrize(
    ("config", "account"),
    [
        ({}, "123456789012"),
        ({"allowedAccountIds": ["111111111111"]}, "111111111111"),
        ({"assumeRoles": [{"roleArn": "arn:aws:iam::222222222222:role/deploy"}]}, "222222222222"),
        ({"assumeRoles": [{"roleArn": UNKNOWN}]}, "123456789012"),
    ],
)
def test_the_account_comes_from_the_provider(config: dict[str, Any], account: str) -> None:
    assert CLOUD.place({"region": "eu-central-1", **config}) == Place("aws", account, "eu-central-1")


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        (None, "give the provider a region, such as eu-central-1"),
        ("eu-central-9", "'eu-central-9' is no region of AWS; use one such as eu-central-1"),
    ],
)
def test_a_region_that_there_is_not_is_refused(region: str | None, sentence: str) -> None:
    assert CLOUD.place({"region": region}) == Problem("region", sentence)


def test_a_resource_in_a_region_that_there_is_not_is_refused() -> None:
    found = CLOUD.check("aws:sqs/queue:Queue", {"name": "q", "region": "mars-1"}, Place("aws", "1", "eu-central-1"))
    assert [problem.path for problem in found] == ["region"]


def test_zones_have_names_and_ids() -> None:
    assert place.zones("eu-central-1") == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    assert place.zone_id("eu-central-1b") == "euc1-az2"
    assert place.zone_id("ap-southeast-2a") == "aps2-az1"
    assert place.zones("mars-1") == ()


@pytest.mark.parametrize(
    ("region", "partition", "domain"),
    [
        ("eu-central-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_partitions(region: str, partition: str, domain: str) -> None:
    assert (place.partition(region), place.domain(region)) == (partition, domain)
