"""The load balancer, its firewall and its record on a simulated AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi import Output

from components.aws.edge import Edge
from components.aws.entry import Entry
from components.aws.network import Network
from components.binding import SecretReference
from components.contract import (
    CertificateOutputs,
    DnsOutputs,
    EdgeArgs,
    EntryArgs,
    NetworkArgs,
    Route,
    ServiceOutputs,
)
from tests.harness.alone import Alone, alone
from tests.harness.targets import base

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
ZONE = "Z0123456789ABCDEFGHIJ"
PLACE: dict[str, Any] = {"domain": "mail.example.com", "aws": {"region": "eu-central-1"}}
ENVIRONMENTS = ("development", "staging", "production")


def built(environment: str = "production", *, zone: bool = True, **edge: Any) -> Alone:
    def make(spec: Any, identity: Any, opts: Any) -> dict[str, Output[Any]]:
        network = Network("penguinmails-network", NetworkArgs(identity, spec.aws), opts).outputs
        issued = SecretReference(Output.from_input(CERTIFICATE), Output.from_input("edge"))
        certificate = CertificateOutputs(issued, Output.from_input(""), {}, None)
        entry = Entry("penguinmails-entry", EntryArgs(identity, spec.edge, spec.domain, network, certificate), opts).outputs
        service = ServiceOutputs(Output.from_input("api"), 8000)
        found = Edge(
            "penguinmails-edge",
            EdgeArgs(
                identity=identity,
                edge=spec.edge,
                domain=spec.domain,
                url="https://mail.example.com",
                network=network,
                certificate=certificate,
                routes=[Route("/", service, "/readyz", 2)],
                entry=entry,
                zone=DnsOutputs(Output.from_input(ZONE), Output.from_input([])) if zone else None,
            ),
            opts,
        ).outputs
        return {"url": found.url, "address": entry.address, "zone": entry.address_zone, "arn": entry.resource}

    return alone(base("aws", environment=environment, edge=edge, **PLACE), make, assume=[CERTIFICATE, ZONE])


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def production() -> Alone:
    return built()


def test_the_door_is_strict_about_http(production: Alone) -> None:
    balancer = production.one("lb/loadBalancer:LoadBalancer").inputs
    assert balancer["dropInvalidHeaderFields"] is True
    assert balancer["desyncMitigationMode"] == "strictest"
    assert balancer["enableWafFailOpen"] is False
    assert len(balancer["subnets"]) == 3


def test_what_people_reach_is_not_deleted_by_mistake(environment: str) -> None:
    balancer = built(environment).one("lb/loadBalancer:LoadBalancer")
    assert balancer.inputs["enableDeletionProtection"] is (environment != "development")
    assert balancer.protect is (environment != "development")


def test_every_request_is_logged_where_only_load_balancers_write(production: Alone) -> None:
    balancer = production.one("lb/loadBalancer:LoadBalancer").inputs
    bucket = production.one("s3/bucket:Bucket").inputs["bucket"]
    assert balancer["accessLogs"] == {"bucket": bucket, "enabled": True, "prefix": "access"}
    assert balancer["connectionLogs"] == {"bucket": bucket, "enabled": True, "prefix": "connections"}
    statements = json.loads(production.one("s3/bucketPolicy:BucketPolicy").inputs["policy"])["Statement"]
    [writing] = [one for one in statements if one["Effect"] == "Allow"]
    assert writing["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert writing["Action"] == "s3:PutObject"
    balancers = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/*"
    assert writing["Condition"] == {"ArnLike": {"aws:SourceArn": balancers}}


def test_browsers_and_clients_get_tls_and_headers(production: Alone) -> None:
    listener = production.named("penguinmails-entry-https").inputs
    assert (listener["port"], listener["protocol"], listener["certificateArn"]) == (443, "HTTPS", CERTIFICATE)
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert listener["routingHttpResponseStrictTransportSecurityHeaderValue"] == "max-age=31536000"
    assert listener["routingHttpResponseXContentTypeOptionsHeaderValue"] == "nosniff"
    assert listener["routingHttpResponseXFrameOptionsHeaderValue"] == "DENY"
    assert listener["routingHttpResponseServerEnabled"] is False
    [action] = listener["defaultActions"]
    assert action["fixedResponse"]["statusCode"] == "404"


def test_plain_http_is_sent_to_the_platforms_own_name(production: Alone) -> None:
    listener = production.named("penguinmails-entry-http").inputs
    [action] = listener["defaultActions"]
    assert listener["port"] == 80
    assert action["redirect"]["host"] == "mail.example.com"
    assert (action["redirect"]["protocol"], action["redirect"]["port"]) == ("HTTPS", "443")
    assert action["redirect"]["statusCode"] == "HTTP_301"


def test_ports_are_the_descriptions() -> None:
    found = built(https_port=8443, http_port=None)
    assert [one.inputs["port"] for one in found.of("lb/listener:Listener")] == [8443]
    doors = [one for one in found.of(":SecurityGroupIngressRule") if one.name.startswith("penguinmails-entry")]
    assert [(one.inputs["cidrIpv4"], one.inputs["fromPort"]) for one in doors] == [("0.0.0.0/0", 8443)]


def test_the_firewall_stands_before_the_load_balancer_everywhere(environment: str) -> None:
    found = built(environment, requests_per_minute_per_client=120, max_request_body_kib=16)
    guard = found.one(":WebAclAssociation").inputs
    assert guard["resourceArn"] == found.known["arn"]
    rules = {rule["name"]: rule for rule in found.one("wafv2/webAcl:WebAcl").inputs["rules"]}
    assert rules["requests-of-a-client"]["statement"]["rateBasedStatement"]["limit"] == 120
    length = rules["body-too-large"]["statement"]["regexMatchStatement"]
    assert length["regexString"].startswith("^0*([1-9][0-9]{5,}|")
    groups = [name for name in rules if name.startswith("AWSManagedRules")]
    assert len(groups) == (0 if environment == "development" else 4)


def test_what_the_firewall_refuses_is_logged_without_what_proves_a_client(production: Alone) -> None:
    logging = production.one(":WebAclLoggingConfiguration").inputs
    assert logging["logDestinationConfigs"][0].endswith(":log-group:aws-waf-logs-penguinmails-test-edge")
    redacted = {one["singleHeader"]["name"] for one in logging["redactedFields"]}
    assert redacted == {"authorization", "cookie", "x-api-key"}
    assert logging["loggingFilter"]["defaultBehavior"] == "DROP"


def test_the_platforms_name_leads_to_the_load_balancer(production: Alone) -> None:
    record = production.one("route53/record:Record").inputs
    assert (record["zoneId"], record["name"], record["type"]) == (ZONE, "mail.example.com", "A")
    [alias] = record["aliases"]
    assert (alias["name"], alias["zoneId"]) == (production.known["address"], production.known["zone"])
    assert production.known["url"] == "https://mail.example.com"


def test_the_record_comes_after_the_firewall(production: Alone) -> None:
    names = [found.name for found in production.resources]
    assert names.index("penguinmails-edge-guard") < names.index("penguinmails-edge-address")


def test_without_a_zone_whoever_runs_the_domain_is_told_where_it_leads(caplog: pytest.LogCaptureFixture) -> None:
    found = built(zone=False)
    assert f"leads mail.example.com to {found.known['address']}" in caplog.text
    assert not found.of("route53/record:Record")
    assert found.known["url"] == "https://mail.example.com"
