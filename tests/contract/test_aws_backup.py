"""Backups on AWS against a simulated AWS: locked, copied, told about when they fail, restored every week."""

from __future__ import annotations

import json
import re

import pytest

from tests.harness.watched import DATABASE, NETWORK, backup


def test_a_snapshot_a_day_is_kept_as_long_as_asked() -> None:
    found = backup(days=400)
    [rule] = found.one("backup/plan:Plan").inputs["rules"]
    assert rule["lifecycle"] == {"deleteAfter": 400}
    assert [copy["lifecycle"] for copy in rule["copyActions"]] == [{"deleteAfter": 400}]
    assert rule["enableContinuousBackup"] is False
    assert found.one("backup/selection:Selection").inputs["resources"] == [DATABASE]


@pytest.mark.parametrize(("days", "least"), [(3, 3), (7, 7), (3650, 7)])
def test_vaults_are_locked_so_that_the_lock_can_be_lifted(days: int, least: int) -> None:
    found = backup(days=days)
    locks = found.of(":VaultLockConfiguration")
    assert len(locks) == 2
    for lock in locks:
        assert lock.inputs["minRetentionDays"] == least
        assert "changeableForDays" not in lock.inputs
        assert lock.protect


def test_a_vault_is_locked_before_anything_is_put_into_it() -> None:
    found = backup()
    locks = {urn.rsplit("::", 1)[-1] for urn in found.one("backup/plan:Plan").needs if "VaultLockConfiguration" in urn}
    assert locks == {"penguinmails-backup-lock", "penguinmails-backup-copies-lock"}


def test_the_second_region_has_its_own_vault_and_key() -> None:
    found = backup()
    assert {vault.inputs.get("region") for vault in found.of("backup/vault:Vault")} == {None, "eu-west-1"}
    [rule] = found.one("backup/plan:Plan").inputs["rules"]
    assert [copy["destinationVaultArn"].split(":")[3] for copy in rule["copyActions"]] == ["eu-west-1"]
    there = found.named("penguinmails-backup-copies-key")
    assert there.inputs["region"] == "eu-west-1"
    assert "rds.eu-west-1.amazonaws.com" in there.inputs["policy"]
    assert "eu-central-1" not in there.inputs["policy"]
    replicated = found.one(":InstanceAutomatedBackupsReplication").inputs
    assert replicated["kmsKeyId"].split(":")[3] == replicated["region"] == "eu-west-1"
    assert replicated["retentionPeriod"] == 35


def test_rds_replicates_its_backups_once_all_instances_are_there() -> None:
    """A replica is made from a server that is available, which it is not when the first copy begins."""
    waits = backup().one(":InstanceAutomatedBackupsReplication").depends
    assert [urn for urn in waits if urn.endswith("::stands-for-the-server")]


def test_without_a_second_region_nothing_leaves_the_first() -> None:
    found = backup(second=None)
    assert len(found.of("backup/vault:Vault")) == 1
    assert not found.of(":InstanceAutomatedBackupsReplication")
    assert not [one for one in found.resources if "region" in one.inputs and one.typ != "pulumi:providers:aws"]


def test_the_newest_backup_is_restored_beside_the_live_database() -> None:
    found = backup()
    plan = found.one(":RestoreTestingPlan").inputs
    assert plan["name"] == "penguinmails_test_drill"
    assert plan["recoveryPointSelection"]["algorithm"] == "LATEST_WITHIN_WINDOW"
    assert [arn.rsplit(":", 1)[-1] for arn in plan["recoveryPointSelection"]["includeVaults"]] == ["penguinmails-test-backup"]
    restored = found.one(":RestoreTestingSelection").inputs
    assert restored["protectedResourceArns"] == [DATABASE]
    closed = found.one("ec2/securityGroup:SecurityGroup")
    assert closed.inputs["vpcId"] == NETWORK
    assert closed.inputs["namePrefix"] == "penguinmails-test-drill-"
    assert not {"ingress", "egress"} & set(closed.inputs)
    assert not [one for one in found.resources if "GroupRule" in one.typ or "IngressRule" in one.typ or "EgressRule" in one.typ]
    overrides = dict(restored["restoreMetadataOverrides"])
    [group] = json.loads(overrides.pop("vpcSecurityGroupIds"))
    assert re.fullmatch("sg-[0-9a-f]{17}", group)
    assert overrides == {
        "dbInstanceClass": "db.t4g.medium",
        "dbSubnetGroupName": "penguinmails-test-database",
        "multiAz": "false",
        "publiclyAccessible": "false",
    }
    assert restored["iamRoleArn"] != found.one("backup/selection:Selection").inputs["iamRoleArn"]


def test_a_region_that_lacks_the_smallest_class_restores_on_the_next() -> None:
    restored = backup(region="ca-west-1").one(":RestoreTestingSelection").inputs
    assert restored["restoreMetadataOverrides"]["dbInstanceClass"] == "db.m6g.large"


def test_development_is_small_and_can_be_removed() -> None:
    found = backup("development", second=None, days=1)
    assert not found.of(":VaultLockConfiguration")
    assert not found.of(":RestoreTestingPlan")
    assert found.one("backup/vault:Vault").inputs["forceDestroy"] is True
    assert not [one.name for one in found.resources if one.protect]


def test_what_fails_is_told_where_somebody_listens() -> None:
    pattern = json.loads(backup().one(":EventRule").inputs["eventPattern"])
    assert pattern["detail-type"] == ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"]
    assert {"FAILED", "EXPIRED"} <= set(pattern["detail"]["$or"][0]["state"])
    assert not backup(told=False).of(":EventRule")


def test_names_say_whose_and_stay_protected() -> None:
    found = backup()
    for one in found.of("backup/vault:Vault"):
        assert one.inputs["name"].startswith("penguinmails-test-backup")
        assert one.protect
        assert one.inputs["forceDestroy"] is False
