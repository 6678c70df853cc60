"""Queues, topics, containers, load balancers and scaling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.simulation.values import UNKNOWN
from tests.unit.scripts.simulation.clouds.aws.helpers import said
from tests.unit.scripts.simulation.clouds.aws.service_parts import (
    ACL,
    ALLOW,
    BALANCER,
    BEHIND,
    DEAD,
    FORWARD,
    LISTENER,
    LISTENING,
    POLICY,
    QUEUE,
    REDRIVE,
    RULE,
    SCALED,
    SERVICE,
    SIZE,
    SUBSCRIPTION,
    TARGET,
    TARGETS,
    TASK,
    TOPIC,
    TRACKING,
    containers,
    redrive,
)


@pytest.mark.parametrize(
    ("token", "right"),
    [
        (QUEUE, {"name": "jobs.fifo", "fifoQueue": True, "contentBasedDeduplication": True}),
        (QUEUE, {"visibilityTimeoutSeconds": 43200, "messageRetentionSeconds": 1209600, "kmsMasterKeyId": UNKNOWN}),
        (REDRIVE, {"queueUrl": UNKNOWN, "redrivePolicy": redrive()}),
        (
            ALLOW,
            {
                "queueUrl": UNKNOWN,
                "redriveAllowPolicy": json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [DEAD]}),
            },
        ),
        (TASK, {**SIZE, "containerDefinitions": containers()}),
        (TASK, {**SIZE, "cpu": ".5 vCPU", "memory": "1 GB", "containerDefinitions": UNKNOWN}),
        (LISTENER, LISTENING),
        (TARGETS, BEHIND),
        (BALANCER, {"subnets": [UNKNOWN]}),
        (TARGET, {**SCALED, "minCapacity": 1, "maxCapacity": 1}),
        (POLICY, {**SCALED, "policyType": "TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration": TRACKING}),
    ],
)
def test_what_is_right_is_accepted(token: str, right: dict[str, Any]) -> None:
    assert said(token, right) == {}


@pytest.mark.parametrize(
    ("token", "wrong", "path"),
    [
        (QUEUE, {"visibilityTimeoutSeconds": 43201}, "visibilityTimeoutSeconds"),
        (QUEUE, {"messageRetentionSeconds": 59}, "messageRetentionSeconds"),
        (QUEUE, {"receiveWaitTimeSeconds": 21}, "receiveWaitTimeSeconds"),
        (QUEUE, {"delaySeconds": 901}, "delaySeconds"),
        (QUEUE, {"name": "jobs", "fifoQueue": True}, "name"),
        (QUEUE, {"name": "jobs.fifo"}, "name"),
        (QUEUE, {"contentBasedDeduplication": True}, "contentBasedDeduplication"),
        (QUEUE, {"sqsManagedSseEnabled": True, "kmsMasterKeyId": UNKNOWN}, "sqsManagedSseEnabled"),
        (QUEUE, {"redrivePolicy": "{}"}, "redrivePolicy"),
        (REDRIVE, {"queueUrl": UNKNOWN, "redrivePolicy": "five"}, "redrivePolicy"),
        (REDRIVE, {"queueUrl": UNKNOWN, "redrivePolicy": redrive(maxReceiveCount="5")}, "redrivePolicy"),
        (REDRIVE, {"queueUrl": UNKNOWN, "redrivePolicy": redrive(maxReceiveCount=0)}, "redrivePolicy"),
        (REDRIVE, {"queueUrl": UNKNOWN, "redrivePolicy": redrive(maxReceiveCount=1001)}, "redrivePolicy"),
        (ALLOW, {"queueUrl": UNKNOWN, "redriveAllowPolicy": '{"redrivePermission": "some"}'}, "redriveAllowPolicy"),
        (ALLOW, {"queueUrl": UNKNOWN, "redriveAllowPolicy": '{"redrivePermission": "byQueue"}'}, "redriveAllowPolicy"),
        (TOPIC, {"name": "alerts", "fifoTopic": True}, "name"),
        (SUBSCRIPTION, {"topic": UNKNOWN, "protocol": "mail", "endpoint": "a@b.org"}, "protocol"),
        (SUBSCRIPTION, {"topic": UNKNOWN, "protocol": "email", "endpoint": "ops"}, "endpoint"),
        (SUBSCRIPTION, {"topic": UNKNOWN, "protocol": "https", "endpoint": "http://example.org"}, "endpoint"),
        (SUBSCRIPTION, {"topic": UNKNOWN, "protocol": "sqs", "endpoint": DEAD, "filterPolicy": "no"}, "filterPolicy"),
        (TASK, {**SIZE, "cpu": "300", "containerDefinitions": UNKNOWN}, "cpu"),
        (TASK, {**SIZE, "memory": "512", "containerDefinitions": UNKNOWN}, "memory"),
        (TASK, {**SIZE, "cpu": None, "containerDefinitions": UNKNOWN}, "cpu"),
        (TASK, {**SIZE, "cpu": "half", "containerDefinitions": UNKNOWN}, "cpu"),
        (TASK, {**SIZE, "networkMode": "bridge", "containerDefinitions": UNKNOWN}, "networkMode"),
        (TASK, {**SIZE, "ephemeralStorage": {"sizeInGib": 10}, "containerDefinitions": UNKNOWN}, "ephemeralStorage.sizeInGib"),
        (TASK, {**SIZE, "containerDefinitions": "{}"}, "containerDefinitions"),
        (SERVICE, {"taskDefinition": UNKNOWN, "launchType": "FARGATE"}, "networkConfiguration"),
        (SERVICE, {"taskDefinition": UNKNOWN, "deploymentMaximumPercent": 100}, "deploymentMaximumPercent"),
        (SERVICE, {"taskDefinition": UNKNOWN, "healthCheckGracePeriodSeconds": 30}, "healthCheckGracePeriodSeconds"),
        (SERVICE, {"taskDefinition": UNKNOWN, "launchType": "CLOUD"}, "launchType"),
        (
            SERVICE,
            {"taskDefinition": UNKNOWN, "launchType": "EC2", "capacityProviderStrategies": [{"capacityProvider": "FARGATE"}]},
            "launchType",
        ),
        (BALANCER, {}, "subnets"),
        (BALANCER, {"subnets": ["subnet-1"]}, "subnets"),
        (BALANCER, {"subnets": UNKNOWN, "idleTimeout": 5000}, "idleTimeout"),
        (BALANCER, {"subnets": UNKNOWN, "accessLogs": {"enabled": True}}, "accessLogs.bucket"),
        (TARGETS, {**BEHIND, "vpcId": None}, "vpcId"),
        (TARGETS, {**BEHIND, "healthCheck": {"interval": 5, "timeout": 5}}, "healthCheck.timeout"),
        (TARGETS, {**BEHIND, "healthCheck": {"path": "readyz"}}, "healthCheck.path"),
        (TARGETS, {**BEHIND, "healthCheck": {"healthyThreshold": 11}}, "healthCheck.healthyThreshold"),
        (TARGETS, {**BEHIND, "deregistrationDelay": 4000}, "deregistrationDelay"),
        (TARGETS, {**BEHIND, "protocol": "SMTP"}, "protocol"),
        (LISTENER, {**LISTENING, "certificateArn": None}, "certificateArn"),
        (
            LISTENER,
            {**LISTENING, "protocol": "HTTP", "sslPolicy": "ELBSecurityPolicy-2016-08", "certificateArn": None},
            "sslPolicy",
        ),
        (LISTENER, {**LISTENING, "sslPolicy": "TLS13"}, "sslPolicy"),
        (LISTENER, {**LISTENING, "port": 0}, "port"),
        (LISTENER, {**LISTENING, "defaultActions": [{"type": "forward"}]}, "defaultActions[0].targetGroupArn"),
        (
            LISTENER,
            {**LISTENING, "defaultActions": [{"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}]},
            "defaultActions[0].redirect",
        ),
        (
            RULE,
            {"listenerArn": UNKNOWN, "actions": [FORWARD], "conditions": [{"pathPattern": {"values": list("abcdef")}}]},
            "conditions",
        ),
        (RULE, {"listenerArn": UNKNOWN, "actions": [FORWARD], "conditions": [{}]}, "conditions[0]"),
        (TARGET, {**SCALED, "minCapacity": 2, "maxCapacity": 1}, "maxCapacity"),
        (TARGET, {**SCALED, "resourceId": "mail/api", "minCapacity": 1, "maxCapacity": 1}, "resourceId"),
        (POLICY, {**SCALED, "targetTrackingScalingPolicyConfiguration": TRACKING}, "policyType"),
        (
            POLICY,
            {
                **SCALED,
                "policyType": "TargetTrackingScaling",
                "targetTrackingScalingPolicyConfiguration": {
                    "targetValue": 1,
                    "predefinedMetricSpecification": {"predefinedMetricType": "ALBRequestCountPerTarget"},
                },
            },
            "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.resourceLabel",
        ),
        (
            POLICY,
            {
                **SCALED,
                "policyType": "TargetTrackingScaling",
                "targetTrackingScalingPolicyConfiguration": {**TRACKING, "targetValue": 0},
            },
            "targetTrackingScalingPolicyConfiguration.targetValue",
        ),
        (ACL, {"scope": "CLOUDFRONT", "defaultAction": {}, "visibilityConfig": UNKNOWN}, "scope"),
        (
            ACL,
            {
                "scope": "REGIONAL",
                "rules": [{"name": "a", "priority": 1, "statement": {"managedRuleGroupStatement": {}}, "action": {}}],
            },
            "rules[0].overrideAction",
        ),
    ],
)
def test_what_is_wrong_by_itself(token: str, wrong: dict[str, Any], path: str) -> None:
    assert list(said(token, wrong)) == [path]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "a b"}, "has the name 'a b'"),
        ({"image": ""}, "has no image"),
        ({"essential": False}, "has no essential container"),
        ({"portMappings": [{"containerPort": 8000, "hostPort": 80}]}, "with awsvpc the two are the same"),
        ({"portMappings": [{"containerPort": "8000"}]}, "has the containerPort '8000'"),
        ({"environment": [{"name": "A", "value": 1}]}, "whose value is no text"),
        (
            {"environment": [{"name": "A", "value": "1"}], "secrets": [{"name": "A", "valueFrom": "x"}]},
            "has the variable A twice",
        ),
        ({"dependsOn": [{"containerName": "db"}]}, "depends on 'db'"),
        ({"mountPoints": [{"sourceVolume": "data"}]}, "mounts 'data'"),
        ({"privileged": True}, "which Fargate refuses"),
        ({"stopTimeout": 300}, "Fargate takes 120 at most"),
        ({"cpu": 600}, "asks for 600 of cpu, the task has 512"),
    ],
)
def test_containers(change: dict[str, Any], words: str) -> None:
    found = said(TASK, {**SIZE, "containerDefinitions": containers(change)})
    assert words in found["containerDefinitions"]


def test_logs_of_fargate_need_a_role_and_a_prefix() -> None:
    options = {"awslogs-group": "mail", "awslogs-region": "eu-central-1"}
    change = {"logConfiguration": {"logDriver": "awslogs", "options": options}}
    found = said(TASK, {**SIZE, "containerDefinitions": containers(change)})
    assert list(found) == ["executionRoleArn", "containerDefinitions"]
    assert "without awslogs-stream-prefix" in found["containerDefinitions"]
