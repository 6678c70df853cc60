"""Read replicas on AWS: like the server, private, and reached by those who read only."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from components.aws import database
from components.contract import DatabaseOutputs
from tests.harness.foundation.deployed import ENGINES, Foundation, build
from tests.harness.mocked import Registered


@cache
def replicated(environment: str = "production", engine: str = "postgresql") -> Foundation:
    return build(environment=environment, database={"engine": engine, "read_replicas": 2})


def parts(foundation: Foundation) -> tuple[Registered, list[Registered]]:
    instances = foundation.of("rds/instance:Instance")
    [server] = [one for one in instances if "replicateSourceDb" not in one.inputs]
    replicas = [one for one in instances if "replicateSourceDb" in one.inputs]
    return server, sorted(replicas, key=lambda one: one.name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_replica_is_like_its_server(environment: str, engine: str) -> None:
    foundation = replicated(environment, engine)
    server, replicas = parts(foundation)
    assert [one.inputs["identifier"] for one in replicas] == [
        "penguinmails-test-database-reader-1",
        "penguinmails-test-database-reader-2",
    ]
    for one in replicas:
        assert one.inputs["replicateSourceDb"] == "penguinmails-test-database"
        for key in (
            "instanceClass",
            "parameterGroupName",
            "storageEncrypted",
            "publiclyAccessible",
            "iamDatabaseAuthenticationEnabled",
            "maxAllocatedStorage",
            "deletionProtection",
            "performanceInsightsEnabled",
            "enabledCloudwatchLogsExports",
            "monitoringInterval",
            "caCertIdentifier",
        ):
            assert one.inputs[key] == server.inputs[key], key
        assert one.protect is server.protect is (environment == "production")
        # RDS refuses these for a replica in its server's region, or takes them from the server.
        assert not {"dbSubnetGroupName", "kmsKeyId", "username", "password", "dbName", "engine", "allocatedStorage"} & set(
            one.inputs
        )
        assert (one.inputs["backupRetentionPeriod"], one.inputs["skipFinalSnapshot"]) == (0, True)
    names = {one.inputs["name"] for one in foundation.of("LogGroup")}
    for one in replicas:
        for log in one.inputs["enabledCloudwatchLogsExports"]:
            assert f"/aws/rds/instance/{one.inputs['identifier']}/{log}" in names


def test_replicas_are_made_one_after_the_other() -> None:
    """RDS begins each by a snapshot of the server, and refuses a second meanwhile."""
    server, [first, second] = parts(replicated())
    assert [urn for urn in first.depends if "rds/instance:Instance" in urn] == [urn_of(first, server)]
    assert {urn_of(first, server), urn_of(first, first)} == {urn for urn in second.depends if "rds/instance:Instance" in urn}


def test_what_waits_for_the_database_waits_for_all_its_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[DatabaseOutputs] = []

    def outputs(**given: Any) -> DatabaseOutputs:
        made.append(DatabaseOutputs(**given))
        return made[-1]

    monkeypatch.setattr(database, "DatabaseOutputs", outputs)
    build(database={"engine": "postgresql", "read_replicas": 2})
    assert len(made[0].instances) == 3


def urn_of(like: Registered, one: Registered) -> str:
    [server] = [urn for urn in like.depends if "rds/instance:Instance" in urn]
    return f"{server.rsplit('::', 1)[0]}::{one.name}"


def test_who_reads_reaches_the_replicas_and_not_the_server() -> None:
    foundation = replicated()
    server, replicas = parts(foundation)
    [guard] = {group for one in replicas for group in one.inputs["vpcSecurityGroupIds"]}
    assert [guard] != server.inputs["vpcSecurityGroupIds"]
    [clients] = foundation.reading["groups"]
    assert clients not in foundation.direct["groups"]
    [rule] = [one.inputs for one in foundation.of("IngressRule") if one.inputs["securityGroupId"] == guard]
    assert (rule["referencedSecurityGroupId"], rule["fromPort"], rule["toPort"]) == (clients, 5432, 5432)
    targets = {
        one.inputs["referencedSecurityGroupId"]
        for one in foundation.of("EgressRule")
        if one.inputs["securityGroupId"] == clients
    }
    assert targets == {guard}


@pytest.mark.parametrize(("engine", "begins"), [("postgresql", "postgresql://penguinmails_app@"), ("mysql", "mysql://pm_app@")])
def test_who_reads_gets_addresses_without_a_password_and_the_right_to_log_in(engine: str, begins: str) -> None:
    foundation = replicated("production", engine)
    urls = json.loads(foundation.reading["variables"]["DATABASE_READ_URLS"])
    assert [url[: len(begins)] for url in urls] == [begins, begins]
    assert len(set(urls)) == 2
    assert all("penguinmails-test-database-reader-" in url for url in urls)
    assert foundation.reading["variables"]["DATABASE_READ_CA_FILE"] == foundation.direct["variables"]["DATABASE_CA_FILE"]
    assert foundation.reading["secrets"] == {}
    resources = [resource for _, [resource] in foundation.reading["permissions"]]
    assert {tuple(actions) for actions, _ in foundation.reading["permissions"]} == {("rds-db:connect",)}
    [[_, [own]]] = foundation.database["login"]
    assert len({*resources, own}) == 3
    assert all(re.search(r":dbuser:db-[A-Z0-9]{26}/", resource) for resource in resources)
    assert foundation.database["replicas"] == ["penguinmails-test-database-reader-1", "penguinmails-test-database-reader-2"]
