"""What a platform does outside itself: tells alerts by mail, Slack and webhook, and keeps backups in a second repository.

These come last but one: they leave the platform with settings that lead to servers which are then gone.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from tests.docker.conftest import ROOT, STACK, Checkout, Running, container, docker, until
from tests.docker.outside import HOST, SMTP_PASSWORD, Outside, started
from tests.docker.test_look import inside
from tests.docker.test_restore import FOLDER, keeper, now, sql

pytestmark = [pytest.mark.docker, pytest.mark.long, pytest.mark.timeout(400)]
SLACK_TOKEN = "the-token-of-slack"
TELL = """
import sys, urllib.request
page = "http://alertmanager:9093/api/v2/alerts"
urllib.request.urlopen(urllib.request.Request(page, sys.stdin.buffer.read(), {"Content-Type": "application/json"}), timeout=20)
"""
PGBACKREST = ("pgbackrest", "--config=/run/secrets/pgbackrest.conf", "--stanza=main")


def change(checkout: Checkout, sections: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """Puts sections into the stack file and brings the platform up to date."""
    found = yaml.safe_load(checkout.stack_file.read_text())
    found["config"]["penguinmails:platform"].update(sections)
    checkout.stack_file.write_text(yaml.safe_dump(found, sort_keys=False))
    for name, value in secrets.items():
        checkout.pulumi("config", "set", "--secret", name, given=value)
    checkout.run("up", STACK)


def section(outside: Outside, repository: Mapping[str, Any]) -> dict[str, Any]:
    relay = {"host": HOST, "port": 587, "sender": "alerts@example.com", "username": "platform"}
    return {"authorities_pem": outside.authority, "smtp_relay": relay, "second_repository": dict(repository)}


@pytest.fixture(scope="module")
def outside(running: Running) -> Iterator[Outside]:
    with started(f"penguinmails-{STACK}-app", f"penguinmails-{STACK}-watch") as made:
        alerts = {"emails": ["ops@example.com"], "slack": True, "webhooks": [f"https://{HOST}:8443/webhook/x"]}
        sftp = {"kind": "sftp", "host": HOST, "user": "backup-of-tests", "path": "/srv/backups"}
        sftp["host_key_sha256"] = made.host_key_sha256()
        secrets = {"smtpRelayPassword": SMTP_PASSWORD, "alertsSlackUrl": f"https://{HOST}:8443/slack/{SLACK_TOKEN}"}
        secrets["backupRepositoryKey"] = made.key
        change(running.checkout, {"alerts": alerts, "docker": section(made, sftp)}, secrets)
        yield made


def tell(name: str, *, over: bool = False) -> None:
    """What Prometheus posts to Alertmanager for a rule that fires, or does no more."""
    at = datetime.now(UTC)
    alert: dict[str, Any] = {
        "labels": {"alertname": name, "severity": "page", "platform": f"penguinmails-{STACK}"},
        "annotations": {"summary": f"{name} is told", "description": "Of a test.", "runbook": "https://example.com/runbook"},
        "startsAt": (at - timedelta(minutes=1)).isoformat(),
        "endsAt": (at if over else at + timedelta(minutes=10)).isoformat(),
    }
    docker("exec", "--interactive", inside(), "/usr/bin/python3", "-c", TELL, given=json.dumps([alert]))


def text_of(line: Mapping[str, Any]) -> str:
    return str(line["text"]) if "text" in line else base64.b64decode(line["body"]).decode()


def about(outside: Outside, way: str, *words: str) -> list[dict[str, Any]]:
    return [line for line in outside.seen(way) if all(word in text_of(line) for word in words)]


WAYS = {"webhook": ("firing", "resolved"), "slack": ("PAGE: ", "OVER: "), "mail": ("PAGE: ", "OVER: ")}


def test_an_alert_reaches_everybody_once_they_take_it_and_so_does_its_end(outside: Outside) -> None:
    """Alertmanager starts anew between: what it told is in its volume, so it tells the end, and sooner than after 5 minutes."""
    outside.run("touch", "/srv/refuse")
    tell("Outside")
    for way in WAYS:
        until(lambda way=way: about(outside, way, "Outside"), 60, f"{way} is tried")
    outside.run("rm", "/srv/refuse")
    for way, (fires, _) in WAYS.items():
        until(lambda way=way, fires=fires: taken(outside, way, fires), 60, f"{way} takes it")
    docker("stop", container("alertmanager"))
    until(lambda: docker("ps", "-q", "-f", f"name=^penguinmails-{STACK}-alertmanager\\.", "-f", "health=healthy"), 60, "again")
    tell("Outside", over=True)
    for way, (_, over) in WAYS.items():
        until(lambda way=way, over=over: taken(outside, way, over), 60, f"{way} hears of the end")
        assert all(not line["taken"] for line in about(outside, way, "Outside")[:1]), way
        assert len(taken(outside, way, over)) == 1, way


def taken(outside: Outside, way: str, word: str) -> list[dict[str, Any]]:
    return [line for line in about(outside, way, "Outside", word) if line["taken"]]


def test_the_mail_came_by_tls_with_the_login_and_says_what_to_do(outside: Outside) -> None:
    [mail] = taken(outside, "mail", "PAGE: ")
    assert (mail["tls"], mail["user"], mail["to"]) == (True, "platform", ["ops@example.com"])
    for words in ("From: alerts@example.com", f"[penguinmails-{STACK}]", "Outside is told", "https://example.com/runbook"):
        assert words in mail["text"], words


def test_slack_gets_what_slack_reads(outside: Outside) -> None:
    [line] = taken(outside, "slack", "PAGE: ")
    [attachment] = json.loads(text_of(line))["attachments"]
    assert attachment["title"] == "PAGE: Outside"
    assert "Runbook: https://example.com/runbook" in attachment["text"]


def test_a_receiver_can_tell_that_a_webhook_is_genuine_fresh_and_new(running: Running, outside: Outside) -> None:
    """By the recipe of docs/docker-status.md; tries of one message have one id, so that a receiver drops what it had."""
    names: dict[str, Any] = {}
    exec((ROOT / "docs" / "docker-status.md").read_text().split("```python\n")[1].split("```")[0], names)
    secret = running.checkout.pulumi("config", "get", "alertsWebhookSecret").stdout.strip()
    tries = about(outside, "webhook", "Outside", "firing")
    assert len(tries) >= 2
    assert len({line["headers"]["X-PenguinMails-Delivery"] for line in tries}) == 1
    body, header = base64.b64decode(tries[-1]["body"]), tries[-1]["headers"]["X-PenguinMails-Signature"]
    assert names["is_genuine"](secret, body, header)
    assert not names["is_genuine"](secret, body + b" ", header)
    with patch("time.time", return_value=datetime.now(UTC).timestamp() + 600):
        assert not names["is_genuine"](secret, body, header)


def test_no_secret_of_a_receiver_is_in_a_log_or_a_setting(running: Running, outside: Outside) -> None:
    needles = {"smtp": SMTP_PASSWORD, "slack": SLACK_TOKEN, "key": outside.key.splitlines()[2]}
    needles["webhook"] = running.checkout.pulumi("config", "get", "alertsWebhookSecret").stdout.strip()
    places = {}
    for role in ("alertmanager", "notifier", "backup", "database", "logs"):
        told = subprocess.run(
            ["docker", "service", "logs", "--raw", f"penguinmails-{STACK}-{role}"], check=True, capture_output=True, text=True
        )
        places[f"log of {role}"] = told.stdout + told.stderr
        places[f"service {role}"] = docker("service", "inspect", f"penguinmails-{STACK}-{role}")
    assert "is posted again" in places["log of notifier"]
    assert "Notify attempt failed" in places["log of alertmanager"]
    assert [f"{name} in {place}" for place, text in places.items() for name, needle in needles.items() if needle in text] == []


def backups() -> dict[int, set[str]]:
    """Repository -> types of the backups in it, as pgBackRest finds them."""
    [stanza] = json.loads(keeper(*PGBACKREST, "--output=json", "info"))
    assert {repository["key"]: repository["status"]["code"] for repository in stanza["repo"]} == {1: 0, 2: 0}
    found: dict[int, set[str]] = {1: set(), 2: set()}
    for backup in stanza["backup"]:
        found[backup["database"]["repo-key"]].add(backup["type"])
    return found


def wal(repository: int) -> str:
    """The newest segment in a repository."""
    [stanza] = json.loads(keeper(*PGBACKREST, f"--repo={repository}", "--output=json", "info"))
    return max(str(archive["max"]) for archive in stanza["archive"])


def goes_to_both(running: Running) -> None:
    """A full backup and a segment of WAL that is finished now are in both repositories."""
    running.checkout.run("backup", STACK, "--full")
    assert all("full" in types for types in backups().values())
    segment = sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
    sql("SELECT pg_current_xact_id()")
    sql("SELECT pg_switch_wal()")
    for repository in (1, 2):
        until(lambda repository=repository: wal(repository) >= segment, 60, f"WAL is in repository {repository}")


def test_backups_and_wal_go_to_another_host_by_sftp_too(running: Running, outside: Outside) -> None:
    goes_to_both(running)
    assert outside.run("ls", "/srv/backups/backup/main/backup.info")


def test_all_comes_back_from_the_other_host_when_the_first_repository_is_lost(running: Running, outside: Outside) -> None:
    with running.client() as client:
        message = running.post(client, "kept-outside")
        until(lambda: running.sent(client, message), 30, "the message is sent")
        time.sleep(1.1)
        moment = now()
        time.sleep(1.1)
        sql(f"DELETE FROM messages WHERE id = '{message}'")
        keeper("mv", f"{FOLDER}/database", f"{FOLDER}/away")
        done = running.checkout.run("restore", STACK, "--to", moment, "--repository", "2", "--confirm", STACK, "--json")
        assert "cannot be" not in done.stderr
        print(json.loads(done.stdout.splitlines()[-1]))
        until(lambda: running.sent(client, message), 30, "the message is there again")
    keeper("rm", "-r", f"{FOLDER}/away")


def test_backups_and_wal_go_to_a_bucket_too(running: Running, outside: Outside) -> None:
    """Over TLS by a private authority."""
    s3 = {"kind": "s3", "endpoint": f"{HOST}:9443", "region": "eu", "bucket": "backups"}
    keys = {"backupRepositoryKey": "the-key-of-the-bucket", "backupRepositorySecret": "the-secret-of-the-bucket"}
    change(running.checkout, {"docker": section(outside, s3)}, keys)
    goes_to_both(running)
