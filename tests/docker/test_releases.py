"""Bad releases go back by themselves; secrets, versions and certificates change while requests are answered; the edge speaks
modern protocols only."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from components.docker import pki
from scripts.bench.figures import Result
from scripts.bench.load import Load
from tests.docker.conftest import HTTPS_PORT, STACK, Running, container, docker, until
from tests.docker.measured import bench, load_plan

pytestmark = [pytest.mark.docker, pytest.mark.long, pytest.mark.timeout(1200)]
RATE = 20


def loaded(running: Running, work: Callable[[], object], authority: Path | None = None) -> Result:
    """What a small load measured while `work` was done, from some seconds before it until some after."""
    load = Load(load_plan(running, rate=RATE, seconds=1200, posts=0.2, authority=authority))
    load.start()
    time.sleep(5)
    try:
        work()
        time.sleep(5)
    finally:
        result = load.stop()
    return result


@pytest.mark.parametrize(("fault", "seconds"), [("unhealthy", 30), ("slow", 90)])
def test_a_bad_release_goes_back_and_no_request_fails(running: Running, fault: str, seconds: int) -> None:
    """How soon on a quiet machine: `python -m scripts.bench.bad_release`; here there is room."""
    [facts] = bench(running.checkout, "bad_release", STACK, "--only", fault, "--rate", str(RATE), "--limit", str(seconds))
    assert facts["up_failed"]
    assert "Rolled back: api" in facts["said"]
    assert facts["failed"] == 0
    assert facts["taken_back_after_s"] <= seconds
    running.checkout.pulumi("preview", "--refresh", "--expect-no-changes")


def test_every_secret_is_renewed_and_no_request_fails(running: Running) -> None:
    """The API's key and the authority in two parts: the second load uses what a client has been given in between."""
    renewed = ("databaseAppPassword", "databaseOwnerPassword", "monitoringSecret", "brokerSecret", "statusPassword")
    stays = container("database")
    before = secret_values(running)
    results = [loaded(running, lambda: rotate(running, *renewed, "apiKey", "certificateAuthority"))]
    results.append(loaded(running, lambda: rotate(running, "apiKey", "certificateAuthority", "--finish")))
    after = secret_values(running)
    running.key = after["apiKey"]
    assert all(before[name] != after[name] for name in (*renewed, "apiKey", "certificateAuthority"))
    assert [(result.failed, result.failures) for result in results] == [(0, {}), (0, {})]
    assert all(result.sent > RATE * 10 for result in results)
    assert container("database") == stays, "the database goes on meanwhile"
    running.checkout.pulumi("preview", "--refresh", "--expect-no-changes")


def rotate(running: Running, *arguments: str) -> None:
    running.checkout.run("rotate", STACK, *arguments, seconds=1000)


def secret_values(running: Running) -> dict[str, str]:
    entries = json.loads(running.checkout.pulumi("config", "--json", "--show-secrets").stdout)
    return {name.split(":", 1)[-1]: str(entry["value"]) for name, entry in entries.items()}


def test_an_upgrade_is_made_and_taken_back(running: Running) -> None:
    before = running.checkout.stack_file.read_text()
    running.checkout.stack_file.write_text(
        before.replace("command: [api]", "command: [api]\n        environment: { LOG_LEVEL: WARNING }")
    )

    def level() -> str:
        template = "{{json .Spec.TaskTemplate.ContainerSpec.Env}}"
        entries = json.loads(docker("service", "inspect", "--format", template, f"penguinmails-{STACK}-api"))
        return next((entry for entry in entries if entry.startswith("LOG_LEVEL=")), "")

    def work() -> None:
        done = running.checkout.run("upgrade", STACK, "--yes", "--json", seconds=500)
        assert json.loads(done.stdout.splitlines()[-1])["state"] == "upgraded"
        assert level() == "LOG_LEVEL=WARNING"
        back = running.checkout.run("upgrade", STACK, "--roll-back", "--keep-data", "--confirm", STACK, "--json", seconds=500)
        assert json.loads(back.stdout.splitlines()[-1])["state"] == "rolled back"

    try:
        result = loaded(running, work)
        assert level() != "LOG_LEVEL=WARNING"
        assert (result.failed, result.failures) == (0, {})
    finally:
        running.checkout.stack_file.write_text(before)
        running.checkout.run("up", STACK)


@pytest.mark.parametrize(("protocol", "accepted"), [("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
def test_the_edge_speaks_modern_protocols_only(running: Running, protocol: str, accepted: bool) -> None:
    """The client is told to allow what is old, so that it is the edge that refuses it."""
    ciphers = ["-cipher", "ALL:@SECLEVEL=0"] if protocol != "-tls1_3" else []
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{HTTPS_PORT}", "-servername", "localhost", protocol, *ciphers],
        input="",
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    found = re.search(r"Cipher(?: is |\s*: )(\S+)", done.stdout)
    assert (found is not None and found.group(1) not in {"(NONE)", "0000"}) == accepted
    if not accepted:
        assert re.search(r"alert protocol version|alert handshake failure", done.stderr)


def served() -> int:
    """The serial number of the certificate that the edge shows."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", HTTPS_PORT), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        shown = wrapped.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown).serial_number


def test_a_supplied_certificate_is_renewed_and_no_request_fails(running: Running, tmp_path: Path) -> None:
    before = running.checkout.stack_file.read_text()
    now = datetime.now(UTC)
    authority = pki.new_authority("An enterprise's authority", now)
    (tmp_path / "root.pem").write_text(authority.certificate_pem)

    def supply(name: str) -> int:
        leaf = pki.issue(authority, name, ["localhost"], [], now - timedelta(hours=1), now + timedelta(days=30))
        for key, value in (("edgeCertificate", leaf.certificate_pem + authority.certificate_pem), ("edgeKey", leaf.key_pem)):
            running.checkout.pulumi("config", "set", "--secret", key, given=value)
        running.checkout.run("up", STACK)
        return x509.load_pem_x509_certificate(leaf.certificate_pem.encode()).serial_number

    running.checkout.stack_file.write_text(before.replace("certificate: internal", "certificate: supplied"))
    try:
        first = supply("first")
        until(lambda: served() == first, 30, "the first certificate is served")
        edge = container("edge")
        serials: list[int] = []
        result = loaded(running, lambda: serials.append(supply("second")), tmp_path / "root.pem")
        until(lambda: served() == serials[0], 30, "the second certificate is served")
        assert container("edge") == edge
        assert (result.failed, result.failures) == (0, {})
    finally:
        running.checkout.stack_file.write_text(before)
        running.checkout.run("up", STACK)
