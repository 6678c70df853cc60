"""What the programs have in common: logs as JSON lines, settings from variables, and a small server on PORT."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import penguinmails_logs
import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def log_as(role: str) -> None:
    """Sends every logger of the process to standard output; requests of the server are not logged."""
    penguinmails_logs.configure(role, os.environ.get("LOG_LEVEL", "INFO"), quiet=("httpx", "httpcore", "uvicorn"))


def setting(name: str, default: str | None = None) -> str:
    """The variable `name`, or `default`. Raises `SystemExit` with a sentence when there is neither."""
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"{name} is not set")
    return value


def secret(name: str) -> str:
    """The content of the file that `<name>_FILE` names. Raises `SystemExit` when it is not there or empty."""
    path = Path(setting(f"{name}_FILE"))
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SystemExit(f"{name}_FILE: {path} cannot be read ({error.strerror})") from None
    if not value:
        raise SystemExit(f"{name}_FILE: {path} is empty")
    return value


def metrics_page(registry: CollectorRegistry) -> Any:
    """The endpoint of GET /metrics."""

    async def page(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=METRICS_TYPE)

    return page


async def alive(_: Request) -> Response:
    """The endpoint of GET /healthz, for a program that is well as long as it answers."""
    return PlainTextResponse("ok\n")


def serve(app: ASGIApp, grace_seconds: int = 10) -> int:
    """Serves on PORT until SIGTERM; requests under way get `grace_seconds`."""
    config = uvicorn.Config(
        app,
        host="0.0.0.0",
        port=int(setting("PORT")),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=grace_seconds,
        timeout_keep_alive=15,
        limit_concurrency=200,
    )
    uvicorn.Server(config).run()
    return 0
