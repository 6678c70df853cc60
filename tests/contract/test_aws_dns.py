"""The zone on a simulated AWS: a new one that stays, or one that is there and is not touched."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output

from components.aws.dns import Dns
from components.contract import DnsArgs
from components.stackfile import StackFileError
from tests.harness.alone import Alone, alone
from tests.harness.targets import base


def built(environment: str = "production", **dns: Any) -> Alone:
    def make(spec: Any, identity: Any, options: Any) -> dict[str, Output[Any]]:
        found = Dns("penguinmails-dns", DnsArgs(identity, spec.dns, spec.domain), options).outputs
        return {
            "id": found.zone_id,
            "servers": Output.from_input(found.name_servers),
            "existing": Output.from_input(found.existing),
        }

    return alone(base("aws", environment=environment, domain="mail.example.com", dns=dns), make)


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_a_new_zone_stays_outside_development(environment: str) -> None:
    found = built(environment)
    zone = found.one(":Zone")
    assert zone.inputs["name"] == "mail.example.com"
    assert zone.inputs["forceDestroy"] is False
    assert zone.protect is (environment != "development")
    assert found.known["id"].startswith("Z")
    assert len(found.known["servers"]) == 4


@pytest.mark.parametrize(("asked", "zone"), [({}, "mail.example.com"), ({"zone": "example.com"}, "example.com")])
def test_only_amazon_issues_certificates_for_a_new_zone(asked: dict[str, Any], zone: str) -> None:
    record = built(**asked).one(":Record").inputs
    assert (record["type"], record["name"], record["records"]) == ("CAA", zone, ['0 issue "amazon.com"'])


def test_the_servers_of_a_new_zone_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them at the parent zone no certificate is issued, and outputs come only when all is done."""
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lambda message, **_: told.append(message))
    servers = built().known["servers"]
    assert [message for message in told if "mail.example.com" in message and all(server in message for server in servers)]


def test_a_zone_that_is_there_is_found_by_its_exact_name_and_not_changed() -> None:
    found = built(zone="example.com", create_zone=False)
    assert not found.of(":Zone")
    assert not found.of(":Record")
    assert (found.known["existing"], built(zone="example.com").known["existing"]) == ("example.com", None)
    assert found.known["id"].startswith("ZOUTSIDE")
    assert len(found.known["servers"]) == 4


def test_a_zone_that_is_not_there_is_told_by_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(**arguments: Any) -> None:
        assert arguments["private_zone"] is False
        raise RuntimeError("no matching Route 53 Hosted Zone found")

    monkeypatch.setattr(aws.route53, "get_zone", nothing)
    with pytest.raises(StackFileError) as error:
        built(zone="example.com", create_zone=False)
    [sentence] = error.value.problems
    assert sentence.startswith("platform.dns.zone: example.com was not found")
    assert "no matching Route 53 Hosted Zone found" in sentence
