"""The platform on a real Docker engine, by the real Pulumi engine. The tests run in the order in which they stand."""

from __future__ import annotations

import base64
import json
import stat
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.docker.conftest import HTTP_PORT, HTTPS_PORT, PARTS, STACK, WEBHOOK, Checkout, Running, container, docker, until

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
MEMORY_BUDGET_MIB = 1536


def _edit(checkout: Checkout, old: str, new: str) -> str:
    """Changes the stack file; returns what stood there before."""
    before = checkout.stack_file.read_text()
    assert old in before
    checkout.stack_file.write_text(before.replace(old, new))
    return before


def _container_ids() -> dict[str, str]:
    return {part: container(part) for part in PARTS}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("storage_gib: 20", "storage_gib: 5", "platform.database.storage_gib: 5 is below the minimum of 20"),
        ("target: docker", "target: azure", "platform.target: azure is not available in this version"),
        ("size: small", "size: small\n      high_availability: true", "platform.database.high_availability: is not given"),
        ("image: api\n        command: [worker]", "image: api\n        environment: { DAY: 2026-12-31 }", "needs quotes"),
        ("https_port: 18443", "https_port: 5000", "platform.edge.https_port: port 5000 is taken"),
        ("config:", "config: [", "is not valid YAML"),
    ],
)
def test_a_mistake_is_one_sentence_and_deploys_nothing(checkout: Checkout, old: str, new: str, sentence: str) -> None:
    before = _edit(checkout, old, new)
    try:
        done = checkout.run("up", STACK, check=False)
    finally:
        checkout.stack_file.write_text(before)
    assert done.returncode != 0
    assert sentence in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not docker("service", "ls", "--quiet", "--filter", f"label=penguinmails.stack={STACK}")


def test_an_unknown_stack_is_one_sentence(checkout: Checkout) -> None:
    done = checkout.run("up", "nothing", check=False)
    assert done.returncode == 1
    assert "There is no stack nothing: choose one of " in done.stderr
    assert " docker-local, " in done.stderr


def test_one_command_brings_it_up(running: Running) -> None:
    assert running.url == f"https://localhost:{HTTPS_PORT}"
    key = running.checkout.state / "platforms" / STACK / "api-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_message_is_stored_queued_and_sent(running: Running) -> None:
    with running.client() as client:
        message = running.post(client, "first")
        until(lambda: running.sent(client, message), 20, "the message is sent")


def test_without_the_key_nobody_comes_in(running: Running) -> None:
    with running.client() as client:
        assert client.get("/v1/messages", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_certificate_is_verified_and_http_only_redirects(running: Running) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.url}/healthz")
    plain = httpx.get(f"http://localhost:{HTTP_PORT}/healthz")
    assert plain.status_code in {301, 308}
    assert plain.headers["location"] == f"{running.url}/healthz"


def test_internal_pages_are_not_public(running: Running) -> None:
    with running.client() as client:
        assert {client.get(path).status_code for path in ("/metrics", "/readyz")} == {404}


def test_straight_after_up_there_is_nothing_to_change(running: Running) -> None:
    running.checkout.pulumi("preview", "--refresh", "--expect-no-changes")


def test_running_up_again_changes_nothing(running: Running) -> None:
    before = _container_ids()
    running.checkout.run("up", STACK)
    assert _container_ids() == before


def test_one_changed_value_changes_one_service_in_place(running: Running) -> None:
    before = _container_ids()
    services = docker("service", "ls", "--quiet", "--filter", f"label=penguinmails.stack={STACK}").split()
    _edit(running.checkout, "command: [worker]", "command: [worker]\n        environment: { LOG_LEVEL: WARNING }")
    running.checkout.run("up", STACK)
    after = _container_ids()
    assert {part for part in PARTS if before[part] != after[part]} == {"worker"}
    assert docker("service", "ls", "--quiet", "--filter", f"label=penguinmails.stack={STACK}").split() == services


def test_memory_fits_a_small_laptop(running: Running) -> None:
    total = 0.0
    for part, identifier in _container_ids().items():
        used = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", identifier).split()[0]
        mib = float(used.removesuffix("MiB")) if used.endswith("MiB") else float(used.removesuffix("GiB")) * 1024
        print(f"{part}: {mib:.0f} MiB")
        total += mib
    assert total <= MEMORY_BUDGET_MIB


def _secrets(checkout: Checkout) -> dict[str, str]:
    keys = (
        "databaseOwnerPassword",
        "databaseAppPassword",
        "brokerSecret",
        "apiKey",
        "certificateAuthority",
        "backupPassphrase",
        "alertsWebhookSecret",
        "statusPassword",
        "monitoringSecret",
    )
    return {key: checkout.pulumi("config", "get", key).stdout.strip() for key in keys}


