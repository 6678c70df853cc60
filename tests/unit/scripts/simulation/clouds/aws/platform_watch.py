"""The whole platform's mail, monitoring and backups."""

from __future__ import annotations

from tests.unit.scripts.simulation.clouds.aws.platform import REGION, Part, out, policy, trust


def mail() -> list[Part]:
    return [
        (
            "sesv2/configurationSet:ConfigurationSet",
            "sending",
            {"configurationSetName": "mail", "deliveryOptions": {"tlsPolicy": "REQUIRE"}},
        ),
        (
            "sesv2/emailIdentity:EmailIdentity",
            "identity",
            {"emailIdentity": "example.org", "configurationSetName": out("sending", "configurationSetName")},
        ),
        (
            "sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
            "from",
            {
                "emailIdentity": out("identity", "emailIdentity"),
                "mailFromDomain": "bounce.example.org",
                "behaviorOnMxFailure": "REJECT_MESSAGE",
            },
        ),
        (
            "route53/record:Record",
            "spf",
            {
                "zoneId": out("zone", "zoneId"),
                "name": "bounce.example.org",
                "type": "TXT",
                "ttl": 300,
                "records": ["v=spf1 include:amazonses.com -all"],
            },
        ),
        (
            "route53/record:Record",
            "mx",
            {
                "zoneId": out("zone", "zoneId"),
                "name": "bounce.example.org",
                "type": "MX",
                "ttl": 300,
                "records": [f"10 feedback-smtp.{REGION}.amazonses.com"],
            },
        ),
        ("iam/user:User", "smtp", {"name": "mail-smtp"}),
        (
            "iam/userPolicy:UserPolicy",
            "smtp-sends",
            {
                "user": out("smtp", "name"),
                "policy": policy({"Effect": "Allow", "Action": "ses:SendRawEmail", "Resource": "*"}),
            },
        ),
        ("iam/accessKey:AccessKey", "smtp-key", {"user": out("smtp", "name")}),
    ]


def monitoring() -> list[Part]:
    burn = {
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 0.0144,
        "treatMissingData": "notBreaching",
        "metricQueries": [
            {"id": "rate", "expression": "bad / total", "returnData": True},
            {
                "id": "bad",
                "metric": {
                    "metricName": "HTTPCode_Target_5XX_Count",
                    "namespace": "AWS/ApplicationELB",
                    "period": 300,
                    "stat": "Sum",
                },
                "returnData": False,
            },
            {
                "id": "total",
                "metric": {"metricName": "RequestCount", "namespace": "AWS/ApplicationELB", "period": 300, "stat": "Sum"},
                "returnData": False,
            },
        ],
    }
    return [
        ("cloudwatch/metricAlarm:MetricAlarm", "long", {**burn, "name": "burn-long", "evaluationPeriods": 12}),
        ("cloudwatch/metricAlarm:MetricAlarm", "short", {**burn, "name": "burn-short", "evaluationPeriods": 1}),
        (
            "cloudwatch/compositeAlarm:CompositeAlarm",
            "burn",
            {
                "alarmName": "burn",
                "alarmRule": 'ALARM("burn-long") AND ALARM("burn-short")',
                "alarmActions": [out("alerts", "arn")],
            },
        ),
        (
            "cloudwatch/metricAlarm:MetricAlarm",
            "dead-letters",
            {
                "comparisonOperator": "GreaterThanThreshold",
                "evaluationPeriods": 1,
                "threshold": 0,
                "metricName": "ApproximateNumberOfMessagesVisible",
                "namespace": "AWS/SQS",
                "period": 60,
                "statistic": "Maximum",
                "dimensions": {"QueueName": out("dead", "name")},
                "alarmActions": [out("alerts", "arn")],
            },
        ),
        (
            "cloudwatch/dashboard:Dashboard",
            "dashboard",
            {
                "dashboardName": "mail",
                "dashboardBody": {
                    "__json": {
                        "widgets": [
                            {
                                "type": "metric",
                                "x": 0,
                                "y": 0,
                                "width": 12,
                                "height": 6,
                                "properties": {"region": REGION, "metrics": [["AWS/SQS", "NumberOfMessagesSent"]]},
                            }
                        ]
                    }
                },
            },
        ),
        (
            "cloudwatch/logMetricFilter:LogMetricFilter",
            "errors",
            {
                "logGroupName": out("logs", "name"),
                "pattern": '{ $.level = "error" }',
                "metricTransformation": {"name": "Errors", "namespace": "Mail", "value": "1"},
            },
        ),
    ]


def backups() -> list[Part]:
    return [
        ("backup/vault:Vault", "vault", {"kmsKeyArn": out("key", "arn")}),
        (
            "backup/vaultLockConfiguration:VaultLockConfiguration",
            "lock",
            {"backupVaultName": out("vault", "name"), "minRetentionDays": 7, "maxRetentionDays": 365},
        ),
        (
            "backup/plan:Plan",
            "plan",
            {
                "rules": [
                    {
                        "ruleName": "daily",
                        "targetVaultName": out("vault", "name"),
                        "schedule": "cron(0 3 * * ? *)",
                        "lifecycle": {"deleteAfter": 30},
                    }
                ]
            },
        ),
        ("iam/role:Role", "backup-role", {"assumeRolePolicy": trust("backup.amazonaws.com")}),
        (
            "backup/selection:Selection",
            "selection",
            {
                "planId": out("plan"),
                "iamRoleArn": out("backup-role", "arn"),
                "resources": [out("db", "arn"), out("objects", "arn")],
            },
        ),
        ("guardduty/detector:Detector", "detector", {"findingPublishingFrequency": "ONE_HOUR"}),
    ]
