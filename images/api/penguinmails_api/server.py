"""Runs the API: serve, relay, and leave without dropping a request.

A SIGTERM first makes ``/readyz`` say 503 while everything is still served, so that the edge stops sending; only after
``DRAIN_SECONDS`` is the port closed and what is in flight finished. A second signal skips the waiting.
"""

from __future__ import annotations

import logging
import threading
from types import FrameType

import uvicorn
from fastapi import FastAPI

from penguinmails_api import __version__, logs, runtime
from penguinmails_api.app import create_app
from penguinmails_api.auth import Keys
from penguinmails_api.brokers import make_publisher
from penguinmails_api.db import make_sessions
from penguinmails_api.health import Readiness, database_check
from penguinmails_api.metrics import Metrics
from penguinmails_api.outbox import Relay
from penguinmails_api.proxies import Proxies
from penguinmails_api.services import Services
from penguinmails_api.settings import ApiSettings, load
from penguinmails_api.warm import warm_up

log = logging.getLogger(__name__)

RELAY_STOP_SECONDS = 6.0
"""Longer than a confirm may take, so that a publication in hand is not repeated needlessly."""


KEEP_ALIVE_SECONDS = 75
"""How long a connection without a request stays open: longer than any edge keeps one (60 s), so that the edge closes first. The
other way round it may send a request into a connection that is being closed, and its client reads 502."""


class DrainingServer(uvicorn.Server):
    """uvicorn, except that a signal drains first and that the exit code is 0."""

    def __init__(self, config: uvicorn.Config, readiness: Readiness, drain_seconds: float) -> None:
        super().__init__(config)
        self._readiness = readiness
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  (uvicorn's signature)
        """Replaces uvicorn's handler, which closes the port at once and re-raises the signal at the end."""
        if self._readiness.draining:
            self._close()
            return
        self._readiness.drain()
        timer = threading.Timer(self._drain_seconds, self._close)
        timer.daemon = True
        timer.start()

    def _close(self) -> None:
        self.should_exit = True


def run_api() -> int:
    """The API role."""
    settings = load(ApiSettings)
    logs.configure("api", settings.log_level, runtime.secrets_of(settings))
    engine, check_engine = runtime.engines(settings, size=settings.database_pool_size, overflow=settings.database_pool_overflow)
    metrics = Metrics("api")
    sessions = make_sessions(engine)
    relay = Relay(
        sessions,
        make_publisher(settings),
        settings.queues,
        metrics,
        poll_seconds=settings.relay_poll_seconds,
        batch_size=settings.relay_batch_size,
    )
    # Not the broker: a request is accepted without it, and what is promised waits in the outbox.
    readiness = Readiness((database_check(check_engine),))
    keys = Keys(settings.api_keys, metrics)
    proxies = Proxies(settings.trusted_proxies)
    services = Services(sessions, relay, readiness, metrics, keys, settings.public_url or "", proxies)
    config = _config(create_app(services, settings.request_maximum_bytes), settings)
    runtime.announce_health_port(settings.port)
    log.info("api starts", extra={"version": __version__, "port": settings.port})
    warm_up(engine, sessions, settings.database_pool_size)
    relay.start()
    server = DrainingServer(config, readiness, settings.drain_seconds)
    server.run()
    relay.stop(RELAY_STOP_SECONDS)
    engine.dispose()
    check_engine.dispose()
    log.info("api ended")
    return 0 if server.started else 1


def _config(app: FastAPI, settings: ApiSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host="0.0.0.0",
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
