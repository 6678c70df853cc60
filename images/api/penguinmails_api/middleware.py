"""Measures and bounds every request.

Plain ASGI rather than the framework's middleware class, which would copy every body through a queue.
"""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from penguinmails_api.metrics import Metrics
from penguinmails_api.problems import ProblemError

log = logging.getLogger(__name__)

UNMATCHED = "unmatched"
"""Route label of paths that nothing serves: the paths themselves would be unbounded labels."""
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _too_large() -> ProblemError:
    return ProblemError(413, "too-large", "The request is too large")


class Observe:
    """Duration by route template, method and status; one log line a request; no body beyond the limit."""

    def __init__(self, app: ASGIApp, metrics: Metrics, maximum_bytes: int) -> None:
        self._app = app
        self._metrics = metrics
        self._maximum_bytes = maximum_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._bounded(scope, receive, observed_send)
        finally:
            self._record(scope, status, time.perf_counter() - started)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._maximum_bytes:
            await _too_large().response()(scope, receive, send)
            return
        received, started = 0, False

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._maximum_bytes:
                raise _too_large()
            return message

        async def guarded_send(message: Message) -> None:
            nonlocal started
            # The framework makes a 400 of whatever fails while it reads a body: that answer is dropped for the true one.
            if received > self._maximum_bytes and not started:
                return
            started = True
            await send(message)

        await self._app(scope, counted_receive, guarded_send)
        if received > self._maximum_bytes and not started:
            await _too_large().response()(scope, receive, send)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNMATCHED)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.requests.labels(method, route, str(status)).observe(seconds)
        log.log(
            logging.DEBUG if scope["path"] in PROBES else logging.INFO,
            "request",
            extra={"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)},
        )
