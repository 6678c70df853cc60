"""Runs the autoscaler: PORT, SCALING, GATE_URL with GATE_TOKEN_FILE, and PROMETHEUS_URL."""

from __future__ import annotations

import logging
import threading

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from penguinmails_operations.autoscaler import settings
from penguinmails_operations.autoscaler.loop import Loop
from penguinmails_operations.autoscaler.sources import TIMEOUT_SECONDS, Gate, Prometheus
from penguinmails_operations.serving import log_as, metrics_page, secret, serve, setting

ROUND_SECONDS = 3.0
log = logging.getLogger(__name__)


def make_app(loop: Loop) -> Starlette:
    async def alive(_: Request) -> Response:
        return Response(status_code=200 if loop.is_alive() else 503)

    async def decisions(_: Request) -> Response:
        return JSONResponse(loop.decisions())

    routes = [Route("/healthz", alive), Route("/metrics", metrics_page(loop.registry)), Route("/decisions", decisions)]
    return Starlette(routes=routes)


def main() -> int:
    log_as("autoscaler")
    try:
        followed, tuning = settings.followed(), settings.tuning()
    except ValueError as error:
        log.critical("the settings are wrong", extra={"reason": str(error)})
        return 2
    gate = Gate(httpx.Client(base_url=setting("GATE_URL"), timeout=TIMEOUT_SECONDS), secret("GATE_TOKEN"))
    prometheus = Prometheus(httpx.Client(base_url=setting("PROMETHEUS_URL"), timeout=TIMEOUT_SECONDS))
    loop = Loop(followed, tuning, gate, prometheus)
    stop = threading.Event()
    threading.Thread(target=loop.run, args=(stop, ROUND_SECONDS), daemon=True).start()
    try:
        return serve(make_app(loop))
    finally:
        stop.set()
