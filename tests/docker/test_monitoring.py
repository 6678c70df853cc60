"""Monitoring on the real platform: every part gives figures, rules are evaluated, an outage is seen and alerts are told."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import pytest

from components.docker.dashboards import DASHBOARDS
from components.docker.secret_keys import derive
from components.spec import Objectives
from tests.docker.conftest import STACK, Running, container, docker, until
from tests.docker.test_look import asked
from tests.harness.metric_names import named

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300)]
FOUND = """
import socket, sys
for name in sys.argv[1:]:
    try:
        print(socket.gethostbyname(name) and name)
    except OSError:
        pass
"""
PROBED = {"probe", "broker-queues", "broker-tls"}
"""Jobs that look at a part in a second way."""
WITHOUT_FIGURES = {"database", "pooler", "migration", "edge-files", "database-access"}
"""Parts that have an exporter instead, or nothing to tell."""
NOT_SCALED = {"penguinmails_scaling_desired_replicas", "penguinmails_scaling_steps_total", "penguinmails_scaling_held"}
"""Metrics of the autoscaler, which this platform does not have; a unit test holds their names to its own."""


def query(expression: str) -> list[Any]:
    found: list[Any] = asked(f"prometheus:9090/api/v1/query?query={quote(expression, safe='')}")["data"]["result"]
    return found


def roles() -> set[str]:
    names = docker("service", "ls", "--format", "{{.Name}}", "--filter", f"label=penguinmails.stack={STACK}").split()
    return {name.removeprefix(f"penguinmails-{STACK}-") for name in names}


def test_every_part_gives_figures(running: Running) -> None:
    def all_up() -> Any:
        targets = asked("prometheus:9090/api/v1/targets?state=active")["data"]["activeTargets"]
        return targets if all(target["health"] == "up" for target in targets) else None

    targets = until(all_up, 90, "all targets are up")
    assert {target["labels"]["job"] for target in targets} - PROBED == roles() - WITHOUT_FIGURES


def test_rules_are_evaluated_without_an_error(running: Running) -> None:
    rules = [rule for group in asked("prometheus:9090/api/v1/rules")["data"]["groups"] for rule in group["rules"]]
    assert len(rules) > 60
    until(lambda: all(rule["health"] != "unknown" for rule in _rules()), 180, "all rules are evaluated")
    assert [rule["name"] for rule in _rules() if rule["health"] != "ok"] == []
    texts = [text for rule in _rules() for alert in rule.get("alerts", []) for text in alert["annotations"].values()]
    assert texts
    assert [text for text in texts if "error expanding" in text or "<no value>" in text] == []


def _rules() -> list[Any]:
    return [rule for group in asked("prometheus:9090/api/v1/rules")["data"]["groups"] for rule in group["rules"]]


def test_every_metric_that_is_looked_at_is_given(lived: Running) -> None:
    """One that is misspelt, or that a newer exporter calls otherwise, would keep its alert silent and its panel empty."""
    texts = [rule["query"] for rule in _rules()]
    texts += [query.text for made in DASHBOARDS.values() for _, query in made(Objectives()).queries()]
    wanted = {name for text in texts for name in named(text)}
    assert len(wanted) > 80

    def missing() -> set[str]:
        return wanted - set(asked("prometheus:9090/api/v1/label/__name__/values")["data"])

    for _ in range(50):
        found = missing() - NOT_SCALED
        if not found:
            break
        time.sleep(3)
    assert found == set()


def test_certificates_are_measured_outside_and_inside(running: Running) -> None:
    """Both are of the same quarter: the edge's own authority is the platform's here."""
    for job in ("probe", "broker-tls"):
        found = until(lambda job=job: query(f'probe_ssl_earliest_cert_expiry{{job="{job}"}} - time()'), 120, f"{job} is asked")
        assert float(found[0]["value"][1]) > 200 * 86400
    assert query('probe_success{job="broker-tls"} == 1')


def test_pages_of_settings_hold_no_secret(running: Running) -> None:
    keys = ("monitoringSecret", "databaseAppPassword", "databaseOwnerPassword", "alertsWebhookSecret", "statusPassword")
    values = {key: running.checkout.pulumi("config", "get", key).stdout.strip() for key in keys}
    values |= {purpose: derive(values["monitoringSecret"], purpose) for purpose in ("database", "pooler", "gate")}
    pages = ("prometheus:9090/api/v1/status/config", "prometheus:9090/api/v1/status/flags", "alertmanager:9093/api/v2/status")
    text = "".join(str(asked(page)) for page in pages)
    assert "scrape_configs" in text
    assert [key for key, value in values.items() if value in text] == []


def test_alerts_reach_the_notifier(running: Running) -> None:
    """The watchdog goes the way of every alert: from Prometheus by Alertmanager to the notifier, and out of it."""
    until(
        lambda: any(alert["labels"]["alertname"] == "Watchdog" for alert in asked("alertmanager:9093/api/v2/alerts")),
        60,
        "told",
    )
    until(lambda: query('penguinmails_notification_attempts_total{address="0"} > 0'), 60, "the notifier posts it")


def test_no_service_reaches_what_has_no_login(running: Running) -> None:
    """Who takes the API over can silence no alert, have none signed and read no logs: it does not even find them."""
    hidden = ("alertmanager", "notifier", "logs")
    text = docker("exec", container("api"), "/usr/bin/python3", "-c", FOUND, *hidden, "prometheus", "gate")
    assert text.split() == ["prometheus", "gate"]


def test_a_service_that_stops_is_seen(running: Running) -> None:
    worker = f"penguinmails-{STACK}-worker"
    docker("service", "scale", "--detach", f"{worker}=0")
    try:
        alert = 'ALERTS{alertname="ServiceDown",service="worker",severity="page"}'
        until(lambda: query(alert), 90, "the outage is an alert")
    finally:
        docker("service", "scale", f"{worker}=1")
    until(lambda: not query(alert), 90, "the alert is over")
