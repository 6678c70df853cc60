"""What the workload needs of a broker, whichever it is.

Small on purpose, and in terms that SQS, Service Bus and Pub/Sub have too: publish and know that it is kept; take one
delivery and settle it. Nothing here can create a queue: the platform makes them, with their dead-letter queues, and the
workload has no right to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class BrokerUnavailableError(Exception):
    """The broker cannot be reached or does not answer; the caller waits and tries again."""


class UnroutableError(Exception):
    """The broker answers, but the queue is not there."""


@dataclass(frozen=True)
class Delivery:
    """One message handed to this consumer, to be settled exactly once."""

    body: bytes
    attempt: int
    """1 for the first delivery."""
    ack: Callable[[], None]
    reject: Callable[[], None]
    """Give it up: the broker moves it to the dead-letter queue, at once or after the queue's delivery limit."""
    requeue: Callable[[], None]
    """Give it back; the broker counts, and dead-letters it after the queue's delivery limit."""
    postpone: Callable[[float], None] | None = None
    """Give it back so that it comes again after that many seconds; None where the broker cannot, and its taker must wait."""


class Publisher(Protocol):
    """Publishing side; used by one thread."""

    def keepalive(self) -> None:
        """Connect if there is no connection, answer heartbeats, notice a lost peer; BrokerUnavailableError if away."""

    def publish(self, queue: str, body: bytes, message_id: str) -> None:
        """Publish persistently; returns only when the broker has confirmed. BrokerUnavailableError, UnroutableError."""

    def close(self) -> None:
        """Drop the connection; never raises."""


class Consumer(Protocol):
    """Consuming side; used by one thread. Every method but ``close`` raises BrokerUnavailableError."""

    def open(self) -> None:
        """Connect and start consuming the existing queue."""

    def receive(self, timeout_seconds: float) -> Delivery | None:
        """The next delivery, or None when there was none for that long."""

    def keepalive(self) -> None:
        """Answer heartbeats while a delivery is in hand for long."""

    def stop(self) -> None:
        """Ask for no more; what has already arrived is still given by ``receive``."""

    def close(self) -> None:
        """Drop the connection; the broker takes back what was not settled. Never raises."""
