"""What watches the platform on AWS, against a simulated AWS: what fires, who is told, and who may put a message in."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from components import stackfile
from components.aws.operations_limits import operations_limits
from tests.harness import targets
from tests.harness.alone import Alone
from tests.harness.mocked import Registered
from tests.harness.watched import alerts

ENVIRONMENTS = ("development", "production")
TOLD: dict[str, Any] = {"emails": ["ops@example.com", "lead@example.com"], "webhooks": ["https://hooks.example.com/a"]}
SLOW = {"measure": "log_matches_per_minute", "of": "api", "pattern": 'say "slow"', "above": 3.0, "minutes": 7}


def statements(found: Registered) -> dict[str, Any]:
    return {one["Sid"]: one for one in json.loads(found.inputs["policy"])["Statement"]}


def alarm(found: Alone, role: str) -> Registered:
    return found.named(f"penguinmails-alerts-{role}")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_alarm_tells_and_parts_of_a_pair_do_not(environment: str) -> None:
    found = alerts(environment, alerts=TOLD)
    topic = found.known["channel"]
    pairs = found.of(":CompositeAlarm")
    assert sorted(one.inputs["alarmName"] for one in pairs) == [
        f"penguinmails-test-{objective}-{speed}"
        for objective in ("availability", "latency")
        for speed in ("fast", "medium", "slow")
    ]
    inner = {name for one in pairs for name in re.findall(r'ALARM\("([^"]+)"\)', one.inputs["alarmRule"])}
    assert len(inner) == 12
    for one in found.of(":MetricAlarm"):
        told = [] if one.inputs["name"] in inner else [topic]
        assert (one.inputs.get("alarmActions") or [], one.inputs.get("okActions") or []) == (told, told), one.name
    for one in pairs:
        assert one.inputs["alarmActions"] == one.inputs["okActions"] == [topic]


def test_the_budget_of_three_nines_burns_at_exact_shares() -> None:
    found = alerts(alerts={**TOLD, "objectives": {"availability_percent": 99.9, "response_p95_milliseconds": 300}})
    shares = {
        speed: [alarm(found, f"availability-{speed}-{window}").inputs["threshold"] for window in ("long", "short")]
        for speed in ("fast", "medium", "slow")
    }
    assert shares == {"fast": [0.0144, 0.0144], "medium": [0.006, 0.006], "slow": [0.001, 0.001]}
    [within] = [
        query["metric"]["stat"]
        for query in alarm(found, "latency-fast-long").inputs["metricQueries"]
        if query.get("metric", {}).get("metricName") == "TargetResponseTime"
    ]
    assert within == "PR(:0.3)"


def test_each_part_is_watched() -> None:
    base = targets.base("aws")
    found = alerts(alerts=TOLD, database={**base["database"], "engine": "mysql", "read_replicas": 2})
    roles = {one.name.removeprefix("penguinmails-alerts-") for one in found.of(":MetricAlarm")}
    for service in base["services"]:
        assert {f"{service}-cpu", f"{service}-memory", f"{service}-running", f"{service}-errors"} <= roles
    for queue in base["queues"]:
        assert {f"{queue}-oldest", f"{queue}-waiting", f"{queue}-dead"} <= roles
    assert {"database-cpu", "database-storage", "replica-1-lag", "replica-2-lag", "pooler-clients", "entry-rejected"} <= roles
    assert {"mail-bounces", "mail-complaints", "api-unhealthy"} <= roles
    assert {"replica-1-stopped", "replica-2-stopped"} <= roles
    assert "worker-unhealthy" not in roles
    subscription = found.one(":EventSubscription").inputs
    assert subscription["sourceIds"] == ["penguinmails-test-database", "replica-0", "replica-1"]


def test_parts_that_are_not_there_are_left_out() -> None:
    found = alerts(alerts=TOLD, whole=False)
    assert not found.of(":CompositeAlarm")
    assert not found.of(":LogMetricFilter")
    assert not [one for one in found.of(":MetricAlarm") if re.search("alerts-(api|worker|mail|entry)", one.name)]
    assert found.of(":Dashboard")


def test_a_custom_alarm_counts_its_text_and_no_syntax() -> None:
    found = alerts(alerts={**TOLD, "custom": {"slow": SLOW}})
    counted = alarm(found, "matches-slow-filter").inputs
    assert counted["pattern"] == '"say \\"slow\\""'
    assert counted["logGroupName"] == "/penguinmails-test-logs-api"
    made = alarm(found, "custom-slow").inputs
    assert (made["metricName"], made["namespace"]) == ("matches-slow", counted["metricTransformation"]["namespace"])
    assert (made["threshold"], made["evaluationPeriods"], made["datapointsToAlarm"], made["period"]) == (3.0, 7, 7, 60)


def test_each_address_is_subscribed_once_and_by_itself() -> None:
    both = alerts(alerts={**TOLD, "emails": ["ops@example.com", "lead@example.com", "ops@example.com"]})
    one = alerts(alerts={"emails": ["lead@example.com"]})
    asked = {found.name: (found.inputs["protocol"], found.inputs["endpoint"]) for found in both.of(":TopicSubscription")}
    assert sorted(asked.values()) == [
        ("email", "lead@example.com"),
        ("email", "ops@example.com"),
        ("https", "https://hooks.example.com/a"),
    ]
    assert {found.name for found in one.of(":TopicSubscription")} < set(asked)


def test_only_services_of_this_account_put_alerts_in_over_tls() -> None:
    found = alerts(alerts=TOLD)
    topic = statements(found.one(":TopicPolicy"))
    assert set(topic) == {"ServicesTell", "EventsTell", "TlsOnly"}
    assert topic["ServicesTell"]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert topic["ServicesTell"]["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"]
    assert topic["EventsTell"]["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in topic["EventsTell"], "EventBridge gives no key to test: its messages would be lost"
    assert topic["TlsOnly"]["Effect"] == "Deny"
    key = statements(found.named("penguinmails-alerts-key"))
    assert "aws:SourceAccount" not in json.dumps(key["EventsPublish"]), "EventBridge does not say for whom it works"
    assert key["EventsPublish"]["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:eu-central-1:123456789012:*"}
    }
    assert found.one("sns/topic:Topic").inputs["kmsMasterKeyId"].startswith("arn:aws:kms:")


def test_a_failed_deployment_of_this_cluster_is_told() -> None:
    pattern = json.loads(alerts(alerts=TOLD).named("penguinmails-alerts-deployments").inputs["eventPattern"])
    assert pattern["resources"] == [{"prefix": "arn:aws:ecs:eu-central-1:123456789012:service/penguinmails-test/"}]
    assert pattern["detail"] == {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]}


def test_the_account_is_watched_outside_development() -> None:
    assert not alerts("development", alerts=TOLD).of(":Detector")
    assert not alerts("development", alerts=TOLD).of(":Trail")
    found = alerts(alerts=TOLD)
    trail = found.one(":Trail").inputs
    assert trail["isMultiRegionTrail"] is True
    assert trail["enableLogFileValidation"] is True
    assert found.one(":Trail").protect
    assert found.one(":Detector").inputs["enable"] is True
    told = {one.name.removeprefix("penguinmails-alerts-") for one in found.of(":EventRule")}
    assert told == {"certificates", "deployments", "guardduty", "root", "calls", "opened"}
    writes = {one["Sid"]: one for one in json.loads(found.one(":BucketPolicy").inputs["policy"])["Statement"]}["TrailWrites"]
    arn = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/penguinmails-test-trail"
    assert writes["Condition"]["StringEquals"]["aws:SourceArn"] == arn
    assert writes["Resource"].endswith("/AWSLogs/123456789012/*")
    assert statements(found.named("penguinmails-alerts-trail-key"))["TrailEncrypts"]["Condition"]["StringEquals"] == {
        "aws:SourceArn": arn
    }


@pytest.mark.parametrize(("chosen", "made", "rules"), [("create", 1, 6), ("existing", 0, 6)])
def test_what_the_account_has_already_is_not_made_again(chosen: str, made: int, rules: int) -> None:
    section = {"region": "eu-central-1", "guardduty": chosen, "cloudtrail": chosen}
    for environment in ENVIRONMENTS:
        found = alerts(environment, alerts=TOLD, aws=section)
        assert (len(found.of(":Detector")), len(found.of(":Trail")), len(found.of(":EventRule"))) == (made, made, rules)


@pytest.mark.parametrize(
    ("sections", "field"),
    [
        ({"alerts": None, "aws": {"region": "eu-central-1", "guardduty": "create"}}, "platform.aws.guardduty"),
        ({"alerts": None, "aws": {"region": "eu-central-1", "cloudtrail": "existing"}}, "platform.aws.cloudtrail"),
        ({"backup": None, "aws": {"region": "eu-central-1", "backup_region": "eu-west-1"}}, "platform.aws.backup_region"),
        ({"backup": {}, "aws": {"region": "eu-central-1", "backup_region": "eu-central-1"}}, "platform.aws.backup_region"),
        ({"backup": {}, "aws": {"region": "eu-central-1", "backup_region": "us-gov-west-1"}}, "platform.aws.backup_region"),
        ({"alerts": {**TOLD, "custom": {"two": {**SLOW, "pattern": "a\nb"}}}}, "platform.alerts.custom.two.pattern"),
    ],
)
def test_what_would_be_ignored_is_refused(sections: dict[str, Any], field: str) -> None:
    described = {key: value for key, value in targets.base("aws", **sections).items() if value is not None}
    assert [gap.field for gap in operations_limits(stackfile.parse(json.dumps(described)))] == [field]
