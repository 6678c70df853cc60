"""The broker's interface over SQS, by boto3.

Five actions and no more: SendMessage, ReceiveMessage, DeleteMessage, ChangeMessageVisibility and GetQueueAttributes, on queues
named by their URL; nothing here makes, lists or looks up a queue. Credentials are the task's role.

A look at a queue lasts 20 s, the longest that there is, so a thread of its own looks, and the worker takes from what it found;
another keeps what is in hand hidden, so that a handler may take longer than the queue's visibility timeout. SQS has no
rejection: a message that is given up is shown again at once until the queue's redrive policy has had enough. What arrives
after ``close`` has waited (LEAVE_SECONDS) stays hidden for one visibility timeout and then comes again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session  # type: ignore[import-untyped,unused-ignore]
from botocore.config import Config  # type: ignore[import-untyped,unused-ignore]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped,unused-ignore]

from penguinmails_api.addresses import SqsAddress
from penguinmails_api.broker import BrokerUnavailableError, Delivery, UnroutableError

log = logging.getLogger(__name__)

POLL_SECONDS = 20
"""The longest look that SQS offers: fewest empty answers, each of which costs as much as a message."""
BATCH = 10
"""The most messages of one answer or request."""
LEAVE_SECONDS = 5.0
"""How long ``close`` waits for the look in flight, to give back at once what it brings."""
VISIBILITY_MAXIMUM_SECONDS = 12 * 3600
_CONNECT_SECONDS, _READ_SECONDS = 1.5, 5.0
_MISSING = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
_SHOWN_ALREADY = frozenset(
    {"AWS.SimpleQueueService.MessageNotInflight", "MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidReceiptHandle"}
)


def _client(address: SqsAddress, read_seconds: float, attempts: int = 2) -> Any:
    """A client, safe for threads; asks nobody yet."""
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        tcp_keepalive=True,
    )
    return botocore.session.get_session().create_client("sqs", region_name=address.region, config=config)


@contextmanager
def _guard() -> Iterator[None]:
    """Turn the library's errors into the interface's."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in _MISSING:
            raise UnroutableError("SQS has no such queue") from None
        raise BrokerUnavailableError(f"SQS: {code}") from None
    except BotoCoreError as error:
        raise BrokerUnavailableError(type(error).__name__) from None


@contextmanager
def _consuming() -> Iterator[None]:
    """As ``_guard``; to a consumer a queue that is not there is one to wait for."""
    try:
        with _guard():
            yield
    except UnroutableError as error:
        raise BrokerUnavailableError(str(error)) from None


class SqsPublisher:
    """Publishes one message a request; SQS has stored it in several places when it answers."""

    def __init__(self, address: SqsAddress) -> None:
        self._client = _client(address, _READ_SECONDS)

    def keepalive(self) -> None:
        """See Publisher. There is no connection to keep, and asking would cost money."""

    def publish(self, queue: str, body: bytes, message_id: str) -> None:
        """See Publisher; ``queue`` is its URL."""
        attributes = {"message_id": message_id, "content_type": "application/json"}
        with _guard():
            self._client.send_message(
                QueueUrl=queue,
                MessageBody=body.decode(),
                MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
            )

    def close(self) -> None:
        """See Publisher."""
        self._client.close()


