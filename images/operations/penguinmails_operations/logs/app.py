"""What is asked of the collector: /errors, /security, /releases and /search as JSON, /metrics and /healthz.

It has no login, and answers in a network only that no service is in; the status page stands in front of it for people.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from penguinmails_operations.logs.collector import Collector
from penguinmails_operations.serving import metrics_page

STALL_SECONDS = 90
SEARCH_SECONDS = 15.0
MAXIMUM_LINES = 1000
MAXIMUM_EVENTS = 100
"""The newest of each kind, so that many of one hide none of another."""
_SPAN = re.compile(r"(\d{1,4})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SERVICE = re.compile(r"[a-z0-9-]{0,63}")


class _BadRequest(Exception):
    """A sentence about a parameter."""


def application(collector: Collector) -> Starlette:
    searching = asyncio.Semaphore(1)

    def health(_: Request) -> Response:
        silent = time.monotonic() - collector.last_pass
        if silent > STALL_SECONDS:
            return PlainTextResponse(f"no pass for {silent:.0f} s\n", 503)
        return PlainTextResponse("ok\n")

    def errors(_: Request) -> Response:
        with collector.lock:
            groups = [dict(vars(group)) for group in collector.journal.groups.values()]
        return JSONResponse(sorted(groups, key=lambda group: str(group["last_seen"]), reverse=True))

    def security(_: Request) -> Response:
        with collector.lock:
            events = [{key: value for key, value in vars(event).items() if key != "id"} for event in collector.journal.events]
            totals = dict(collector.journal.totals)
        newest = sorted(events, key=lambda event: str(event["last"]), reverse=True)
        told: Counter[str] = Counter()
        shown = []
        for event in newest:
            told[str(event["kind"])] += 1
            if told[str(event["kind"])] <= MAXIMUM_EVENTS:
                shown.append(event)
        return JSONResponse({"totals": totals, "events": shown})

    def releases(_: Request) -> Response:
        with collector.lock:
            found = [dict(vars(release)) for release in collector.journal.releases.values()]
        return JSONResponse(sorted(found, key=lambda release: str(release["service"])))

    async def search(request: Request) -> Response:
        try:
            asked = _asked(request)
        except _BadRequest as problem:
            return JSONResponse({"title": str(problem), "status": 400}, 400)
        async with searching:
            sizes = dict(collector.sizes)
            found = await asyncio.to_thread(collector.archive.search, sizes, **asked, seconds=SEARCH_SECONDS)
        body = f'{{"complete": {"true" if found.complete else "false"}, "lines": [{", ".join(found.lines)}]}}'
        return Response(body, media_type="application/json")

    return Starlette(
        routes=[
            Route("/healthz", health),
            Route("/metrics", metrics_page(collector.measures.registry)),
            Route("/errors", errors),
            Route("/security", security),
            Route("/releases", releases),
            Route("/search", search),
        ]
    )


def _asked(request: Request) -> dict[str, Any]:
    query = request.query_params
    service = query.get("service", "")
    if not _SERVICE.fullmatch(service):
        raise _BadRequest("service: should be the role of a part such as api")
    try:
        limit = int(query.get("limit", "200"))
    except ValueError:
        raise _BadRequest("limit: should be a whole number") from None
    if not 1 <= limit <= MAXIMUM_LINES:
        raise _BadRequest(f"limit: should be 1 to {MAXIMUM_LINES}")
    return {"service": service, "text": query.get("text", "")[:200], "since": since(query.get("since", "1h")), "limit": limit}


def since(text: str) -> datetime:
    """A time of RFC 3339, or a span such as 90m before now. Raises `_BadRequest`."""
    span = _SPAN.fullmatch(text)
    if span is not None:
        return datetime.now(UTC) - timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _BadRequest("since: should be a time such as 2026-01-31T12:00:00Z, or a span such as 90m or 2d") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
