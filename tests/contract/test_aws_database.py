"""The database on AWS against a simulated AWS: safe in production, small in development, private and encrypted everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.harness.foundation.deployed import CANARY, ENGINES, ENVIRONMENTS, Foundation, build, built


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def server(foundation: Foundation) -> Mapping[str, Any]:
    return foundation.one("rds/instance:Instance").inputs


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_in_production_is_safe(engine: str) -> None:
    found = server(built("production", engine))
    assert {
        "multiAz": True,
        "deletionProtection": True,
        "skipFinalSnapshot": False,
        "deleteAutomatedBackups": False,
        "backupRetentionPeriod": 30,
        "copyTagsToSnapshot": True,
        "applyImmediately": False,
        "monitoringInterval": 60,
        "performanceInsightsEnabled": True,
        "performanceInsightsRetentionPeriod": 7,
        "databaseInsightsMode": "standard",
        "instanceClass": "db.t4g.medium",
    }.items() <= found.items()
    assert found["performanceInsightsKmsKeyId"] == found["kmsKeyId"]
    assert found["monitoringRoleArn"].endswith(":role/penguinmails-test-database-monitoring")
    assert built("production", engine).one("rds/instance:Instance").protect is True


def test_backups_and_maintenance_have_their_own_hours() -> None:
    found = server(built())
    assert (found["backupWindow"], found["maintenanceWindow"]) == ("02:00-03:00", "sun:03:30-sun:04:30")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_in_development_is_small(engine: str) -> None:
    found = server(built("development", engine))
    assert {
        "multiAz": False,
        "deletionProtection": False,
        "deleteAutomatedBackups": True,
        "backupRetentionPeriod": 7,
        "applyImmediately": True,
        "monitoringInterval": 0,
        "performanceInsightsEnabled": False,
        "instanceClass": "db.t4g.micro",
    }.items() <= found.items()
    assert not {"performanceInsightsKmsKeyId", "monitoringRoleArn"} & set(found)
    assert built("development", engine).one("rds/instance:Instance").protect is False


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_is_encrypted_private_and_patched_everywhere(environment: str, engine: str) -> None:
    foundation = built(environment, engine)
    found = server(foundation)
    assert {
        "storageEncrypted": True,
        "publiclyAccessible": False,
        "storageType": "gp3",
        "allocatedStorage": 20,
        "maxAllocatedStorage": 40,
        "autoMinorVersionUpgrade": True,
        "allowMajorVersionUpgrade": False,
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "identifier": "penguinmails-test-database",
        "dbName": "penguinmails",
        "iamDatabaseAuthenticationEnabled": True,
        "skipFinalSnapshot": False,
    }.items() <= found.items()
    name = {"postgresql": "postgres", "mysql": "mysql"}[engine]
    assert re.fullmatch(rf"penguinmails-test-database-final-{name}-[0-9a-f]{{8}}", found["finalSnapshotIdentifier"])
    assert found["kmsKeyId"].startswith("arn:aws:kms:eu-central-1:123456789012:key/")
    assert foundation.one("SubnetGroup").inputs["subnetIds"] == foundation.subnets["isolated"]
    [guard] = found["vpcSecurityGroupIds"]
    rules = [rule.inputs for rule in foundation.of("IngressRule") if rule.inputs["securityGroupId"] == guard]
    assert [rule["referencedSecurityGroupId"] for rule in rules] == foundation.direct["groups"]
    assert {rule["fromPort"] for rule in rules} == {found["port"]} == {foundation.database["port"]}
    assert not [rule for rule in foundation.of("EgressRule") if rule.inputs["securityGroupId"] == guard]


@pytest.mark.parametrize(
    ("engine", "name", "version", "family", "parameters", "logs"),
    [
        (
            "postgresql",
            "postgres",
            "17",
            "postgres17",
            {"rds.force_ssl": ("1", "pending-reboot"), "log_parameter_max_length": ("0", "immediate")},
            ["iam-db-auth-error", "postgresql", "upgrade"],
        ),
        (
            "mysql",
            "mysql",
            "8.4",
            "mysql8.4",
            {"require_secure_transport": ("1", "immediate")},
            ["error", "iam-db-auth-error"],
        ),
    ],
    ids=ENGINES,
)
def test_each_engine_forces_tls_and_logs(
    engine: str, name: str, version: str, family: str, parameters: dict[str, tuple[str, str]], logs: list[str]
) -> None:
    foundation = built("production", engine)
    found = server(foundation)
    assert (found["engine"], found["engineVersion"]) == (name, version)
    group = foundation.one("ParameterGroup").inputs
    assert group["family"] == family
    assert parameters.items() <= {one["name"]: (one["value"], one["applyMethod"]) for one in group["parameters"]}.items()
    assert found["enabledCloudwatchLogsExports"] == logs
    assert foundation.database["app_role"] == {"postgresql": "penguinmails_app", "mysql": "pm_app"}[engine]
    assert group["name"] == f"penguinmails-test-database-{family.replace('.', '-')}"
    names = {one.inputs["name"] for one in foundation.of("LogGroup") if "/aws/rds/" in one.inputs["name"]}
    assert names == {f"/aws/rds/instance/penguinmails-test-database/{log}" for log in logs}


@pytest.mark.parametrize(
    ("engine", "begins"), [("postgresql", "postgresql://penguinmails_owner:"), ("mysql", "mysql://pm_owner:")]
)
def test_the_migration_gets_the_owners_url_and_no_password_of_the_application(engine: str, begins: str) -> None:
    foundation = built("production", engine)
    values = {found.name: found.inputs["secretString"] for found in foundation.of("secretsmanager/secretVersion:SecretVersion")}
    url = values["penguinmails-database-direct-url-value"]
    assert url.startswith(f"{begins}{CANARY}-databaseOwnerPassword@{foundation.database['host']}:")
    assert url.endswith(("/penguinmails?sslmode=verify-full", "/penguinmails?ssl-mode=VERIFY_IDENTITY"))
    assert server(foundation)["password"] == f"{CANARY}-databaseOwnerPassword"
    assert set(foundation.direct["secrets"]) == {"DATABASE_DIRECT_URL"}
    assert foundation.direct["variables"]["DATABASE_CA_FILE"].endswith(".pem")
    assert foundation.direct["variables"]["DATABASE_APP_IAM"] == "true"


@pytest.mark.parametrize(("engine", "role"), [("postgresql", "penguinmails_app"), ("mysql", "pm_app")])
def test_the_application_may_log_in_as_its_own_role_only(engine: str, role: str) -> None:
    foundation = built("production", engine)
    [[actions, [resource]]] = foundation.database["login"]
    assert actions == ["rds-db:connect"]
    assert re.fullmatch(rf"arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-[A-Z0-9]{{26}}/{role}", resource)


def test_the_migration_may_log_in_as_the_owner_where_rds_stops_taking_the_password() -> None:
    foundation = built("production", "postgresql")
    assert foundation.direct["variables"]["DATABASE_IAM_REGION"] == "eu-central-1"
    [[actions, [resource]]] = foundation.direct["permissions"]
    assert actions == ["rds-db:connect"]
    account = "arn:aws:rds-db:eu-central-1:123456789012"
    assert re.fullmatch(rf"{account}:dbuser:db-[A-Z0-9]{{26}}/penguinmails_owner", resource)
    assert resource.rpartition("/")[0] == foundation.database["login"][0][1][0].rpartition("/")[0]
    assert resource.rpartition("/")[2] == server(foundation)["username"]


def test_mysql_takes_the_owners_password_for_ever() -> None:
    foundation = built("production", "mysql")
    assert foundation.direct["permissions"] == []
    assert "DATABASE_IAM_REGION" not in foundation.direct["variables"]


def test_a_secret_is_read_by_its_own_arn_and_pinned_to_its_version() -> None:
    foundation = built()
    for name, reference in foundation.direct["secrets"].items():
        arn, version = reference.split(":::")
        assert re.fullmatch(r"[0-9a-f-]{36}", version)
        assert foundation.direct["reading"][name] == [
            [["secretsmanager:GetSecretValue"], [arn]],
            [["kms:Decrypt"], [server(foundation)["kmsKeyId"]]],
        ]
    for secret in foundation.of("secretsmanager/secret:Secret"):
        assert secret.inputs["recoveryWindowInDays"] == 30
        assert secret.inputs["namePrefix"].endswith("-")
        assert "name" not in secret.inputs
        assert secret.inputs["kmsKeyId"] == server(foundation)["kmsKeyId"]
    assert {one.inputs["recoveryWindowInDays"] for one in built("development").of("secret:Secret")} == {0}


@pytest.mark.parametrize(("environment", "asked", "given"), [("development", True, True), ("production", False, False)])
def test_high_availability_is_as_asked(environment: str, asked: bool, given: bool) -> None:
    found = server(build(environment=environment, database={"high_availability": asked}))
    assert found["multiAz"] is given


def test_a_retention_that_is_asked_for_is_the_databases_as_far_as_rds_goes() -> None:
    assert server(build(backup={"retention_days": 21}))["backupRetentionPeriod"] == 21
    assert server(build(backup={"retention_days": 400}))["backupRetentionPeriod"] == 35


def test_what_monitoring_and_backups_know_the_database_by() -> None:
    found = built().database
    assert found["id"] == "penguinmails-test-database"
    assert found["resource"] == "arn:aws:rds:eu-central-1:123456789012:db:penguinmails-test-database"
    assert found["replicas"] == []
    assert built().reading == {"variables": {}, "groups": [], "permissions": [], "secrets": {}, "reading": {}}


def test_a_region_without_the_smallest_classes_gets_the_next_larger() -> None:
    foundation = build(environment="development", aws={"region": "ca-west-1"})
    assert server(foundation)["instanceClass"] == "db.m6g.large"
