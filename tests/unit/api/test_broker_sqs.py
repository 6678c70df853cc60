"""SQS, by a double that answers over HTTP on this host: what is published, how a delivery is settled, what is never asked."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import botocore.client  # type: ignore[import-untyped,unused-ignore]
import botocore.exceptions  # type: ignore[import-untyped,unused-ignore]
import botocore.session  # type: ignore[import-untyped,unused-ignore]
import pytest
from moto.server import ThreadedMotoServer  # type: ignore[import-untyped,unused-ignore]
from penguinmails_api import broker_sqs, messages
from penguinmails_api.addresses import SqsAddress
from penguinmails_api.broker import BrokerUnavailableError, Delivery, UnroutableError
from penguinmails_api.broker_sqs import SqsConsumer, SqsPublisher
from penguinmails_api.brokers import make_consumer, make_publisher
from penguinmails_api.db import Sessions
from penguinmails_api.health import Pulse
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Message
from penguinmails_api.outbox import Relay
from penguinmails_api.settings import WorkerSettings, load
from penguinmails_api.transport import Letter, RecordingTransport, TemporaryFailureError
from penguinmails_api.worker import Worker

_exceptions: Any = botocore.exceptions
ADDRESS = SqsAddress("eu-central-1")
ALLOWED = {
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "GetQueueAttributes",
}
"""The batch needs the same right as the single one."""
DELIVERIES = 2


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def _aws(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    # The double looks anew only when a look ends, and a test does not wait for 20 s.
    monkeypatch.setattr(broker_sqs, "POLL_SECONDS", 1)


@pytest.fixture
def aws(_aws: None) -> Any:
    """The platform's side: it makes queues and looks into them."""
    return botocore.session.get_session().create_client("sqs", region_name=ADDRESS.region)


@pytest.fixture
def dead(aws: Any, request: pytest.FixtureRequest) -> str:
    return str(aws.create_queue(QueueName=f"dead-{abs(hash(request.node.nodeid))}")["QueueUrl"])


@pytest.fixture
def queue(aws: Any, dead: str, request: pytest.FixtureRequest) -> str:
    arn = aws.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {
        "VisibilityTimeout": "2",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": DELIVERIES}),
    }
    made = aws.create_queue(QueueName=f"queue-{abs(hash(request.node.nodeid))}", Attributes=attributes)
    return str(made["QueueUrl"])


