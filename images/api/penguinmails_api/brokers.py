"""Chooses the broker by its URL. Libraries are imported only when they are chosen: each costs tens of MiB."""

from __future__ import annotations

from penguinmails_api.addresses import BrokerAddress, SqsAddress, parse_broker_url
from penguinmails_api.broker import Consumer, Publisher
from penguinmails_api.settings import ServingSettings


def _address(settings: ServingSettings) -> BrokerAddress | SqsAddress:
    return parse_broker_url(settings.broker_url.get_secret_value())


def make_publisher(settings: ServingSettings) -> Publisher:
    """What the outbox publishes with; connects when it is used."""
    address = _address(settings)
    if isinstance(address, SqsAddress):
        from penguinmails_api.broker_sqs import SqsPublisher

        return SqsPublisher(address)
    from penguinmails_api.broker_amqp import AmqpPublisher

    return AmqpPublisher(address, settings.broker_ca_file)


def make_consumer(settings: ServingSettings, queue: str, prefetch_count: int) -> Consumer:
    """What reads the queue with that neutral name; connects when it is opened."""
    address, physical = _address(settings), settings.queues[queue]
    if isinstance(address, SqsAddress):
        from penguinmails_api.broker_sqs import SqsConsumer

        return SqsConsumer(address, physical, prefetch_count)
    from penguinmails_api.broker_amqp import AmqpConsumer

    return AmqpConsumer(address, settings.broker_ca_file, physical, prefetch_count)
