"""What the programs have in common: logs as JSON lines, settings from variables, and a small server on PORT."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a record, in the form of the workload's own; `extra` becomes fields."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "role": self._role,
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= {key: value for key, value in vars(record).items() if key not in _STANDARD_FIELDS | entry.keys()}
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-8:]]
            entry["exception"] = {"type": kind.__name__, "text": str(error)[:500], "frames": frames}
        return json.dumps(entry, default=str, ensure_ascii=False)


def log_as(role: str) -> None:
    """Sends every logger of the process to standard output; requests of the server are not logged."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(role))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
    for noisy in ("httpx", "httpcore", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True


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
