"""A whole mail platform on AWS, right in every part: the simulated cloud must take all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
ACCOUNT, REGION = "123456789012", "eu-central-1"

Part = tuple[str, str, Mapping[str, Any]]


def out(name: str, output: str = "id") -> dict[str, str]:
    """An output of another part, filled in when it is made."""
    return {"__of": name, "__output": output}


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str) -> str:
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def network() -> list[Part]:
    parts: list[Part] = [
        ("ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "tags": {"Name": "mail"}}),
        ("ec2/internetGateway:InternetGateway", "gateway", {"vpcId": out("vpc")}),
        ("ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", {"vpcId": out("vpc")}),
        ("ec2/routeTable:RouteTable", "public", {"vpcId": out("vpc")}),
        (
            "ec2/route:Route",
            "internet",
            {"routeTableId": out("public"), "destinationCidrBlock": "0.0.0.0/0", "gatewayId": out("gateway")},
        ),
    ]
    for number, zone in enumerate(ZONES):
        for offset, tier in enumerate(("public", "app", "data")):
            block = f"10.0.{offset * 16 + number}.0/24"
            inside = {"vpcId": out("vpc"), "cidrBlock": block, "availabilityZone": zone}
            parts.append(("ec2/subnet:Subnet", f"{tier}-{number}", {**inside, "mapPublicIpOnLaunch": False}))
        parts += [
            (
                "ec2/routeTableAssociation:RouteTableAssociation",
                f"public-{number}-table",
                {"subnetId": out(f"public-{number}"), "routeTableId": out("public")},
            ),
            ("ec2/eip:Eip", f"address-{number}", {"domain": "vpc"}),
            (
                "ec2/natGateway:NatGateway",
                f"nat-{number}",
                {"subnetId": out(f"public-{number}"), "allocationId": out(f"address-{number}")},
            ),
            ("ec2/routeTable:RouteTable", f"app-{number}-table", {"vpcId": out("vpc")}),
            (
                "ec2/route:Route",
                f"app-{number}-internet",
                {
                    "routeTableId": out(f"app-{number}-table"),
                    "destinationCidrBlock": "0.0.0.0/0",
                    "natGatewayId": out(f"nat-{number}"),
                },
            ),
            (
                "ec2/routeTableAssociation:RouteTableAssociation",
                f"app-{number}-association",
                {"subnetId": out(f"app-{number}"), "routeTableId": out(f"app-{number}-table")},
            ),
        ]
    for name, port in (("edge", 443), ("service", 8000), ("database", 5432)):
        parts.append(("ec2/securityGroup:SecurityGroup", name, {"vpcId": out("vpc"), "description": f"{name} of mail"}))
        if name != "edge":
            source = {"service": "edge", "database": "service"}[name]
            parts.append(
                (
                    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                    f"{name}-in",
                    {
                        "securityGroupId": out(name),
                        "referencedSecurityGroupId": out(source),
                        "ipProtocol": "tcp",
                        "fromPort": port,
                        "toPort": port,
                    },
                )
            )
    parts += [
        (
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "service-out",
            {"securityGroupId": out("service"), "cidrIpv4": "0.0.0.0/0", "ipProtocol": "-1"},
        ),
        (
            "ec2/vpcEndpoint:VpcEndpoint",
            "s3",
            {"vpcId": out("vpc"), "serviceName": f"com.amazonaws.{REGION}.s3", "routeTableIds": [out("app-0-table")]},
        ),
        (
            "ec2/vpcEndpoint:VpcEndpoint",
            "secrets",
            {
                "vpcId": out("vpc"),
                "serviceName": f"com.amazonaws.{REGION}.secretsmanager",
                "vpcEndpointType": "Interface",
                "privateDnsEnabled": True,
                "subnetIds": [out("app-0"), out("app-1")],
                "securityGroupIds": [out("service")],
            },
        ),
    ]
    return parts


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


def edge() -> list[Part]:
    return [
        ("route53/zone:Zone", "zone", {"name": "example.org"}),
        (
            "acm/certificate:Certificate",
            "certificate",
            {"domainName": "example.org", "subjectAlternativeNames": ["*.example.org"], "validationMethod": "DNS"},
        ),
        (
            "route53/record:Record",
            "proof",
            {
                "zoneId": out("zone", "zoneId"),
                "name": out("certificate", "domainValidationOptions.0.resourceRecordName"),
                "type": "CNAME",
                "records": [out("certificate", "domainValidationOptions.0.resourceRecordValue")],
                "ttl": 300,
            },
        ),
        (
            "acm/certificateValidation:CertificateValidation",
            "valid",
            {"certificateArn": out("certificate", "arn"), "validationRecordFqdns": [out("proof", "fqdn")]},
        ),
        (
            "lb/loadBalancer:LoadBalancer",
            "balancer",
            {
                "subnets": [out(f"public-{number}") for number in range(3)],
                "securityGroups": [out("edge")],
                "dropInvalidHeaderFields": True,
                "enableDeletionProtection": True,
            },
        ),
        (
            "lb/targetGroup:TargetGroup",
            "targets",
            {
                "namePrefix": "mail-",
                "port": 8000,
                "protocol": "HTTP",
                "targetType": "ip",
                "vpcId": out("vpc"),
                "healthCheck": {"path": "/readyz", "interval": 10, "timeout": 5, "matcher": "200"},
            },
        ),
        (
            "lb/listener:Listener",
            "https",
            {
                "loadBalancerArn": out("balancer", "arn"),
                "port": 443,
                "protocol": "HTTPS",
                "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "certificateArn": out("valid", "certificateArn"),
                "defaultActions": [{"type": "forward", "targetGroupArn": out("targets", "arn")}],
            },
        ),
        (
            "lb/listener:Listener",
            "http",
            {
                "loadBalancerArn": out("balancer", "arn"),
                "port": 80,
                "protocol": "HTTP",
                "defaultActions": [
                    {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}
                ],
            },
        ),
        (
            "route53/record:Record",
            "www",
            {
                "zoneId": out("zone", "zoneId"),
                "name": "www",
                "type": "A",
                "aliases": [
                    {
                        "name": out("balancer", "dnsName"),
                        "zoneId": out("balancer", "zoneId"),
                        "evaluateTargetHealth": True,
                    }
                ],
            },
        ),
        (
            "wafv2/webAcl:WebAcl",
            "firewall",
            {
                "scope": "REGIONAL",
                "defaultAction": {"allow": {}},
                "visibilityConfig": {
                    "cloudwatchMetricsEnabled": True,
                    "metricName": "mail",
                    "sampledRequestsEnabled": True,
                },
                "rules": [
                    {
                        "name": "common",
                        "priority": 1,
                        "overrideAction": {"none": {}},
                        "statement": {
                            "managedRuleGroupStatement": {"name": "AWSManagedRulesCommonRuleSet", "vendorName": "AWS"}
                        },
                        "visibilityConfig": {
                            "cloudwatchMetricsEnabled": True,
                            "metricName": "common",
                            "sampledRequestsEnabled": True,
                        },
                    }
                ],
            },
        ),
        (
            "wafv2/webAclAssociation:WebAclAssociation",
            "firewalled",
            {"webAclArn": out("firewall", "arn"), "resourceArn": out("balancer", "arn")},
        ),
    ]
