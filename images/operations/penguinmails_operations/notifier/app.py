"""Where Alertmanager posts to. It is told to come again (503) when the queue of an address is full."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from penguinmails_operations.notifier.delivery import Delivery
from penguinmails_operations.notifier.message import NotAnAlert, message
from penguinmails_operations.serving import alive, metrics_page

MAXIMUM_BYTES = 1024 * 1024
DRAIN_SECONDS = 8.0


def application(deliveries: Sequence[Delivery], registry: CollectorRegistry, platform: str, page: str) -> Starlette:
    async def alerts(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAXIMUM_BYTES:
                return PlainTextResponse("too large\n", 413)
        try:
            text = message(json.loads(body), platform, page)
        except (NotAnAlert, ValueError) as problem:
            return PlainTextResponse(f"{problem}\n", 400)
        if not all(delivery.has_room for delivery in deliveries):
            return PlainTextResponse("full; come again\n", 503)
        for delivery in deliveries:
            delivery.put(text)
        return PlainTextResponse("accepted\n", 202)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(delivery.run()) for delivery in deliveries]
        yield
        await asyncio.gather(*(delivery.drain(DRAIN_SECONDS) for delivery in deliveries))
        for task in tasks:
            task.cancel()

    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/metrics", metrics_page(registry)),
            Route("/alerts", alerts, methods=["POST"]),
        ],
        lifespan=lifespan,
    )
