"""Liveness, readiness and leaving."""

from __future__ import annotations

import json
import runpy
import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from penguinmails_api.broker import BrokerUnavailableError
from penguinmails_api.health import Check, Pulse, Readiness, broker_check, database_check
from penguinmails_api.health_server import HealthServer
from penguinmails_api.metrics import Metrics
from penguinmails_api.schema import is_sufficient
from penguinmails_api.server import DrainingServer
from sqlalchemy import Engine, create_engine, text
from starlette.testclient import TestClient

HEALTHCHECK = Path(__file__).parents[3] / "images" / "api" / "healthcheck.py"


def at_revision(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})


def parts(check: Check) -> dict[str, Any]:
    return Readiness((check,)).report()[1]["checks"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(("revision", "ok"), [("0001", True), ("0099", True), ("0000", False), ("abc", False)])
def test_the_schema_must_be_new_enough(revision: str, ok: bool, engine: Engine) -> None:
    at_revision(engine, revision)
    assert parts(database_check(engine))["schema"]["ok"] is ok
    assert is_sufficient(revision) is ok


def test_a_database_without_a_schema_answers_but_is_not_ready() -> None:
    with_nothing = create_engine("postgresql+psycopg://a:b@127.0.0.1:9/x", connect_args={"connect_timeout": 1})
    shown = parts(database_check(with_nothing))
    assert shown == {
        "database": {"ok": False, "reason": "does not answer"},
        "schema": {"ok": False, "reason": "unknown"},
    }


def test_a_broker_that_is_away_is_not_ready() -> None:
    def ping() -> None:
        raise BrokerUnavailableError("user:password@broker")

    ready, report = Readiness((broker_check(ping),)).report()
    assert not ready
    assert report == {"status": "unavailable", "checks": {"broker": {"ok": False, "reason": "does not answer"}}}


def test_a_hanging_check_is_bounded_and_not_started_twice() -> None:
    release = threading.Event()
    started: list[int] = []

    def hang() -> dict[str, str | None]:
        started.append(1)
        release.wait(10)
        return {"x": None}

    readiness = Readiness((Check(("x",), hang),))
    for _ in range(2):
        readiness._cached_at = float("-inf")
        before = time.monotonic()
        assert readiness.report()[0] is False
        assert time.monotonic() - before < 2
    release.set()
    assert started == [1]


def test_answers_are_cached_for_a_second() -> None:
    asked: list[int] = []

    def ask() -> dict[str, str | None]:
        asked.append(1)
        return {"x": None}

    readiness = Readiness((Check(("x",), ask),))
    for _ in range(20):
        assert readiness.report()[0]
    assert len(asked) == 1


def test_a_failing_check_is_not_ready_and_says_only_what_kind() -> None:
    def fail() -> dict[str, str | None]:
        raise RuntimeError("amqps://user:password@broker")

    assert parts(Check(("x",), fail)) == {"x": {"ok": False, "reason": "failed (RuntimeError)"}}


def test_draining_is_not_ready_but_alive_and_serving(client: TestClient, readiness: Readiness) -> None:
    assert client.get("/readyz").status_code == 200
    readiness.drain()
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json() == {"status": "draining", "checks": {}}
    assert client.get("/healthz").status_code == 200
    assert client.get("/v1/messages").status_code == 200


def test_a_stuck_relay_is_not_alive(client: TestClient) -> None:
    relay = client.app.state.services.relay  # type: ignore[attr-defined]
    relay.pulse = Pulse(-1)
    assert client.get("/healthz").status_code == 503


def test_a_signal_drains_first_and_closes_later() -> None:
    readiness = Readiness(())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Never called."""

    server = DrainingServer(uvicorn.Config(app, log_config=None), readiness, 0.05)
    server.handle_exit(signal.SIGTERM, None)
    states = [server.should_exit]
    time.sleep(0.3)
    assert readiness.draining
    assert [*states, server.should_exit] == [False, True]
    assert server._captured_signals == []


def test_a_second_signal_closes_at_once() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Never called."""

    server = DrainingServer(uvicorn.Config(app, log_config=None), Readiness(()), 60)
    server.handle_exit(signal.SIGTERM, None)
    server.handle_exit(signal.SIGTERM, None)
    assert server.should_exit


def fetch(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_workers_pages_and_the_images_health_check(
    metrics: Metrics, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    healthcheck = runpy.run_path(str(HEALTHCHECK))["main"]
    assert healthcheck("/healthz", tmp_path) == 1
    (tmp_path / "migrated").touch()
    assert healthcheck("/healthz", tmp_path) == 0
    pulse, readiness = Pulse(60), Readiness(())
    server = HealthServer(0, readiness, metrics, pulse, host="127.0.0.1")
    server.start()
    port = server.server_address[1]
    (tmp_path / "health-port").write_text(str(port), encoding="ascii")
    try:
        assert healthcheck("/healthz", tmp_path) == 0
        assert fetch(port, "/metrics")[1].count("penguinmails_build_info{") == 1
        assert fetch(port, "/other")[0] == 404
        assert fetch(port, "/readyz") == (200, json.dumps({"status": "ready", "checks": {}}))
        readiness.drain()
        assert fetch(port, "/readyz")[0] == 503
        assert capsys.readouterr().out == ""
        assert healthcheck("/readyz", tmp_path) == 1
        assert capsys.readouterr().out == "answered HTTP/1.0 503 Service Unavailable\n"
        server.pulse = Pulse(-1)
        assert fetch(port, "/healthz")[0] == 503
        assert healthcheck("/healthz", tmp_path) == 1
    finally:
        server.shutdown()
        server.server_close()
    assert healthcheck("/healthz", tmp_path) == 1
