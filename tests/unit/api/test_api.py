"""The HTTP API: authentication, validation, idempotency, problem documents, what is stored."""

from __future__ import annotations

import logging
from typing import Any
from unittest import mock

import pytest
from penguinmails_api import messages
from penguinmails_api.db import Sessions
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Message, OutboxEntry
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from tests.unit.api.conftest import KEY, KEY_BEFORE

Body = dict[str, Any]


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of ``response``, checked for its form."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["title"]
    assert document["type"].startswith("urn:penguinmails:problem:")
    return document


def sample(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


def test_a_message_is_accepted_with_its_outbox_entry(client: TestClient, body: Body, sessions: Sessions) -> None:
    response = client.post("/v1/messages", json=body)
    assert response.status_code == 202
    shown = response.json()
    assert (shown["status"], shown["from"], shown["to"]) == ("queued", "bob@example.org", ["ann@example.com"])
    assert response.headers["location"] == f"https://api.example.com/v1/messages/{shown['id']}"
    with sessions() as session:
        (entry,) = session.scalars(select(OutboxEntry))
    assert entry.payload == {"version": 1, "message_id": shown["id"]}
    assert client.get(f"/v1/messages/{shown['id']}").json() == shown


def test_message_and_outbox_are_one_transaction(client: TestClient, body: Body, sessions: Sessions) -> None:
    with mock.patch.object(messages, "enqueue", side_effect=RuntimeError("crash between the two")):
        problem(client.post("/v1/messages", json=body), 500)
    with sessions() as session:
        assert session.scalars(select(Message)).all() == []


def test_the_relay_is_woken_after_the_commit(client: TestClient, body: Body) -> None:
    relay = client.app.state.services.relay  # type: ignore[attr-defined]
    with mock.patch.object(relay, "wake") as wake:
        client.post("/v1/messages", json=body)
    wake.assert_called_once_with()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Authorization": ""}, "missing"),
        ({"Authorization": "Bearer"}, "missing"),
        ({"Authorization": f"Basic {KEY}"}, "missing"),
        ({"Authorization": "Bearer wrong-key-value"}, "wrong"),
        ({"Authorization": "", "X-API-Key": "wrong-key-value"}, "wrong"),
        ({"Authorization": "Bearer \xff\xfe"}, "wrong"),
    ],
)
def test_a_bad_key_is_401_counted_and_not_logged(
    headers: dict[str, str], reason: str, client: TestClient, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        response = client.get("/v1/messages", headers=encoded)
    problem(response, 401)
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert sample(metrics, "penguinmails_auth_failures_total", reason=reason) == 1
    assert "wrong-key-value" not in "".join(str(vars(record)) for record in caplog.records)


def test_the_key_is_accepted_in_either_header(client: TestClient) -> None:
    assert client.get("/v1/messages", headers={"Authorization": f"bearer {KEY}"}).status_code == 200
    assert client.get("/v1/messages", headers={"Authorization": "", "X-API-Key": KEY}).status_code == 200
    assert client.get("/v1/messages", headers={"Authorization": f"Bearer {KEY_BEFORE}"}).status_code == 200
    assert client.get("/v1/messages", headers={"Authorization": f"Bearer {KEY}\\n{KEY_BEFORE}"}).status_code == 401


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"to": []}, "body/to"),
        ({"to": ["a@example.com"] * 51}, "body/to"),
        ({"to": ["no-address"]}, "body/to/0"),
        ({"to": ["a@example.com, b@example.com"]}, "body/to/0"),
        ({"to": ["a@example.com\r\nBcc: x@example.com"]}, "body/to/0"),
        ({"to": ["a..b@example.com"]}, "body/to/0"),
        ({"to": ["a@localhost"]}, "body/to/0"),
        ({"to": ["a@-example.com"]}, "body/to/0"),
        ({"from": "bob"}, "body/from"),
        ({"subject": ""}, "body/subject"),
        ({"subject": "x" * 999}, "body/subject"),
        ({"subject": "a\r\nBcc: x@example.com"}, "body/subject"),
        ({"text": None}, "body"),
        ({"text": "nul \x00"}, "body/text"),
        ({"text": 5}, "body/text"),
        ({"bcc": ["a@example.com"]}, "body/bcc"),
    ],
)
def test_an_invalid_message_is_422_with_the_place(change: Body, where: str, client: TestClient, body: Body) -> None:
    document = problem(client.post("/v1/messages", json=body | change), 422)
    assert [error["at"] for error in document["errors"]] == [where]
    assert all(set(error) == {"at", "reason"} for error in document["errors"])


