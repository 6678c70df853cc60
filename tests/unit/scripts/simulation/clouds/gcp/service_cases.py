"""What `check` refuses of databases and of Cloud Run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.scripts.simulation.clouds.gcp.cases import RUN, SQL
from tests.unit.scripts.simulation.clouds.gcp.platform import CONTAINER

BACKUP = SQL["settings"]["backupConfiguration"]


def _settings(**changes: Any) -> dict[str, Any]:
    return {"settings": {**SQL["settings"], **changes}}


def _container(cpu: str, memory: str) -> dict[str, Any]:
    return {"template": {"containers": [{**CONTAINER, "resources": {"limits": {"cpu": cpu, "memory": memory}}}]}}


def _template(**changes: Any) -> dict[str, Any]:
    return {"template": {**RUN["template"], **changes}}


WRONG: list[tuple[str, Mapping[str, Any], Mapping[str, Any], str, str]] = [
    ("sql.DatabaseInstance", SQL, {"databaseVersion": "POSTGRES_8"}, "databaseVersion", "POSTGRES_17"),
    ("sql.DatabaseInstance", SQL, {"settings": None}, "settings", "missing"),
    ("sql.DatabaseInstance", SQL, _settings(edition="BASIC"), "settings.edition", "ENTERPRISE_PLUS"),
    ("sql.DatabaseInstance", SQL, _settings(edition=None), "settings.tier", "settings.edition is left out"),
    ("sql.DatabaseInstance", SQL, _settings(edition="ENTERPRISE_PLUS"), "settings.tier", "db-perf-optimized-N-2"),
    ("sql.DatabaseInstance", SQL, _settings(tier="db-perf-optimized-N-2"), "settings.tier", "needs settings.edition"),
    ("sql.DatabaseInstance", SQL, _settings(tier="db-custom-3-7680"), "settings.tier", "even number"),
    ("sql.DatabaseInstance", SQL, _settings(tier="db-custom-2-1024"), "settings.tier", "3840 to 13312"),
    ("sql.DatabaseInstance", SQL, _settings(tier="db.t4g.small"), "settings.tier", "no tier"),
    (
        "sql.DatabaseInstance",
        SQL,
        _settings(ipConfiguration={"ipv4Enabled": False}),
        "settings.ipConfiguration.privateNetwork",
        "missing",
    ),
    (
        "sql.DatabaseInstance",
        SQL,
        _settings(ipConfiguration={"ipv4Enabled": True, "sslMode": "REQUIRED"}),
        "settings.ipConfiguration.sslMode",
        "ENCRYPTED_ONLY",
    ),
    (
        "sql.DatabaseInstance",
        SQL,
        _settings(backupConfiguration={**BACKUP, "transactionLogRetentionDays": 14}),
        "settings.backupConfiguration.transactionLogRetentionDays",
        "1 to 7",
    ),
    (
        "sql.DatabaseInstance",
        SQL,
        _settings(backupConfiguration={"enabled": True}),
        "settings.backupConfiguration.pointInTimeRecoveryEnabled",
        "REGIONAL",
    ),
    (
        "sql.DatabaseInstance",
        SQL,
        {
            "databaseVersion": "MYSQL_8_0",
            **_settings(backupConfiguration={**BACKUP, "binaryLogEnabled": True}),
        },
        "settings.backupConfiguration.pointInTimeRecoveryEnabled",
        "binaryLogEnabled",
    ),
    (
        "sql.DatabaseInstance",
        SQL,
        _settings(connectionPoolConfigs=[{"connectionPoolingEnabled": True}]),
        "settings.connectionPoolConfigs",
        "ENTERPRISE_PLUS",
    ),
    ("sql.DatabaseInstance", SQL, _settings(diskSize=5), "settings.diskSize", "at least 10"),
    ("sql.DatabaseInstance", SQL, _settings(diskType="SSD"), "settings.diskType", "PD_SSD"),
    ("cloudrunv2.Service", RUN, {"location": "mars"}, "location", "no location"),
    ("cloudrunv2.Service", RUN, {"ingress": "INTERNAL"}, "ingress", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"),
    ("cloudrunv2.Service", RUN, _container("3", "1Gi"), "template.containers[0].resources.limits.cpu", "1, 2, 4, 6 or 8"),
    ("cloudrunv2.Service", RUN, _container("1", "8Gi"), "template.containers[0].resources.limits.memory", "4096Mi"),
    ("cloudrunv2.Service", RUN, _container("4", "1Gi"), "template.containers[0].resources.limits.memory", "2048Mi"),
    ("cloudrunv2.Service", RUN, _container("0.5", "2Gi"), "template.containers[0].resources.limits.memory", "1024Mi"),
    ("cloudrunv2.Service", RUN, _container("1", "plenty"), "template.containers[0].resources.limits.memory", "512Mi"),
    (
        "cloudrunv2.Service",
        RUN,
        _template(scaling={"minInstanceCount": 3, "maxInstanceCount": 2}),
        "template.scaling.minInstanceCount",
        "more than maxInstanceCount",
    ),
    ("cloudrunv2.Service", RUN, _template(timeout="2h"), "template.timeout", "300s"),
    ("cloudrunv2.Service", RUN, _template(timeout="7200s"), "template.timeout", "3600s"),
    (
        "cloudrunv2.Service",
        RUN,
        _template(maxInstanceRequestConcurrency=2000),
        "template.maxInstanceRequestConcurrency",
        "1 to 1000",
    ),
    (
        "cloudrunv2.Service",
        RUN,
        {
            "template": {
                "maxInstanceRequestConcurrency": 80,
                "containers": [{**CONTAINER, "resources": {"limits": {"cpu": "0.5", "memory": "512Mi"}}}],
            }
        },
        "template.maxInstanceRequestConcurrency",
        "less than one CPU",
    ),
    ("cloudrunv2.Service", RUN, {"traffics": [{"percent": 50}, {"percent": 30}]}, "traffics", "100"),
    (
        "cloudrunv2.Service",
        RUN,
        {"template": {"containers": [{**CONTAINER, "volumeMounts": [{"name": "tls", "mountPath": "/tls"}]}]}},
        "template.containers[0].volumeMounts[0].name",
        "volumes",
    ),
    ("cloudrunv2.Service", RUN, {"template": {"containers": [{}]}}, "template.containers[0].image", "missing"),
    (
        "cloudrunv2.WorkerPool",
        RUN,
        {"scaling": {"scalingMode": "AUTOMATIC", "manualInstanceCount": 2}},
        "scaling.manualInstanceCount",
        "MANUAL",
    ),
    (
        "cloudrunv2.Job",
        {"location": "europe-west3"},
        {"template": {"template": {"containers": [CONTAINER], "maxRetries": 20}}},
        "template.template.maxRetries",
        "0 to 10",
    ),
]