@pytest.fixture
def actions(queue: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What the workload asked of SQS; anything beyond its rights fails the test."""
    asked: list[tuple[str, dict[str, Any]]] = []
    real = botocore.client.BaseClient._make_api_call

    def record(self: Any, name: str, parameters: dict[str, Any]) -> Any:
        asked.append((name, parameters))
        return real(self, name, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", record)
    yield asked
    assert {name for name, _ in asked} <= ALLOWED


@pytest.fixture
def publisher(actions: object) -> SqsPublisher:
    return SqsPublisher(ADDRESS)


@pytest.fixture
def sqs_consumer(actions: object, queue: str) -> Iterator[SqsConsumer]:
    consumer = SqsConsumer(ADDRESS, queue, 20)
    consumer.open()
    yield consumer
    consumer.close()


def next_delivery(consumer: SqsConsumer, seconds: float = 8) -> Delivery:
    found = consumer.receive(seconds)
    assert found is not None
    return found


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def count(aws: Any, queue: str, *, hidden: bool = False) -> int:
    name = "ApproximateNumberOfMessages" + ("NotVisible" if hidden else "")
    return int(aws.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])


def test_a_message_is_published_with_its_id_and_delivered_once(
    publisher: SqsPublisher, sqs_consumer: SqsConsumer, queue: str, aws: Any, actions: list[tuple[str, dict[str, Any]]]
) -> None:
    publisher.keepalive()
    publisher.publish(queue, '{"ü": 1}'.encode(), "the-id")
    delivery = next_delivery(sqs_consumer)
    assert (json.loads(delivery.body), delivery.attempt) == ({"ü": 1}, 1)
    delivery.ack()
    assert sqs_consumer.receive(0) is None
    assert count(aws, queue) == count(aws, queue, hidden=True) == 0
    (sent,) = [parameters for name, parameters in actions if name == "SendMessage"]
    assert sent["MessageAttributes"]["message_id"] == {"DataType": "String", "StringValue": "the-id"}


def test_a_look_lasts_as_long_as_sqs_allows(sqs_consumer: SqsConsumer, actions: list[tuple[str, dict[str, Any]]]) -> None:
    until(lambda: any(name == "ReceiveMessage" for name, _ in actions))
    (parameters, *_) = [parameters for name, parameters in actions if name == "ReceiveMessage"]
    assert parameters["WaitTimeSeconds"] == 1  # as the fixture has it
    assert parameters["MaxNumberOfMessages"] == 10


def test_the_longest_look_is_20_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert broker_sqs.POLL_SECONDS == 20


def test_what_takes_longer_than_its_time_is_not_seen_by_another(
    publisher: SqsPublisher, sqs_consumer: SqsConsumer, queue: str, aws: Any
) -> None:
    publisher.publish(queue, b"{}", "i")
    delivery = next_delivery(sqs_consumer)
    time.sleep(3.5)
    assert count(aws, queue) == 0
    assert sqs_consumer.receive(0) is None
    delivery.ack()
    assert count(aws, queue, hidden=True) == 0


def test_what_is_given_back_comes_again_at_once_and_counted(
    publisher: SqsPublisher, sqs_consumer: SqsConsumer, queue: str
) -> None:
    publisher.publish(queue, b"{}", "i")
    next_delivery(sqs_consumer).requeue()
    again = next_delivery(sqs_consumer)
    assert again.attempt == 2
    again.ack()


def test_what_is_postponed_comes_after_its_time(publisher: SqsPublisher, sqs_consumer: SqsConsumer, queue: str) -> None:
    publisher.publish(queue, b"{}", "i")
    postpone = next_delivery(sqs_consumer).postpone
    assert postpone is not None
    postpone(3)
    before = time.monotonic()
    again = next_delivery(sqs_consumer)
    assert time.monotonic() - before > 2
    again.ack()


def test_what_is_given_up_goes_to_the_dead_letter_queue(
    publisher: SqsPublisher, sqs_consumer: SqsConsumer, queue: str, dead: str, aws: Any
) -> None:
    publisher.publish(queue, b"poison", "i")
    for attempt in range(1, DELIVERIES + 1):
        delivery = next_delivery(sqs_consumer)
        assert delivery.attempt == attempt
        delivery.reject()
    until(lambda: count(aws, dead) == 1)
    assert sqs_consumer.receive(1) is None


def test_what_nobody_took_is_given_back_at_the_end(publisher: SqsPublisher, queue: str, aws: Any) -> None:
    for number in range(3):
        publisher.publish(queue, str(number).encode(), "i")
    consumer = SqsConsumer(ADDRESS, queue, 20)
    consumer.open()
    next_delivery(consumer).ack()
    consumer.stop()
    consumer.close()
    until(lambda: count(aws, queue) == 2, seconds=1)
    assert not {"sqs-look"} & {thread.name for thread in threading.enumerate()}


def test_a_missing_queue_is_said(publisher: SqsPublisher, queue: str) -> None:
    missing = f"{queue}-missing"
    with pytest.raises(UnroutableError):
        publisher.publish(missing, b"{}", "i")
    with pytest.raises(BrokerUnavailableError, match="no such queue"):
        SqsConsumer(ADDRESS, missing, 1).open()


def test_an_sqs_that_is_away_is_unavailable_within_seconds(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{port}")
    before = time.monotonic()
    publisher, consumer = SqsPublisher(ADDRESS), SqsConsumer(ADDRESS, queue, 1)
    asks: list[Callable[[], None]] = [lambda: publisher.publish(queue, b"{}", "i"), consumer.open]
    for ask in asks:
        with pytest.raises(BrokerUnavailableError, match="EndpointConnectionError"):
            ask()
    assert time.monotonic() - before < 8


def test_a_refusal_names_its_code_only(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any, name: str, parameters: object) -> Any:
        error = {"Error": {"Code": "AccessDenied", "Message": "arn:aws:sts::123456789012:assumed-role/x is not authorized"}}
        raise _exceptions.ClientError(error, name)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", refuse)
    with pytest.raises(BrokerUnavailableError, match=r"^SQS: AccessDenied$"):
        SqsPublisher(ADDRESS).publish(queue, b"{}", "i")


def test_a_lost_look_is_told_to_the_worker(queue: str, aws: Any) -> None:
    consumer = SqsConsumer(ADDRESS, queue, 1)
    consumer.open()
    aws.delete_queue(QueueUrl=queue)
    with pytest.raises(BrokerUnavailableError):
        until(lambda: consumer.receive(0.2) is not None)
    consumer.close()


def test_outbox_and_worker_by_sqs(
    sessions: Sessions, metrics: Metrics, queue: str, aws: Any, actions: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Greylisting(RecordingTransport):
        failures = [TemporaryFailureError("greylisted")]

        def deliver(self, letter: Letter) -> dict[str, Any]:
            if self.failures:
                raise self.failures.pop()
            return super().deliver(letter)

    monkeypatch.setenv("DATABASE_URL", "postgresql://app:pw@127.0.0.1/x")
    monkeypatch.setenv("BROKER_URL", f"sqs://sqs.{ADDRESS.region}.amazonaws.com")
    monkeypatch.setenv("QUEUES", json.dumps({"outbound": f"https://sqs.{ADDRESS.region}.amazonaws.com/1/q"}))
    settings = load(WorkerSettings).model_copy(update={"queues": {"outbound": queue}})
    message, _ = messages.accept(sessions, "c", messages.Draft("b@example.org", ["a@example.com"], "s", "t", None), None)
    Relay(sessions, make_publisher(settings), settings.queues, metrics).turn()
    consumer = make_consumer(settings, "outbound", 20)
    worker = Worker(sessions, consumer, Greylisting(), metrics, Pulse(60), drain_seconds=2)
    thread = threading.Thread(target=worker.run)
    thread.start()

    def outcome(name: str) -> float | None:
        return metrics.registry.get_sample_value("penguinmails_deliveries_total", {"outcome": name})

    # Not the database: this one has a single connection, which the worker's thread uses.
    until(lambda: outcome("sent") == 1, 15)
    worker.ping()
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert count(aws, queue) == count(aws, queue, hidden=True) == 0
    assert outcome("retried") == 1
    with sessions() as session:
        assert session.get_one(Message, message.id).status == "sent"
