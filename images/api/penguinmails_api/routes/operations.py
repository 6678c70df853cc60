"""What the platform asks: liveness, readiness, metrics. Without a key; the edge does not publish them."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from penguinmails_api.metrics import CONTENT_TYPE
from penguinmails_api.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz(request: Request) -> JSONResponse:
    """Whether this process works: it answers, and its relay is not stuck."""
    stuck = services_of(request).relay.pulse.stuck
    return JSONResponse({"status": "stuck" if stuck else "ok"}, 503 if stuck else 200)


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Whether a request would succeed now. On asyncio's own threads: those of the routes may all be busy."""
    ready, report = await asyncio.to_thread(services_of(request).readiness.report)
    return JSONResponse(report, 200 if ready else 503, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus."""
    return Response(services_of(request).metrics.render(), headers={"Content-Type": CONTENT_TYPE})
