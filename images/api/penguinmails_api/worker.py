"""The worker: takes messages from the queue and hands them over, each once however often it is delivered.

What goes wrong decides what happens to a delivery:
- unreadable or unknown: rejected at once, to the dead-letter queue, because no repetition can help;
- the database is away: kept in hand and tried again here, so that an outage does not use up the queue's delivery limit;
- the transport says "not now", or a bug: given back after a growing delay, which the broker keeps where it can, and
  dead-lettered by the queue's limit;
- the transport says "never": the message is marked failed and the delivery acknowledged.
"""

from __future__ import annotations

import heapq
import itertools
import json
import logging
import threading
import time
import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from penguinmails_api import bounces
from penguinmails_api.broker import BrokerUnavailableError, Consumer, Delivery
from penguinmails_api.db import Sessions, describe, is_outage
from penguinmails_api.health import Pulse
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Message, MessageEvent, Status, aware, now
from penguinmails_api.outbox import backoff_seconds
from penguinmails_api.transport import Letter, PermanentFailureError, Transport

log = logging.getLogger(__name__)

RECEIVE_SECONDS = 0.5
"""How long one look at the queue lasts: also how soon a stop is noticed."""


class PoisonError(Exception):
    """A delivery that can never be processed."""


@dataclass(order=True)
class _Deferred:
    """A delivery that goes back to the queue when its time has come."""

    due: float
    order: int
    delivery: Delivery = field(compare=False)


def parse(body: bytes) -> uuid.UUID:
    """The message that a delivery names."""
    try:
        payload = json.loads(body)
        return uuid.UUID(payload["message_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise PoisonError("unreadable") from None


class Worker:
    """Consumes until it is stopped, through every outage of broker and database."""

    def __init__(
        self,
        sessions: Sessions,
        consumer: Consumer,
        transport: Transport,
        metrics: Metrics,
        pulse: Pulse,
        *,
        drain_seconds: float,
        retry_maximum_seconds: float = 30.0,
    ) -> None:
        self._sessions = sessions
        self._consumer = consumer
        self._transport = transport
        self._metrics = metrics
        self._pulse = pulse
        self._drain_seconds = drain_seconds
        self._retry_maximum_seconds = retry_maximum_seconds
        self._stopping = threading.Event()
        self._connected = threading.Event()
        self._deferred: list[_Deferred] = []
        self._order = itertools.count()

    def stop(self) -> None:
        """Finish what is in hand and end; safe in a signal handler."""
        self._stopping.set()

    def ping(self) -> None:
        """For readiness: whether the queue is being consumed. Heartbeats keep this honest."""
        if not self._connected.is_set():
            raise BrokerUnavailableError("not consuming")

    def run(self) -> None:
        """Consume until stopped."""
        failures = 0
        while not self._stopping.is_set():
            self._pulse.beat()
            try:
                self._consumer.open()
                log.info("consuming")
                failures = 0
                self._connected.set()
                self._consume()
            except BrokerUnavailableError as error:
                failures += 1
                if failures == 1:
                    log.warning("worker waits for the broker", extra={"reason": str(error)})
                self._connected.clear()
                self._deferred.clear()
                self._stopping.wait(backoff_seconds(failures))
        self._connected.clear()
        self._consumer.close()

    def _consume(self) -> None:
        while not self._stopping.is_set():
            self._pulse.beat()
            self._give_back(time.monotonic())
            delivery = self._consumer.receive(RECEIVE_SECONDS)
            if delivery is not None:
                self.handle(delivery)
        self._finish()

    def _finish(self) -> None:
        """Settle what has already arrived, as long as there is time; the broker takes the rest back by itself."""
        deadline = time.monotonic() + self._drain_seconds
        self._consumer.stop()
        while time.monotonic() < deadline:
            delivery = self._consumer.receive(0)
            if delivery is None:
                break
            self.handle(delivery)
        self._give_back(float("inf"))

    def handle(self, delivery: Delivery) -> None:
        """Process one delivery and settle it. BrokerUnavailableError if it could not be settled: it then comes again."""
        try:
            outcome = self._process_through_outages(delivery.body)
        except PoisonError as poison:
            log.error(  # noqa: TRY400  (a trace would say nothing)
                "delivery rejected", extra={"reason": str(poison), "attempt": delivery.attempt}
            )
            self._metrics.deliveries.labels("poison").inc()
            delivery.reject()
        except BrokerUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  (one bad message must not stop the others)
            self._defer(delivery, error)
        else:
            delivery.ack()
            self._metrics.deliveries.labels(outcome).inc()

    def _defer(self, delivery: Delivery, error: Exception) -> None:
        delay = min(2.0 ** min(delivery.attempt - 1, 16), self._retry_maximum_seconds)
        log.warning(
            "delivery will be tried again",
            extra={"reason": describe(error), "attempt": delivery.attempt, "delay_seconds": delay},
        )
        self._metrics.deliveries.labels("retried").inc()
        if delivery.postpone is not None:
            delivery.postpone(delay)
            return
        heapq.heappush(self._deferred, _Deferred(time.monotonic() + delay, next(self._order), delivery))

    def _give_back(self, until: float) -> None:
        while self._deferred and self._deferred[0].due <= until:
            heapq.heappop(self._deferred).delivery.requeue()

    def _process_through_outages(self, body: bytes) -> str:
        failures = 0
        while True:
            self._pulse.beat()
            try:
                return self.work(body)
            except Exception as error:
                if not is_outage(error) or self._stopping.is_set():
                    raise
                failures += 1
                if failures == 1:
                    log.warning("worker waits for the database", extra={"reason": describe(error)})
            self._stopping.wait(backoff_seconds(failures))
            self._consumer.keepalive()

    def work(self, body: bytes) -> str:
        """What is done with a delivery; returns the outcome's name. PoisonError, or any other to have it again."""
        return self.process(parse(body))

    def process(self, message_id: uuid.UUID) -> str:
        """Hand one message over and record it in one transaction; returns the outcome's name."""
        with self._sessions.begin() as session:
            message = session.scalars(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()
            if message is None:
                raise PoisonError("unknown message")
            if message.status != Status.QUEUED:
                return "duplicate"
            status = self._hand_over(session, message)
        self._metrics.messages.labels(status.value).inc()
        if status is Status.SENT:
            self._metrics.time_to_sent.observe(max(0.0, (now() - aware(message.created_at)).total_seconds()))
        return status.value

    def _hand_over(self, session: Session, message: Message) -> Status:
        letter = Letter(str(message.id), message.sender, tuple(message.recipients), message.subject, message.text, message.html)
        try:
            status, detail = Status.SENT, self._transport.deliver(letter)
        except PermanentFailureError as failure:
            status, detail = Status.FAILED, {"reason": str(failure)}
        message.status = status.value
        session.add(MessageEvent(message_id=message.id, kind=status.value, detail=detail))
        return status


class BounceWorker(Worker):
    """The same care, for what the mail service tells of messages that were handed over."""

    def work(self, body: bytes) -> str:
        """See Worker."""
        try:
            return bounces.record(self._sessions, body)
        except bounces.UnreadableError as error:
            raise PoisonError(str(error)) from None
