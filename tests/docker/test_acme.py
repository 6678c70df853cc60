"""A certificate by ACME on the real platform, from a Pebble that its containers reach: the first, and renewal under load."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
import yaml

from tests.docker.conftest import HTTP_PORT, HTTPS_PORT, STACK, Running, container, docker, until
from tests.harness import pebble

pytestmark = [pytest.mark.docker, pytest.mark.long, pytest.mark.timeout(900)]
DOMAIN = "mail.acme.example"
LIFETIME = timedelta(seconds=150)
"""Of a certificate: it is renewed after 15 to 112 seconds, at a time that Pebble suggests at random."""
FIGURES = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:9700/metrics').read().decode())"


@pytest.fixture(scope="module")
def authority(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pebble.Pebble]:
    """The platform with certificates by ACME; as it was before at the end."""
    gateway = docker("network", "inspect", "docker_gwbridge", "--format", "{{(index .IPAM.Config 0).Gateway}}").strip()
    file = running.checkout.stack_file
    before = file.read_text()
    with pebble.running(tmp_path_factory.mktemp("pebble"), address=gateway, http=HTTP_PORT, validity=LIFETIME) as found:
        content = yaml.safe_load(before)
        described = content["config"]["penguinmails:platform"]
        described["domain"] = DOMAIN
        described["edge"]["certificate"] = "acme"
        described.setdefault("docker", {})["acme"] = {
            "directory_url": found.directory_url,
            "email": "hostmaster@example.com",
            "agree_to_terms": True,
            "authority_pem": found.authority.read_text() + found.root_pem(),
        }
        file.write_text(yaml.safe_dump(content, sort_keys=False))
        running.checkout.run("up", STACK)
        try:
            yield found
        finally:
            file.write_text(before)
            running.checkout.run("up", STACK)


def trusting(pem: str) -> ssl.SSLContext:
    """Trusts Pebble's certificates and nothing else, so not the platform's own either."""
    return ssl.create_default_context(cadata=pem)


def ask(client: httpx.Client, path: str = "/healthz") -> httpx.Response:
    address = f"https://127.0.0.1:{HTTPS_PORT}{path}"
    return client.get(address, headers={"Host": DOMAIN}, extensions={"sni_hostname": DOMAIN})


def serial(trusted: ssl.SSLContext) -> str | None:
    """Of the certificate that the edge serves; None while it is not one that is trusted."""
    with suppress(OSError):
        with socket.create_connection(("127.0.0.1", HTTPS_PORT), 5) as plain:
            with trusted.wrap_socket(plain, server_hostname=DOMAIN) as connection:
                return str((connection.getpeercert() or {})["serialNumber"])
    return None


@dataclass
class Requests:
    """Asks without a pause, by a new connection each time and by one that is kept, until it is told to stop."""

    trusted: ssl.SSLContext
    answered: int = 0
    failed: list[str] = field(default_factory=list)

    def run(self, stop: threading.Event, *, kept: bool) -> None:
        client = httpx.Client(verify=self.trusted, timeout=10)
        while not stop.is_set():
            if not kept:
                client.close()
                client = httpx.Client(verify=self.trusted, timeout=10)
            try:
                answer = ask(client)
                if answer.status_code == 200:
                    self.answered += 1
                else:
                    self.failed.append(str(answer.status_code))
            except httpx.HTTPError as error:
                self.failed.append(repr(error))
            stop.wait(0.05)
        client.close()


def test_the_first_certificate_comes_and_renewals_cost_no_request(authority: pebble.Pebble) -> None:
    trusted = trusting(authority.root_pem())
    first = until(lambda: serial(trusted), 120, "the edge serves a certificate of the authority")
    edge = container("edge")
    requests, stop = Requests(trusted), threading.Event()
    threads = [threading.Thread(target=requests.run, args=(stop,), kwargs={"kept": kept}) for kept in (True, False)]
    for thread in threads:
        thread.start()
    try:
        second = until(lambda: serial(trusted) not in {first, None} and serial(trusted), 150, "the certificate is renewed")
        until(lambda: serial(trusted) not in {first, second, None}, 150, "and once more")
    finally:
        stop.set()
        for thread in threads:
            thread.join(15)
    assert requests.failed == []
    assert requests.answered > 200
    assert container("edge") == edge


def test_its_files_are_the_edges_alone_and_no_key_is_logged(authority: pebble.Pebble) -> None:
    part = container("acme")
    modes = docker("exec", part, "find", "/var/lib/acme", "-type", "f", "-printf", "%m %u %f\n").split("\n")
    assert len([line for line in modes if line]) == 3
    assert all(line.startswith("600 8443 ") for line in modes if line)
    logs = docker("logs", part) + docker("logs", container("edge-files"))
    assert "a certificate was handed over to the edge" in logs
    assert "PRIVATE KEY" not in logs


def test_prometheus_is_told(authority: pebble.Pebble) -> None:
    lines = docker("exec", container("acme"), "/opt/venv/bin/python", "-c", FIGURES).splitlines()
    figures = {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("penguinmails_acme_")}
    assert figures["penguinmails_acme_certificate_expiry_timestamp_seconds"] > 1.7e9
    assert figures['penguinmails_acme_attempts_total{result="issued"}'] >= 3
    assert figures["penguinmails_acme_failures_in_a_row"] == 0


def test_only_challenges_come_in_by_plain_http(authority: pebble.Pebble) -> None:
    address = f"http://127.0.0.1:{HTTP_PORT}"
    challenges = "/.well-known/acme-challenge"
    assert httpx.get(f"{address}{challenges}/none").status_code == 404
    for path in ("/metrics", f"{challenges}/", f"{challenges}/a/b", f"{challenges}/..%2f..%2fmetrics"):
        assert httpx.get(f"{address}{path}").status_code == 308, path
    assert httpx.post(f"{address}{challenges}/none").status_code == 308
