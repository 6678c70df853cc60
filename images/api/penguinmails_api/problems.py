"""Errors as RFC 9457 problem documents, for every way in which a request can fail."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from penguinmails_api.db import describe, is_outage

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:penguinmails:problem:"
_TITLES = {
    400: ("bad-request", "The request is malformed"),
    404: ("not-found", "There is no such resource"),
    405: ("method-not-allowed", "The resource does not support this method"),
}


class ProblemError(Exception):
    """A failure to be told to the client as it is."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        *,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"type": TYPE_PREFIX + kind, "title": title, "status": status}
        if detail is not None:
            self.body["detail"] = detail
        self.body |= extensions

    def response(self) -> JSONResponse:
        """The problem as an answer."""
        return JSONResponse(self.body, self.status, headers=self.headers, media_type=MEDIA_TYPE)


def not_found() -> ProblemError:
    """404, without saying whether the resource belongs to somebody else."""
    return ProblemError(404, *_TITLES[404])


def unavailable() -> ProblemError:
    """503 while the database is away or every connection is taken."""
    return ProblemError(503, "unavailable", "The service cannot store anything right now", headers={"Retry-After": "1"})


def _validation(error: RequestValidationError) -> ProblemError:
    """422 with the place and the reason of each fault, never the value: it may be somebody's mail."""
    faults = [
        {"at": "/".join(str(part) for part in fault["loc"]), "reason": fault["msg"].removeprefix("Value error, ")}
        for fault in error.errors()
    ]
    return ProblemError(422, "invalid", "The request is not valid", errors=faults)


def install(app: FastAPI) -> None:
    """Answer every failure of ``app`` with a problem document."""

    async def problem(_: Request, error: Exception) -> JSONResponse:
        return cast("ProblemError", error).response()

    async def validation(_: Request, error: Exception) -> JSONResponse:
        return _validation(cast("RequestValidationError", error)).response()

    async def http(_: Request, error: Exception) -> JSONResponse:
        error = cast("HTTPException", error)
        kind, title = _TITLES.get(error.status_code, ("http", str(error.detail)))
        return ProblemError(error.status_code, kind, title, headers=error.headers).response()

    async def database(_: Request, error: Exception) -> JSONResponse:
        if is_outage(error):
            log.warning("request failed for the database", extra={"reason": describe(error)})
            return unavailable().response()
        return await unexpected(_, error)

    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        log.error("request failed", exc_info=error)
        return ProblemError(500, "internal", "The request failed for a reason of ours").response()

    app.add_exception_handler(ProblemError, problem)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(SQLAlchemyError, database)
    app.add_exception_handler(Exception, unexpected)
