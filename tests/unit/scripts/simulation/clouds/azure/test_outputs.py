from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scripts.simulation.clouds.azure import CLOUD
from scripts.simulation.clouds.azure.types import BY_TOKEN
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.schema import store
from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.azure.platform import SERVER, TENANT, Platform

SEED = "0123456789abcdef0123456789abcdef"
INPUTS = {gap: "x" for kind in BY_TOKEN.values() for gap in kind.gaps if gap not in {"name", "location"}} | {
    "scope": "/subscriptions/x/resourceGroups/x",
    "resourceUri": "/subscriptions/x/resourceGroups/x",
}


def _candidate(account: Account, token: str, inputs: dict[str, Any]) -> Candidate:
    return Candidate(token, f"urn:pulumi:t::p::{token}::x", "x", account.place, inputs, SEED)


@pytest.mark.slow
def test_every_output_is_one_of_the_sdk(account: Account) -> None:
    store.prepare(BY_TOKEN)
    for token, kind in BY_TOKEN.items():
        schema = store.schema(token)
        assert schema is not None, token
        assert set(kind.gaps) <= {*schema.inputs}, token
        inputs = {gap: INPUTS.get(gap, "x") for gap in kind.gaps}
        candidate = _candidate(account, token, inputs)
        outputs = CLOUD.outputs(candidate, CLOUD.identifier(candidate))
        assert set(outputs) <= {*schema.outputs}, (token, set(outputs) - {*schema.outputs})
        assert ("provisioningState" in schema.outputs) <= (
            "provisioningState" in outputs or "provisioningState" in schema.inputs
        ), token


@pytest.mark.slow
def test_every_listed_type_states_its_version_and_kind(account: Account) -> None:
    for token in BY_TOKEN:
        candidate = _candidate(account, token, dict.fromkeys(BY_TOKEN[token].gaps, "x"))
        found = CLOUD.outputs(candidate, CLOUD.identifier(candidate))
        assert str(found["azureApiVersion"])[:2] == "20", token


def _server(platform: Platform) -> tuple[str, dict[str, Any], dict[str, Any]]:
    return (
        "dbforpostgresql:Server",
        platform.server(serverName="mail-db"),
        {
            "fullyQualifiedDomainName": "mail-db.postgres.database.azure.com",
            "name": "mail-db",
            "state": "Ready",
            "type": "Microsoft.DBforPostgreSQL/flexibleServers",
        },
    )


def _vault(platform: Platform) -> tuple[str, dict[str, Any], dict[str, Any]]:
    given = {"sku": {"name": "standard", "family": "A"}, "tenantId": TENANT, "enableRbacAuthorization": True}
    shown = {**given, "enableSoftDelete": True, "softDeleteRetentionInDays": 90, "provisioningState": "Succeeded"}
    expected = {**shown, "vaultUri": "https://mail-vault.vault.azure.net/", "hsmPoolResourceId": ""}
    return "keyvault:Vault", {"vaultName": "Mail-Vault", "properties": given}, {"properties": expected}


def _bus(platform: Platform) -> tuple[str, dict[str, Any], dict[str, Any]]:
    return (
        "servicebus:Namespace",
        {"namespaceName": "mail-bus", "sku": {"name": "Standard"}},
        {
            "serviceBusEndpoint": "https://mail-bus.servicebus.windows.net:443/",
            "provisioningState": "Succeeded",
        },
    )


def _registry(platform: Platform) -> tuple[str, dict[str, Any], dict[str, Any]]:
    return (
        "containerregistry:Registry",
        {"registryName": "MailImages", "sku": {"name": "Basic"}},
        {"loginServer": "mailimages.azurecr.io"},
    )


