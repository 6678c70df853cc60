"""Whose address stands in the log, and that nobody can make it another's."""

from __future__ import annotations

import asyncio
import logging

import pytest
from fastapi import Request
from penguinmails_api.app import create_app
from penguinmails_api.auth import Keys
from penguinmails_api.db import Sessions
from penguinmails_api.health import Readiness
from penguinmails_api.metrics import Metrics
from penguinmails_api.outbox import Relay
from penguinmails_api.proxies import Proxies
from penguinmails_api.services import Services

from tests.unit.api.conftest import KEY, TestClient

EDGE, CLIENT, OTHER = "10.0.3.7", "203.0.113.9", "10.0.3.8"


def asked(peer: str | None, *claims: str) -> Request:
    headers = [(b"x-forwarded-for", claim.encode()) for claim in claims]
    return Request({"type": "http", "headers": headers, "client": (peer, 50000) if peer else None})


async def names(name: str) -> frozenset[str]:
    return {"edge": frozenset({EDGE})}.get(name, frozenset())


def address(request: Request, *trusted: str) -> str:
    return asyncio.run(Proxies(trusted, names).client(request))


@pytest.mark.parametrize("trusted", ["edge", EDGE, "10.0.3.0/29"])
def test_the_edge_is_believed(trusted: str) -> None:
    assert address(asked(EDGE, CLIENT), trusted) == CLIENT


@pytest.mark.parametrize("trusted", [(), ("edge",), ("10.0.9.0/24",), ("nobody",)])
def test_nobody_else_is(trusted: tuple[str, ...]) -> None:
    assert address(asked(OTHER, CLIENT), *trusted) == OTHER


@pytest.mark.parametrize("claims", [(f"1.1.1.1, {CLIENT}",), ("1.1.1.1", CLIENT), (f"{EDGE}, 1.1.1.1 ,{CLIENT}",)])
def test_of_several_the_edges_own_counts(claims: tuple[str, ...]) -> None:
    assert address(asked(EDGE, *claims), "edge") == CLIENT


@pytest.mark.parametrize("claims", [(), ("",), ("forged\nline",), (f"{CLIENT},",), ("a" * 5000,)])
def test_what_is_no_address_is_not_taken(claims: tuple[str, ...]) -> None:
    assert address(asked(EDGE, *claims), "edge") == EDGE


def test_a_connection_without_an_address_is_unknown() -> None:
    assert address(asked(None, CLIENT), "edge") == "unknown"


def test_a_name_is_asked_for_seldom() -> None:
    calls = []

    async def counted(name: str) -> frozenset[str]:
        calls.append(name)
        return frozenset({EDGE})

    async def twice() -> None:
        proxies = Proxies(["edge"], counted)
        for _ in range(2):
            assert await proxies.client(asked(EDGE, CLIENT)) == CLIENT

    asyncio.run(twice())
    assert calls == ["edge"]


def test_a_name_that_nobody_has_is_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    assert asyncio.run(Proxies(["no-such-host.invalid"]).client(asked(OTHER, CLIENT))) == OTHER


def test_a_wrong_key_is_logged_with_the_clients_own_address(
    sessions: Sessions, relay: Relay, readiness: Readiness, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    parts = Services(sessions, relay, readiness, metrics, Keys([KEY], metrics), "", Proxies([EDGE]))
    app = create_app(parts, request_maximum_bytes=4096)
    for peer in (EDGE, OTHER):
        client = TestClient(app, headers={"X-API-Key": "wrong", "X-Forwarded-For": CLIENT}, client=(peer, 50000))
        assert client.get("/v1/messages").status_code == 401
    told = [vars(record)["client_address"] for record in caplog.records if record.message == "authentication failed"]
    assert told == [CLIENT, OTHER]
