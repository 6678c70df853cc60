"""Monitoring and alerts on Docker against the contract: what is built when, where secrets are, and that the files are right."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import stackfile
from components.docker import limits, pki
from components.spec import PlatformSpec
from tests.contract.conftest import CANARY, Deployment
from tests.harness import promtool, targets

Deploy = Callable[[PlatformSpec], Deployment]
RELAY = {"host": "relay.example.com", "sender": "alerts@example.com", "username": "alerts"}
ALERTS = {"emails": ["ops@example.com"], "slack": True, "webhooks": ["https://hooks.example.com/x"]}


def deployed(deploy: Deploy, **sections: Any) -> Deployment:
    return deploy(stackfile.parse(json.dumps(targets.base("docker", **sections))))


@pytest.fixture
def told(deploy: Deploy) -> Deployment:
    return deployed(deploy, alerts=ALERTS, backup={}, docker={"smtp_relay": RELAY})


def services(deployment: Deployment) -> Mapping[str, Any]:
    found = [resource for resource in deployment.of(":Service") if resource.typ.startswith("docker:")]
    return {resource.inputs["name"].removeprefix("penguinmails-test-"): resource.inputs for resource in found}


def files(deployment: Deployment, folder: Path) -> None:
    """Writes the public files of monitoring as their containers see them."""
    names = {"telemetry-settings": "prometheus.yml", "telemetry-rules": "rules.yml", "alerts-settings": "alertmanager.yml"}
    for resource in deployment.of(":ServiceConfig"):
        for end, name in names.items():
            if resource.name.endswith(end):
                text = base64.b64decode(resource.inputs["data"]).decode()
                (folder / name).write_text(text.replace("/etc/penguinmails/rules.yml", "rules.yml"))


def test_figures_are_gathered_on_every_platform_and_told_where_it_is_asked(deploy: Deploy, told: Deployment) -> None:
    always = {"prometheus", "node-exporter", "blackbox", "database-exporter", "pooler-exporter"}
    only_told = {"alertmanager", "notifier", "status"}
    assert always <= set(services(deployed(deploy)))
    assert not only_told & set(services(deployed(deploy)))
    assert always | only_told <= set(services(told))
    assert told.outputs["dashboard_url"] == "https://localhost:8443/status"


def test_prometheus_asks_every_part_that_there_is(told: Deployment, tmp_path: Path) -> None:
    files(told, tmp_path)
    jobs = {job["job_name"] for job in yaml.safe_load((tmp_path / "prometheus.yml").read_text())["scrape_configs"]}
    silent = {"database", "pooler", "migration", "edge-files", "database-access"}
    assert set(services(told)) - silent <= jobs
    assert jobs - set(services(told)) == {"probe", "broker-queues", "broker-tls"}


def tiers(deployment: Deployment) -> Mapping[str, set[str]]:
    """Service -> the networks that it is in."""
    specs = {role: service["taskSpec"] for role, service in services(deployment).items()}
    return {role: {network["id"] for network in found["networksAdvanceds"]} for role, found in specs.items()}


@pytest.mark.parametrize("watcher", ["alertmanager", "notifier", "logs"])
def test_no_service_reaches_what_has_no_login(watcher: str, told: Deployment) -> None:
    """A service that somebody has taken over silences no alert, has none signed and reads no logs of others."""
    found = tiers(told)
    served = [role for role in found if role in {"api", "worker", "edge", "edge-files", "broker", "pooler", "database"}]
    assert len(served) == 7
    assert [role for role in served if found[role] & found[watcher]] == []


@pytest.mark.parametrize(
    ("asks", "asked"),
    [
        *(("prometheus", role) for role in ("alertmanager", "notifier", "logs", "status", "gate", "backup", "api", "worker")),
        *(("blackbox", role) for role in ("edge", "broker", "prometheus")),
        *(("status", role) for role in ("prometheus", "alertmanager", "gate", "backup", "logs", "edge")),
        ("alertmanager", "notifier"),
        ("logs", "gate"),
    ],
)
def test_who_asks_shares_a_network_with_whom_it_asks(asks: str, asked: str, told: Deployment) -> None:
    found = tiers(told)
    assert found[asks] & found[asked]


def test_secrets_are_files_and_stand_in_no_setting(told: Deployment, tmp_path: Path) -> None:
    files(told, tmp_path)
    assert CANARY not in "".join(file.read_text() for file in tmp_path.iterdir())
    names = {secret["fileName"] for secret in services(told)["alertmanager"]["taskSpec"]["containerSpec"]["secrets"]}
    assert names == {"slack-url", "smtp-password"}


def test_a_relay_without_a_login_and_no_slack_need_no_secret(deploy: Deploy) -> None:
    relay = {key: value for key, value in RELAY.items() if key != "username"}
    deployment = deployed(deploy, alerts={"emails": ["ops@example.com"]}, docker={"smtp_relay": relay})
    assert not services(deployment)["alertmanager"]["taskSpec"]["containerSpec"].get("secrets")
    assert "notifier" not in services(deployment)


def test_the_files_are_right(told: Deployment, tmp_path: Path) -> None:
    files(told, tmp_path)
    for program, arguments in (
        ("promtool", ("check", "config", "--lint=none", "prometheus.yml")),
        ("promtool", ("check", "rules", "--lint-fatal", "rules.yml")),
        ("amtool", ("check-config", "alertmanager.yml")),
    ):
        done = promtool.run(program, *arguments, folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=DiskFull", "severity=page"), "everybody"),
        (("alertname=DiskFilling", "severity=ticket"), "everybody"),
        (("alertname=Watchdog", "severity=none"), "watchers"),
        (("alertname=Other", "severity=none"), "nobody"),
    ],
)
def test_alerts_go_where_they_should(labels: tuple[str, ...], receiver: str, told: Deployment, tmp_path: Path) -> None:
    files(told, tmp_path)
    arguments = ("config", "routes", "test", "--config.file=alertmanager.yml", *labels)
    done = promtool.run("amtool", *arguments, folder=tmp_path)
    assert done.stdout.strip() == receiver, done.stderr


def test_a_page_silences_the_ticket_of_its_topic_and_the_database_what_follows(told: Deployment, tmp_path: Path) -> None:
    files(told, tmp_path)
    rules = yaml.safe_load((tmp_path / "alertmanager.yml").read_text())["inhibit_rules"]
    assert rules[0]["target_matchers"] == ['severity="ticket"', 'topic=~".+"']
    assert "topic" in rules[0]["equal"]
    assert {rule["source_matchers"][0] for rule in rules[1:]} == {'alertname="DatabaseDown"', 'alertname="BrokerDown"'}
    groups = yaml.safe_load((tmp_path / "rules.yml").read_text())["groups"]
    after = {rule["alert"]: rule["labels"].get("after") for group in groups for rule in group["rules"] if "alert" in rule}
    assert after["OutboxOld"] == "broker database"
    assert after["DatabaseDown"] is None
    assert after["BrokerDown"] is None


def test_mail_goes_out_over_tls_only(told: Deployment, tmp_path: Path) -> None:
    files(told, tmp_path)
    settings = yaml.safe_load((tmp_path / "alertmanager.yml").read_text())
    assert settings["global"]["smtp_require_tls"] is True
    assert settings["global"]["smtp_smarthost"] == "relay.example.com:587"


S3 = {"kind": "s3", "endpoint": "s3.example.com:9000", "region": "eu", "bucket": "penguinmails-backups"}
TRUSTED = "/etc/penguinmails/authorities.pem"


def private_authority(**docker: Any) -> dict[str, Any]:
    pem = pki.new_authority("Own", datetime.now(UTC)).certificate_pem
    return {"authorities_pem": pem, "smtp_relay": RELAY, **docker}


def test_who_goes_outside_trusts_a_private_authority_and_nobody_else_does(deploy: Deploy) -> None:
    section = private_authority(second_repository=S3)
    deployment = deployed(deploy, alerts=ALERTS, backup={}, docker=section)
    found = {
        role: service["taskSpec"]["containerSpec"]
        for role, service in services(deployment).items()
        if TRUSTED in [file["fileName"] for file in service["taskSpec"]["containerSpec"].get("configs") or []]
    }
    assert set(found) == {"alertmanager", "notifier", "database", "backup"}
    assert found["alertmanager"]["env"]["SSL_CERT_FILE"] == TRUSTED
    assert found["notifier"]["env"]["AUTHORITIES_FILE"] == TRUSTED
    texts = [base64.b64decode(made.inputs["data"]["value"]).decode() for made in deployment.of(":Secret")]
    assert [text for text in texts if f"repo2-storage-ca-file={TRUSTED}" in text]


def test_a_private_key_beside_a_certificate_is_refused() -> None:
    authority = pki.new_authority("Own", datetime.now(UTC))
    both = authority.certificate_pem + authority.key_pem
    text = json.dumps(targets.base("docker", alerts=ALERTS, docker={"authorities_pem": both, "smtp_relay": RELAY}))
    [gap] = limits(stackfile.parse(text))
    assert gap.field == "platform.docker.authorities_pem"