def _record(platform: Platform) -> tuple[str, dict[str, Any], dict[str, Any]]:
    platform.make("dns:Zone", "dns", zoneName="example.com", location="global")
    inputs = {"zoneName": "example.com", "recordType": "TXT", "relativeRecordSetName": "_dmarc", "ttl": 300}
    return "dns:RecordSet", inputs, {"fqdn": "_dmarc.example.com.", "type": "Microsoft.Network/dnszones/TXT"}


@pytest.mark.parametrize("part", [_server, _vault, _bus, _registry, _record])
def test_outputs_have_the_form_of_the_cloud(
    platform: Platform, part: Callable[[Platform], tuple[str, dict[str, Any], dict[str, Any]]]
) -> None:
    token, inputs, expected = part(platform)
    made = platform.make(token, "thing", **inputs)
    assert {key: made.outputs.get(key) for key in expected} == expected


def test_an_app_answers_under_the_domain_of_its_environment(platform: Platform) -> None:
    environment = platform.environment
    ingress = {"external": True, "targetPort": 8000}
    app = platform.make("app:ContainerApp", "api", **platform.app(containerAppName="api", configuration={"ingress": ingress}))
    inner = platform.make(
        "app:ContainerApp", "inner", **platform.app(containerAppName="inner", configuration={"ingress": {"targetPort": 8000}})
    )
    domain = environment.outputs["defaultDomain"]
    assert app.outputs["configuration"]["ingress"] == {**ingress, "fqdn": f"api.{domain}"}
    assert inner.outputs["configuration"]["ingress"]["fqdn"] == f"inner.internal.{domain}"


def test_what_azure_never_gives_back_is_not_among_the_outputs(platform: Platform) -> None:
    vault = platform.vault.outputs["name"]
    secret = platform.make("keyvault:Secret", "smtp", vaultName=vault, properties={"value": "hidden-value"})
    app = platform.make(
        "app:ContainerApp",
        "api",
        **platform.app(configuration={"secrets": [{"name": "smtp", "value": "hidden-value"}]}),
    )
    assert secret.outputs["properties"]["secretUri"] == f"https://{vault}.vault.azure.net/secrets/smtp"
    for made in (secret, app):
        computed = CLOUD.outputs(_candidate(platform.account, made.token, dict(made.inputs)), made.id)
        assert "hidden-value" not in repr(computed)


def test_an_update_gives_the_same_values_again(platform: Platform) -> None:
    made = platform.make("dbforpostgresql:Server", "db", **platform.server())
    again = platform.account.change(made, {**made.inputs, "tags": {"a": "b"}})
    assert {**again.outputs, "tags": None} == {**made.outputs, "tags": None}


def test_records_that_prove_a_domain_of_mail(platform: Platform) -> None:
    platform.make(
        "communication:EmailService", "mail-svc", emailServiceName="mail-svc", dataLocation="Europe", location="global"
    )
    made = platform.make(
        "communication:Domain",
        "domain",
        emailServiceName="mail-svc",
        domainName="mail.example.com",
        domainManagement="CustomerManaged",
        location="global",
    )
    records = made.outputs["verificationRecords"]
    assert set(records) == {"domain", "sPF", "dKIM", "dKIM2", "dMARC"}
    assert all(set(record) == {"name", "type", "value", "ttl"} for record in records.values())
    assert records["dKIM"]["name"] == "selector1-azurecomm-prod-net._domainkey.mail"
    assert SERVER["version"] == "17"


def test_identities_come_back_with_what_the_directory_knows(platform: Platform) -> None:
    own = platform.make("managedidentity:UserAssignedIdentity", "apps")
    both = {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": [own.id]}
    app = platform.make("app:ContainerApp", "api", **platform.app(identity=both))
    found = app.outputs["identity"]
    assert found["userAssignedIdentities"] == {own.id: {key: own.outputs[key] for key in ("clientId", "principalId")}}
    assert found["principalId"] not in {own.outputs["principalId"], None}
    server = platform.make("dbforpostgresql:Server", "db", **platform.server(identity={"type": "None"}))
    assert server.outputs["identity"] == {"type": "None"}
