"""The whole platform's containers, scaling and storage."""

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
