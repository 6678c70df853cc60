"""What a new copy's first requests would else do, each in turn and with clients waiting: open connections, compile statements.

A copy gets its full share of requests as soon as it is ready, and a connection costs it, with TLS and SCRAM, as much as some
ten requests do. So the API does this before it listens. A database that is away delays the start by one attempt and no more:
readiness says of it what is to be said.
"""

from __future__ import annotations

import logging
import time
import uuid
from contextlib import ExitStack

from sqlalchemy import Engine

from penguinmails_api import messages
from penguinmails_api.db import Sessions

log = logging.getLogger(__name__)


def warm_up(engine: Engine, sessions: Sessions, connections: int) -> bool:
    """Open the pool's ``connections`` and ask once what routes ask; whether all of it worked."""
    began = time.monotonic()
    try:
        with ExitStack() as opened:
            for _ in range(connections):
                opened.enter_context(engine.connect())
        messages.page(sessions, "", None, 1)
        messages.find(sessions, "", uuid.UUID(int=0))
    except Exception as error:  # noqa: BLE001  (a copy starts, whatever is away)
        log.warning("starts without a database", extra={"reason": type(error).__name__})
        return False
    log.info("warmed up", extra={"connections": connections, "milliseconds": round(1000 * (time.monotonic() - began))})
    return True
