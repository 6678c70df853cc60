"""Types and right inputs of queues, topics, containers, load balancers and scaling, for several tests."""

from __future__ import annotations

import json
from typing import Any

from scripts.simulation.values import UNKNOWN

QUEUE, TOPIC, SUBSCRIPTION = "sqs/queue:Queue", "sns/topic:Topic", "sns/topicSubscription:TopicSubscription"
REDRIVE, ALLOW = "sqs/redrivePolicy:RedrivePolicy", "sqs/redriveAllowPolicy:RedriveAllowPolicy"
TASK, SERVICE = "ecs/taskDefinition:TaskDefinition", "ecs/service:Service"
BALANCER, TARGETS, LISTENER, RULE = (
    "lb/loadBalancer:LoadBalancer",
    "lb/targetGroup:TargetGroup",
    "lb/listener:Listener",
    "lb/listenerRule:ListenerRule",
)
TARGET, POLICY, ACL = "appautoscaling/target:Target", "appautoscaling/policy:Policy", "wafv2/webAcl:WebAcl"
DEAD = "arn:aws:sqs:eu-central-1:123456789012:dead"
WEB = {"name": "web", "image": "web:1", "portMappings": [{"containerPort": 8000}]}
SIZE = {"family": "web", "cpu": "512", "memory": "1024", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
FORWARD = {"type": "forward", "targetGroupArn": UNKNOWN}
LISTENING = {
    "loadBalancerArn": UNKNOWN,
    "port": 443,
    "protocol": "HTTPS",
    "certificateArn": UNKNOWN,
    "defaultActions": [FORWARD],
}
BEHIND = {"port": 8000, "protocol": "HTTP", "targetType": "ip", "vpcId": UNKNOWN}
SCALED = {"serviceNamespace": "ecs", "scalableDimension": "ecs:service:DesiredCount", "resourceId": "service/mail/api"}
TRACKING = {"targetValue": 60, "predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"}}


def containers(*changes: dict[str, Any]) -> str:
    return json.dumps([{**WEB, **change} for change in changes or ({},)])


def redrive(**more: Any) -> str:
    return json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 5, **more})
