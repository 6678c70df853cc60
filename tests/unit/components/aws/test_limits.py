"""What AWS cannot honour is refused by its field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components import stackfile
from components.aws.limits import limits

GOOD: dict[str, Any] = {
    "target": "aws",
    "environment": "production",
    "domain": "mail.example.com",
    "dns": {},
    "services": {"api": {"image": "api", "public_path": "/"}},
    "aws": {"region": "eu-central-1"},
}
EXISTING = {
    "vpc_id": "vpc-0a0a0a0a0a0a0a0a0",
    "public_subnet_ids": ["subnet-00000001", "subnet-00000002"],
    "private_subnet_ids": ["subnet-00000003", "subnet-00000004"],
    "isolated_subnet_ids": ["subnet-00000005", "subnet-00000006"],
}


def said(**sections: Any) -> list[str]:
    description = {key: value for key, value in {**GOOD, **sections}.items() if value is not None}
    return [f"{gap.field}: {gap.reason}" for gap in limits(stackfile.parse(json.dumps(description)))]


def test_a_right_description_is_taken() -> None:
    assert said() == []
    assert said(aws={"region": "eu-central-1", "cidr": "10.9.0.0/22", "zones": 2}) == []
    assert said(aws={"region": "us-gov-west-1", "existing_network": EXISTING}) == []
    assert said(backup={"retention_days": 35}) == []


def test_a_region_is_needed() -> None:
    assert said(aws=None) == ["platform.aws: is missing; name a region, such as region: eu-central-1"]


@pytest.mark.parametrize(
    "region",
    ["cn-north-1", "cn-northwest-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1"],
)
def test_regions_whose_services_have_other_host_names_are_refused(region: str) -> None:
    assert said(aws={"region": region}) == [
        f"platform.aws.region: the services of {region} are not under amazonaws.com, which this version needs; "
        "use a region such as eu-central-1"
    ]


@pytest.mark.parametrize("region", ["eu-central-1", "ap-southeast-5", "il-central-1", "us-gov-east-1", "mx-central-1"])
def test_all_other_regions_are_taken(region: str) -> None:
    assert said(aws={"region": region}) == []


@pytest.mark.parametrize(
    ("aws", "sentence"),
    [
        ({"cidr": "8.8.0.0/16"}, "platform.aws.cidr: 8.8.0.0/16 is not private"),
        ({"cidr": "10.0.1.0/16"}, "platform.aws.cidr: 10.0.1.0/16 is not the first address"),
        ({"existing_network": EXISTING, "cidr": "10.0.0.0/16"}, "platform.aws.cidr: belongs to a new network"),
        ({"existing_network": EXISTING, "zones": 3}, "platform.aws.zones: belongs to a new network"),
        (
            {"existing_network": {**EXISTING, "isolated_subnet_ids": ["subnet-00000005", "subnet-00000003"]}},
            "platform.aws.existing_network.isolated_subnet_ids[1]: subnet-00000003 is "
            "platform.aws.existing_network.private_subnet_ids[0] too",
        ),
    ],
)
def test_what_does_not_go_together_is_one_sentence(aws: dict[str, Any], sentence: str) -> None:
    [found] = said(aws={"region": "eu-central-1", **aws})
    assert found.startswith(sentence)


@pytest.mark.parametrize(
    ("engine", "size", "environment", "most"),
    [
        ("postgresql", "small", "development", 66),
        ("mysql", "small", "development", 46),
        ("postgresql", "small", "production", 377),
        ("mysql", "medium", "production", 595),
    ],
)
def test_the_pooler_holds_what_the_database_has_room_for(engine: str, size: str, environment: str, most: int) -> None:
    def asked(connections: int) -> list[str]:
        pooling = {"database_connections": connections, "client_connections": 20000}
        return said(environment=environment, database={"engine": engine, "size": size, "pooling": pooling})

    assert asked(most) == []
    [sentence] = asked(most + 1)
    assert sentence.startswith(f"platform.database.pooling.database_connections: {most + 1} is above the {most} that {engine}")


MAIL = {"domain": "mail.example.com", "postmaster": "post@example.org"}


def test_mail_needs_a_zone_that_holds_its_domain() -> None:
    assert said(mail=MAIL, dns={}) == []
    assert said(mail={**MAIL, "domain": "news.mail.example.com"}, dns={}) == []
    assert said(mail={**MAIL, "domain": "example.com"}, dns={"zone": "example.com"}) == []
    assert "platform.dns: is missing; mail authenticates by records in its domain's zone, so add dns: {}" in said(
        mail=MAIL, dns=None
    )
    for domain in ("example.com", "othermail.example.com"):
        [sentence] = said(mail={**MAIL, "domain": domain}, dns={})
        assert sentence.startswith(f"platform.mail.domain: the zone mail.example.com does not hold {domain}")


def test_mail_is_sent_where_a_password_can_be_derived() -> None:
    [sentence] = said(mail=MAIL, dns={}, aws={"region": "eu-north-1"})
    assert sentence.startswith("platform.mail: SES cannot be given a password for SMTP in eu-north-1")
    assert said(mail=MAIL, dns={}, aws={"region": "ap-southeast-2"}) == []


@pytest.mark.parametrize(
    ("aws", "sentence"),
    [
        ({}, "platform.aws.region: is missing"),
        ({"region": "Frankfurt"}, 'platform.aws.region: "Frankfurt" is not valid: use a region such as eu-central-1'),
        ({"region": "eu-central-1", "cidr": "10.0.0.0/8"}, 'platform.aws.cidr: "10.0.0.0/8" is not valid: use a range'),
        ({"region": "eu-central-1", "cidr": "10.0.0.0/23"}, 'platform.aws.cidr: "10.0.0.0/23" is not valid: use a range'),
        ({"region": "eu-central-1", "zones": 4}, "platform.aws.zones: 4 is above the maximum of 3"),
        (
            {"region": "eu-central-1", "existing_network": {**EXISTING, "vpc_id": "mail"}},
            'platform.aws.existing_network.vpc_id: "mail" is not valid: use an id as AWS shows it',
        ),
        (
            {"region": "eu-central-1", "existing_network": {**EXISTING, "public_subnet_ids": ["subnet-00000001"]}},
            "platform.aws.existing_network.public_subnet_ids: needs at least 2",
        ),
    ],
)
def test_a_mistake_in_the_section_is_one_sentence(aws: dict[str, Any], sentence: str) -> None:
    with pytest.raises(stackfile.StackFileError) as error:
        said(aws=aws)
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(sentence)


def test_the_section_belongs_to_aws_only() -> None:
    with pytest.raises(stackfile.StackFileError, match=r"^platform\.aws: belongs to the target aws"):
        said(target="docker")