def _readable_places(checkout: Checkout) -> dict[str, str]:
    """Everything that somebody without the passphrase could read."""
    places = {str(file): file.read_text(errors="replace") for file in (checkout.state / "stacks").rglob("*") if file.is_file()}
    places["stack file"] = checkout.stack_file.read_text()
    places["processes"] = subprocess.run(["ps", "axwwe"], check=True, capture_output=True, text=True).stdout
    watching = {part: container(part) for part in ("alertmanager", "notifier", "status", "logs", "gate")}
    for part, identifier in {**_container_ids(), **watching}.items():
        places[f"inspect {part}"] = docker("inspect", identifier)
        logs = subprocess.run(["docker", "logs", identifier], check=True, capture_output=True, text=True)
        places[f"logs {part}"] = logs.stdout + logs.stderr
    for kind in ("service", "config", "secret", "network"):
        for name in docker(kind, "ls", "--quiet", "--filter", f"label=penguinmails.stack={STACK}").split():
            text = docker(kind, "inspect", name)
            if kind == "config":
                text += base64.b64decode(json.loads(text)[0]["Spec"]["Data"]).decode()
            places[f"{kind} {name}"] = text
    return places


def test_no_secret_stands_in_plain_text_anywhere(running: Running) -> None:
    needles = {}
    for name, value in _secrets(running.checkout).items():
        text = value.splitlines()[1] if value.startswith("-----BEGIN PRIVATE") else value
        encoded = base64.b64encode(value.encode()).decode().rstrip("=")
        needles.update({name: text, f"{name} in base64": encoded[:40]})
    places = _readable_places(running.checkout)
    assert len(places) > 40
    found = [f"{name} in {place}" for place, text in places.items() for name, needle in needles.items() if needle in text]
    assert found == []


def test_the_address_of_a_webhook_stands_in_the_description_only(running: Running) -> None:
    """It may hold a token. The engine's history repeats the description of each update."""
    places = _readable_places(running.checkout)
    assert WEBHOOK in places.pop("stack file")
    assert [place for place, text in places.items() if WEBHOOK in text and "/history/" not in place] == []


def test_the_search_for_secrets_finds_one(running: Running, tmp_path: Path) -> None:
    """The search above can fail: what is public is found by it."""
    domain = "penguinmails_app"
    assert any(domain in text for text in _readable_places(running.checkout).values())


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_container_costs_no_acknowledged_message(running: Running, part: str) -> None:
    with running.client() as client:
        messages = [running.post(client, f"{part}-before-{number}") for number in range(5)]
        killed = container(part)
        docker("kill", killed)
        began = time.monotonic()
        messages += [running.post(client, f"{part}-after-{number}") for number in range(10)]
        for message in messages:
            until(lambda message=message: running.sent(client, message), 90, f"message {message} is sent")
        print(f"{part}: all sent after {time.monotonic() - began:.1f} s")
    until(lambda: docker("ps", "-q", "--filter", f"name=^penguinmails-{STACK}-{part}\\.").split(), 60, "it runs again")
    assert container(part) != killed
    counts = "SELECT count(*), count(DISTINCT message_id) FROM message_events WHERE kind = 'sent'"
    command = ["exec", container("database"), "psql", "-X", "-A", "-t", "-F", " ", "-d", "penguinmails", "-c", counts]
    total, distinct = docker(*command).split()
    assert total == distinct


def test_a_release_that_cannot_start_leaves_the_old_one_running(running: Running) -> None:
    before = _edit(running.checkout, "command: [api]", "command: [nothing]")
    try:
        done = running.checkout.run("up", STACK, check=False)
        assert done.returncode != 0
        with running.client() as client:
            message = running.post(client, "after-a-bad-release")
            until(lambda: running.sent(client, message), 30, "the message is sent")
    finally:
        running.checkout.stack_file.write_text(before)
    running.checkout.run("up", STACK)


def test_a_wrong_passphrase_is_one_sentence(running: Running, tmp_path: Path) -> None:
    wrong = tmp_path / "passphrase"
    wrong.write_text("wrong")
    environment = {**running.checkout.environment(), "PULUMI_CONFIG_PASSPHRASE_FILE": str(wrong)}
    command = [str(running.checkout.root / "scripts" / "up"), STACK]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "The passphrase does not fit this stack" in done.stderr
    assert "Traceback" not in done.stderr


def test_down_keeps_the_stack_file_and_leaves_nothing(running: Running) -> None:
    running.checkout.run("down", STACK, "--yes")
    assert running.checkout.stack_file.is_file()
    for kind in ("service", "network", "secret", "config", "volume"):
        assert docker(kind, "ls", "--quiet", "--filter", f"label=penguinmails.stack={STACK}") == "", kind
    assert docker("ps", "--all", "--quiet", "--filter", f"name=penguinmails-{STACK}-") == ""
