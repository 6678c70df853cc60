"""What routes may use, made once at the start and reached through the application's state."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from penguinmails_api.auth import Keys
from penguinmails_api.db import Sessions
from penguinmails_api.health import Readiness
from penguinmails_api.metrics import Metrics
from penguinmails_api.outbox import Relay
from penguinmails_api.proxies import Proxies


@dataclass(frozen=True)
class Services:
    """The API's parts."""

    sessions: Sessions
    relay: Relay
    readiness: Readiness
    metrics: Metrics
    keys: Keys
    public_url: str = ""
    proxies: Proxies = field(default_factory=Proxies)


def services_of(request: Request) -> Services:
    """The parts behind a request."""
    services: Services = request.app.state.services
    return services
