"""What `check` refuses of databases and containers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.scripts.simulation.clouds.azure.cases import MYSQL
from tests.unit.scripts.simulation.clouds.azure.platform import APP, SERVER

WRONG: list[tuple[str, Mapping[str, Any], Mapping[str, Any], str, str]] = [
    ("dbforpostgresql:Server", SERVER, {"version": "9.6"}, "version", "11, 12"),
    (
        "dbforpostgresql:Server",
        SERVER,
        {"sku": {"name": "db.t4g.small", "tier": "GeneralPurpose"}},
        "sku.name",
        "Standard_D2ds_v5",
    ),
    ("dbforpostgresql:Server", SERVER, {"sku": {"name": "Standard_B2s", "tier": "Basic"}}, "sku.tier", "Burstable"),
    ("dbforpostgresql:Server", SERVER, {"sku": None}, "sku", "Standard_D2ds_v5"),
    (
        "dbforpostgresql:Server",
        SERVER,
        {"sku": {"name": "Standard_B2s", "tier": "Burstable"}},
        "highAvailability.mode",
        "GeneralPurpose",
    ),
    ("dbforpostgresql:Server", SERVER, {"location": "westus"}, "highAvailability.mode", "no availability zones"),
    (
        "dbforpostgresql:Server",
        SERVER,
        {"availabilityZone": "1", "highAvailability": {"mode": "ZoneRedundant", "standbyAvailabilityZone": "1"}},
        "highAvailability.standbyAvailabilityZone",
        "own zone",
    ),
    ("dbforpostgresql:Server", SERVER, {"storage": {"storageSizeGB": 100}}, "storage.storageSizeGB", "32, 64"),
    ("dbforpostgresql:Server", SERVER, {"backup": {"backupRetentionDays": 3}}, "backup.backupRetentionDays", "7 to 35"),
    ("dbforpostgresql:Server", SERVER, {"administratorLogin": "azure_superuser"}, "administratorLogin", "reserved"),
    ("dbforpostgresql:Server", SERVER, {"administratorLogin": None}, "administratorLogin", "missing"),
    ("dbforpostgresql:Server", SERVER, {"administratorLoginPassword": "simple"}, "administratorLoginPassword", "8 to 128"),
    ("dbforpostgresql:Server", SERVER, {"administratorLoginPassword": "simplesimple"}, "administratorLoginPassword", "kinds"),
    (
        "dbforpostgresql:Server",
        SERVER,
        {"network": {"delegatedSubnetResourceId": "x"}},
        "network.privateDnsZoneArmResourceId",
        ".postgres.database.azure.com",
    ),
    (
        "dbforpostgresql:Server",
        SERVER,
        {"network": {"privateDnsZoneArmResourceId": "x"}},
        "network.privateDnsZoneArmResourceId",
        "delegatedSubnetResourceId",
    ),
    ("dbforpostgresql:Server", SERVER, {"createMode": "PointInTimeRestore"}, "sourceServerResourceId", "missing"),
    ("dbforpostgresql:Server", SERVER, {"location": "mars"}, "location", "no location of Azure"),
    ("dbformysql:Server", MYSQL, {"version": "8.0"}, "version", "8.0.21"),
    ("dbformysql:Server", MYSQL, {"storage": {"storageSizeGB": 10}}, "storage.storageSizeGB", "20 to 16384"),
    ("dbformysql:Server", MYSQL, {"backup": {"backupRetentionDays": 36}}, "backup.backupRetentionDays", "1 to 35"),
    ("app:ContainerApp", APP, {}, "environmentId", "missing"),
    (
        "app:ContainerApp",
        {"environmentId": "x"},
        {"template": {"containers": [{"name": "a", "image": "i", "resources": {"cpu": 0.5, "memory": "2Gi"}}]}},
        "template.containers[0].resources.memory",
        "1Gi",
    ),
    (
        "app:ContainerApp",
        {"environmentId": "x"},
        {"template": {"containers": [{"name": "a", "image": "i", "resources": {"cpu": 0.3, "memory": "1Gi"}}]}},
        "template.containers[0].resources.cpu",
        "steps of 0.25",
    ),
    (
        "app:ContainerApp",
        {"environmentId": "x"},
        {"template": {"containers": [{"name": "a", "image": "i", "env": [{"name": "A", "secretRef": "smtp"}]}]}},
        "template.containers[0].env[0].secretRef",
        "configuration.secrets",
    ),
    (
        "app:ContainerApp",
        {**APP, "environmentId": "x"},
        {"configuration": {"secrets": [{"name": "SMTP", "value": "x"}]}},
        "configuration.secrets[0].name",
        "lower-case",
    ),
    (
        "app:ContainerApp",
        {**APP, "environmentId": "x"},
        {"configuration": {"secrets": [{"name": "smtp", "keyVaultUrl": "https://x.vault.azure.net/secrets/a"}]}},
        "configuration.secrets[0].identity",
        "identity",
    ),
    (
        "app:ContainerApp",
        {"environmentId": "x"},
        {"template": {**APP["template"], "scale": {"minReplicas": 3, "maxReplicas": 2}}},
        "template.scale.minReplicas",
        "more than maxReplicas",
    ),
    (
        "app:ContainerApp",
        {"environmentId": "x"},
        {"template": {**APP["template"], "scale": {"rules": [{"name": "a", "http": {}, "tcp": {}}]}}},
        "template.scale.rules[0]",
        "exactly one",
    ),
    (
        "app:ContainerApp",
        {"environmentId": "x"},
        {
            "template": {
                **APP["template"],
                "scale": {
                    "rules": [
                        {
                            "name": "a",
                            "custom": {"type": "azure-servicebus", "metadata": {"queueName": "out", "messageCount": 5}},
                        }
                    ]
                },
            }
        },
        "template.scale.rules[0].custom.metadata.messageCount",
        "write it as text",
    ),
    (
        "app:ContainerApp",
        {**APP, "environmentId": "x"},
        {"configuration": {"ingress": {"customDomains": [{"name": "x.example.com", "bindingType": "SniEnabled"}]}}},
        "configuration.ingress.customDomains[0].certificateId",
        "certificate",
    ),
    (
        "app:ContainerApp",
        {**APP, "environmentId": "x"},
        {"configuration": {"ingress": {"traffic": [{"weight": 50}, {"weight": 40}]}}},
        "configuration.ingress.traffic",
        "100",
    ),
    (
        "app:Job",
        {**APP, "environmentId": "x"},
        {"configuration": {"triggerType": "Schedule"}},
        "configuration.scheduleTriggerConfig",
        "needs it",
    ),
    ("app:ManagedEnvironment", {}, {"zoneRedundant": True}, "zoneRedundant", "infrastructureSubnetId"),
    ("app:ManagedEnvironment", {}, {"vnetConfiguration": {"internal": True}}, "vnetConfiguration.internal", "network"),
    (
        "app:ManagedEnvironment",
        {},
        {"appLogsConfiguration": {"destination": "log-analytics"}},
        "appLogsConfiguration.logAnalyticsConfiguration",
        "azure-monitor",
    ),
]
