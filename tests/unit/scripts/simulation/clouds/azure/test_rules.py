"""What Azure refuses because of what else exists; each refusal beside the same thing accepted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.scripts.simulation.clouds.azure.account import Account
from tests.unit.scripts.simulation.clouds.azure.platform import APPS, POSTGRESQL, SERVER, SUBSCRIPTION, Platform


def _one(found: list[str], *parts: str) -> None:
    """Exactly one sentence, which says all the parts."""
    assert len(found) == 1, found
    for part in parts:
        assert part in found[0], found[0]


def test_a_group_must_exist(account: Account) -> None:
    found = account.problems("keyvault:Vault", "v", {"resourceGroupName": "nowhere", "properties": {"accessPolicies": []}})
    _one([str(problem) for problem in found], "resourceGroupName:", "no resource group nowhere")


def test_a_parent_must_lie_in_the_same_group(platform: Platform) -> None:
    other = platform.account.make("resources:ResourceGroup", "other", {"location": "westeurope"}).outputs["name"]
    name = platform.network.outputs["name"]
    inputs = {"virtualNetworkName": name, "addressPrefix": "10.20.9.0/24"}
    assert not platform.problems("network:Subnet", "s", **inputs)
    _one(
        platform.problems("network:Subnet", "s", **inputs, resourceGroupName=other),
        "virtualNetworkName:",
        "resource group mail",
    )


def test_subnets_lie_in_the_network_apart_from_each_other(platform: Platform) -> None:
    platform.subnet("a", "10.20.1.0/24")
    within = {"virtualNetworkName": platform.network.outputs["name"]}
    assert not platform.problems("network:Subnet", "b", **within, addressPrefix="10.20.2.0/24")
    _one(platform.problems("network:Subnet", "b", **within, addressPrefix="10.21.2.0/24"), "outside", "10.20.0.0/16")
    _one(platform.problems("network:Subnet", "b", **within, addressPrefix="10.20.0.0/23"), "overlaps 10.20.1.0/24", "Subnet a")


def test_a_subnet_in_use_keeps_its_delegation_and_range(platform: Platform) -> None:
    platform.make("dbforpostgresql:Server", "db", **platform.server())
    subnet = platform.subnet("db", "10.20.1.0/24")
    without = {key: value for key, value in subnet.inputs.items() if key != "delegations"}
    found = platform.account.problems(subnet.token, "db", {**without, "addressPrefix": "10.20.3.0/24"}, subnet)
    assert [problem.path for problem in found] == ["delegations", "addressPrefix"]
    with pytest.raises(AssertionError, match="still used by Server db"):
        platform.account.delete(subnet)


def test_a_network_still_holds_its_subnets(platform: Platform) -> None:
    platform.subnet("a", "10.20.1.0/24")
    changed = {**platform.network.inputs, "addressSpace": {"addressPrefixes": ["10.30.0.0/16"]}}
    found = platform.account.problems(platform.network.token, "net", changed, platform.network)
    _one([str(problem) for problem in found], "10.20.1.0/24", "Subnet a")


def test_networks_that_are_joined_differ(platform: Platform) -> None:
    other = platform.make("network:VirtualNetwork", "n2", addressSpace={"addressPrefixes": ["10.20.4.0/24"]})
    inputs = {"virtualNetworkName": platform.network.outputs["name"], "remoteVirtualNetwork": {"id": other.id}}
    _one(platform.problems("network:VirtualNetworkPeering", "p", **inputs), "10.20.4.0/24", "10.20.0.0/16")


def test_a_server_in_a_proper_subnet_is_accepted(platform: Platform) -> None:
    assert not platform.problems("dbforpostgresql:Server", "db", **platform.server())


def test_a_server_needs_a_delegated_subnet(platform: Platform) -> None:
    plain, apps = platform.subnet("plain", "10.20.8.0/24"), platform.subnet("apps2", "10.20.10.0/24", APPS)
    tiny = platform.subnet("tiny", "10.20.9.0/29", POSTGRESQL)
    for subnet, says in ((plain, "it has none"), (apps, f"belongs to {APPS}"), (tiny, "/28")):
        network = {**platform.server()["network"], "delegatedSubnetResourceId": subnet.id}
        _one(platform.problems("dbforpostgresql:Server", "x", **platform.server(network=network)), says, POSTGRESQL)


@pytest.mark.parametrize(
    ("name", "linked", "says"),
    [
        ("mail.example.com", True, ".postgres.database.azure.com"),
        ("lonely.postgres.database.azure.com", False, "VirtualNetworkLink"),
        ("mail-db.postgres.database.azure.com", True, "own name"),
    ],
)
def test_a_server_needs_its_zone_linked_before(platform: Platform, name: str, linked: bool, says: str) -> None:
    zone = platform.zone(name, linked=linked)
    network = {**platform.server()["network"], "privateDnsZoneArmResourceId": zone.id}
    found = platform.problems("dbforpostgresql:Server", "x", **platform.server(network=network, serverName="mail-db"))
    _one(found, "network.privateDnsZoneArmResourceId:", says)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"storage": {"storageSizeGB": 32}}, "storage.storageSizeGB"),
        ({"version": "16"}, "version"),
        ({"backup": {"backupRetentionDays": 7, "geoRedundantBackup": "Enabled"}}, "backup.geoRedundantBackup"),
    ],
)
def test_a_server_that_exists_only_grows(platform: Platform, change: dict[str, Any], path: str) -> None:
    server = platform.make("dbforpostgresql:Server", "db", **platform.server())
    assert not platform.account.problems(server.token, "db", {**server.inputs, "storage": {"storageSizeGB": 128}}, server)
    found = platform.account.problems(server.token, "db", {**server.inputs, **change}, server)
    assert [problem.path for problem in found] == [path]


def test_the_smallest_servers_have_no_pooler(platform: Platform) -> None:
    small = {"sku": {"name": "Standard_B2s", "tier": "Burstable"}, "highAvailability": {"mode": "Disabled"}}
    names = [
        platform.make("dbforpostgresql:Server", name, **{**SERVER, **changes}).outputs["name"]
        for name, changes in (("small", small), ("large", {}))
    ]
    setting = {"configurationName": "pgbouncer.enabled", "value": "true", "source": "user-override"}
    _one(platform.problems("dbforpostgresql:Configuration", "c", serverName=names[0], **setting), "Burstable", "GeneralPurpose")
    assert not platform.problems("dbforpostgresql:Configuration", "c", serverName=names[1], **setting)


@pytest.mark.parametrize(
    ("token", "field", "inputs"),
    [
        ("keyvault:Vault", "vaultName", {"properties": {"accessPolicies": []}}),
        ("storage:StorageAccount", "accountName", {"kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}),
        ("servicebus:Namespace", "namespaceName", {"sku": {"name": "Standard"}}),
    ],
)
def test_names_of_public_addresses_are_there_once(platform: Platform, token: str, field: str, inputs: dict[str, Any]) -> None:
    other = platform.account.make("resources:ResourceGroup", "other", {}).outputs["name"]
    platform.make(token, "one", **{field: "mailpost"}, **inputs)
    name = "mailpost" if token.startswith("storage") else "MailPost"
    _one(platform.problems(token, "two", **{field: name}, **inputs, resourceGroupName=other), f"{field}:", "anywhere in Azure")


def test_an_environment_has_a_subnet_for_itself(platform: Platform) -> None:
    environment = platform.environment
    again = {key: value for key, value in environment.inputs.items() if key != "environmentName"}
    _one(platform.problems("app:ManagedEnvironment", "second", **again), "ManagedEnvironment apps-env", "for itself")
    plain = platform.subnet("plain", "10.20.8.0/24")
    network = {"infrastructureSubnetId": plain.id}
    _one(platform.problems("app:ManagedEnvironment", "second", **{**again, "vnetConfiguration": network}), "delegation", APPS)
    _one(platform.problems("app:ManagedEnvironment", "second", vnetConfiguration=network), "/23")
    found = platform.account.problems(environment.token, "apps-env", {**environment.inputs, "zoneRedundant": True}, environment)
    assert [problem.path for problem in found] == ["zoneRedundant"]


def test_an_app_names_secrets_and_queues_that_exist(platform: Platform) -> None:
    vault, bus = platform.vault.outputs["name"], platform.bus().outputs["name"]
    address = f"https://{vault}.vault.azure.net/secrets/smtp"
    metadata = {"namespace": bus, "queueName": "outbound", "messageCount": "5"}
    rule = {"name": "q", "custom": {"type": "azure-servicebus", "metadata": metadata}}
    inputs = platform.app(
        configuration={"secrets": [{"name": "smtp", "keyVaultUrl": address, "identity": "system"}]},
        template={**platform.app()["template"], "scale": {"rules": [rule]}},
    )
    found = platform.problems("app:ContainerApp", "api", **inputs)
    assert [text.partition(":")[0] for text in found] == [
        "configuration.secrets[0].keyVaultUrl",
        "template.scale.rules[0].custom.metadata.queueName",
    ]
    platform.make("keyvault:Secret", "smtp", vaultName=vault, properties={"value": "x"})
    platform.make("servicebus:Queue", "outbound", namespaceName=bus)
    assert not platform.problems("app:ContainerApp", "api", **inputs)
    _one(platform.problems("app:ContainerApp", "api", **inputs, workloadProfileName="D4"), "no profile D4", "Consumption")


def test_a_managed_certificate_comes_after_the_name_on_the_app(platform: Platform) -> None:
    properties = {"subjectName": "mail.example.com", "domainControlValidation": "CNAME"}
    inputs = {"environmentName": platform.environment.outputs["name"], "properties": properties}
    _one(platform.problems("app:ManagedCertificate", "c", **inputs), "bindingType Disabled")
    domains = [{"name": "mail.example.com", "bindingType": "Disabled"}]
    configuration = {"ingress": {"external": True, "targetPort": 8000, "customDomains": domains}}
    platform.make("app:ContainerApp", "api", **platform.app(configuration=configuration))
    assert not platform.problems("app:ManagedCertificate", "c", **inputs)
    _one(platform.problems("app:ContainerApp", "two", **platform.app(configuration=configuration)), "ContainerApp api")


def test_tiers_of_the_bus(platform: Platform) -> None:
    names = {tier: platform.bus(tier).outputs["name"] for tier in ("Basic", "Standard", "Premium")}
    assert not platform.problems("servicebus:Queue", "q", namespaceName=names["Standard"], requiresSession=True)
    _one(platform.problems("servicebus:Queue", "q", namespaceName=names["Basic"], requiresSession=True), "Standard")
    _one(platform.problems("servicebus:Topic", "t", namespaceName=names["Basic"]), "no topics")
    large = {"maxSizeInMegabytes": 10240}
    _one(platform.problems("servicebus:Queue", "q", namespaceName=names["Standard"], **large), "Premium", "5120")
    assert not platform.problems("servicebus:Queue", "q", namespaceName=names["Premium"], **large)
    standard = platform.bus("Standard")
    found = platform.account.problems(standard.token, "bus-standard", {**standard.inputs, "sku": {"name": "Premium"}}, standard)
    assert [problem.path for problem in found] == ["sku.name"]


def test_private_endpoints_lead_to_what_takes_them(platform: Platform) -> None:
    subnet = platform.subnet("endpoints", "10.20.8.0/24")

    def endpoint(target: str, part: str) -> list[str]:
        connection = {"name": "c", "privateLinkServiceId": target, "groupIds": [part]}
        return platform.problems(
            "network:PrivateEndpoint", "pe", subnet={"id": subnet.id}, privateLinkServiceConnections=[connection]
        )

    assert not endpoint(platform.vault.id, "vault")
    assert not endpoint(platform.bus("Premium").id, "namespace")
    _one(endpoint(platform.bus("Standard").id, "namespace"), "Premium")
    _one(endpoint(platform.vault.id, "secrets"), "use vault")
    server = platform.make("dbforpostgresql:Server", "db", **platform.server())
    _one(endpoint(server.id, "postgresqlServer"), "subnet of its own")
    delegated = platform.subnet("db", "10.20.1.0/24")
    connection = {"name": "c", "privateLinkServiceId": platform.vault.id, "groupIds": ["vault"]}
    found = platform.problems(
        "network:PrivateEndpoint", "pe", subnet={"id": delegated.id}, privateLinkServiceConnections=[connection]
    )
    _one(found, "subnet.id:", POSTGRESQL)


def test_a_lock_keeps_what_it_lies_on_and_what_that_lies_in(platform: Platform) -> None:
    account = platform.account
    lock = account.make("authorization:ManagementLockByScope", "keep", {"scope": platform.network.id, "level": "CanNotDelete"})
    for kept in (platform.network, platform.group):
        with pytest.raises(AssertionError, match="delete the lock first"):
            account.delete(kept)
    account.delete(platform.vault)
    account.delete(lock)
    account.delete(platform.network)


def test_what_protects_a_vault_is_not_taken_back(platform: Platform) -> None:
    properties = {**platform.vault.inputs["properties"], "enablePurgeProtection": True, "softDeleteRetentionInDays": 90}
    vault = platform.make("keyvault:Vault", "kept", properties=properties)
    weaker = {**properties, "softDeleteRetentionInDays": 7}
    del weaker["enablePurgeProtection"]
    found = platform.account.problems(vault.token, "kept", {**vault.inputs, "properties": weaker}, vault)
    assert [problem.path for problem in found] == ["properties.enablePurgeProtection", "properties.softDeleteRetentionInDays"]


def test_a_role_is_given_once(platform: Platform) -> None:
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7"
    inputs = {"principalId": "p", "roleDefinitionId": role, "scope": platform.vault.id, "principalType": "ServicePrincipal"}
    platform.account.make("authorization:RoleAssignment", "one", inputs)
    found = platform.account.problems("authorization:RoleAssignment", "two", inputs)
    _one([str(problem) for problem in found], "RoleAssignment one")


def test_a_cname_stands_alone(platform: Platform) -> None:
    platform.make("dns:Zone", "dns", zoneName="example.com", location="global")
    named = {"zoneName": "example.com", "relativeRecordSetName": "www"}
    platform.make("dns:RecordSet", "a", recordType="A", **named)
    _one(platform.problems("dns:RecordSet", "c", recordType="CNAME", **named), "A record", "alone")
    assert not platform.problems("dns:RecordSet", "t", recordType="TXT", **named)


def test_locked_backups_are_not_deleted(platform: Platform) -> None:
    state = {"securitySettings": {"immutabilitySettings": {"state": "Locked"}}}
    vault = platform.make("dataprotection:BackupVault", "backups", properties=state)
    with pytest.raises(AssertionError, match="Locked"):
        platform.account.delete(vault)