@pytest.mark.parametrize("raw", [b"{", b"[]", b"", b'{"subject": "\\ud800"}', b"\xff"])
def test_a_malformed_body_is_a_problem_and_not_a_failure(raw: bytes, client: TestClient) -> None:
    response = client.post("/v1/messages", content=raw, headers={"Content-Type": "application/json"})
    problem(response, response.status_code)
    assert response.status_code in {400, 422}


def test_a_lone_surrogate_is_refused_and_not_a_failure(client: TestClient) -> None:
    raw = b'{"to": ["a@example.com"], "from": "b@example.org", "subject": "\\ud800", "text": "x"}'
    problem(client.post("/v1/messages", content=raw, headers={"Content-Type": "application/json"}), 422)


def test_a_large_body_is_413_declared_or_not(client: TestClient, body: Body) -> None:
    problem(client.post("/v1/messages", json=body | {"text": "x" * 5000}), 413)

    def chunks() -> Any:
        yield from (b"x" * 1000 for _ in range(6))

    problem(client.post("/v1/messages", content=chunks(), headers={"Content-Type": "application/json"}), 413)


def test_unknown_things_are_problems(client: TestClient) -> None:
    problem(client.get("/v1/messages/0190a8c0-0000-7000-8000-000000000000"), 404)
    problem(client.get("/v1/messages/not-an-id"), 422)
    problem(client.get("/nothing"), 404)
    problem(client.delete("/v1/messages"), 405)


def test_the_same_key_and_body_is_the_same_message(client: TestClient, body: Body, sessions: Sessions) -> None:
    first = client.post("/v1/messages", json=body, headers={"Idempotency-Key": "k1"})
    again = client.post("/v1/messages", json=dict(reversed(body.items())), headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    with sessions() as session:
        assert len(session.scalars(select(OutboxEntry)).all()) == 1


def test_the_same_key_with_another_body_is_409(client: TestClient, body: Body) -> None:
    client.post("/v1/messages", json=body, headers={"Idempotency-Key": "k1"})
    problem(client.post("/v1/messages", json=body | {"subject": "Other"}, headers={"Idempotency-Key": "k1"}), 409)


def test_of_two_concurrent_requests_the_loser_finds_the_winners_message(sessions: Sessions) -> None:
    draft = messages.Draft("b@example.org", ["a@example.com"], "s", "t", None)
    winner, is_new = messages.accept(sessions, "c", draft, "k")
    assert is_new
    # The loser looked before the winner had committed: the first look finds nothing, the insert then collides.
    with mock.patch.object(messages, "_find_by_key", side_effect=[None, winner]):
        assert messages.accept(sessions, "c", draft, "k") == (winner, False)


@pytest.mark.parametrize("key", ["", "x" * 256, "with space"])
def test_a_bad_idempotency_key_is_refused(key: str, client: TestClient, body: Body) -> None:
    problem(client.post("/v1/messages", json=body, headers={"Idempotency-Key": key}), 422)


def test_clients_do_not_see_each_others_messages(sessions: Sessions, client: TestClient) -> None:
    draft = messages.Draft("b@example.org", ["a@example.com"], "s", "t", None)
    other, _ = messages.accept(sessions, "another-client", draft, None)
    problem(client.get(f"/v1/messages/{other.id}"), 404)
    assert client.get("/v1/messages").json() == {"items": [], "next": None}


def test_pages_follow_the_cursor_to_the_end(client: TestClient, body: Body) -> None:
    made = [client.post("/v1/messages", json=body).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        page = client.get("/v1/messages", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == made[::-1]
    assert cursor is None
    problem(client.get("/v1/messages", params={"limit": 101}), 422)


def test_an_outage_of_the_database_is_503_and_says_when_to_come_again(client: TestClient, body: Body) -> None:
    failure = OperationalError("INSERT", {}, Exception("connection to pooler:6432 refused"))
    with mock.patch.object(messages, "accept", side_effect=failure):
        response = client.post("/v1/messages", json=body)
    problem(response, 503)
    assert response.headers["retry-after"] == "1"
    assert "pooler" not in response.text


def test_requests_are_measured_by_route_template(client: TestClient, body: Body, metrics: Metrics) -> None:
    made = client.post("/v1/messages", json=body).json()["id"]
    client.get(f"/v1/messages/{made}")
    client.get("/some/path/of/somebody")
    name = "penguinmails_http_request_duration_seconds_count"
    assert sample(metrics, name, method="POST", route="/v1/messages", status="202") == 1
    assert sample(metrics, name, method="GET", route="/v1/messages/{message_id}", status="200") == 1
    assert sample(metrics, name, method="GET", route="unmatched", status="404") == 1
    exposed = client.get("/metrics")
    assert "version=0.0.4" in exposed.headers["content-type"]
    assert 'le="0.2"' in exposed.text
    assert "penguinmails_build_info" in exposed.text
