"""What gathers logs, tells and shows on Docker, as the program registers it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from components import stackfile
from components.spec import PlatformSpec
from tests.contract.conftest import CANARY, Deployment, stack_text

Deploy = Callable[[PlatformSpec], Deployment]
ALERTS = {
    "webhooks": ["https://hooks.example/one", "https://hooks.example/two"],
    "objectives": {"availability_percent": 99.5, "response_p95_milliseconds": 300},
    "custom": {
        "quota": {"measure": "log_matches_per_minute", "of": "api", "pattern": "quota exceeded", "above": 5},
        "busy": {"measure": "cpu_percent", "of": "api", "above": 80},
    },
}


def changed(**sections: Any) -> PlatformSpec:
    return stackfile.parse(json.dumps({**json.loads(stack_text("docker-local")), **sections}))


def container(deployment: Deployment, role: str) -> dict[str, Any]:
    name = f"penguinmails-test-{role}"
    [service] = [found for found in deployment.of("service:Service") if found.inputs.get("name") == name]
    return dict(service.inputs["taskSpec"]["containerSpec"])


def test_the_collector_sees_the_logs_of_containers_and_nothing_more_of_the_host(deploy: Deploy) -> None:
    found = container(deploy(changed(telemetry={"log_retention_days": 9}, docker={"engine_folder": "/data/docker"})), "logs")
    [bind] = [mount for mount in found["mounts"] if mount["type"] == "bind"]
    assert (bind["source"], bind["readOnly"]) == ("/data/docker/containers", True)
    assert (found["user"], found["groups"]) == ("10001:10001", ["0"])
    assert found["env"]["RETENTION_DAYS"] == "9"
    assert not found.get("secrets")


def test_every_line_says_whose_it_is(deploy: Deploy) -> None:
    for service in deploy(changed()).of("service:Service"):
        if service.typ.startswith("docker:"):
            options = service.inputs["taskSpec"]["logDriver"]["options"]
            assert "penguinmails.component" in options["labels"]
            assert options["env"] == "penguinmails.release"
            assert service.inputs["taskSpec"]["containerSpec"]["env"]["penguinmails.release"]


def test_alarms_of_the_users_own_reach_the_collector(deploy: Deploy) -> None:
    found = container(deploy(changed(alerts=ALERTS)), "logs")
    assert json.loads(found["env"]["ALARMS"]) == [{"name": "quota", "service": "api", "pattern": "quota exceeded"}]


def test_the_page_and_the_notifier_are_there_with_their_secrets_as_files(deploy: Deploy) -> None:
    deployment = deploy(changed(alerts=ALERTS))
    page, notifier = container(deployment, "status"), container(deployment, "notifier")
    assert json.loads(page["env"]["OBJECTIVES"]) == {"availability": 99.5, "p95": 0.3}
    assert set(json.loads(page["env"]["ADDRESSES"])) == {"prometheus", "alertmanager", "gate", "logs"}
    assert notifier["env"]["STATUS_URL"] == "https://localhost:8443/status"
    for found, names in ((page, {"STATUS_PASSWORD"}), (notifier, {"WEBHOOK_SECRET", "WEBHOOKS"})):
        assert {secret["fileName"] for secret in found["secrets"]} == names
        assert CANARY not in json.dumps(found)


def test_addresses_of_webhooks_are_a_secret(deploy: Deploy) -> None:
    """One may hold a token: it stands in no variable and no setting, which the engine's state and Docker show."""
    deployment = deploy(changed(alerts=ALERTS))
    shown = [found for found in deployment.resources if not found.typ.endswith(":Secret")]
    assert [found.name for found in shown if "hooks.example" in json.dumps(found.inputs, default=str)] == []
    data = [found.inputs["data"]["value"] for found in deployment.of(":Secret") if found.name.endswith("notifier-addresses")]
    assert [json.loads(base64.b64decode(text)) for text in data] == [ALERTS["webhooks"]]


def test_without_webhooks_there_is_no_notifier(deploy: Deploy) -> None:
    relay = {"host": "mail.example", "sender": "alerts@example.com"}
    deployment = deploy(changed(alerts={"emails": ["ops@example.com"]}, docker={"smtp_relay": relay}))
    assert not [found for found in deployment.of("service:Service") if str(found.inputs.get("name")).endswith("-notifier")]


def test_the_edge_leads_to_the_page_only_where_there_is_one(deploy: Deploy) -> None:
    def settings(deployment: Deployment) -> str:
        [config] = [found for found in deployment.of("serviceConfig:ServiceConfig") if found.name.endswith("edge-settings")]
        return base64.b64decode(config.inputs["data"]).decode()

    assert "status:9500" in settings(deploy(changed(alerts=ALERTS)))
    assert "/status" not in settings(deploy(changed()))
