"""Parts for the workload's tests: a database in memory, a broker that can be told to fail, an application around them."""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from penguinmails_api.app import create_app
from penguinmails_api.auth import Keys
from penguinmails_api.broker import BrokerUnavailableError, Delivery
from penguinmails_api.db import Sessions, make_sessions
from penguinmails_api.health import Check, Readiness
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Base
from penguinmails_api.outbox import Relay
from penguinmails_api.services import Services
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

with warnings.catch_warnings():
    # The framework would rather have another client than the one that it works with.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

KEY = "bootstrap-key-for-tests"
KEY_BEFORE = "the-key-before-that-still-works"
QUEUES = {"outbound": "pm-test-outbound"}


@dataclass
class FakePublisher:
    """Confirms, or fails from the ``fail_after``-th publication on."""

    published: list[tuple[str, bytes, str]] = field(default_factory=list)
    fail_after: int | None = None
    error: Exception = field(default_factory=lambda: BrokerUnavailableError("away"))

    def keepalive(self) -> None:
        """Nothing to keep."""

    def publish(self, queue: str, body: bytes, message_id: str) -> None:
        """Record or fail."""
        if self.fail_after is not None and len(self.published) >= self.fail_after:
            raise self.error
        self.published.append((queue, body, message_id))

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class FakeConsumer:
    """Gives what it was given and remembers how each delivery was settled."""

    waiting: deque[Delivery] = field(default_factory=deque)
    settled: list[str] = field(default_factory=list)
    kept_alive: int = 0
    stopped: bool = False

    def delivery(self, body: bytes, attempt: int = 1) -> Delivery:
        """A delivery of this consumer."""

        def settle(how: str) -> Any:
            return lambda: self.settled.append(how)

        return Delivery(body, attempt, settle("ack"), settle("reject"), settle("requeue"))

    def open(self) -> None:
        """Always works."""

    def receive(self, timeout_seconds: float) -> Delivery | None:
        """The next, if any."""
        return self.waiting.popleft() if self.waiting else None

    def keepalive(self) -> None:
        """Counted."""
        self.kept_alive += 1

    def stop(self) -> None:
        """Remembered."""
        self.stopped = True

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the developer's shell reaches a setting."""
    for name in tuple(os.environ):
        if name.startswith(
            ("DATABASE_", "BROKER_", "API_KEY", "QUEUES", "PORT", "HEALTH_PORT", "SMTP_", "LOG_LEVEL", "PUBLIC_")
        ):
            monkeypatch.delenv(name)


@pytest.fixture
def engine() -> Iterator[Engine]:
    """SQLite in memory: one connection, seen from every thread."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return make_sessions(engine)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("test")


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def consumer() -> FakeConsumer:
    return FakeConsumer()


@pytest.fixture
def relay(sessions: Sessions, publisher: FakePublisher, metrics: Metrics) -> Relay:
    return Relay(sessions, publisher, QUEUES, metrics, batch_size=10)


@pytest.fixture
def readiness() -> Readiness:
    return Readiness((Check(("database", "schema"), lambda: {"database": None, "schema": None}),))


@pytest.fixture
def app(sessions: Sessions, relay: Relay, readiness: Readiness, metrics: Metrics) -> FastAPI:
    services = Services(sessions, relay, readiness, metrics, Keys([KEY, KEY_BEFORE], metrics), "https://api.example.com")
    return create_app(services, request_maximum_bytes=4096)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client


@pytest.fixture
def body() -> dict[str, Any]:
    return {"to": ["ann@example.com"], "from": "bob@example.org", "subject": "Hello", "text": "Hi Ann"}
