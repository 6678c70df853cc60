"""The edge's certificate on a simulated AWS: issued once its record proves the domain, or somebody else's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pulumi import Output

from components.aws.certificate import Certificate
from components.aws.dns import Dns
from components.contract import CertificateArgs, DnsArgs
from tests.harness.alone import Alone, alone
from tests.harness.targets import base

ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e"


async def behind(value: Output[str]) -> list[str]:
    """Types of the resources that must be there before a value is used."""
    return sorted(type(one).__name__ for one in await value.resources())


def built(**sections: Any) -> Alone:
    def make(spec: Any, identity: Any, options: Any) -> dict[str, Output[Any]]:
        zone = None if spec.dns is None else Dns("penguinmails-dns", DnsArgs(identity, spec.dns, spec.domain), options).outputs
        args = CertificateArgs(identity, spec.edge.certificate, spec.domain, None, [], zone, date(2026, 2, 3), spec.aws)
        found = Certificate("penguinmails-certificate", args, options).outputs
        assert found.authority is None
        assert dict(found.internal) == {}
        waits: Output[Any] = found.edge.id.apply(lambda _: behind(found.edge.id))
        return {"arn": found.edge.id, "name": found.edge.name, "authority": found.authority_pem, "waits": waits}

    return alone(base("aws", **{"domain": "mail.example.com", "dns": {}, **sections}), make, assume=[ARN])


def test_a_managed_certificate_is_given_on_once_it_is_issued() -> None:
    found = built()
    certificate, issued = found.one("/certificate:Certificate"), found.one(":CertificateValidation")
    assert certificate.inputs["domainName"] == "mail.example.com"
    assert certificate.inputs["validationMethod"] == "DNS"
    assert certificate.inputs["options"] == {"certificateTransparencyLoggingPreference": "ENABLED"}
    assert found.known["arn"] == issued.inputs["certificateArn"]
    assert found.known["waits"] == ["CertificateValidation"]
    assert (found.known["name"], found.known["authority"]) == ("mail.example.com", "")


@pytest.mark.parametrize("dns", [{}, {"zone": "example.com"}, {"zone": "example.com", "create_zone": False}])
def test_the_domain_is_proved_by_a_record_in_the_zone(dns: dict[str, Any]) -> None:
    found = built(dns=dns)
    proof = found.named("penguinmails-certificate-proof").inputs
    assert proof["type"] == "CNAME"
    assert proof["name"].startswith("_")
    assert proof["name"].rstrip(".").endswith(".mail.example.com")
    assert proof["allowOverwrite"] is True
    [written] = found.one(":CertificateValidation").inputs["validationRecordFqdns"]
    assert written.rstrip(".") == proof["name"].rstrip(".")


def test_a_supplied_certificate_is_used_as_it_is() -> None:
    found = built(edge={"certificate": "supplied"}, aws={"region": "eu-central-1", "certificate_arn": ARN})
    assert not [one for one in found.resources if ":acm/" in one.typ]
    assert found.known["arn"] == ARN
