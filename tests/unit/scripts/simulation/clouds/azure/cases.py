"""What `check` takes, and what it refuses of networks, queues, secrets, records and monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.scripts.simulation.clouds.azure.platform import APP, SERVER, TENANT

MYSQL = {
    **SERVER,
    "version": "8.4",
    "sku": {"name": "Standard_D2ads_v5", "tier": "GeneralPurpose"},
    "storage": {"storageSizeGB": 100},
}
VAULT = {"properties": {"sku": {"name": "standard", "family": "A"}, "tenantId": TENANT, "enableRbacAuthorization": True}}
WEB_TEST = {"tags": {"hidden-link:/subscriptions/x": "Resource"}, "webTestKind": "standard"}
METRIC = {"evaluationFrequency": "PT5M", "windowSize": "PT15M", "severity": 2, "location": "global"}

RIGHT: list[tuple[str, Mapping[str, Any]]] = [
    ("dbforpostgresql:Server", SERVER),
    ("dbformysql:Server", MYSQL),
    ("app:ContainerApp", {**APP, "environmentId": "x"}),
    ("keyvault:Vault", VAULT),
    ("applicationinsights:WebTest", WEB_TEST),
    ("monitor:MetricAlert", METRIC),
    ("network:Subnet", {"addressPrefix": "10.20.1.0/24"}),
    ("network:VirtualNetwork", {"addressSpace": {"addressPrefixes": ["10.20.0.0/16"]}}),
    ("servicebus:Queue", {"lockDuration": "PT1M", "maxDeliveryCount": 5, "maxSizeInMegabytes": 1024}),
    ("servicebus:Namespace", {"sku": {"name": "Premium", "capacity": 1}, "minimumTlsVersion": "1.2", "encryption": {}}),
    ("operationalinsights:Workspace", {"retentionInDays": 7, "sku": {"name": "Free"}}),
    ("dbforpostgresql:Server", {**SERVER, "storage": {"storageSizeGB": 100, "type": "PremiumV2_LRS"}}),
    ("monitor:ActionGroup", {"groupShortName": "oncall", "location": "global"}),
    ("communication:EmailService", {"dataLocation": "Europe", "location": "global"}),
    ("communication:Domain", {"domainManagement": "AzureManaged", "domainName": "AzureManagedDomain", "location": "global"}),
    ("operationalinsights:Workspace", {"retentionInDays": 30, "sku": {"name": "PerGB2018"}}),
    ("dns:RecordSet", {"recordType": "TXT", "relativeRecordSetName": "@", "txtRecords": [{"value": ["v=spf1"]}], "ttl": 300}),
    ("network:PrivateEndpoint", {"privateLinkServiceConnections": [{"name": "x", "privateLinkServiceId": "y"}]}),
]

WRONG: list[tuple[str, Mapping[str, Any], Mapping[str, Any], str, str]] = [
    ("keyvault:Vault", {}, {"properties": {**VAULT["properties"], "tenantId": "mail"}}, "properties.tenantId", "GUID"),
    (
        "keyvault:Vault",
        {},
        {"properties": {**VAULT["properties"], "softDeleteRetentionInDays": 5}},
        "properties.softDeleteRetentionInDays",
        "7 to 90",
    ),
    (
        "keyvault:Vault",
        {},
        {"properties": {**VAULT["properties"], "enablePurgeProtection": False}},
        "properties.enablePurgeProtection",
        "leave it out",
    ),
    (
        "keyvault:Vault",
        {},
        {"properties": {**VAULT["properties"], "enableRbacAuthorization": False}},
        "properties.accessPolicies",
        "enableRbac",
    ),
    ("keyvault:Secret", {}, {"properties": {"value": "x" * 25601}}, "properties.value", "25 KiB"),
    ("servicebus:Queue", {}, {"lockDuration": "PT10M"}, "lockDuration", "PT5M"),
    ("servicebus:Queue", {}, {"maxDeliveryCount": 0}, "maxDeliveryCount", "1 to 2000"),
    ("servicebus:Queue", {}, {"defaultMessageTimeToLive": "14d"}, "defaultMessageTimeToLive", "P14D"),
    ("servicebus:Queue", {}, {"autoDeleteOnIdle": "PT1M"}, "autoDeleteOnIdle", "PT5M"),
    ("servicebus:Queue", {}, {"maxSizeInMegabytes": 1000}, "maxSizeInMegabytes", "1024"),
    ("servicebus:Namespace", {}, {"sku": {"name": "Premium", "tier": "Standard"}}, "sku.tier", "Premium"),
    ("servicebus:Namespace", {}, {"sku": {"name": "Premium", "capacity": 3}}, "sku.capacity", "1, 2, 4"),
    ("servicebus:Namespace", {}, {"encryption": {}}, "encryption", "Premium"),
    ("servicebus:Namespace", {}, {"minimumTlsVersion": "1.0"}, "minimumTlsVersion", "1.2"),
    ("monitor:MetricAlert", METRIC, {"windowSize": "PT2H"}, "windowSize", "PT1H"),
    ("monitor:MetricAlert", METRIC, {"windowSize": "PT1M"}, "windowSize", "shorter"),
    ("monitor:MetricAlert", METRIC, {"severity": 5}, "severity", "0 (critical)"),
    ("monitor:MetricAlert", METRIC, {"location": "westeurope"}, "location", "use global"),
    ("monitor:ScheduledQueryRule", {}, {"overrideQueryTimeRange": "P3D"}, "overrideQueryTimeRange", "two days"),
    ("monitor:ActionGroup", {}, {"groupShortName": "far-too-long-a-name"}, "groupShortName", "1 to 12"),
    ("applicationinsights:WebTest", WEB_TEST, {"webTestKind": "ping"}, "webTestKind", "standard"),
    ("applicationinsights:WebTest", WEB_TEST, {"tags": None}, "tags", "hidden-link"),
    ("operationalinsights:Workspace", {}, {"retentionInDays": 7}, "retentionInDays", "30 to 730"),
    ("communication:EmailService", {}, {"dataLocation": "Bavaria"}, "dataLocation", "Europe"),
    (
        "communication:Domain",
        {},
        {"domainManagement": "AzureManaged", "domainName": "x.example.com"},
        "domainName",
        "AzureManagedDomain",
    ),
    (
        "communication:Domain",
        {},
        {"domainManagement": "CustomerManaged", "domainName": "mail"},
        "domainName",
        "mail.example.com",
    ),
    ("dns:RecordSet", {}, {"recordType": "CNAME", "relativeRecordSetName": "@"}, "relativeRecordSetName", "top of a zone"),
    ("dns:RecordSet", {}, {"recordType": "TXT", "txtRecords": [{"value": ["x" * 256]}]}, "txtRecords[0].value[0]", "255 bytes"),
    ("network:Subnet", {}, {}, "addressPrefix", "missing"),
    ("network:Subnet", {}, {"addressPrefix": "10.20.1.0/30"}, "addressPrefix", "/29"),
    ("network:Subnet", {}, {"addressPrefix": "10.20.1.1/24"}, "addressPrefix", "10.20.1.0/24"),
    (
        "network:Subnet",
        {"addressPrefix": "10.20.1.0/24"},
        {"delegations": [{"name": "a"}, {"name": "b"}]},
        "delegations[1]",
        "one at most",
    ),
    (
        "network:VirtualNetwork",
        {},
        {"addressSpace": {"addressPrefixes": ["ten"]}},
        "addressSpace.addressPrefixes[0]",
        "10.20.0.0/24",
    ),
    ("network:VirtualNetwork", {}, {}, "addressSpace", "missing"),
    ("network:SecurityRule", {}, {"priority": 5}, "priority", "100 to 4096"),
    (
        "network:NetworkSecurityGroup",
        {},
        {"securityRules": [{"priority": 100, "direction": "Inbound"}, {"priority": 100, "direction": "Inbound"}]},
        "securityRules[1].priority",
        "securityRules[0]",
    ),
    (
        "network:PublicIPAddress",
        {},
        {"sku": {"name": "Standard"}, "publicIPAllocationMethod": "Dynamic"},
        "publicIPAllocationMethod",
        "Static",
    ),
    ("network:PrivateEndpoint", {}, {}, "privateLinkServiceConnections", "missing"),
    (
        "network:PrivateEndpoint",
        {},
        {"privateLinkServiceConnections": [{"name": "x"}]},
        "privateLinkServiceConnections[0].privateLinkServiceId",
        "missing",
    ),
]
