"""Resources that break no rule, one of each type that rules look at, also of those that the kit does not make."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

DIGEST: Final = "localhost:5000/penguinmails/postgres@sha256:" + "0a" * 32

TAGS: Final = {
    "penguinmails.project": "penguinmails",
    "penguinmails.stack": "aws-production",
    "penguinmails.environment": "production",
    "penguinmails.component": "database",
    "penguinmails.managed-by": "pulumi",
}
LABELS: Final = [{"label": key, "value": value} for key, value in TAGS.items()]
EDGE: Final = [{**pair, "value": "edge"} if pair["label"].endswith("component") else pair for pair in LABELS]

INSTANCE, CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
QUEUE, QUEUE_POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
BUCKET, BUCKET_ACL = "aws:s3/bucket:Bucket", "aws:s3/bucketAcl:BucketAcl"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
GROUP, DEFAULT_GROUP = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
MACHINE, VOLUME = "aws:ec2/instance:Instance", "aws:ebs/volume:Volume"
FILES, CACHE = "aws:efs/fileSystem:FileSystem", "aws:elasticache/replicationGroup:ReplicationGroup"
MEMBER, BROKER = "aws:rds/clusterInstance:ClusterInstance", "aws:mq/broker:Broker"
TASK, FUNCTION = "aws:ecs/taskDefinition:TaskDefinition", "aws:lambda/function:Function"
SERVICE, CONTAINER = "docker:index/service:Service", "docker:index/container:Container"
SPEC = "taskSpec.containerSpec"

_OPEN_WEB = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["0.0.0.0/0"]}
_DENY = json.dumps({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}]})
_ALLOW = json.dumps({"Statement": {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "sqs:*"}})
_TASK = [
    {
        "name": "api",
        "image": "x",
        "linuxParameters": {"capabilities": {"drop": ["ALL"]}},
        "environment": [{"name": "PORT", "value": "8000"}],
    }
]


def task(**changes: Any) -> str:
    return json.dumps([{**_TASK[0], **changes}])


def variable(name: str, value: Any) -> str:
    return task(environment=[{"name": name, "value": value}])


RIGHT: Final[Mapping[str, Mapping[str, Any]]] = {
    INSTANCE: {
        "instanceClass": "db.t4g.small",
        "storageEncrypted": True,
        "publiclyAccessible": False,
        "deletionProtection": True,
        "backupRetentionPeriod": 7,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "final",
        "deleteAutomatedBackups": False,
        "tags": TAGS,
    },
    CLUSTER: {
        "engine": "aurora-postgresql",
        "storageEncrypted": True,
        "deletionProtection": True,
        "backupRetentionPeriod": 30,
        "finalSnapshotIdentifier": "final",
        "deleteAutomatedBackups": False,
        "tags": TAGS,
    },
    MEMBER: {"clusterIdentifier": "c", "engine": "aurora-postgresql", "instanceClass": "db.r6g.large", "tags": TAGS},
    BROKER: {
        "engineType": "RabbitMQ",
        "engineVersion": "3.13",
        "hostInstanceType": "mq.m5.large",
        "users": [{"username": "u", "password": "p"}],
        "tags": TAGS,
    },
    QUEUE: {"sqsManagedSseEnabled": True, "policy": _DENY, "tags": TAGS},
    QUEUE_POLICY: {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/1/a", "policy": _DENY},
    BUCKET: {"acl": "private", "forceDestroy": False, "tags": TAGS},
    BUCKET_ACL: {"bucket": "b", "acl": "private"},
    BLOCK: {
        "bucket": "b",
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    },
    GROUP: {"ingress": [_OPEN_WEB], "tags": TAGS},
    DEFAULT_GROUP: {"ingress": [], "tags": TAGS},
    OLD_RULE: {**_OPEN_WEB, "type": "ingress", "securityGroupId": "sg-1"},
    INGRESS: {
        "securityGroupId": "sg-1",
        "ipProtocol": "tcp",
        "fromPort": 5432,
        "toPort": 5432,
        "referencedSecurityGroupId": "sg-2",
        "tags": TAGS,
    },
    MACHINE: {"rootBlockDevice": {"encrypted": True}, "tags": TAGS},
    VOLUME: {"availabilityZone": "eu-central-1a", "encrypted": True, "tags": TAGS},
    FILES: {"encrypted": True, "tags": TAGS},
    CACHE: {"description": "d", "atRestEncryptionEnabled": True, "tags": TAGS},
    TASK: {"family": "api", "containerDefinitions": task(), "tags": TAGS},
    FUNCTION: {"role": "r", "environment": {"variables": {"PORT": "8000"}}, "tags": TAGS},
    SERVICE: {
        "labels": LABELS,
        "mode": {"replicated": {"replicas": 1}},
        "taskSpec": {
            "containerSpec": {
                "image": DIGEST,
                "hostname": "database",
                "user": "5432:5432",
                "readOnly": True,
                "capDrops": ["ALL"],
                "stopGracePeriod": "1m0s",
                "env": {"DATABASE_NAME": "penguinmails", "DATABASE_URL_FILE": "/run/secrets/DATABASE_URL"},
                "mounts": [
                    {"type": "volume", "source": "data", "target": "/var/lib/postgresql"},
                    {"type": "tmpfs", "target": "/tmp"},
                ],
            },
            "placement": {"constraints": ["node.hostname==one"]},
            "resources": {"limits": {"memoryBytes": 268435456}},
        },
        "updateConfig": {"order": "stop-first"},
        "rollbackConfig": {"order": "stop-first"},
        "endpointSpec": {"mode": "dnsrr", "ports": []},
    },
    CONTAINER: {
        "image": "sha256:" + "0a" * 32,
        "labels": LABELS,
        "readOnly": True,
        "capabilities": {"drops": ["ALL"]},
        "user": "10001",
        "memory": 256,
        "envs": ["PORT=8000"],
    },
}
