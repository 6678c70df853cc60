"""The rest of the whole platform: containers, scaling, storage, mail, monitoring and backups."""

from __future__ import annotations

from tests.unit.scripts.simulation.clouds.aws.platform import ACCOUNT, REGION, Part, out, policy, trust

CONTAINER = {
    "name": "api",
    "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/api@sha256:{'0' * 64}",
    "essential": True,
    "environment": [{"name": "QUEUES", "value": "{}"}],
    "secrets": [{"name": "DATABASE_URL", "valueFrom": out("app-login", "arn")}],
    "portMappings": [{"containerPort": 8000, "hostPort": 8000, "protocol": "tcp"}],
    "mountPoints": [],
    "volumesFrom": [],
    "systemControls": [],
    "stopTimeout": 30,
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "/mail/services",
            "awslogs-region": REGION,
            "awslogs-stream-prefix": "api",
        },
    },
}


def services() -> list[Part]:
    resource = "service/mail/api"
    scaled = {"resourceId": resource, "scalableDimension": "ecs:service:DesiredCount", "serviceNamespace": "ecs"}
    return [
        ("iam/role:Role", "execution", {"assumeRolePolicy": trust("ecs-tasks.amazonaws.com")}),
        (
            "iam/rolePolicyAttachment:RolePolicyAttachment",
            "execution-policy",
            {
                "role": out("execution", "name"),
                "policyArn": "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            },
        ),
        (
            "ecs/cluster:Cluster",
            "cluster",
            {"name": "mail", "settings": [{"name": "containerInsights", "value": "enabled"}]},
        ),
        (
            "ecs/taskDefinition:TaskDefinition",
            "task",
            {
                "family": "api",
                "cpu": "512",
                "memory": "1024",
                "networkMode": "awsvpc",
                "requiresCompatibilities": ["FARGATE"],
                "executionRoleArn": out("execution", "arn"),
                "containerDefinitions": {"__json": [CONTAINER]},
                "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            },
        ),
        (
            "ecs/service:Service",
            "api",
            {
                "name": "api",
                "cluster": out("cluster", "arn"),
                "taskDefinition": out("task", "arn"),
                "launchType": "FARGATE",
                "desiredCount": 2,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
                "availabilityZoneRebalancing": "ENABLED",
                "healthCheckGracePeriodSeconds": 30,
                "networkConfiguration": {
                    "subnets": [out(f"app-{number}") for number in range(3)],
                    "securityGroups": [out("service")],
                },
                "loadBalancers": [{"targetGroupArn": out("targets", "arn"), "containerName": "api", "containerPort": 8000}],
            },
        ),
        ("appautoscaling/target:Target", "scaled", {**scaled, "minCapacity": 2, "maxCapacity": 10}),
        (
            "appautoscaling/policy:Policy",
            "by-cpu",
            {
                **scaled,
                "policyType": "TargetTrackingScaling",
                "targetTrackingScalingPolicyConfiguration": {
                    "targetValue": 60,
                    "predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"},
                },
            },
        ),
        (
            "appautoscaling/policy:Policy",
            "by-requests",
            {
                **scaled,
                "policyType": "TargetTrackingScaling",
                "targetTrackingScalingPolicyConfiguration": {
                    "targetValue": 500,
                    "predefinedMetricSpecification": {
                        "predefinedMetricType": "ALBRequestCountPerTarget",
                        "resourceLabel": {"__join": [out("balancer", "arnSuffix"), out("targets", "arnSuffix")]},
                    },
                },
            },
        ),
    ]


def storage() -> list[Part]:
    own = {"bucket": out("objects")}
    tls = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::mail-objects", "arn:aws:s3:::mail-objects/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": out("key", "arn")}}
    return [
        ("s3/bucket:Bucket", "objects", {"bucket": "mail-objects"}),
        (
            "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "closed",
            {
                **own,
                "blockPublicAcls": True,
                "blockPublicPolicy": True,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": True,
            },
        ),
        ("s3/bucketVersioning:BucketVersioning", "versions", {**own, "versioningConfiguration": {"status": "Enabled"}}),
        (
            "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "encrypted",
            {**own, "rules": [{**rule, "bucketKeyEnabled": True}]},
        ),
        (
            "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "lifecycle",
            {
                **own,
                "rules": [
                    {
                        "id": "old",
                        "status": "Enabled",
                        "noncurrentVersionExpiration": {"noncurrentDays": 30},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                    }
                ],
            },
        ),
        (
            "s3/bucketOwnershipControls:BucketOwnershipControls",
            "owned",
            {**own, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        ),
        ("s3/bucketPolicy:BucketPolicy", "tls-only", {**own, "policy": policy(tls)}),
    ]


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
