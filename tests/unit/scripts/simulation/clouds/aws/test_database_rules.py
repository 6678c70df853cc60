"""RDS and RDS Proxy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.simulation.clouds.aws.rules import databases
from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.aws.helpers import Cloud, said

INSTANCE, GROUP, PARAMETERS = "rds/instance:Instance", "rds/subnetGroup:SubnetGroup", "rds/parameterGroup:ParameterGroup"
RIGHT = {
    "engine": "postgres",
    "engineVersion": "17",
    "instanceClass": "db.t4g.medium",
    "allocatedStorage": 100,
    "storageType": "gp3",
    "username": "penguin",
    "manageMasterUserPassword": True,
    "finalSnapshotIdentifier": "mail-final",
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"engine": "mysql", "engineVersion": "8.4"},
        {"multiAz": True, "storageEncrypted": True, "kmsKeyId": UNKNOWN},
        {"backupWindow": "23:30-00:30", "maintenanceWindow": "mon:00:30-mon:01:30"},
        {"storageType": "io2", "iops": 3000},
        {"storageType": "gp3", "allocatedStorage": 400, "iops": 12000, "storageThroughput": 500},
        {"maxAllocatedStorage": 1000},
        {"password": UNKNOWN, "manageMasterUserPassword": None},
        {"password": "long-enough", "manageMasterUserPassword": None},
        {"engineVersion": UNKNOWN, "instanceClass": UNKNOWN},
        {"performanceInsightsEnabled": True, "performanceInsightsRetentionPeriod": 731, "databaseInsightsMode": "advanced"},
    ],
)
def test_what_is_right_is_accepted(change: dict[str, Any]) -> None:
    assert said(INSTANCE, {**RIGHT, **change}) == {}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"engine": "postgresql"}, "engine"),
        ({"engine": None}, "engine"),
        ({"engineVersion": "17.99"}, "engineVersion"),
        ({"instanceClass": "db.huge"}, "instanceClass"),
        ({"username": None}, "username"),
        ({"username": "rdsadmin"}, "username"),
        ({"username": "pg_owner"}, "username"),
        ({"username": "1st"}, "username"),
        ({"engine": "mysql", "engineVersion": "8.4", "username": "a-long-user-name1"}, "username"),
        ({"manageMasterUserPassword": None}, "password"),
        ({"password": "x" * 10}, "password"),
        ({"manageMasterUserPassword": None, "password": "short"}, "password"),
        ({"manageMasterUserPassword": None, "password": "with/slash"}, "password"),
        ({"dbName": "mail-db"}, "dbName"),
        ({"allocatedStorage": None}, "allocatedStorage"),
        ({"allocatedStorage": 10}, "allocatedStorage"),
        ({"allocatedStorage": 70000}, "allocatedStorage"),
        ({"storageType": "io1", "allocatedStorage": 50, "iops": 1000}, "allocatedStorage"),
        ({"maxAllocatedStorage": 100}, "maxAllocatedStorage"),
        ({"storageType": "gp2", "iops": 3000}, "iops"),
        ({"storageType": "gp3", "iops": 3000}, "iops"),
        ({"storageType": "io1"}, "iops"),
        ({"storageType": "gp3", "allocatedStorage": 400, "storageThroughput": 5000}, "storageThroughput"),
        ({"storageType": "gp3", "storageThroughput": 500}, "storageThroughput"),
        ({"backupWindow": "3:00-4:00"}, "backupWindow"),
        ({"backupWindow": "03:00-03:10"}, "backupWindow"),
        ({"maintenanceWindow": "sunday:03:00-sunday:04:00"}, "maintenanceWindow"),
        ({"backupWindow": "03:00-04:00", "maintenanceWindow": "sun:03:30-sun:04:30"}, "maintenanceWindow"),
        ({"backupWindow": "23:30-00:30", "maintenanceWindow": "mon:00:00-mon:01:00"}, "maintenanceWindow"),
        ({"backupRetentionPeriod": 36}, "backupRetentionPeriod"),
        ({"kmsKeyId": UNKNOWN}, "storageEncrypted"),
        ({"monitoringInterval": 7, "monitoringRoleArn": UNKNOWN}, "monitoringInterval"),
        ({"monitoringInterval": 60}, "monitoringRoleArn"),
        ({"multiAz": True, "availabilityZone": "eu-central-1a"}, "availabilityZone"),
        ({"availabilityZone": "eu-west-1a"}, "availabilityZone"),
        ({"port": 80}, "port"),
        ({"finalSnapshotIdentifier": "9final"}, "finalSnapshotIdentifier"),
        ({"enabledCloudwatchLogsExports": ["postgresql", "slowquery"]}, "enabledCloudwatchLogsExports[1]"),
        ({"performanceInsightsKmsKeyId": UNKNOWN}, "performanceInsightsEnabled"),
        ({"performanceInsightsEnabled": True, "performanceInsightsRetentionPeriod": 30}, "performanceInsightsRetentionPeriod"),
        ({"restoreToPointInTime": {"useLatestRestorableTime": True}, "identifierPrefix": "x-"}, "identifier"),
    ],
)
def test_what_is_wrong_by_itself(change: dict[str, Any], path: str) -> None:
    assert list(said(INSTANCE, {**RIGHT, **change})) == [path]


def test_a_password_is_never_said() -> None:
    found = said(INSTANCE, {**RIGHT, "manageMasterUserPassword": None, "password": "canary/1"})
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("sun:23:00-mon:01:00", "mon:00:00-mon:02:00", True),
        ("sun:23:00-mon:01:00", "mon:01:00-mon:02:00", False),
        ("wed:03:00-wed:04:00", "thu:03:00-thu:04:00", False),
    ],
)
def test_a_week_is_a_circle(one: str, other: str, meet: bool) -> None:
    first, second = databases._weekly(one), databases._weekly(other)
    assert first is not None
    assert second is not None
    assert databases._meet(first, second) is meet
    assert databases._meet(second, first) is meet


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"family": "postgres"}, "family"),
        ({"family": "postgres99"}, "family"),
        ({"family": "postgres17", "parameters": [{"name": "max_connections", "value": "9"}]}, "parameters[0].applyMethod"),
        (
            {"family": "postgres17", "parameters": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]},
            "parameters[1].name",
        ),
    ],
)
def test_parameter_groups(wrong: dict[str, Any], path: str) -> None:
    assert list(said(PARAMETERS, wrong)) == [path]
    assert said(PARAMETERS, {"family": "mysql8.4", "parameters": [{"name": "require_secure_transport", "value": "ON"}]}) == {}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({}, "auths"),
        ({"auths": [{"authScheme": "SECRETS"}]}, "auths[0].secretArn"),
        ({"auths": [{"secretArn": UNKNOWN}], "idleClientTimeout": 30000}, "idleClientTimeout"),
        ({"auths": [{"secretArn": UNKNOWN}], "engineFamily": "POSTGRES"}, "engineFamily"),
        ({"auths": [{"secretArn": UNKNOWN}], "vpcSubnetIds": [UNKNOWN]}, "vpcSubnetIds"),
    ],
)
def test_proxies(wrong: dict[str, Any], path: str) -> None:
    base = {"engineFamily": "POSTGRESQL", "roleArn": UNKNOWN, "vpcSubnetIds": [UNKNOWN, UNKNOWN]}
    assert list(said("rds/proxy:Proxy", {**base, **wrong})) == [path]
    assert said("rds/proxy:Proxy", {**base, "defaultAuthScheme": "IAM_AUTH"}) == {}


def test_a_subnet_group_has_subnets_of_one_vpc_in_two_zones() -> None:
    cloud = Cloud()
    _, [a, b, again] = cloud.network(zones="aba")
    _, [far, *_] = cloud.network("other", "10.1")
    found = cloud.refused(GROUP, "g", subnetIds=[a.id, b.id, far.id])
    assert found == (
        f"subnetIds[2]: {far.id} is in the VPC {far.outputs['vpcId']}, the other subnets are in {a.outputs['vpcId']}; "
        "use subnets of one VPC"
    )
    assert "covers 1 availability zone" in cloud.refused(GROUP, "g", subnetIds=[a.id, again.id])
    cloud.make(GROUP, "g", subnetIds=[a.id, b.id])


def test_an_instance_fits_what_is_around_it() -> None:
    cloud = Cloud()
    _, [a, b, _] = cloud.network()
    other, _ = cloud.network("other", "10.1")
    group = cloud.make(GROUP, "g", subnetIds=[a.id, b.id])
    wrong_engine = cloud.make(PARAMETERS, "p", family="postgres16")
    far = cloud.make("ec2/securityGroup:SecurityGroup", "far", vpcId=other.id)
    inside = {**RIGHT, "dbSubnetGroupName": group.id}
    assert "is of the family postgres16; use one of postgres17" in cloud.refused(
        INSTANCE, "db", **inside, parameterGroupName=wrong_engine.id
    )
    assert "use a group of that VPC" in cloud.refused(INSTANCE, "db", **inside, vpcSecurityGroupIds=[far.id])
    assert "has no subnet in the SubnetGroup g" in cloud.refused(INSTANCE, "db", **inside, availabilityZone="eu-central-1c")
    cloud.make(INSTANCE, "db", **inside, identifier="mail")
    assert "mail is taken by the Instance db" in cloud.refused(INSTANCE, "again", **inside, identifier="mail")


def test_versions_that_are_retired_are_refused_for_new_instances_only() -> None:
    cloud = Cloud()
    assert "is not offered for new instances any more" in cloud.refused(INSTANCE, "db", **{**RIGHT, "engineVersion": "14.1"})


def test_what_cannot_be_turned_back() -> None:
    cloud = Cloud()
    made = cloud.make(INSTANCE, "db", **RIGHT)
    assert "storage cannot shrink" in cloud.change_refused(made, **{**RIGHT, "allocatedStorage": 50})
    assert "an engine cannot go back" in cloud.change_refused(made, **{**RIGHT, "engineVersion": "16"})
    assert "must be true for the step" in cloud.change_refused(made, **{**RIGHT, "engineVersion": "18"})
    raised = cloud.direct.change(made, {**RIGHT, "engineVersion": "18", "allowMajorVersionUpgrade": True})
    assert raised.outputs["engineVersionActual"].startswith("18.")


def test_deleting_needs_protection_off_and_a_last_snapshot() -> None:
    cloud = Cloud()
    made = cloud.make(INSTANCE, "db", **{**RIGHT, "deletionProtection": True, "finalSnapshotIdentifier": None})
    assert cloud.delete_refused(made).startswith("deletionProtection: is true")
    made = cloud.direct.change(made, {**RIGHT, "finalSnapshotIdentifier": None})
    assert cloud.delete_refused(made).startswith("finalSnapshotIdentifier: is missing")
    cloud.direct.delete(cloud.direct.change(made, RIGHT))


def test_a_proxy_speaks_the_engine_and_reads_a_secret_of_its_form() -> None:
    cloud = Cloud()
    _, [a, b, _] = cloud.network()
    group = cloud.make(GROUP, "g", subnetIds=[a.id, b.id])
    database = cloud.make(INSTANCE, "db", **{**RIGHT, "dbSubnetGroupName": group.id})
    secret = cloud.make("secretsmanager/secret:Secret", "login", name="login")
    value = {"secretId": secret.id, "secretString": "canary-only"}
    version = cloud.make("secretsmanager/secretVersion:SecretVersion", "value", **value)
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "rds.amazonaws.com"}}],
        }
    )
    role = cloud.make("iam/role:Role", "role", assumeRolePolicy=trust)
    proxy = {
        "engineFamily": "MYSQL",
        "roleArn": role.outputs["arn"],
        "vpcSubnetIds": [a.id, b.id],
        "auths": [{"authScheme": "SECRETS", "secretArn": secret.id}],
    }
    found = cloud.refused("rds/proxy:Proxy", "proxy", **proxy)
    assert "is a secret without username and password" in found
    assert "canary" not in found
    cloud.direct.delete(version)
    cloud.make(
        "secretsmanager/secretVersion:SecretVersion", "good", **{**value, "secretString": '{"username":"a","password":"b"}'}
    )
    made = cloud.make("rds/proxy:Proxy", "proxy", **proxy)
    target = {"dbProxyName": made.id, "targetGroupName": "default", "dbInstanceIdentifier": database.outputs["identifier"]}
    assert "speaks MYSQL, the Instance db is postgres" in cloud.refused("rds/proxyTarget:ProxyTarget", "t", **target)
