"""Queues on AWS against a simulated AWS: each with a dead-letter queue, and no service may do more than it says."""

from __future__ import annotations

import json

import pytest

from tests.harness.foundation.deployed import ENVIRONMENTS, Foundation, build, built


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def foundation(environment: str) -> Foundation:
    return built(environment)


def test_each_queue_has_a_dead_letter_queue_of_its_own(foundation: Foundation) -> None:
    queues = {found.name.removeprefix("penguinmails-queue-"): found.inputs for found in foundation.of("sqs/queue:Queue")}
    assert set(queues) == {"queue-outbound", "queue-bounces", "dead-outbound", "dead-bounces"}
    for name in ("outbound", "bounces"):
        live, dead = queues[f"queue-{name}"], queues[f"dead-{name}"]
        redrive = json.loads(live["redrivePolicy"])
        assert redrive["deadLetterTargetArn"].endswith(f":penguinmails-test-dead-{name}")
        assert redrive["maxReceiveCount"] == (7 if name == "outbound" else 5)
        assert live["visibilityTimeoutSeconds"] == (120 if name == "outbound" else 300)
        assert dead["messageRetentionSeconds"] == 14 * 86400 > live["messageRetentionSeconds"]
        assert "redrivePolicy" not in dead
        allowed = json.loads(foundation.named(f"penguinmails-queue-dead-{name}-sources").inputs["redriveAllowPolicy"])
        assert allowed["redrivePermission"] == "byQueue"
        assert [arn.rsplit(":", 1)[-1] for arn in allowed["sourceQueueArns"]] == [f"penguinmails-test-queue-{name}"]


def test_queues_are_encrypted_polled_long_and_reached_by_tls(foundation: Foundation) -> None:
    for found in foundation.of("sqs/queue:Queue"):
        assert found.inputs["sqsManagedSseEnabled"] is True
        assert found.inputs["receiveWaitTimeSeconds"] == 20
        [statement] = json.loads(foundation.named(f"{found.name}-policy").inputs["policy"])["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert statement["Resource"].endswith(f":{found.inputs['name']}")


def test_a_queue_that_leaves_the_description_stays_with_its_policies(foundation: Foundation, environment: str) -> None:
    parts = [found for found in foundation.own if ":sqs/" in found.typ]
    assert len(parts) == 4 + 4 + 2
    assert {found.protect for found in parts} == {environment != "development"}


def test_queues_are_found_by_their_neutral_names() -> None:
    prefix = "https://sqs.eu-central-1.amazonaws.com/123456789012/penguinmails-test-queue-"
    assert built().names == {"outbound": f"{prefix}outbound", "bounces": f"{prefix}bounces"}


def test_a_service_may_do_what_it_says_and_no_more() -> None:
    queues = built().queues
    send = ["sqs:SendMessage"]
    prefix = "arn:aws:sqs:eu-central-1:123456789012:penguinmails-test-queue-"
    assert queues["api"]["permissions"] == [[send, [f"{prefix}outbound"]]]
    [[actions, resources]] = queues["worker"]["permissions"]
    assert "sqs:SendMessage" not in actions
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"} <= set(actions)
    assert sorted(resources) == [f"{prefix}bounces", f"{prefix}outbound"]
    assert queues["idle"] == {"variables": {}, "groups": [], "permissions": [], "secrets": {}, "reading": {}}
    assert not [one for service in queues.values() for right in service["permissions"] for one in right[0] if "*" in one]


def test_a_service_gets_the_queues_that_it_uses() -> None:
    variables = built().queues["api"]["variables"]
    assert variables["BROKER_URL"] == "sqs://sqs.eu-central-1.amazonaws.com"
    assert json.loads(variables["QUEUES"]) == {
        "outbound": "https://sqs.eu-central-1.amazonaws.com/123456789012/penguinmails-test-queue-outbound"
    }


def test_no_queues_name_meets_anothers_dead_letter_queue() -> None:
    names = [
        found.inputs["name"]
        for found in build(
            queues={"outbound": {}, "outbound-dead": {}, "dead-outbound": {}, "bounces": {}},
        ).of("sqs/queue:Queue")
    ]
    assert len(set(names)) == len(names) == 8
