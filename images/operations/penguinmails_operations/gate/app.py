"""The gate's HTTP side: figures for everybody inside the platform, changes for who has the token."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from penguinmails_operations.gate import rules
from penguinmails_operations.gate.engine import Conflict, Engine, EngineAway
from penguinmails_operations.gate.watch import Watch
from penguinmails_operations.serving import metrics_page

log = logging.getLogger(__name__)
ATTEMPTS = 3
"""Tries of one change when others change the service meanwhile; each reads and judges it anew."""
_LARGEST_BODY = 200
_WRONG_BODY = 'give {"replicas": a number} and nothing else'


class Wanted(BaseModel):
    """How many copies."""

    model_config = ConfigDict(strict=True, extra="forbid")
    replicas: int = Field(ge=1, le=100)


class Gate:
    """The endpoints. `token` is asked of who changes something."""

    def __init__(self, engine: Engine, watch: Watch, token: str, clock: Callable[[], datetime]) -> None:
        self._engine, self._watch, self._token, self._clock = engine, watch, token, clock

    async def alive(self, _: Request) -> Response:
        """503 once the engine has not been read for a while: then this container is of no use."""
        return Response(status_code=200 if self._watch.is_fresh() else 503)

    async def services(self, _: Request) -> Response:
        snapshot = await run_in_threadpool(self._watch.look)
        told = [rules.entry(one, snapshot.services, snapshot.tasks, self._clock()) for one in snapshot.services]
        return JSONResponse(sorted(told, key=lambda entry: str(entry["service"])))

    async def containers(self, _: Request) -> Response:
        snapshot = await run_in_threadpool(self._watch.look)
        return JSONResponse(rules.containers(snapshot.services, snapshot.tasks))

    async def replicas(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            client = request.client.host if request.client else "unknown"
            log.warning("authentication failed", extra={"reason": "wrong" if given else "missing", "client_address": client})
            raise HTTPException(401, "the token is missing or wrong")
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                raise HTTPException(413, _WRONG_BODY)
        try:
            wanted = Wanted.model_validate_json(body)
        except ValidationError:
            raise HTTPException(422, _WRONG_BODY) from None
        role = request.path_params["role"]
        return JSONResponse(await run_in_threadpool(change, self._engine, role, wanted.replicas, self._clock))


def make_app(engine: Engine, watch: Watch, token: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Starlette:
    gate = Gate(engine, watch, token, clock)
    registry = CollectorRegistry()
    registry.register(watch)
    return Starlette(
        routes=[
            Route("/healthz", gate.alive),
            Route("/metrics", metrics_page(registry)),
            Route("/services", gate.services),
            Route("/containers", gate.containers),
            Route("/services/{role}/replicas", gate.replicas, methods=["PUT"]),
        ],
        exception_handlers={HTTPException: _told, EngineAway: _away},
    )


def change(engine: Engine, role: str, wanted: int, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Sets the number of copies of a service. Raises `HTTPException` with the reason when it may not be set."""
    for _ in range(ATTEMPTS):
        services = engine.services()
        refused = rules.refusal(services, role, wanted, clock())
        if refused is not None:
            log.warning("a change was refused", extra={"service": role, "replicas": wanted, "reason": refused.sentence})
            raise HTTPException(refused.status, refused.sentence)
        found = next(one for one in services if one.role == role)
        if found.replicas == wanted:
            return {"service": role, "replicas": wanted, "before": wanted}
        try:
            engine.send(found, rules.with_replicas(found.spec, wanted))
        except Conflict:
            continue
        log.info("the number of copies was changed", extra={"service": role, "before": found.replicas, "replicas": wanted})
        return {"service": role, "replicas": wanted, "before": found.replicas}
    raise HTTPException(409, f"{role}: others keep changing it; ask again")


def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, status_code=error.status_code)


def _away(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, status_code=503)
