"""Liveness and readiness.

Liveness asks whether this process still does its work and nothing else: a database outage must not make the platform
kill every container. Readiness asks whether a request would succeed now. Its checks run on threads of their own, are
bounded and cached: a prober can neither hang nor multiply the load on a database that is already slow.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from penguinmails_api.broker import BrokerUnavailableError
from penguinmails_api.schema import REQUIRED_REVISION, is_sufficient

CHECK_TIMEOUT_SECONDS = 1.5
CACHE_SECONDS = 1.0
Parts = Mapping[str, str | None]
"""Name of a part to what is wrong with it, None when it is well."""


class Pulse:
    """Shows that a loop still turns: the loop beats, liveness looks how long ago."""

    def __init__(self, stuck_seconds: float) -> None:
        self._stuck_seconds = stuck_seconds
        self._last = time.monotonic()

    def beat(self) -> None:
        """The loop has come round."""
        self._last = time.monotonic()

    @property
    def stuck(self) -> bool:
        """Whether the loop has been silent for too long."""
        return time.monotonic() - self._last > self._stuck_seconds


class Check:
    """One bounded question. A run that hangs is left behind and not started a second time until it ends."""

    def __init__(self, names: tuple[str, ...], ask: Callable[[], Parts]) -> None:
        self._names = names
        self._ask = ask
        self._done = threading.Event()
        self._done.set()
        self._parts: Parts = {}

    def start(self) -> None:
        """Begin asking, unless an earlier run still waits for its answer."""
        if self._done.is_set():
            self._done.clear()
            threading.Thread(target=self._run, name=f"check-{self._names[0]}", daemon=True).start()

    def _run(self) -> None:
        try:
            self._parts = self._ask()
        except Exception as error:  # noqa: BLE001  (whatever it is, the part is not well)
            self._parts = dict.fromkeys(self._names, f"failed ({type(error).__name__})")
        finally:
            self._done.set()

    def result(self, timeout_seconds: float) -> Parts:
        """The answer, or that there was none in time."""
        if not self._done.wait(max(0.0, timeout_seconds)):
            return dict.fromkeys(self._names, "no answer in time")
        return self._parts


class Readiness:
    """All checks of a process, and whether it is being stopped."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._cached: Parts = {}
        self._cached_at = float("-inf")
        self._draining = threading.Event()

    def drain(self) -> None:
        """From now on not ready: the edge shall send new requests elsewhere."""
        self._draining.set()

    @property
    def draining(self) -> bool:
        """Whether the process is being stopped."""
        return self._draining.is_set()

    def report(self) -> tuple[bool, dict[str, Any]]:
        """Ready or not, and the parts as they are shown to a prober. Takes less than 2 s."""
        if self.draining:
            return False, {"status": "draining", "checks": {}}
        with self._lock:
            if time.monotonic() - self._cached_at >= CACHE_SECONDS:
                self._cached = self._ask_all()
                self._cached_at = time.monotonic()
            parts = dict(self._cached)
        ready = not any(parts.values())
        shown = {name: {"ok": wrong is None, **({"reason": wrong} if wrong else {})} for name, wrong in parts.items()}
        return ready, {"status": "ready" if ready else "unavailable", "checks": shown}

    def _ask_all(self) -> Parts:
        deadline = time.monotonic() + CHECK_TIMEOUT_SECONDS
        for check in self._checks:
            check.start()
        parts: dict[str, str | None] = {}
        for check in self._checks:
            parts |= check.result(deadline - time.monotonic())
        return parts


def database_check(engine: Engine) -> Check:
    """Whether the database answers and its schema is new enough. ``engine`` is the check's own: a pool that requests
    have emptied means load, and taking the replica away would only give the load to the others."""

    def ask() -> Parts:
        try:
            with engine.connect() as connection:
                revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        except ProgrammingError:
            return {"database": None, "schema": "not migrated yet"}
        except SQLAlchemyError:
            return {"database": "does not answer", "schema": "unknown"}
        if is_sufficient(revision):
            return {"database": None, "schema": None}
        return {"database": None, "schema": f"at {revision}, this code needs {REQUIRED_REVISION}"}

    return Check(("database", "schema"), ask)


def broker_check(ping: Callable[[], None]) -> Check:
    """Whether the broker answers ``ping``."""

    def ask() -> Parts:
        try:
            ping()
        except BrokerUnavailableError:
            return {"broker": "does not answer"}
        return {"broker": None}

    return Check(("broker",), ask)
