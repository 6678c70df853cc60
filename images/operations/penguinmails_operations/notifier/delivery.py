"""Brings messages to one address: a bounded queue, one at a time, again and again until it is taken or too old.

The queue is in memory: a restart loses what waits in it, after it has had a few seconds to go out. Alertmanager repeats an
alert that goes on firing.
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from prometheus_client import CollectorRegistry, Counter, Gauge

from penguinmails_operations.notifier.signature import HEADER, sign

log = logging.getLogger(__name__)

QUEUE_MESSAGES = 200
GIVE_UP_SECONDS = 900.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
TIMEOUT_SECONDS = 10.0
_AGAIN = frozenset({408, 425, 429})
"""Answers below 500 after which the same message may be taken later."""


class Measures:
    """Addresses are counted by their number in the description: an address itself may hold a token."""

    def __init__(self, registry: CollectorRegistry, addresses: int) -> None:
        self.messages = Counter(
            "penguinmails_notifications",
            "Messages by what became of them.",
            ["address", "result"],
            registry=registry,
        )
        self.attempts = Counter(
            "penguinmails_notification_attempts", "Times that one was posted.", ["address"], registry=registry
        )
        self.waiting = Gauge("penguinmails_notifications_waiting", "Messages that wait.", ["address"], registry=registry)
        self.last_sent = Gauge(
            "penguinmails_notification_last_sent_timestamp_seconds", "When one was taken.", ["address"], registry=registry
        )
        for number in range(addresses):
            for result in ("sent", "failed", "dropped"):
                self.messages.labels(str(number), result)
            self.attempts.labels(str(number))
            self.waiting.labels(str(number)).set(0)


@dataclass(frozen=True)
class Message:
    """`id` is the same at every attempt, so that a receiver can drop what it had already."""

    body: bytes
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    made: float = field(default_factory=time.monotonic)


class Delivery:
    """One address. `clock` is Unix time, `pause` sleeps."""

    def __init__(
        self,
        number: int,
        url: str,
        secret: str,
        measures: Measures,
        client: httpx.AsyncClient,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name, self._url, self._secret = str(number), url, secret
        self._measures, self._client, self._pause = measures, client, pause
        self._queue: asyncio.Queue[Message] = asyncio.Queue(QUEUE_MESSAGES)
        self._host = urlsplit(url).hostname

    @property
    def has_room(self) -> bool:
        return not self._queue.full()

    def put(self, body: bytes) -> None:
        """Takes a message; the caller has asked for room."""
        self._queue.put_nowait(Message(body))
        self._measures.waiting.labels(self._name).set(self._queue.qsize())

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        while True:
            message = await self._queue.get()
            result = await self._deliver(message)
            self._measures.messages.labels(self._name, result).inc()
            self._measures.waiting.labels(self._name).set(self._queue.qsize())
            self._queue.task_done()

    async def drain(self, seconds: float) -> None:
        """Waits until all is delivered, at most so long."""
        try:
            await asyncio.wait_for(self._queue.join(), seconds)
        except TimeoutError:
            left = self._queue.qsize() + 1
            self._measures.messages.labels(self._name, "dropped").inc(left)
            log.warning("alerts were not delivered before the end", extra={"host": self._host, "messages": left})

    async def _deliver(self, message: Message) -> str:
        wait = FIRST_PAUSE_SECONDS
        while True:
            problem, again, asked = await self._attempt(message)
            if not problem:
                self._measures.last_sent.labels(self._name).set_to_current_time()
                return "sent"
            is_late = time.monotonic() - message.made + wait > GIVE_UP_SECONDS
            if not again or is_late:
                log.error("an alert was not delivered", extra={"host": self._host, "reason": problem, "delivery": message.id})
                return "failed"
            log.warning("an alert is posted again", extra={"host": self._host, "reason": problem, "seconds": round(wait, 1)})
            await self._pause(max(wait * random.uniform(0.8, 1.2), min(asked, LONGEST_PAUSE_SECONDS)))
            wait = min(2 * wait, LONGEST_PAUSE_SECONDS)

    async def _attempt(self, message: Message) -> tuple[str, bool, float]:
        """What went wrong (empty: nothing), whether to try again, and the seconds that the receiver asks for."""
        self._measures.attempts.labels(self._name).inc()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "PenguinMails-Notifier/1",
            "X-PenguinMails-Delivery": message.id,
            HEADER: sign(self._secret, message.body, int(time.time())),
        }
        try:
            async with self._client.stream("POST", self._url, content=message.body, headers=headers) as answer:
                status, later = answer.status_code, answer.headers.get("Retry-After", "")
        except httpx.HTTPError as error:
            return type(error).__name__, True, 0.0
        if 200 <= status < 300:
            return "", False, 0.0
        seconds = float(later) if later.isascii() and later.isdecimal() and len(later) < 6 else 0.0
        return f"it answered {status}", status >= 500 or status in _AGAIN, seconds


def http_client(transport: httpx.AsyncBaseTransport | None = None, authorities: str = "") -> httpx.AsyncClient:
    """Verifies certificates with the authorities of the image, follows no redirect and obeys no proxy variable.

    `authorities`: a file in PEM with further ones.
    """
    trusted = ssl.create_default_context()
    if authorities:
        trusted.load_verify_locations(authorities)
    return httpx.AsyncClient(
        transport=transport,
        verify=trusted,
        follow_redirects=False,
        timeout=httpx.Timeout(TIMEOUT_SECONDS),
        trust_env=False,
        limits=httpx.Limits(max_connections=10),
    )
