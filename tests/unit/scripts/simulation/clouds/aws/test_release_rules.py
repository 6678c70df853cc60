"""Health checks, deployments and the web firewall: what AWS refuses, and its neighbours that it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.scripts.simulation.clouds.aws.helpers import said
from tests.unit.scripts.simulation.clouds.aws.service_parts import ACL, SERVICE, SIZE, TASK, WEB

LOGGING = "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
PREFIX = "arn:aws:logs:eu-central-1:123456789012:log-group:"
SEEN = {"cloudwatchMetricsEnabled": True, "metricName": "rule", "sampledRequestsEnabled": True}


def task(**health: int) -> dict[str, Any]:
    check = {"command": ["CMD", "true"], "interval": 5, **health}
    return {**SIZE, "containerDefinitions": json.dumps([{**WEB, "healthCheck": check}])}


def firewall(body: str = "busy", **rate: int) -> dict[str, Any]:
    response = {"responseCode": 429, "customResponseBodyKey": body}
    return {
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": SEEN,
        "customResponseBodies": [{"key": "busy", "content": "{}", "contentType": "APPLICATION_JSON"}],
        "rules": [
            {
                "name": "rate",
                "priority": 0,
                "action": {"block": {"customResponse": response}},
                "statement": {"rateBasedStatement": {"limit": 100, "aggregateKeyType": "IP", **rate}},
                "visibilityConfig": SEEN,
            }
        ],
    }


@pytest.mark.parametrize(
    ("token", "right"),
    [
        (TASK, task(retries=10, startPeriod=300, timeout=60)),
        (SERVICE, {"availabilityZoneRebalancing": "ENABLED", "deploymentMaximumPercent": 200, "taskDefinition": "web:1"}),
        (ACL, firewall(evaluationWindowSec=60)),
        (
            LOGGING,
            {
                "resourceArn": "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/b",
                "logDestinationConfigs": [f"{PREFIX}aws-waf-logs-a"],
            },
        ),
    ],
)
def test_what_aws_takes_is_taken(token: str, right: dict[str, Any]) -> None:
    assert not said(token, right)


@pytest.mark.parametrize(
    ("token", "wrong", "words"),
    [
        (TASK, task(interval=4), "healthCheck.interval is 4"),
        (TASK, task(retries=11), "healthCheck.retries is 11"),
        (TASK, task(startPeriod=301), "healthCheck.startPeriod is 301"),
        (
            SERVICE,
            {"availabilityZoneRebalancing": "ENABLED", "deploymentMaximumPercent": 100, "taskDefinition": "web:1"},
            "needs a deploymentMaximumPercent above 100",
        ),
        (ACL, firewall(limit=9), "9 is out of range"),
        (ACL, firewall(body="gone"), "names the body gone"),
        (
            LOGGING,
            {
                "resourceArn": "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/b",
                "logDestinationConfigs": [f"{PREFIX}waf"],
            },
            "does not begin with aws-waf-logs-",
        ),
    ],
)
def test_what_aws_refuses_is_refused(token: str, wrong: dict[str, Any], words: str) -> None:
    assert words in " ".join(said(token, wrong).values())
