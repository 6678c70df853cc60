"""Computed outputs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.simulation.clouds.aws import CLOUD, identity_outputs
from scripts.simulation.values import Properties
from tests.unit.scripts.simulation.clouds.aws.helpers import candidate


def outputs(token: str, **inputs: Any) -> Properties:
    one = candidate(token, inputs)
    return CLOUD.outputs(one, CLOUD.identifier(one))


def test_a_database_has_an_endpoint_of_its_engine() -> None:
    found = outputs("rds/instance:Instance", identifier="mail", engine="postgres", engineVersion="17", allocatedStorage=20)
    host = found["address"]
    assert host.startswith("mail.c")
    assert host.endswith(".eu-central-1.rds.amazonaws.com")
    assert found["endpoint"] == f"{host}:5432"
    assert found["engineVersionActual"].startswith("17.")
    assert found["parameterGroupName"] == "default.postgres17"
    assert "engineVersion" not in found, "what is given stays as it is"
    assert outputs("rds/instance:Instance", identifier="m", engine="mysql", port=3307)["endpoint"].endswith(":3307")


def test_a_managed_password_is_a_secret_of_rds() -> None:
    found = outputs("rds/instance:Instance", identifier="mail", engine="postgres", manageMasterUserPassword=True)
    assert found["masterUserSecrets"][0]["secretArn"].startswith(
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-"
    )
    assert outputs("rds/instance:Instance", identifier="mail", engine="postgres", password="x")["masterUserSecrets"] == []


def test_a_certificate_has_one_record_for_a_name_and_its_wildcard() -> None:
    found = outputs(
        "acm/certificate:Certificate",
        domainName="example.org",
        subjectAlternativeNames=["*.example.org", "mail.example.org"],
        validationMethod="DNS",
    )
    options = found["domainValidationOptions"]
    assert [option["domainName"] for option in options] == ["example.org", "*.example.org", "mail.example.org"]
    assert options[0]["resourceRecordName"] == options[1]["resourceRecordName"]
    assert options[0]["resourceRecordName"].endswith(".example.org.")
    assert options[2]["resourceRecordName"] != options[0]["resourceRecordName"]
    assert options[0]["resourceRecordValue"].endswith(".acm-validations.aws.")


def test_the_password_for_smtp_is_derived_as_ses_documents_it() -> None:
    """The figure is that of the derivation written in the SES developer guide, worked out apart from this code."""
    assert identity_outputs.smtp_password("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1").startswith("B")
    first, second = (identity_outputs.smtp_password("secret", region) for region in ("us-east-1", "eu-west-1"))
    assert first != second
    assert len(first) == 44


def test_ses_gives_three_tokens_or_works_with_the_key_that_is_given() -> None:
    own = {"domainSigningSelector": "s1", "domainSigningPrivateKey": "QUJD"}
    easy, supplied = (
        outputs("sesv2/emailIdentity:EmailIdentity", emailIdentity="example.org"),
        outputs("sesv2/emailIdentity:EmailIdentity", emailIdentity="example.org", dkimSigningAttributes=own),
    )
    assert len(easy["dkimSigningAttributes"]["tokens"]) == 3
    assert supplied["dkimSigningAttributes"] == {
        **supplied["dkimSigningAttributes"],
        **own,
        "signingAttributesOrigin": "EXTERNAL",
    }


def test_a_key_without_a_policy_has_that_of_kms() -> None:
    policy = json.loads(outputs("kms/key:Key")["policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert "policy" not in outputs("kms/key:Key", policy="{}")


def test_a_balancer_has_names_for_records_and_metrics() -> None:
    found = outputs("lb/loadBalancer:LoadBalancer", name="mail", loadBalancerType="application")
    assert found["dnsName"].startswith("mail-")
    assert found["dnsName"].endswith(".eu-central-1.elb.amazonaws.com")
    assert found["arnSuffix"].startswith("app/mail/")
    assert found["zoneId"] == "Z215JYRZR1TBD5"


@pytest.mark.parametrize(("token", "has"), [("sqs/queue:Queue", True), ("iam/role:Role", False), ("route53/zone:Zone", False)])
def test_types_of_a_region_say_it(token: str, has: bool) -> None:
    assert ("region" in outputs(token, name="x")) is has


def test_a_record_has_four_name_servers_of_different_domains() -> None:
    servers = outputs("route53/zone:Zone", name="example.org")["nameServers"]
    assert len(servers) == 4
    assert len({server.partition(".awsdns-")[2].partition(".")[2] for server in servers}) == 4
