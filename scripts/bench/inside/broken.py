"""The workload's API with a fault of its own, for releases that are to go back. Entry point of an image made for a measurement.

BENCH_FAULT: `crash` (ends at once), `unhealthy` (answers, but its health checks fail) or `slow` (answers wait BENCH_SLOW_MS).
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

FAULT = os.environ["BENCH_FAULT"]
HEALTH = ("/healthz", "/readyz")

if FAULT == "crash":
    sys.exit(2)

from starlette.applications import Starlette  # noqa: E402 a crash needs none of it

Message = MutableMapping[str, Any]
_answer = Starlette.__call__


async def _broken(
    app: Starlette, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] != "http":
        await _answer(app, scope, receive, send)
    elif scope["path"] not in HEALTH:
        if FAULT == "slow":
            await asyncio.sleep(float(os.environ["BENCH_SLOW_MS"]) / 1000)
        await _answer(app, scope, receive, send)
    elif FAULT == "unhealthy":
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})
    else:
        await _answer(app, scope, receive, send)


Starlette.__call__ = _broken  # type: ignore[assignment, method-assign]
runpy.run_module("penguinmails_api", run_name="__main__")
