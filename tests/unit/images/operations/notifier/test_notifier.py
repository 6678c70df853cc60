"""Alerts reach their address signed, once where it takes them, again where it does not."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from penguinmails_operations.notifier import delivery as module
from penguinmails_operations.notifier import main as program
from penguinmails_operations.notifier.app import MAXIMUM_BYTES, application
from penguinmails_operations.notifier.delivery import Delivery, Measures, http_client
from penguinmails_operations.notifier.message import NotAnAlert, message
from penguinmails_operations.notifier.signature import HEADER, sign, verify
from prometheus_client import CollectorRegistry, generate_latest

from components.docker import pki
from tests.unit.images.operations.asgi import Client

SECRET = "a secret of the two"
ALERT = {
    "status": "firing",
    "labels": {"alertname": "ApiDown", "severity": "page"},
    "annotations": {"summary": "No copy answers"},
    "startsAt": "2026-01-01T00:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "abc",
}
WEBHOOK = {"version": "4", "status": "firing", "alerts": [ALERT], "truncatedAlerts": 2}


class Receiver:
    """Answers one after another with `statuses`, then with 200."""

    def __init__(self, *statuses: int | Exception, headers: dict[str, str] | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []
        self._statuses, self._headers = list(statuses), headers or {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._statuses.pop(0) if self._statuses else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, headers=self._headers)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def delivered(receiver: Receiver, count: int = 1) -> str:
    """Delivers messages; gives the metrics."""
    registry = CollectorRegistry()

    async def run() -> None:
        async with http_client(httpx.MockTransport(receiver)) as client:
            sender = Delivery(0, "https://hooks.example/token", SECRET, Measures(registry, 1), client, receiver.pause)
            for number in range(count):
                sender.put(str(number).encode())
            task = asyncio.create_task(sender.run())
            await sender.drain(5)
            task.cancel()

    asyncio.run(run())
    return generate_latest(registry).decode()


def test_a_message_is_signed_so_that_the_receiver_can_tell() -> None:
    receiver = Receiver()
    told = delivered(receiver)
    [request] = receiver.requests
    assert verify(SECRET, request.content, request.headers[HEADER], time.time())
    assert 'penguinmails_notifications_total{address="0",result="sent"} 1.0' in told
    assert "hooks.example" not in told


@pytest.mark.parametrize(
    "change",
    [
        lambda body, header, now: (body + b" ", header, now),
        lambda body, header, now: (body, header, now + 301),
        lambda body, header, now: (body, header, now - 301),
        lambda body, header, now: (body, header.replace("v1=", "v0="), now),
        lambda body, header, now: (body, header[:-1] + ("0" if header[-1] != "0" else "1"), now),
        lambda body, header, now: (body, "t=x,v1=y", now),
        lambda body, header, now: (body, "", now),
        lambda body, header, now: (body, header + "é", now),
    ],
)
def test_anything_else_is_refused(change: Callable[..., tuple[bytes, str, float]]) -> None:
    header = sign(SECRET, b"body", 1000)
    assert verify(SECRET, b"body", header, 1000)
    assert not verify(SECRET, *change(b"body", header, 1000.0))
    assert not verify("another", b"body", header, 1000)


def test_the_signature_is_the_one_that_the_documentation_computes() -> None:
    """printf '1000.body' | openssl dgst -sha256 -hmac key"""
    assert sign("key", b"body", 1000) == "t=1000,v1=062f6ed108cb94155be54ddfb5d8e80ef70ed54fe9bbf747b5507a21aaf1d704"


def test_the_recipe_of_the_documentation_takes_what_is_sent_and_nothing_else() -> None:
    text = (Path(__file__).resolve().parents[5] / "docs" / "docker-status.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], names)
    header = sign(SECRET, b"body", int(time.time()))
    assert names["is_genuine"](SECRET, b"body", header)
    assert not names["is_genuine"](SECRET, b"other", header)
    assert not names["is_genuine"]("another", b"body", header)
    assert not names["is_genuine"](SECRET, b"body", sign(SECRET, b"body", int(time.time()) - 400))
    assert not names["is_genuine"](SECRET, b"body", "")


def test_it_is_posted_again_until_it_is_taken_with_the_same_id() -> None:
    receiver = Receiver(500, httpx.ConnectError("refused"), 429)
    told = delivered(receiver)
    assert len(receiver.requests) == 4
    assert len({request.headers["X-PenguinMails-Delivery"] for request in receiver.requests}) == 1
    assert 0.8 <= receiver.pauses[0] <= 1.2
    assert 3.2 <= receiver.pauses[2] <= 4.8
    assert 'result="sent"} 1.0' in told
    assert 'penguinmails_notification_attempts_total{address="0"} 4.0' in told


def test_the_pause_that_the_receiver_asks_for_is_kept_within_bounds() -> None:
    receiver = Receiver(429, headers={"Retry-After": "30"})
    delivered(receiver)
    assert receiver.pauses == [30]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404])
def test_a_refusal_and_a_redirect_are_final(status: int) -> None:
    receiver = Receiver(status, headers={"Location": "https://elsewhere.example/"})
    told = delivered(receiver)
    assert [request.url.host for request in receiver.requests] == ["hooks.example"]
    assert 'result="failed"} 1.0' in told


def test_after_a_while_it_is_given_up_and_the_next_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GIVE_UP_SECONDS", 0.5)
    receiver = Receiver(500)
    told = delivered(receiver, 2)
    assert 'result="failed"} 1.0' in told
    assert 'result="sent"} 1.0' in told


def test_the_message_has_a_form_of_its_own() -> None:
    found = json.loads(message(WEBHOOK, "production", "https://mail.example/status"))
    [alert] = found["alerts"]
    assert (found["version"], found["platform"], found["status"], found["left_out"]) == (1, "production", "firing", 2)
    assert (alert["name"], alert["severity"], alert["summary"], alert["ends_at"]) == (
        "ApiDown",
        "page",
        "No copy answers",
        None,
    )


@pytest.mark.parametrize("wrong", [None, [], {}, {"alerts": {}}, {"alerts": [1]}])
def test_what_is_no_alert_is_refused(wrong: Any) -> None:
    with pytest.raises(NotAnAlert):
        message(wrong, "p", "")


def test_alertmanager_is_told_to_come_again_when_the_queue_is_full() -> None:
    registry = CollectorRegistry()
    sender = Delivery(0, "https://hooks.example/", SECRET, Measures(registry, 1), http_client(), asyncio.sleep)
    client = Client(application([sender], registry, "p", ""))
    answers = [client.post("/alerts", json=WEBHOOK).status_code for _ in range(module.QUEUE_MESSAGES + 1)]
    assert set(answers[:-1]) == {202}
    assert answers[-1] == 503
    assert client.post("/alerts", content=b"x" * (MAXIMUM_BYTES + 1)).status_code == 413
    assert client.post("/alerts", content=b"{").status_code == 400
    assert client.get("/alerts").status_code == 405
    assert "penguinmails_notifications_waiting" in client.get("/metrics").text


def test_a_private_authority_is_trusted_where_it_is_given(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    authority = pki.new_authority("own", now)
    leaf = pki.issue(authority, "localhost", ["localhost"], [], now, now + timedelta(days=1))
    (tmp_path / "authorities.pem").write_text(authority.certificate_pem)
    (tmp_path / "tls.pem").write_text(leaf.certificate_pem + leaf.key_pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "tls.pem")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    async def asked(authorities: str) -> int:
        server = await asyncio.start_server(answer, "localhost", 0, ssl=context)
        async with server, http_client(authorities=authorities) as client:
            return (await client.get(f"https://localhost:{server.sockets[0].getsockname()[1]}/")).status_code

    assert asyncio.run(asked(str(tmp_path / "authorities.pem"))) == 204
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(asked(""))


def test_addresses_and_the_secret_come_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made: list[tuple[str, str]] = []
    (tmp_path / "addresses").write_text(json.dumps(["https://hooks.example/token"]))
    (tmp_path / "secret").write_text(SECRET)
    settings = {"WEBHOOKS_FILE": "addresses", "WEBHOOK_SECRET_FILE": "secret"}
    for name, file in settings.items():
        monkeypatch.setenv(name, str(tmp_path / file))
    monkeypatch.setenv("PLATFORM", "p")
    monkeypatch.setattr(program, "log_as", lambda role: None)
    monkeypatch.setattr(program, "serve", lambda app: 0)
    monkeypatch.setattr(program, "Delivery", lambda number, url, key, *rest: made.append((url, key)))
    assert program.main() == 0
    assert made == [("https://hooks.example/token", SECRET)]
