"""Every few seconds: is there a certificate, is it time for another, and was there a failure that is waited after?"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from prometheus_client import CollectorRegistry

from penguinmails_operations.acme import schedule
from penguinmails_operations.acme.authority import Issued, NotIssued, Suggestion, Tokens
from penguinmails_operations.acme.chain import Chain, NotSound
from penguinmails_operations.acme.measures import Measures
from penguinmails_operations.acme.settings import Settings
from penguinmails_operations.acme.store import Store

log = logging.getLogger(__name__)
ALIVE_SECONDS = 600.0
"""An attempt waits for the authority, some minutes at the most."""


class Asked(Protocol):
    """What `authority.Authority` does."""

    def obtain(self, domain: str, email: str, former_email: str, tokens: Tokens) -> Issued: ...

    def suggestion(self, chain: Chain) -> Suggestion: ...


class Loop:
    """`edge_answers`: whether what is put to the tokens can be got through the edge; `clock`: the present, in UTC."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        authority: Asked,
        tokens: Tokens,
        edge_answers: Callable[[], bool],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings, self._store, self._authority, self._tokens = settings, store, authority, tokens
        self._edge_answers, self._clock = edge_answers, clock
        self._memory = store.memory()
        self._failures = 0
        self._not_before = self._when_started()
        self._suggestion: Suggestion | None = None
        self._suggested_for = ""
        self._waits_for_edge = False
        self._ticked = time.monotonic()
        self.registry = CollectorRegistry()
        self._measures = Measures(self.registry)
        self._measures.succeeded(self._memory.succeeded)

    def run(self, stop: threading.Event, seconds: float) -> None:
        while not stop.is_set():
            try:
                self.tick()
            except Exception:
                log.exception("a round failed")
            stop.wait(seconds)

    def is_alive(self) -> bool:
        return time.monotonic() - self._ticked < ALIVE_SECONDS

    def tick(self) -> None:
        """One round."""
        self._ticked = time.monotonic()
        chain = self._store.served()
        due = self._due(chain)
        self._measures.look(chain, due)
        now = self._clock()
        if now >= due and now >= self._not_before and self._edge_is_there():
            self._attempt(chain)
        self._ticked = time.monotonic()

    def _when_started(self) -> datetime:
        """A program that ends again and again asks no more often than after one failure; who starts it anew waits no longer."""
        attempted = datetime.fromtimestamp(self._memory.attempted, UTC)
        if self._memory.attempted <= self._memory.succeeded or attempted > self._clock():
            return datetime.fromtimestamp(0, UTC)
        return attempted + schedule.pause(1, self._settings.first_pause_seconds)

    def _due(self, chain: Chain | None) -> datetime:
        if chain is None or (self._memory.issued, self._memory.directory) != (chain.fingerprint, self._settings.directory_url):
            return datetime.fromtimestamp(0, UTC)
        if self._suggestion is None or self._suggested_for != chain.fingerprint or self._clock() >= self._suggestion.ask_again:
            self._suggestion, self._suggested_for = self._authority.suggestion(chain), chain.fingerprint
        succeeded = datetime.fromtimestamp(self._memory.succeeded, UTC)
        due = schedule.due(chain.begins, chain.ends, self._suggestion.renew)
        return max(due, schedule.soonest(succeeded, chain.begins, chain.ends))

    def _edge_is_there(self) -> bool:
        """The authority counts failures, so it is not asked before its question would reach this program."""
        there = self._edge_answers()
        if not there and not self._waits_for_edge:
            log.warning("the edge does not bring challenges here yet; the authority is asked when it does")
        self._waits_for_edge = not there
        return there

    def _attempt(self, former: Chain | None) -> None:
        settings = self._settings
        self._memory = replace(self._memory, attempted=self._clock().timestamp())
        self._store.remember(self._memory)
        log.info("a certificate is asked for", extra={"domain": settings.domain, "directory": settings.directory_url})
        try:
            issued = self._authority.obtain(settings.domain, settings.email, self._memory.contact, self._tokens)
            chain = self._store.hand_over(issued.chain_pem, issued.key_pem)
        except (NotIssued, NotSound) as error:
            self._failed(str(error), limited=isinstance(error, NotIssued) and error.limited)
            return
        now = self._clock()
        self._failures, self._not_before = 0, now
        self._memory = replace(
            self._memory,
            succeeded=now.timestamp(),
            contact=settings.email,
            issued=chain.fingerprint,
            directory=settings.directory_url,
        )
        self._store.remember(self._memory)
        self._measures.issued(now.timestamp())
        self._measures.look(chain, self._due(chain))
        log.info(
            "a certificate was handed over to the edge",
            extra={"domain": settings.domain, "ends": chain.ends.isoformat(), "first": former is None},
        )

    def _failed(self, reason: str, *, limited: bool) -> None:
        self._failures += 1
        wait = schedule.pause(self._failures, self._settings.first_pause_seconds, limited=limited)
        self._not_before = self._clock() + wait
        self._measures.failed(self._failures)
        fields = {"reason": reason, "failures": self._failures, "again_in_seconds": round(wait.total_seconds())}
        log.error("no certificate was given", extra=fields)
