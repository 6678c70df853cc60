"""The transactional outbox: a message and the promise to publish it are one commit; the relay keeps the promise.

The relay runs in the API process, not in the worker: workers may be scaled to none while their queue is empty, and an
outbox that only they relay would then never fill the queue again. It also wakes at once after a commit here. Several
replicas share the work, because each claims rows that nobody else holds. Publishing is at least once: a crash between
the broker's confirm and the commit publishes again, and the worker is idempotent.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from penguinmails_api.broker import BrokerUnavailableError, Publisher, UnroutableError
from penguinmails_api.db import Sessions, describe, is_outage
from penguinmails_api.dialects import claim
from penguinmails_api.health import Pulse
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import OutboxEntry, aware

log = logging.getLogger(__name__)

OUTBOUND = "outbound"
"""Neutral name of the queue of messages to be delivered."""
BACKOFF_FIRST_SECONDS = 0.5
BACKOFF_MAXIMUM_SECONDS = 5.0
REMIND_FAILURES = 60
"""A failure that lasts is logged again after this many attempts, 5 min at the longest backoff."""
MEASURE_SECONDS = 5.0
STUCK_SECONDS = 120.0


def enqueue(session: Session, message_id: uuid.UUID, queue: str = OUTBOUND) -> None:
    """Promise, in the caller's transaction, to publish ``message_id``."""
    session.add(OutboxEntry(queue=queue, message_id=message_id, payload={"version": 1, "message_id": str(message_id)}))


def backoff_seconds(failures: int) -> float:
    """How long to wait after the ``failures``-th failure in a row."""
    return min(BACKOFF_FIRST_SECONDS * 2.0 ** min(failures - 1, 16), BACKOFF_MAXIMUM_SECONDS)


class Relay:
    """Publishes the outbox until it is stopped, through every outage of broker and database."""

    def __init__(
        self,
        sessions: Sessions,
        publisher: Publisher,
        queues: Mapping[str, str],
        metrics: Metrics,
        *,
        poll_seconds: float = 0.5,
        batch_size: int = 50,
    ) -> None:
        self._sessions = sessions
        self._publisher = publisher
        self._queues = dict(queues)
        self._metrics = metrics
        self._poll_seconds = poll_seconds
        self._batch_size = batch_size
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._measured_at = float("-inf")
        self._failures = 0
        self._missing: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.pulse = Pulse(STUCK_SECONDS)

    def start(self) -> None:
        """Begin, on a thread of its own."""
        self._thread.start()

    def wake(self) -> None:
        """Something was committed: look now instead of at the next poll."""
        self._wake.set()

    def stop(self, timeout_seconds: float) -> None:
        """Finish the batch in hand and end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.pulse.beat()
            pause = self.turn()
            if self._failures:
                self._stopping.wait(pause)
            elif pause:
                self._wake.wait(pause)
            self._wake.clear()
        self._publisher.close()

    def turn(self) -> float:
        """One round over all queues; returns how many seconds to wait before the next."""
        try:
            self._publisher.keepalive()
            full = [self._publish_queue(queue) >= self._batch_size for queue in self._queues]
            self._measure()
        except Exception as error:  # noqa: BLE001  (the relay must outlive every failure)
            return self._failed(error)
        if self._failures:
            log.info("relay works again", extra={"failures": self._failures})
        self._failures = 0
        return 0.0 if any(full) else self._poll_seconds

    def _failed(self, error: Exception) -> float:
        """Say so once an outage, not once an attempt."""
        self._failures += 1
        if not isinstance(error, BrokerUnavailableError) and not is_outage(error):
            if self._failures % REMIND_FAILURES == 1:
                log.error("relay failed", exc_info=error)
        elif self._failures == 1:
            log.warning("relay waits for broker or database", extra={"reason": describe(error)})
        return backoff_seconds(self._failures)

    def _publish_queue(self, queue: str) -> int:
        """Publish one batch of one queue; returns its size. A queue that is not there does not hold up the others."""
        try:
            size = self.publish_batch(queue)
        except UnroutableError:
            if queue not in self._missing:
                self._missing.add(queue)
                log.error(  # noqa: TRY400  (a trace would say nothing)
                    "a queue is missing at the broker", extra={"queue": queue, "physical_name": self._queues[queue]}
                )
            return 0
        if queue in self._missing and size:
            self._missing.discard(queue)
            log.info("the queue is there again", extra={"queue": queue})
        return size

    def publish_batch(self, queue: str) -> int:
        """Claim, publish and delete up to a batch; what was confirmed before an error stays deleted."""
        confirmed: list[int] = []
        failure: Exception | None = None
        with self._sessions.begin() as session:
            statement = select(OutboxEntry).where(OutboxEntry.queue == queue).order_by(OutboxEntry.id)
            statement = claim(statement.limit(self._batch_size), session.get_bind().dialect.name)
            for entry in session.scalars(statement):
                try:
                    self._publish(queue, entry)
                except (BrokerUnavailableError, UnroutableError) as error:
                    failure = error
                    break
                confirmed.append(entry.id)
            self._delete(session, confirmed)
        if failure is not None:
            raise failure
        return len(confirmed)

    def _publish(self, queue: str, entry: OutboxEntry) -> None:
        self.pulse.beat()
        self._metrics.published.labels(queue).inc()
        self._publisher.publish(self._queues[queue], json.dumps(entry.payload).encode(), str(entry.message_id))
        self._metrics.confirmed.labels(queue).inc()

    @staticmethod
    def _delete(session: Session, identifiers: Collection[int]) -> None:
        if identifiers:
            session.execute(delete(OutboxEntry).where(OutboxEntry.id.in_(identifiers)))

    def _measure(self) -> None:
        """Depth and age for Prometheus, now and then."""
        if time.monotonic() - self._measured_at < MEASURE_SECONDS:
            return
        self._measured_at = time.monotonic()
        with self._sessions.begin() as session:
            depth = session.scalar(select(func.count()).select_from(OutboxEntry)) or 0
            oldest = session.scalar(select(OutboxEntry.created_at).order_by(OutboxEntry.id).limit(1))
        self._metrics.set_outbox(depth, aware(oldest).timestamp() if oldest is not None else None)
