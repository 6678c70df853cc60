"""The broker's interface over AMQP 0-9-1 (RabbitMQ), by kombu.

Kombu declares queues and exchanges as a courtesy; here every such path is switched off, and everything goes through the
default exchange, which needs no ``configure`` permission. Every socket has a timeout, since kombu waits for ever
otherwise, and any error drops the connection: after a failed confirm the next one would be read as its own.
"""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp  # type: ignore[import-untyped,unused-ignore]
import kombu
from kombu.exceptions import KombuError

from penguinmails_api.addresses import BrokerAddress
from penguinmails_api.broker import BrokerUnavailableError, Delivery, UnroutableError

# Neither library is typed: what comes out of it is Any on purpose.
_kombu: Any = kombu
_amqp: Any = amqp

CONNECT_TIMEOUT_SECONDS = 1.5
IO_TIMEOUT_SECONDS = 5.0
HEARTBEAT_SECONDS = 10
_KEEPALIVE = {
    socket.TCP_USER_TIMEOUT: 10_000,  # milliseconds
    socket.TCP_KEEPIDLE: 10,
    socket.TCP_KEEPINTVL: 5,
    socket.TCP_KEEPCNT: 3,
}
# py-amqp raises AttributeError when a connection vanishes under it.
_ERRORS = (_amqp.exceptions.AMQPError, KombuError, OSError, AttributeError, EOFError)


class _Link:
    """One connection to one member of the cluster; the next member is tried after a failure."""

    def __init__(self, address: BrokerAddress, ca_file: Path | None, io_timeout_seconds: float) -> None:
        self._address = address
        self._ca_file = ca_file
        self._io_timeout_seconds = io_timeout_seconds
        self._turn = 0
        self._connection: Any = None
        self.channel: Any = None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn the many errors of the driver into one, and drop the connection."""
        try:
            yield
        except _ERRORS as error:
            self.close()
            text = " ".join(str(error).split())[:200]
            raise BrokerUnavailableError(f"{type(error).__name__}: {text}" if text else type(error).__name__) from None
        except BaseException:
            self.close()
            raise

    def ensure(self) -> bool:
        """Connect unless connected; True if the connection is new."""
        if self.channel is not None:
            return False
        host, port = self._address.hosts[self._turn % len(self._address.hosts)]
        self._turn += 1
        tls = {"server_hostname": host, "cert_reqs": ssl.CERT_REQUIRED, "tls_minimum_version": ssl.TLSVersion.TLSv1_2}
        if self._ca_file is not None:
            tls["ca_certs"] = str(self._ca_file)
        self._connection = _kombu.Connection(
            hostname=host,
            port=port,
            userid=self._address.user,
            password=self._address.password,
            virtual_host=self._address.virtual_host,
            transport="pyamqp",
            ssl=tls if self._address.tls else False,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            transport_options={"confirm_publish": True, "socket_settings": _KEEPALIVE},
        )
        # Without a pause between attempts: kombu's own, of 2 s, would come on top of the caller's backoff.
        self._connection.ensure_connection(
            max_retries=1, interval_start=0, interval_step=0, interval_max=0, timeout=CONNECT_TIMEOUT_SECONDS / 2
        )
        self._connection.connection.transport.sock.settimeout(self._io_timeout_seconds)
        self.channel = self._connection.channel()
        self._turn -= 1
        return True

    def drain(self, timeout_seconds: float) -> None:
        """Let the driver read what has arrived, and send a heartbeat when one is due."""
        self._connection.heartbeat_check()
        # A timeout of 0 would mean a socket that never blocks, on which TLS cannot read a whole record.
        try:
            self._connection.drain_events(timeout=max(timeout_seconds, 0.001))
        except TimeoutError:
            return

    def close(self) -> None:
        """Forget the connection. No goodbye is said on a broken one: it would wait for an answer."""
        connection, self._connection, self.channel = self._connection, None, None
        if connection is not None:
            try:
                connection.collect(socket_timeout=1.0)
            except _ERRORS:
                return


class AmqpPublisher:
    """Publishes with confirms and ``mandatory``: a message no queue takes is an error, not a silent loss."""

    def __init__(self, address: BrokerAddress, ca_file: Path | None) -> None:
        self._link = _Link(address, ca_file, IO_TIMEOUT_SECONDS)
        self._producer: Any = None
        self._returned: list[str] = []

    def _on_return(self, error: Exception, *_: object) -> None:
        self._returned.append(type(error).__name__)

    def keepalive(self) -> None:
        """See Publisher."""
        with self._link.guard():
            if self._link.ensure():
                self._producer = _kombu.Producer(self._link.channel, auto_declare=False, on_return=self._on_return)
            self._link.drain(0)

    def publish(self, queue: str, body: bytes, message_id: str) -> None:
        """See Publisher."""
        if self._link.channel is None:
            self.keepalive()
        self._returned.clear()
        with self._link.guard():
            self._producer.publish(
                body,
                routing_key=queue,
                exchange="",
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=2,
                mandatory=True,
                retry=False,
                confirm_timeout=IO_TIMEOUT_SECONDS,
                message_id=message_id,
            )
        if self._returned:
            raise UnroutableError("the broker has no such queue")

    def close(self) -> None:
        """See Publisher."""
        self._link.close()


class AmqpConsumer:
    """Consumes one existing queue, with deliveries buffered up to the prefetch count."""

    def __init__(self, address: BrokerAddress, ca_file: Path | None, queue: str, prefetch_count: int) -> None:
        self._link = _Link(address, ca_file, IO_TIMEOUT_SECONDS)
        self._queue = queue
        self._prefetch_count = prefetch_count
        self._buffer: deque[Any] = deque()
        self._consumer: Any = None

    def open(self) -> None:
        """See Consumer."""
        self.close()
        with self._link.guard():
            self._link.ensure()
            self._consumer = _kombu.Consumer(
                self._link.channel,
                queues=[_kombu.Queue(self._queue, no_declare=True)],
                auto_declare=False,
                no_ack=False,
                prefetch_count=self._prefetch_count,
                on_message=self._buffer.append,
            )
            self._consumer.consume()

    def receive(self, timeout_seconds: float) -> Delivery | None:
        """See Consumer."""
        with self._link.guard():
            self._link.drain(0 if self._buffer else timeout_seconds)
        return self._delivery(self._buffer.popleft()) if self._buffer else None

    def keepalive(self) -> None:
        """See Consumer."""
        with self._link.guard():
            self._link.drain(0)

    def _delivery(self, message: Any) -> Delivery:
        body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
        attempt = int((message.headers or {}).get("x-delivery-count", 0)) + 1

        def settle(how: str) -> None:
            with self._link.guard():
                getattr(message, how)()

        return Delivery(body, attempt, lambda: settle("ack"), lambda: settle("reject"), lambda: settle("requeue"))

    def stop(self) -> None:
        """See Consumer."""
        with self._link.guard():
            self._consumer.cancel()

    def close(self) -> None:
        """See Consumer."""
        self._link.close()
        self._buffer.clear()
