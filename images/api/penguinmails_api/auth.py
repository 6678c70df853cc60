"""Who is asking.

Today one bootstrap key that the platform supplies, and beside it the one before while it is replaced; keys per client will
live in the database and come out of ``Keys`` the same way, so routes depend on ``Client`` only.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from penguinmails_api.metrics import Metrics
from penguinmails_api.problems import ProblemError
from penguinmails_api.proxies import Proxies

log = logging.getLogger(__name__)

BOOTSTRAP_CLIENT = "bootstrap"


@dataclass(frozen=True)
class Client:
    """The authenticated caller; owns what it creates."""

    id: str


class Keys:
    """Checks keys in constant time: digests are compared, so neither content nor length shows in the time taken."""

    def __init__(self, bootstrap_keys: Sequence[str], metrics: Metrics) -> None:
        self._digests = [_digest(key) for key in bootstrap_keys]
        self._metrics = metrics

    def client(self, presented: str | None) -> Client | None:
        """The client of a key, or None."""
        digest = _digest(presented or "")
        # All of them, so that the time says nothing of which one it was.
        if presented and sum(hmac.compare_digest(digest, known) for known in self._digests):
            return Client(BOOTSTRAP_CLIENT)
        return None

    def refusal(self, presented: str | None, address: str) -> ProblemError:
        """Counts and logs who was not let in; the 401 does not say more than that."""
        reason = "wrong" if presented else "missing"
        self._metrics.auth_failures.labels(reason).inc()
        log.warning("authentication failed", extra={"reason": reason, "client_address": address})
        return ProblemError(
            401,
            "unauthorized",
            "A valid API key is required",
            headers={"WWW-Authenticate": 'Bearer realm="penguinmails"'},
        )


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def presented_key(request: Request) -> str | None:
    """The key in ``Authorization: Bearer`` or ``X-API-Key``."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return request.headers.get("x-api-key") or None


async def _authenticate(request: Request) -> Client:
    keys: Keys = request.app.state.services.keys
    proxies: Proxies = request.app.state.services.proxies
    presented = presented_key(request)
    client = keys.client(presented)
    if client is None:
        raise keys.refusal(presented, await proxies.client(request))
    return client


Authenticated = Annotated[Client, Depends(_authenticate)]
