"""Puts the HTTP application together from its parts; opens no connection."""

from __future__ import annotations

from fastapi import FastAPI

from penguinmails_api import __version__, problems
from penguinmails_api.middleware import Observe
from penguinmails_api.routes import messages, operations
from penguinmails_api.services import Services


def create_app(services: Services, request_maximum_bytes: int = 1_048_576) -> FastAPI:
    """The application over ``services``. A new resource is a module of ``routes`` and a line here."""
    # No interactive pages: they load scripts from elsewhere.
    app = FastAPI(title="PenguinMails", version=__version__, docs_url=None, redoc_url=None)
    app.state.services = services
    app.add_middleware(Observe, metrics=services.metrics, maximum_bytes=request_maximum_bytes)
    problems.install(app)
    app.include_router(operations.router)
    app.include_router(messages.router)
    return app
