"""Names, certificates, mail, storage, monitoring, keys and backups; tags."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.aws.helpers import said
from tests.unit.scripts.simulation.clouds.aws.other_parts import (
    ALARM,
    CERTIFICATE,
    COMPOSITE,
    DAILY,
    DASHBOARD,
    ENCRYPTION,
    FILTER,
    FROM,
    IDENTITY,
    KEY,
    LIFECYCLE,
    LOCK,
    LOGS,
    PLAN,
    QUERY,
    RATIO,
    RECORD,
    SECRET,
    SIMPLE,
    VERSION,
    A,
    rule,
)

DRILL, DRILLED = "backup/restoreTestingPlan:RestoreTestingPlan", "backup/restoreTestingSelection:RestoreTestingSelection"
LATEST = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
WEEKLY = {"name": "drill", "recoveryPointSelection": LATEST, "scheduleExpression": "cron(0 9 ? * MON *)"}
REPLICATION = "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
REPLICATED = {
    "region": "eu-west-1",
    "sourceDbInstanceArn": f"arn:aws:rds:eu-central-1:{'1' * 12}:db:d",
    "kmsKeyId": f"arn:aws:kms:eu-west-1:{'1' * 12}:key/k",
}


@pytest.mark.parametrize(
    ("token", "right"),
    [
        (DRILL, WEEKLY),
        (DRILLED, {"name": "d", "protectedResourceArns": ["*"], "validationWindowHours": 4}),
        (REPLICATION, REPLICATED),
        (FILTER, {"pattern": '"say \\"no"', "metricTransformation": {}}),
        (RECORD, A),
        (RECORD, {**A, "type": "MX", "records": ["10 mail.example.org", "20 mail2.example.org."]}),
        (RECORD, {**A, "type": "TXT", "records": ["v=spf1 -all", 'a""b', UNKNOWN]}),
        (
            RECORD,
            {
                **A,
                "ttl": None,
                "records": None,
                "aliases": [{"name": UNKNOWN, "zoneId": UNKNOWN, "evaluateTargetHealth": True}],
            },
        ),
        (RECORD, {**A, "name": "_dmarc.example.org", "type": "TXT", "records": ["v=DMARC1; p=reject"]}),
        (RECORD, {**A, "type": "CAA", "records": ['0 issue "amazon.com"']}),
        (CERTIFICATE, {"domainName": "*.example.org", "validationMethod": "DNS"}),
        (CERTIFICATE, {"domainName": "example.org", "validationMethod": "DNS", "keyAlgorithm": "EC_prime256v1"}),
        (CERTIFICATE, {"certificateBody": UNKNOWN, "privateKey": UNKNOWN}),
        (ENCRYPTION, {"bucket": UNKNOWN, "rules": [{"blockedEncryptionTypes": ["SSE-C"]}]}),
        (IDENTITY, {"emailIdentity": "example.org", "dkimSigningAttributes": {"nextSigningKeyLength": "RSA_2048_BIT"}}),
        (FROM, {"emailIdentity": "example.org", "mailFromDomain": "bounce.example.org"}),
        (LIFECYCLE, rule(transitions=[{"days": 30, "storageClass": "STANDARD_IA"}])),
        (ALARM, SIMPLE),
        (ALARM, RATIO),
        (ALARM, {**SIMPLE, "period": 3600, "evaluationPeriods": 72}),
        (ALARM, {**SIMPLE, "statistic": None, "extendedStatistic": "p99.9"}),
        (LOGS, {"retentionInDays": 0}),
        (KEY, {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY"}),
        (SECRET, {"recoveryWindowInDays": 0}),
        (PLAN, {"rules": [DAILY]}),
    ],
)
def test_what_is_right_is_accepted(token: str, right: dict[str, Any]) -> None:
    assert said(token, right) == {}


@pytest.mark.parametrize(
    ("token", "wrong", "path"),
    [
        (RECORD, {**A, "name": "www..example.org"}, "name"),
        (RECORD, {**A, "type": "ALIAS"}, "type"),
        (RECORD, {**A, "records": ["mail.example.org"]}, "records[0]"),
        (RECORD, {**A, "records": ["2001:db8::1"]}, "records[0]"),
        (RECORD, {**A, "type": "MX", "records": ["mail.example.org"]}, "records[0]"),
        (RECORD, {**A, "type": "TXT", "records": ["k" * 256]}, "records[0]"),
        (RECORD, {**A, "type": "CNAME", "records": ["a.example.org", "b.example.org"]}, "records"),
        (RECORD, {**A, "ttl": None}, "ttl"),
        (RECORD, {**A, "records": None}, "records"),
        (RECORD, {**A, "weightedRoutingPolicies": [{"weight": 1}]}, "setIdentifier"),
        (CERTIFICATE, {"validationMethod": "DNS"}, "domainName"),
        (CERTIFICATE, {"domainName": "example.org"}, "validationMethod"),
        (CERTIFICATE, {"domainName": "example.org", "validationMethod": "dns"}, "validationMethod"),
        (
            CERTIFICATE,
            {"domainName": "example.org", "validationMethod": "DNS", "subjectAlternativeNames": ["a_b"]},
            "subjectAlternativeNames[0]",
        ),
        (CERTIFICATE, {"domainName": "a.org", "validationMethod": "DNS", "keyAlgorithm": "RSA_1024"}, "keyAlgorithm"),
        (
            CERTIFICATE,
            {"domainName": "a.org", "validationMethod": "DNS", "options": {"certificateTransparencyLoggingPreference": "ON"}},
            "options.certificateTransparencyLoggingPreference",
        ),
        (
            ENCRYPTION,
            {"bucket": UNKNOWN, "rules": [{"blockedEncryptionTypes": ["SSE-KMS"]}]},
            "rules[0].blockedEncryptionTypes[0]",
        ),
        (
            LIFECYCLE,
            rule(noncurrentVersionExpiration={"noncurrentDays": 0}),
            "rules[0].noncurrentVersionExpiration.noncurrentDays",
        ),
        (
            LIFECYCLE,
            rule(abortIncompleteMultipartUpload={"daysAfterInitiation": 0}),
            "rules[0].abortIncompleteMultipartUpload.daysAfterInitiation",
        ),
        (IDENTITY, {"emailIdentity": "example"}, "emailIdentity"),
        (
            IDENTITY,
            {"emailIdentity": "example.org", "dkimSigningAttributes": {"domainSigningSelector": "s1"}},
            "dkimSigningAttributes",
        ),
        (
            IDENTITY,
            {
                "emailIdentity": "example.org",
                "dkimSigningAttributes": {"domainSigningSelector": "s1", "domainSigningPrivateKey": "-----BEGIN KEY-----"},
            },
            "dkimSigningAttributes.domainSigningPrivateKey",
        ),
        (FROM, {"emailIdentity": "example.org", "mailFromDomain": "bounce.example.com"}, "mailFromDomain"),
        (
            "sesv2/configurationSet:ConfigurationSet",
            {"configurationSetName": "m", "deliveryOptions": {"tlsPolicy": "Require"}},
            "deliveryOptions.tlsPolicy",
        ),
        (LIFECYCLE, rule(status="On"), "rules[0].status"),
        (LIFECYCLE, rule(expiration=None), "rules[0]"),
        (LIFECYCLE, rule(transitions=[{"days": 10, "storageClass": "STANDARD_IA"}]), "rules[0].transitions[0].days"),
        (LIFECYCLE, rule(transitions=[{"days": 90, "storageClass": "GLACIER"}]), "rules[0].transitions[0].days"),
        (ALARM, {**SIMPLE, "metricName": None}, "metricName"),
        (ALARM, {**SIMPLE, "statistic": None}, "statistic"),
        (ALARM, {**SIMPLE, "statistic": "Median"}, "statistic"),
        (ALARM, {**SIMPLE, "period": 90}, "period"),
        (ALARM, {**SIMPLE, "period": 300, "evaluationPeriods": 289}, "evaluationPeriods"),
        (ALARM, {**SIMPLE, "datapointsToAlarm": 2}, "datapointsToAlarm"),
        (ALARM, {**SIMPLE, "treatMissingData": "ok"}, "treatMissingData"),
        (ALARM, {**SIMPLE, "alarmActions": ["ops@example.org"]}, "alarmActions[0]"),
        (ALARM, {**SIMPLE, "threshold": None}, "threshold"),
        (ALARM, {**RATIO, "metricQueries": [{**QUERY, "id": "Total", "returnData": True}]}, "metricQueries[0].id"),
        (ALARM, {**RATIO, "metricQueries": [QUERY]}, "metricQueries"),
        (
            ALARM,
            {**RATIO, "metricQueries": [{"id": "rate", "expression": "bad / total", "returnData": True}, QUERY]},
            "metricQueries[0].expression",
        ),
        (COMPOSITE, {"alarmName": "a", "alarmRule": "ALARM(long AND ALARM(short)"}, "alarmRule"),
        (COMPOSITE, {"alarmName": "a", "alarmRule": "long"}, "alarmRule"),
        (DASHBOARD, {"dashboardName": "mail", "dashboardBody": "{}"}, "dashboardBody"),
        (DASHBOARD, {"dashboardName": "mail", "dashboardBody": '{"widgets": [{"type": "graph"}]}'}, "dashboardBody"),
        (LOGS, {"retentionInDays": 31}, "retentionInDays"),
        (
            FILTER,
            {
                "logGroupName": UNKNOWN,
                "pattern": "{ $.a = 1",
                "metricTransformation": {"name": "a", "namespace": "b", "value": "1"},
            },
            "pattern",
        ),
        (KEY, {"deletionWindowInDays": 5}, "deletionWindowInDays"),
        (KEY, {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": True}, "enableKeyRotation"),
        (KEY, {"customerMasterKeySpec": "ECC_NIST_P256"}, "customerMasterKeySpec"),
        (KEY, {"rotationPeriodInDays": 90}, "rotationPeriodInDays"),
        (SECRET, {"recoveryWindowInDays": 3}, "recoveryWindowInDays"),
        (VERSION, {"secretId": UNKNOWN}, "secretString"),
        (VERSION, {"secretId": UNKNOWN, "secretString": "a", "secretBinary": "b"}, "secretBinary"),
        (
            "secretsmanager/secretRotation:SecretRotation",
            {"secretId": UNKNOWN, "rotationRules": {"automaticallyAfterDays": 0}},
            "rotationRules.automaticallyAfterDays",
        ),
        (PLAN, {"rules": [{**DAILY, "schedule": "cron(0 3 * * *)"}]}, "rules[0].schedule"),
        (PLAN, {"rules": [{**DAILY, "startWindow": 30}]}, "rules[0].startWindow"),
        (
            PLAN,
            {"rules": [{**DAILY, "enableContinuousBackup": True, "lifecycle": {"deleteAfter": 36}}]},
            "rules[0].lifecycle.deleteAfter",
        ),
        (
            PLAN,
            {"rules": [{**DAILY, "lifecycle": {"coldStorageAfter": 30, "deleteAfter": 60}}]},
            "rules[0].lifecycle.deleteAfter",
        ),
        (LOCK, {"backupVaultName": UNKNOWN, "changeableForDays": 1}, "changeableForDays"),
        (LOCK, {"backupVaultName": UNKNOWN, "minRetentionDays": 30, "maxRetentionDays": 7}, "maxRetentionDays"),
        ("backup/selection:Selection", {"planId": UNKNOWN, "iamRoleArn": UNKNOWN}, "resources"),
        (DRILL, {**WEEKLY, "name": "with-a-hyphen"}, "name"),
        (DRILL, {**WEEKLY, "startWindowHours": 0}, "startWindowHours"),
        (
            DRILL,
            {**WEEKLY, "recoveryPointSelection": {**LATEST, "algorithm": "NEWEST"}},
            "recoveryPointSelection.algorithm",
        ),
        (
            DRILL,
            {"recoveryPointSelection": {**LATEST, "selectionWindowDays": 366}},
            "recoveryPointSelection.selectionWindowDays",
        ),
        (
            DRILL,
            {"name": "drill", "recoveryPointSelection": {**LATEST, "recoveryPointTypes": ["DAILY"]}},
            "recoveryPointSelection.recoveryPointTypes[0]",
        ),
        (DRILLED, {"name": "d", "protectedResourceType": "RDS"}, "protectedResourceArns"),
        (DRILLED, {"name": "d", "protectedResourceArns": ["*"], "validationWindowHours": 169}, "validationWindowHours"),
        (REPLICATION, {**REPLICATED, "region": "eu-central-1", "kmsKeyId": UNKNOWN}, "region"),
        (REPLICATION, {**REPLICATED, "kmsKeyId": f"arn:aws:kms:eu-central-1:{'1' * 12}:key/k"}, "kmsKeyId"),
    ],
)
def test_what_is_wrong_by_itself(token: str, wrong: dict[str, Any], path: str) -> None:
    assert list(said(token, wrong)) == [path]


@pytest.mark.parametrize(
    ("tags", "path"),
    [
        ({"aws:cost": "1"}, "tags.aws:cost"),
        ({"k" * 129: "1"}, f"tags.{'k' * 129}"),
        ({"owner": "v" * 257}, "tags.owner"),
        ({"owner": "a|b"}, "tags.owner"),
        ({f"tag-{number}": "" for number in range(51)}, "tags"),
    ],
)
def test_tags(tags: dict[str, str], path: str) -> None:
    assert list(said("sqs/queue:Queue", {"tags": tags})) == [path]
    assert said("sqs/queue:Queue", {"tags": {"Größe": "1", "k" * 128: "v" * 256, "later": UNKNOWN}}) == {}


def test_the_nearest_number_is_said() -> None:
    assert said(LOGS, {"retentionInDays": 31})["retentionInDays"].startswith("31 is not taken; use 14 or 30")
