"""The whole platform's keys, logs, database, pooling and queues."""

from __future__ import annotations

import json

from tests.unit.scripts.simulation.clouds.aws.platform import ACCOUNT, REGION, Part, out, policy, trust


def keys_and_logs() -> list[Part]:
    root = {
        "Sid": "Account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    logs = {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{REGION}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"}},
    }
    return [
        ("kms/key:Key", "key", {"description": "mail", "enableKeyRotation": True, "policy": policy(root, logs)}),
        ("kms/alias:Alias", "alias", {"name": "alias/mail", "targetKeyId": out("key")}),
        (
            "cloudwatch/logGroup:LogGroup",
            "logs",
            {"name": "/mail/services", "retentionInDays": 30, "kmsKeyId": out("key", "arn")},
        ),
        ("iam/role:Role", "flow", {"assumeRolePolicy": trust("vpc-flow-logs.amazonaws.com")}),
        (
            "iam/rolePolicy:RolePolicy",
            "flow-writes",
            {
                "role": out("flow", "name"),
                "policy": policy({"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "*"}),
            },
        ),
        (
            "ec2/flowLog:FlowLog",
            "flows",
            {
                "vpcId": out("vpc"),
                "trafficType": "ALL",
                "logDestination": out("logs", "arn"),
                "iamRoleArn": out("flow", "arn"),
            },
        ),
    ]


def database() -> list[Part]:
    subnets = [out(f"data-{number}") for number in range(3)]
    return [
        ("rds/subnetGroup:SubnetGroup", "data", {"subnetIds": subnets}),
        (
            "rds/parameterGroup:ParameterGroup",
            "parameters",
            {"family": "postgres17", "parameters": [{"name": "rds.force_ssl", "value": "1"}]},
        ),
        (
            "rds/instance:Instance",
            "db",
            {
                "engine": "postgres",
                "engineVersion": "17",
                "instanceClass": "db.m7g.large",
                "allocatedStorage": 100,
                "maxAllocatedStorage": 1000,
                "storageType": "gp3",
                "storageEncrypted": True,
                "kmsKeyId": out("key", "arn"),
                "dbName": "mail",
                "username": "penguin",
                "manageMasterUserPassword": True,
                "multiAz": True,
                "deletionProtection": True,
                "backupRetentionPeriod": 14,
                "backupWindow": "02:00-03:00",
                "maintenanceWindow": "sun:04:00-sun:05:00",
                "finalSnapshotIdentifier": "mail-final",
                "dbSubnetGroupName": out("data", "name"),
                "parameterGroupName": out("parameters", "name"),
                "vpcSecurityGroupIds": [out("database")],
                "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
                "performanceInsightsEnabled": True,
                "performanceInsightsKmsKeyId": out("key", "arn"),
            },
        ),
        ("secretsmanager/secret:Secret", "app-login", {"kmsKeyId": out("key", "arn"), "recoveryWindowInDays": 7}),
        (
            "secretsmanager/secretVersion:SecretVersion",
            "app-login-value",
            {"secretId": out("app-login"), "secretString": json.dumps({"username": "app", "password": "a-long-one"})},
        ),
        ("iam/role:Role", "proxy-role", {"assumeRolePolicy": trust("rds.amazonaws.com")}),
        (
            "rds/proxy:Proxy",
            "proxy",
            {
                "engineFamily": "POSTGRESQL",
                "roleArn": out("proxy-role", "arn"),
                "vpcSubnetIds": subnets,
                "vpcSecurityGroupIds": [out("database")],
                "requireTls": True,
                "auths": [{"authScheme": "SECRETS", "secretArn": out("app-login", "arn"), "iamAuth": "DISABLED"}],
            },
        ),
        (
            "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
            "pool",
            {"dbProxyName": out("proxy", "name"), "connectionPoolConfig": {"maxConnectionsPercent": 80}},
        ),
        (
            "rds/proxyTarget:ProxyTarget",
            "pool-target",
            {
                "dbProxyName": out("proxy", "name"),
                "targetGroupName": out("pool", "name"),
                "dbInstanceIdentifier": out("db", "identifier"),
            },
        ),
    ]


def queues() -> list[Part]:
    return [
        ("sqs/queue:Queue", "dead", {"messageRetentionSeconds": 1209600, "sqsManagedSseEnabled": True}),
        ("sqs/queue:Queue", "outbound", {"visibilityTimeoutSeconds": 300, "kmsMasterKeyId": out("key")}),
        (
            "sqs/redrivePolicy:RedrivePolicy",
            "outbound-redrive",
            {
                "queueUrl": out("outbound"),
                "redrivePolicy": {"__json": {"deadLetterTargetArn": out("dead", "arn"), "maxReceiveCount": 5}},
            },
        ),
        (
            "sqs/redriveAllowPolicy:RedriveAllowPolicy",
            "dead-allow",
            {
                "queueUrl": out("dead"),
                "redriveAllowPolicy": {"__json": {"redrivePermission": "byQueue", "sourceQueueArns": [out("outbound", "arn")]}},
            },
        ),
        ("sns/topic:Topic", "alerts", {"kmsMasterKeyId": out("key")}),
        (
            "sns/topicSubscription:TopicSubscription",
            "alerts-mail",
            {"topic": out("alerts", "arn"), "protocol": "email", "endpoint": "ops@example.org"},
        ),
    ]
