"""What a tired operator does to a stack file of AWS, each with the sentence that it gets before anything is made."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from components import stackfile
from tests.harness import targets
from tests.harness.fields import put

ARN: Final = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
SUBNETS: Final = ["subnet-0a1b2c3d4e5f60701", "subnet-0a1b2c3d4e5f60702"]
NETWORK: Final = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "public_subnet_ids": SUBNETS,
    "private_subnet_ids": ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    "isolated_subnet_ids": ["subnet-0a1b2c3d4e5f60721", SUBNETS[0]],
}

MUTATIONS: Final[tuple[tuple[str, dict[str, Any], str], ...]] = (
    ("a region in China", {"aws.region": "cn-north-1"}, "platform.aws.region: the services of cn-north-1 are not under"),
    ("a region with a blank", {"aws.region": "eu central 1"}, 'platform.aws.region: "eu central 1" is not valid'),
    ("no section of the target", {"aws": None}, "platform.aws: is missing; name a region"),
    ("backups copied to where they are", {"aws.backup_region": "eu-central-1"}, "platform.aws.backup_region: "),
    ("a public range of addresses", {"aws.cidr": "52.0.0.0/16"}, "platform.aws.cidr: 52.0.0.0/16 is not private"),
    ("an account without quotes", {"aws.account_id": 123456789012}, "platform.aws.account_id: should be a string"),
    (
        "an existing network and the size of a new one",
        {"aws.existing_network": NETWORK, "aws.zones": 2},
        "platform.aws.zones: belongs to a new network",
    ),
    (
        "one subnet in two tiers",
        {"aws.existing_network": NETWORK},
        "platform.aws.existing_network.isolated_subnet_ids[1]: subnet-0a1b2c3d4e5f60701 is",
    ),
    ("a supplied certificate that is not there", {"edge.certificate": "supplied"}, "platform.aws.certificate_arn: "),
    (
        "a certificate of another region",
        {"edge.certificate": "supplied", "aws.certificate_arn": ARN},
        "platform.aws.certificate_arn: ",
    ),
    ("a managed certificate without a zone", {"dns": None}, "platform.dns: "),
    ("a zone of somebody else", {"dns.zone": "example.org"}, "platform.dns.zone: mail.example.com is not in example.org"),
    ("mail of a domain outside the zone", {"mail.domain": "example.net"}, "platform.mail.domain: "),
    ("bounces into a queue that is not there", {"mail.events_queue": "bounced"}, "platform.mail.events_queue: bounced is not"),
    (
        "an alarm of a service that is gone",
        {"alerts.custom": {"busy": {"measure": "cpu_percent", "of": "web", "above": 90.0}}},
        "platform.alerts.custom.busy.of: cpu_percent is of a service",
    ),
    (
        "logs for a number of days that is not offered",
        {"telemetry.log_retention_days": 100},
        "platform.telemetry.log_retention",
    ),
    (
        "a worker that scales by requests",
        {"services.worker.scaling": {"max_replicas": 4, "requests_per_minute_per_replica": 100}},
        "platform.services.worker.scaling.requests_per_minute_per_replica: ",
    ),
    (
        "scaling without room",
        {"services.api.scaling": {"min_replicas": 3, "max_replicas": 3, "cpu_percent": 50}},
        "platform.services.api.scaling.cpu_percent: nothing scales",
    ),
    ("memory in GiB", {"services.api.memory_mib": "2GiB"}, "platform.services.api.memory_mib: should be a whole number"),
    (
        "more connections than the database has room for",
        {"database.size": "small", "database.pooling": {"client_connections": 2000, "database_connections": 1000}},
        "platform.database.pooling.database_connections: ",
    ),
    ("a migration that takes all day", {"migration.timeout_seconds": 3600}, "platform.migration.timeout_seconds: "),
    ("a section of another target", {"docker": {}}, "platform.docker: belongs to the target docker"),
    ("findings that nobody is told of", {"alerts": None, "aws.guardduty": "create"}, "platform.aws.guardduty: "),
)


@pytest.mark.parametrize(("what", "changes", "sentence"), MUTATIONS, ids=[what for what, _, _ in MUTATIONS])
def test_a_mistake_gets_its_sentence(what: str, changes: dict[str, Any], sentence: str) -> None:
    description = targets.stack("aws-production")
    for path, value in changes.items():
        put(description, path.split("."), value)
    try:
        problems = targets.missing(stackfile.parse(json.dumps(description)))
    except stackfile.StackFileError as error:
        problems = error.problems
    assert [one for one in problems if one.startswith(sentence)], problems
