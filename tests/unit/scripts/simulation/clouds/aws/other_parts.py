"""Types and right inputs of names, certificates, storage, monitoring, keys and backups, for several tests."""

from __future__ import annotations

from typing import Any

from scripts.simulation.values import UNKNOWN

RECORD, ZONE, CERTIFICATE = "route53/record:Record", "route53/zone:Zone", "acm/certificate:Certificate"
IDENTITY, FROM = "sesv2/emailIdentity:EmailIdentity", "sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"
BUCKET, LIFECYCLE = "s3/bucket:Bucket", "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
ALARM, COMPOSITE, DASHBOARD = (
    "cloudwatch/metricAlarm:MetricAlarm",
    "cloudwatch/compositeAlarm:CompositeAlarm",
    "cloudwatch/dashboard:Dashboard",
)
LOGS, FILTER = "cloudwatch/logGroup:LogGroup", "cloudwatch/logMetricFilter:LogMetricFilter"
KEY, SECRET, VERSION = "kms/key:Key", "secretsmanager/secret:Secret", "secretsmanager/secretVersion:SecretVersion"
PLAN, LOCK = "backup/plan:Plan", "backup/vaultLockConfiguration:VaultLockConfiguration"
A = {"zoneId": UNKNOWN, "name": "www.example.org", "type": "A", "ttl": 300, "records": ["192.0.2.1"]}
SIMPLE = {
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 1,
    "threshold": 1,
    "metricName": "Errors",
    "namespace": "Mail",
    "period": 60,
    "statistic": "Sum",
}
QUERY = {"id": "total", "metric": {"metricName": "n", "namespace": "Mail", "period": 300, "stat": "Sum"}}
RATIO = {
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 1,
    "threshold": 1,
    "metricQueries": [{"id": "rate", "expression": "total * 2", "returnData": True}, QUERY],
}
DAILY = {"ruleName": "daily", "targetVaultName": UNKNOWN, "schedule": "cron(0 3 * * ? *)", "lifecycle": {"deleteAfter": 30}}


def rule(**more: Any) -> dict[str, Any]:
    return {"bucket": UNKNOWN, "rules": [{"id": "old", "status": "Enabled", "expiration": {"days": 90}, **more}]}
