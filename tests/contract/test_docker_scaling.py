"""Autoscaling on Docker: who sees the engine, what scales, and whose the number of copies is."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from penguinmails_operations.autoscaler.settings import Followed
from penguinmails_operations.gate import rules
from pulumi.runtime import mocks

from components import stackfile
from components.docker import autoscaling
from components.docker.cluster import socket_path
from components.spec import DockerSection, Objectives, PlatformSpec
from scripts.operations import engine, up
from scripts.operations.stack import Stack
from tests.contract.conftest import Deployment, program, stack_text
from tests.harness import mocked
from tests.harness.simulated import Simulated

Deploy = Callable[[PlatformSpec], Deployment]


def described(**scaling: Any) -> PlatformSpec:
    """docker-local, whose API scales as given."""
    description = json.loads(stack_text("docker-local"))
    description["services"]["api"]["scaling"] = scaling
    return stackfile.parse(json.dumps(description))


MOVES: Mapping[str, Any] = {"min_replicas": 2, "max_replicas": 6}


def service(deployment: Deployment, role: str) -> mocks.MockResourceArgs:
    [found] = [one for one in deployment.of(":Service") if one.inputs.get("name") == f"penguinmails-test-{role}"]
    return found


def roles(deployment: Deployment) -> set[str]:
    return {one.inputs["name"].removeprefix("penguinmails-test-") for one in deployment.of(":Service") if "name" in one.inputs}


def test_the_gate_is_always_there_and_the_autoscaler_where_something_scales(deploy: Deploy) -> None:
    assert roles(deploy(described(min_replicas=2, max_replicas=2))) & {"gate", "autoscaler"} == {"gate"}
    assert roles(deploy(described(**MOVES))) & {"gate", "autoscaler"} == {"gate", "autoscaler"}


def test_only_what_scales_has_limits_and_begins_with_its_smallest_number(deploy: Deploy) -> None:
    deployment = deploy(described(**MOVES))
    assert rules.limits(variables(deployment, "gate")["LIMITS"]) == {"api": (2, 6)}
    assert service(deployment, "api").inputs["mode"]["replicated"]["replicas"] == 2
    assert rules.limits(variables(deploy(described(min_replicas=2, max_replicas=2)), "gate")["LIMITS"]) == {}


def test_a_changed_limit_is_no_release_of_the_service(authority: str) -> None:
    """Not even of a label: the provider sends variables in another order each time, and Swarm would renew the copies."""

    def asked(spec: PlatformSpec) -> dict[str, Mapping[str, Any]]:
        simulated = Simulated()
        monitor = mocked.Monitor(simulated)
        mocked.run(simulated, monitor, lambda: program(spec, authority))
        return {one.name: without(one.inputs, one.ignored) for one in monitor.seen if one.typ == "docker:index/service:Service"}

    before, after = asked(described(**MOVES)), asked(described(min_replicas=3, max_replicas=9))
    assert before["penguinmails-api-copies"] == after["penguinmails-api-copies"]
    changed = {name for name in before if before[name] != after[name]}
    # A file's name is random, so those who have a new one are not among them: the edge's files, which take no connection.
    assert changed == {"penguinmails-cluster-gate", "penguinmails-telemetry-prometheus"}


def without(inputs: Mapping[str, Any], ignored: list[str]) -> Mapping[str, Any]:
    """What the engine compares: without the properties that it ignores."""
    kept = json.loads(json.dumps(inputs, default=str))
    for path in ignored:
        *parents, last = path.split(".")
        place = kept
        for key in parents:
            place = place.get(key, {})
        place.pop(last, None)
    return kept


def variables(deployment: Deployment, role: str) -> dict[str, str]:
    found: dict[str, str] = service(deployment, role).inputs["taskSpec"]["containerSpec"]["env"]
    return found


def test_the_number_of_copies_is_the_autoscalers_only_where_it_moves(authority: str) -> None:
    def ignored(spec: PlatformSpec) -> list[str]:
        simulated = Simulated()
        monitor = mocked.Monitor(simulated)
        mocked.run(simulated, monitor, lambda: program(spec, authority))
        [found] = [one for one in monitor.seen if one.name == "penguinmails-api-copies"]
        return found.ignored

    copies = "mode.replicated.replicas"
    assert copies in ignored(described(**MOVES))
    assert copies not in ignored(described(min_replicas=2, max_replicas=2))


def test_up_reads_the_present_number_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(engine, "shown", lambda *arguments, **_: asked.append(arguments))
    up._deploy(Stack("test", tmp_path / "Pulumi.test.yaml", described(**MOVES)))
    [arguments] = asked
    assert "--refresh" in arguments


def test_the_autoscaler_is_told_what_to_follow(deploy: Deploy) -> None:
    asked = described(**MOVES, requests_per_minute_per_replica=900)
    told = json.loads(service(deploy(asked), "autoscaler").inputs["taskSpec"]["containerSpec"]["env"]["SCALING"])
    assert told == {
        "api": {"cpu_percent": None, "requests_per_minute": 900, "messages": None, "p95_seconds": 0.2, "queues": []}
    }
    assert Followed.model_validate(told["api"]).target.requests_per_minute == 900


def test_without_a_measure_the_processor_is_held_at_60_percent() -> None:
    spec = described(**MOVES)
    assert json.loads(autoscaling.followed(spec.services, Objectives()))["api"]["cpu_percent"] == 60


def test_the_promised_time_of_answers_is_told(deploy: Deploy) -> None:
    services = described(**MOVES).services
    told = json.loads(autoscaling.followed(services, Objectives(response_p95_milliseconds=450)))
    assert told["api"]["p95_seconds"] == 0.45


def test_the_gate_sees_the_socket_read_only_on_a_manager_and_nothing_else(deploy: Deploy) -> None:
    gate = service(deploy(described()), "gate").inputs["taskSpec"]
    assert [mount for mount in gate["containerSpec"]["mounts"] if mount["type"] != "tmpfs"] == [
        {"type": "bind", "source": "/var/run/docker.sock", "target": "/var/run/docker.sock", "readOnly": True}
    ]
    assert gate["placement"]["constraints"] == ["node.role==manager"]
    assert gate["containerSpec"]["user"] == "0:0"
    assert gate["containerSpec"]["capDrops"] == ["ALL"]


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock"),
        ("ssh://operator@host-1", "/var/run/docker.sock"),
        ("tcp://10.0.0.1:2376", "/var/run/docker.sock"),
    ],
)
def test_the_socket_is_where_the_description_says(host: str, path: str) -> None:
    assert socket_path(DockerSection(host=host)) == path
    assert socket_path(None) == "/var/run/docker.sock"


def test_gate_and_autoscaler_share_a_token_that_nobody_else_has(deploy: Deploy) -> None:
    deployment = deploy(described(**MOVES))
    [token] = [one for one in deployment.of(":Secret") if one.name == "penguinmails-cluster-token"]
    secret = token.inputs["data"]["value"]
    assert len(base64.b64decode(secret)) >= 40
    holders = {
        one.inputs["name"].removeprefix("penguinmails-test-")
        for one in deployment.of(":Service")
        if "taskSpec" in one.inputs and "GATE_TOKEN" in json.dumps(one.inputs["taskSpec"]["containerSpec"].get("secrets", []))
    }
    assert holders == {"gate", "autoscaler"}
