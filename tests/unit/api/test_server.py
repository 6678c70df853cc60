"""The API's process as a whole: what it serves with, and what it counts as ready."""

from __future__ import annotations

from typing import Any

import pytest
import uvicorn
from penguinmails_api import logs, runtime, server
from penguinmails_api.health import Readiness

from components.aws.entry import IDLE_SECONDS
from components.docker.haproxy_settings import EdgeSettings

ENVIRONMENT = {
    "DATABASE_URL": "postgresql://app:pw@127.0.0.1:9/penguinmails?sslmode=verify-full",
    "BROKER_URL": "amqps://user:pw@127.0.0.1:9/penguinmails",
    "QUEUES": '{"outbound": "pm-outbound"}',
    "API_KEY": "bootstrap-key-for-tests",
}


class Served:
    """In the place of a server: remembers what it was made of, and has served."""

    started = True
    made: list[tuple[uvicorn.Config, Readiness]]

    def __init__(self, config: uvicorn.Config, readiness: Readiness, drain_seconds: float) -> None:
        self.made.append((config, readiness))

    def run(self) -> None:
        """Nobody asks."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> tuple[uvicorn.Config, Readiness]:
    """What the API serves with, while neither its database nor its broker is there."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    nothing: Any = lambda *_: None  # noqa: E731
    monkeypatch.setattr(logs, "configure", nothing)
    monkeypatch.setattr(runtime, "announce_health_port", nothing)
    monkeypatch.setattr(Served, "made", [], raising=False)
    monkeypatch.setattr(server, "DrainingServer", Served)
    assert server.run_api() == 0
    [made] = Served.made
    return made


def test_an_edge_closes_idle_connections_before_the_api_does(served: tuple[uvicorn.Config, Readiness]) -> None:
    """HAProxy keeps none at all (`http-server-close`), and waits for an answer so long."""
    config, _ = served
    assert config.timeout_keep_alive > max(IDLE_SECONDS, EdgeSettings.response_timeout_seconds)


def test_a_request_needs_the_database_and_no_broker(served: tuple[uvicorn.Config, Readiness]) -> None:
    _, readiness = served
    ready, report = readiness.report()
    assert not ready
    assert set(report["checks"]) == {"database", "schema"}