class _Intake:
    """Consumption from ``open`` to ``close``; never used again, so that nothing old meets a new one."""

    def __init__(self, polling: Any, client: Any, url: str, most: int, visibility_seconds: int) -> None:
        self._polling, self._client, self._url, self._most = polling, client, url, most
        self._visibility_seconds = visibility_seconds
        self._changed = threading.Condition()
        self._waiting: deque[dict[str, Any]] = deque()
        self._failure: BrokerUnavailableError | None = None
        self._stopped = False
        self._closed = threading.Event()
        # Held while visibilities change: what is settled must not be hidden again by the thread that keeps.
        self._settling = threading.Lock()
        self._in_hand: dict[str, None] = {}
        self._looker = threading.Thread(target=self._look, name="sqs-look", daemon=True)
        self._keeper = threading.Thread(target=self._keep, name="sqs-keep", daemon=True)
        self._looker.start()
        self._keeper.start()

    def _look(self) -> None:
        while self._may_look():
            try:
                with _consuming():
                    answer = self._polling.receive_message(
                        QueueUrl=self._url,
                        MaxNumberOfMessages=self._most,
                        WaitTimeSeconds=POLL_SECONDS,
                        VisibilityTimeout=self._visibility_seconds,
                        MessageSystemAttributeNames=["ApproximateReceiveCount"],
                    )
            except BrokerUnavailableError as error:
                with self._changed:
                    self._failure = error
                    self._changed.notify_all()
                return
            self._take(answer.get("Messages", []))

    def _may_look(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._waiting)
            return not self._stopped

    def _take(self, messages: list[dict[str, Any]]) -> None:
        with self._settling:
            self._in_hand |= dict.fromkeys(message["ReceiptHandle"] for message in messages)
        with self._changed:
            late = self._closed.is_set()
            if not late:
                self._waiting.extend(messages)
                self._changed.notify_all()
        if late:
            self._give_back(messages)

    def _keep(self) -> None:
        """Hide what is in hand anew, long before its time is over."""
        while not self._closed.wait(max(self._visibility_seconds / 3, 0.5)):
            with self._settling:
                try:
                    self._hide(list(self._in_hand), self._visibility_seconds)
                except BrokerUnavailableError as error:
                    log.warning("messages in hand may come a second time", extra={"reason": str(error)})

    def _hide(self, handles: list[str], seconds: int) -> None:
        for first in range(0, len(handles), BATCH):
            entries = [
                {"Id": str(index), "ReceiptHandle": handle, "VisibilityTimeout": seconds}
                for index, handle in enumerate(handles[first : first + BATCH])
            ]
            with _consuming():
                self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def receive(self, timeout_seconds: float) -> Delivery | None:
        """See Consumer."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._failure or self._stopped, timeout_seconds)
            if self._waiting:
                message = self._waiting.popleft()
                self._changed.notify_all()
                return self._delivery(message)
            if self._failure is not None:
                raise self._failure
            return None

    def _delivery(self, message: dict[str, Any]) -> Delivery:
        handle = message["ReceiptHandle"]

        def show(seconds: float = 0) -> None:
            self._show(handle, min(round(seconds), VISIBILITY_MAXIMUM_SECONDS))

        return Delivery(
            body=message["Body"].encode(),
            attempt=int(message.get("Attributes", {}).get("ApproximateReceiveCount", 1)),
            ack=lambda: self._delete(handle),
            reject=show,
            requeue=show,
            postpone=show,
        )

    def _delete(self, handle: str) -> None:
        with self._settling:
            self._in_hand.pop(handle, None)
            with _consuming():
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=handle)

    def _show(self, handle: str, seconds: int) -> None:
        """Let the message come again after that time; one that has been shown already is as it should be."""
        with self._settling:
            self._in_hand.pop(handle, None)
            with _consuming():
                try:
                    self._client.change_message_visibility(QueueUrl=self._url, ReceiptHandle=handle, VisibilityTimeout=seconds)
                except ClientError as error:
                    if error.response["Error"]["Code"] not in _SHOWN_ALREADY:
                        raise

    def stop(self) -> None:
        """See Consumer."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def close(self) -> None:
        """Give back what nobody has taken. What was taken and not settled is not hidden any longer than it is."""
        self._closed.set()
        with self._changed:
            self._stopped = True
            rest = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        self._give_back(rest)
        self._looker.join(LEAVE_SECONDS)

    def _give_back(self, messages: list[dict[str, Any]]) -> None:
        with self._settling:
            try:
                self._hide([message["ReceiptHandle"] for message in messages], 0)
            except BrokerUnavailableError as error:
                log.warning("messages come again only after their time", extra={"reason": str(error)})


class SqsConsumer:
    """Consumes one existing queue. ``prefetch_count``: messages taken at once, of which SQS gives ten at most."""

    def __init__(self, address: SqsAddress, url: str, prefetch_count: int) -> None:
        self._polling = _client(address, POLL_SECONDS + _READ_SECONDS, attempts=1)
        self._client = _client(address, _READ_SECONDS)
        self._url, self._most = url, min(prefetch_count, BATCH)
        self._intake: _Intake | None = None

    def open(self) -> None:
        """See Consumer. The queue says for how long it hides what it has given."""
        self.close()
        with _consuming():
            answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=["VisibilityTimeout"])
        visibility_seconds = int(answer["Attributes"]["VisibilityTimeout"])
        self._intake = _Intake(self._polling, self._client, self._url, self._most, visibility_seconds)

    def _opened(self) -> _Intake:
        if self._intake is None:
            raise BrokerUnavailableError("not consuming")
        return self._intake

    def receive(self, timeout_seconds: float) -> Delivery | None:
        """See Consumer."""
        return self._opened().receive(timeout_seconds)

    def keepalive(self) -> None:
        """See Consumer. A thread keeps what is in hand."""

    def stop(self) -> None:
        """See Consumer."""
        self._opened().stop()

    def close(self) -> None:
        """See Consumer."""
        intake, self._intake = self._intake, None
        if intake is not None:
            intake.close()
