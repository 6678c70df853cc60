"""The Docker target against the contract: outputs, hardening, names, secrets, and every field honoured or refused."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from components import stackfile, targets
from components.capabilities import refusals
from components.platform import Platform
from components.spec import PlatformSpec
from tests.contract.conftest import CANARY, Deployment, stack_names, stack_text

Deploy = Callable[[PlatformSpec], Deployment]
OUTPUTS = {"api_url", "ca_certificate", "target", "environment"}


@pytest.fixture(params=[name for name in stack_names() if name.startswith("docker-")])
def deployment(request: pytest.FixtureRequest, deploy: Deploy) -> Deployment:
    return deploy(stackfile.parse(stack_text(request.param)))


def changed(name: str = "docker-local", **sections: Any) -> PlatformSpec:
    """A shipped description with whole sections replaced."""
    return stackfile.parse(json.dumps({**json.loads(stack_text(name)), **sections}))


def test_the_outputs_are_those_of_every_target(deployment: Deployment) -> None:
    watched = any("alertmanager" in found.name for found in deployment.resources)
    assert set(deployment.outputs) == OUTPUTS | ({"dashboard_url"} if watched else set())
    assert deployment.outputs["api_url"].startswith("https://")
    assert "BEGIN CERTIFICATE" in deployment.outputs["ca_certificate"]
    assert "PRIVATE KEY" not in deployment.outputs["ca_certificate"]


def test_every_service_is_hardened(deployment: Deployment) -> None:
    services = deployment.of(":Service")
    docker_services = [service for service in services if service.typ.startswith("docker:")]
    roles = {service.inputs["name"].removeprefix("penguinmails-test-") for service in docker_services}
    assert len(docker_services) == 16 + len(roles & {"autoscaler", "alertmanager", "notifier", "status", "backup"})
    for service in docker_services:
        container = service.inputs["taskSpec"]["containerSpec"]
        limits = service.inputs["taskSpec"]["resources"]["limits"]
        assert container["readOnly"] is True, service.name
        assert container["capDrops"] == ["ALL"], service.name
        ordinary = re.fullmatch(r"[1-9]\d*:[1-9]\d*", container["user"]) is not None
        sees_socket = any(mount.get("source") == "/var/run/docker.sock" for mount in container["mounts"])
        is_gate = service.inputs["name"] == "penguinmails-test-gate"
        assert (ordinary, sees_socket) == (not is_gate, is_gate), service.name
        assert re.fullmatch(r"([1-9]\d*[hms])+", container["stopGracePeriod"]), service.name
        assert "@sha256:" in container["image"], service.name
        assert limits["memoryBytes"] > 0, service.name
        assert limits["nanoCpus"] > 0, service.name
        assert service.inputs["endpointSpec"]["mode"] == "dnsrr", service.name
        assert service.inputs["taskSpec"]["logDriver"]["options"]["max-size"], service.name


def test_only_the_edge_has_ports_and_only_data_is_stop_first(deployment: Deployment) -> None:
    for service in (found for found in deployment.of(":Service") if found.typ.startswith("docker:")):
        role = service.inputs["name"].removeprefix("penguinmails-test-")
        assert bool(service.inputs["endpointSpec"].get("ports")) == (role == "edge"), role
        stop_first = role in {
            "database-access",
            "database",
            "broker",
            "edge",
            "edge-files",
            "migration",
            "prometheus",
            "logs",
            "autoscaler",
            "alertmanager",
            "backup",
        }
        assert (service.inputs["updateConfig"]["order"] == "stop-first") == stop_first, role


def test_no_secret_stands_where_everybody_can_read_it(deployment: Deployment) -> None:
    for resource in deployment.resources:
        if resource.typ == "docker:index/secret:Secret":
            continue
        text = json.dumps(resource.inputs, default=str)
        if resource.typ == "docker:index/serviceConfig:ServiceConfig":
            text += base64.b64decode(resource.inputs["data"]).decode()
        assert CANARY not in text, resource.name
        assert "PRIVATE KEY" not in text, resource.name


def test_a_renewed_secret_is_no_reason_to_restart_the_database(deployment: Deployment) -> None:
    [database] = [
        service
        for service in deployment.of(":Service")
        if service.inputs.get("name") == "penguinmails-test-database" and "taskSpec" in service.inputs
    ]
    held = {secret["fileName"] for secret in database.inputs["taskSpec"]["containerSpec"].get("secrets", [])}
    assert held <= {"pgbackrest.conf", "repository-key"}
    [certificate] = [
        mount for mount in database.inputs["taskSpec"]["containerSpec"]["mounts"] if mount["target"] == "/run/certificate"
    ]
    assert certificate["readOnly"] is True


def test_secrets_belong_to_the_user_of_their_container_only(deployment: Deployment) -> None:
    for service in (found for found in deployment.of(":Service") if found.typ.startswith("docker:")):
        container = service.inputs["taskSpec"]["containerSpec"]
        for secret in container.get("secrets", []):
            assert f"{secret['fileUid']}:{secret['fileGid']}" == container["user"]
            assert secret["fileMode"] == 0o400


def test_names_are_within_limits_and_labelled(deployment: Deployment) -> None:
    for resource in deployment.resources:
        if not resource.typ.startswith("docker:") or resource.typ.endswith(":RemoteImage"):
            continue
        assert len(resource.inputs.get("name", resource.name)) <= 63
        labels = {label["label"]: label["value"] for label in resource.inputs["labels"]}
        assert labels["penguinmails.stack"] == "test"


def test_the_api_may_only_publish_and_the_worker_only_consume(deploy: Deploy) -> None:
    deployment = deploy(changed())
    [definitions] = [found for found in deployment.of(":Secret") if found.name.endswith("queue-definitions")]
    rights = json.loads(base64.b64decode(definitions.inputs["data"]["value"]))["permissions"]
    assert {right["user"]: (right["configure"], right["write"], right["read"]) for right in rights} == {
        "api": ("^$", r"^amq\.default$", "^$"),
        "worker": ("^$", "^$", r"^(outbound)$"),
    }


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"database": {"engine": "mysql"}}, "platform.database.engine: "),
    ({"database": {"high_availability": True}}, "platform.database.high_availability: "),
    ({"database": {"pooling": {"database_connections": 500}}}, "platform.database.pooling.database_connections: "),
    ({"edge": {"certificate": "managed"}}, "platform.edge.certificate: "),
    ({"storage": {"versioned": True}}, "platform.storage.versioned: "),
    ({"dns": {}}, "platform.dns: "),
    ({"mail": {"domain": "example.com", "postmaster": "postmaster@example.com"}}, "platform.mail: "),
    ({"alerts": {"emails": ["ops@example.com"]}}, "platform.alerts.emails: "),
    (
        {"alerts": {"slack": True, "custom": {"busy": {"measure": "database_cpu_percent", "above": 90.0}}}},
        "platform.alerts.custom.busy.measure: ",
    ),
]


@pytest.mark.parametrize(("sections", "field"), REFUSED)
def test_what_docker_does_not_give_is_refused_by_its_field(sections: dict[str, Any], field: str, deploy: Deploy) -> None:
    spec = changed(**sections)
    sentences = refusals(spec, targets.choose(spec.target))
    assert [sentence for sentence in sentences if sentence.startswith(field)] == sentences
    assert len(sentences) == 1
    with pytest.raises(stackfile.StackFileError):
        deploy(spec)


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("asked", [None, False])
def test_docker_has_no_standby_and_says_nothing_of_it(environment: str, asked: bool | None) -> None:
    spec = changed(environment=environment, database={"high_availability": asked})
    assert refusals(spec, targets.choose(spec.target)) == []


def test_a_section_of_aws_is_refused() -> None:
    with pytest.raises(stackfile.StackFileError, match=r"^platform\.aws: belongs to the target aws"):
        changed(aws={"region": "eu-central-1"})


def _inputs(deployment: Deployment) -> str:
    """Everything that the engine is asked for; it registers what does not depend on each other in any order."""
    return json.dumps(
        sorted([found.typ, found.name, json.dumps(found.inputs, sort_keys=True)] for found in deployment.resources)
    )


HONOURED: list[tuple[str, Any]] = [
    ("domain", "mail.example.org"),
    ("database.size", "medium"),
    ("database.storage_gib", 4000),
    ("database.pooling.client_connections", 600),
    ("database.pooling.database_connections", 30),
    ("queues.outbound.max_deliveries", 7),
    ("queues.outbound.processing_timeout_seconds", 600),
    ("queues.bounces", {}),
    ("services.api.command", ["worker"]),
    ("services.api.cpu", 0.7),
    ("services.api.memory_mib", 300),
    ("services.api.port", 8001),
    ("services.api.public_path", "/api"),
    ("services.api.health_path", "/alive"),
    ("services.api.ready_path", "/ready"),
    ("services.api.grace_period_seconds", 33),
    ("services.api.scaling", {"min_replicas": 2, "max_replicas": 2}),
    ("services.api.publishes", []),
    ("services.worker.consumes", []),
    ("services.api.environment", {"LOG_LEVEL": "debug"}),
    ("migration.timeout_seconds", 99),
    ("migration.command", ["migrate", "now"]),
    ("edge.https_port", 9443),
    ("edge.http_port", None),
    ("edge.requests_per_minute_per_client", 1200),
    ("edge.max_request_body_kib", 99),
    ("docker", {"node": "host-1"}),
    ("docker", {"host": "unix:///run/other.sock"}),
    ("environment", "production"),
]


@pytest.mark.parametrize(("path", "value"), HONOURED, ids=[path for path, _ in HONOURED])
def test_every_field_changes_something(path: str, value: Any, deploy: Deploy) -> None:
    description = json.loads(stack_text("docker-local"))
    *parents, last = path.split(".")
    place = description
    for key in parents:
        place = place.setdefault(key, {})
    place[last] = value
    before, after = deploy(changed()), deploy(stackfile.parse(json.dumps(description)))
    assert _inputs(before) != _inputs(after)


def test_nothing_changes_without_a_change(deploy: Deploy) -> None:
    assert _inputs(deploy(changed())) == _inputs(deploy(changed()))


@pytest.mark.parametrize("name", ["azure", "gcp"])
def test_a_target_that_is_not_there_is_one_sentence(name: str) -> None:
    spec = changed(target=name)
    with pytest.raises(stackfile.StackFileError, match=f"platform.target: {name} is not available"):
        targets.choose(spec.target)


def test_the_platform_is_built_by_the_one_orchestration() -> None:
    assert Platform.__module__ == "components.platform"


def test_only_a_public_service_believes_the_edge_and_by_its_name(deploy: Deploy) -> None:
    services = {
        one.inputs["name"].removeprefix("penguinmails-test-"): one.inputs["taskSpec"]
        for one in deploy(changed()).of(":Service")
        if "taskSpec" in one.inputs
    }
    trusted = {role: task["containerSpec"].get("env", {}).get("TRUSTED_PROXIES") for role, task in services.items()}
    aliases = [network["aliases"] for network in services["edge"]["networksAdvanceds"]]
    assert {role: name for role, name in trusted.items() if name is not None} == {"api": "edge"}
    assert ["edge"] in aliases


def test_a_long_migration_is_not_ended_by_its_own_health_check(deploy: Deploy) -> None:
    deployment = deploy(changed(migration={"image": "api", "timeout_seconds": 3600}))
    [migration] = [one for one in deployment.of("service:Service") if one.inputs["name"] == "penguinmails-test-migration"]
    assert migration.inputs["taskSpec"]["containerSpec"]["healthcheck"]["startPeriod"] == "1h"
