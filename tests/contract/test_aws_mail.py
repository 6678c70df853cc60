"""Mail on AWS: a domain that authenticates, a login that can do one thing, bounces in the queue that was named."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest
from penguinmails_api.addresses import parse_smtp_url
from pulumi import Output, ResourceOptions

from components import contract as c
from components.aws.mail import Mail
from components.aws.queue import Queue
from components.binding import SecretReference
from components.contract import Identity
from components.spec import PlatformSpec
from scripts.simulation.clouds.aws.identity_outputs import smtp_password
from tests.harness.alone import Alone, alone
from tests.harness.foundation.deployed import AWS
from tests.harness.simulated import readable

ZONE = "Z0123456789ABCDEFGHIJ"
DOMAIN = "mail.example.com"
SET = "arn:aws:ses:eu-central-1:123456789012:configuration-set/penguinmails-test-mail"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:penguinmails-test-mail-events"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012:penguinmails-test-queue-bounces"


def make(spec: PlatformSpec, identity: Identity, opts: ResourceOptions) -> Mapping[str, Output[Any]]:
    assert spec.mail is not None
    nothing = Output.from_input("")
    none: list[str] = []
    nowhere: pulumi.Output[Any] = Output.from_input(none)
    events = [spec.mail.events_queue] if spec.mail.events_queue is not None else []
    queue = Queue(
        "penguinmails-queue",
        c.QueueArgs(
            identity,
            spec.queues,
            {},
            c.NetworkOutputs(nowhere, nowhere, nowhere),
            c.CertificateOutputs(SecretReference(nothing, nothing), nothing, {}, None),
            None,
            events,
        ),
        opts,
    ).outputs
    told = queue.resources[events[0]] if events else None
    existing = spec.dns.zone if spec.dns is not None and not spec.dns.create_zone else None
    dns = c.DnsOutputs(Output.from_input(ZONE), nowhere, existing)
    made = Mail("penguinmails-mail", c.MailArgs(identity, spec.mail, dns, told), opts).outputs
    assert made.id is not None
    return {
        "id": made.id,
        "secret": made.binding.secrets["SMTP_URL"].id,
        "dead": queue.dead["bounces"],
        "metered": queue.metered["bounces"],
    }


@cache
def mailing(environment: str = "production", events: str | None = "bounces", zone: str | None = None) -> Alone:
    """`zone`: one that is there already; without it the kit made the domain's own."""
    dns = {"zone": zone, "create_zone": False} if zone is not None else {}
    mail = {"domain": DOMAIN, "postmaster": "post+dmarc@example.org", "events_queue": events}
    return alone({**AWS, "environment": environment, "mail": mail, "dns": dns}, make, assume=(ZONE,))


def records(found: Alone) -> dict[tuple[str, str], list[str]]:
    return {(one.inputs["name"], one.inputs["type"]): one.inputs["records"] for one in found.of("route53/record:Record")}


def test_the_domain_proves_who_it_is_by_records_in_its_zone() -> None:
    found = records(mailing())
    signed = {name: value for (name, kind), value in found.items() if kind == "CNAME"}
    assert len(signed) == 3
    for name, [value] in signed.items():
        token = name.removesuffix(f"._domainkey.{DOMAIN}")
        assert re.fullmatch(r"[a-z0-9]{32}", token)
        assert value == f"{token}.dkim.amazonses.com"
    assert {key: value for key, value in found.items() if key[1] != "CNAME"} == {
        (f"bounce.{DOMAIN}", "MX"): ["10 feedback-smtp.eu-central-1.amazonses.com"],
        (f"bounce.{DOMAIN}", "TXT"): ["v=spf1 include:amazonses.com -all"],
        (f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=quarantine; rua=mailto:post%2Bdmarc@example.org"],
    }
    assert {one.inputs["zoneId"] for one in mailing().of("route53/record:Record")} == {ZONE}


def test_a_subdomain_of_a_zone_that_is_there_has_a_policy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lambda message, **_: told.append(message))
    assert records(mailing(zone="example.com")) == records(mailing())
    assert not told


def test_at_the_apex_of_a_zone_that_is_there_the_policy_is_left_alone_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lambda message, **_: told.append(message))
    found = records(mailing(zone=DOMAIN))
    assert {key for key in found if key[1] != "CNAME"} == {(f"bounce.{DOMAIN}", "MX"), (f"bounce.{DOMAIN}", "TXT")}
    assert told == [
        f"platform.mail.domain: {DOMAIN} is the apex of a zone that is there already, so its DMARC policy is not published; "
        f"see that _dmarc.{DOMAIN} exists, or name a subdomain"
    ]


def test_all_mail_goes_by_the_settings() -> None:
    found = mailing()
    sender = found.one("EmailIdentity").inputs
    settings = found.one(":ConfigurationSet").inputs
    assert (sender["emailIdentity"], sender["configurationSetName"]) == (DOMAIN, settings["configurationSetName"])
    assert sender["dkimSigningAttributes"] == {"nextSigningKeyLength": "RSA_2048_BIT"}
    assert settings["deliveryOptions"] == {"tlsPolicy": "REQUIRE"}
    assert settings["suppressionOptions"] == {"suppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert settings["reputationOptions"]["reputationMetricsEnabled"] is settings["sendingOptions"]["sendingEnabled"] is True
    envelope = found.one("EmailIdentityMailFromAttributes").inputs
    assert (envelope["mailFromDomain"], envelope["behaviorOnMxFailure"]) == (f"bounce.{DOMAIN}", "USE_DEFAULT_VALUE")
    assert found.known["id"] == "penguinmails-test-mail"


def test_the_login_sends_from_the_domain_and_does_no_more() -> None:
    found = mailing()
    [statement] = json.loads(found.one("UserPolicy").inputs["policy"])["Statement"]
    assert statement["Action"] == "ses:SendRawEmail"
    assert statement["Resource"] == [SET, f"arn:aws:ses:eu-central-1:123456789012:identity/{DOMAIN}"]
    assert statement["Condition"] == {"StringLike": {"ses:FromAddress": f"*@{DOMAIN}"}}


def test_the_workload_reads_the_url_and_nobody_else_sees_it() -> None:
    found = mailing()
    version = found.one("secretVersion:SecretVersion")
    address = parse_smtp_url(version.inputs["secretString"])
    assert (address.host, address.port, address.implicit_tls) == ("email-smtp.eu-central-1.amazonaws.com", 587, False)
    assert address.user is not None
    assert re.fullmatch(r"AKIA[A-Z0-9]{16}", address.user)
    assert address.password is not None
    assert len(address.password) == len(smtp_password("x", "eu-central-1"))
    quoted = urlsplit(version.inputs["secretString"]).password
    assert quoted is not None
    open_to_all = json.dumps([readable(one.raw) for one in found.resources])
    assert quoted not in open_to_all
    assert address.password not in open_to_all
    assert found.known["secret"].startswith(
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:penguinmails-test-mail-url-"
    )


def test_bounces_reach_the_queue_that_was_named_and_no_other_topic_does() -> None:
    found = mailing()
    destination = found.one("ConfigurationSetEventDestination").inputs
    told = destination["eventDestination"]
    assert told["snsDestination"] == {"topicArn": TOPIC}
    assert told["enabled"] is True
    assert {"BOUNCE", "COMPLAINT"} <= set(told["matchingEventTypes"])
    subscription = found.one("TopicSubscription").inputs
    assert (subscription["topic"], subscription["endpoint"], subscription["protocol"]) == (TOPIC, QUEUE, "sqs")
    assert subscription["rawMessageDelivery"] is True
    policies = {
        one.name: json.loads(one.inputs["policy"])["Statement"] for one in found.resources if one.typ.endswith("QueuePolicy")
    }
    _, allowed = policies["penguinmails-queue-queue-bounces-policy"]
    assert (allowed["Principal"], allowed["Action"], allowed["Resource"]) == (
        {"Service": "sns.amazonaws.com"},
        "sqs:SendMessage",
        QUEUE,
    )
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC}}
    assert [len(statements) for name, statements in policies.items() if name != "penguinmails-queue-queue-bounces-policy"] == [
        1,
        1,
        1,
    ]
    assert (found.known["metered"], found.known["dead"]) == (
        "penguinmails-test-queue-bounces",
        "penguinmails-test-dead-bounces",
    )


def test_only_ses_of_this_account_writes_into_the_topic() -> None:
    found = mailing()
    statement, denial = json.loads(found.one("TopicPolicy").inputs["policy"])["Statement"]
    assert (denial["Effect"], denial["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert (statement["Principal"], statement["Action"]) == ({"Service": "ses.amazonaws.com"}, "sns:Publish")
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012", "aws:SourceArn": SET}}
    key = json.loads(found.one("kms/key:Key").inputs["policy"])["Statement"]
    [writes] = [one for one in key if one.get("Principal") == {"Service": ["ses.amazonaws.com"]}]
    assert writes["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert writes["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert found.one("sns/topic:Topic").inputs["kmsMasterKeyId"].startswith("arn:aws:kms:")


def test_without_a_queue_nothing_is_told() -> None:
    found = mailing(events=None)
    assert not found.of("sns/topic:Topic") + found.of("ConfigurationSetEventDestination")
    assert "ses.amazonaws.com" not in found.one("kms/key:Key").inputs["policy"]
    assert "sns.amazonaws.com" not in json.dumps([one.inputs for one in found.of("QueuePolicy")])
