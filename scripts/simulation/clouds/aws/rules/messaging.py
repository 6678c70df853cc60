"""SQS and SNS: queues with their dead-letter queues, topics and who is subscribed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scripts.simulation.clouds.aws.rules.reading import Rules, missing, named, number, others, parsed, region_of, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place, World

_QUEUE, _TOPIC = "sqs/queue:Queue", "sns/topic:Topic"
_SPANS = {
    "delaySeconds": (0, 900, "seconds"),
    "maxMessageSize": (1024, 1048576, "bytes"),
    "messageRetentionSeconds": (60, 1209600, "seconds"),
    "receiveWaitTimeSeconds": (0, 20, "seconds"),
    "visibilityTimeoutSeconds": (0, 43200, "seconds"),
    "kmsDataKeyReusePeriodSeconds": (60, 86400, "seconds"),
}
"""Least and most of each attribute: "SetQueueAttributes" of the SQS API reference."""

_PROTOCOLS = ("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs")


def check_queue(inputs: Properties, _: Place) -> Iterator[Problem]:
    for key, (least, most, unit) in _SPANS.items():
        value = number(inputs, key)
        if value is not None and not least <= value <= most:
            yield Problem(key, f"{int(value)} {unit} is out of range; use {least} to {most}")
    yield from _fifo(inputs, "fifoQueue", ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"))
    if inputs.get("fifoThroughputLimit") == "perMessageGroupId" and inputs.get("deduplicationScope") == "queue":
        yield Problem("deduplicationScope", "must be messageGroup where fifoThroughputLimit is perMessageGroupId; set it")
    if inputs.get("sqsManagedSseEnabled") is True and not missing(inputs, "kmsMasterKeyId"):
        yield Problem("sqsManagedSseEnabled", "is given besides kmsMasterKeyId; a queue has one encryption, leave one out")
    for key in ("redrivePolicy", "redriveAllowPolicy"):
        yield from _redrive(inputs, key)


def check_redrive(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _redrive(inputs, "redrivePolicy")


def check_redrive_allow(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _redrive(inputs, "redriveAllowPolicy")


def _fifo(inputs: Properties, key: str, only: tuple[str, ...]) -> Iterator[Problem]:
    """The suffix and the kind agree, and what only FIFO knows is given to FIFO only."""
    name = text(inputs, "name")
    fifo = inputs.get(key)
    if isinstance(fifo, Unknown):
        return
    if fifo is True and name is not None and not name.endswith(".fifo"):
        yield Problem("name", f"{name!r} must end in .fifo, since {key} is true; add it")
    if fifo is not True and name is not None and name.endswith(".fifo"):
        yield Problem("name", f"{name!r} ends in .fifo, which only FIFO may; set {key} to true or change the name")
    for other in only:
        if fifo is not True and inputs.get(other) not in (None, False, "") and not isinstance(inputs.get(other), Unknown):
            yield Problem(other, f"is for FIFO only; leave it out, or set {key} to true")


def _redrive(inputs: Properties, key: str) -> Iterator[Problem]:
    value = text(inputs, key)
    if not value:
        return
    policy = parsed(value)
    if not isinstance(policy, Mapping):
        yield Problem(key, "is no JSON object; write one with deadLetterTargetArn and maxReceiveCount")
    elif key == "redrivePolicy":
        count = policy.get("maxReceiveCount")
        if not str(policy.get("deadLetterTargetArn", "")).startswith("arn:"):
            yield Problem(key, "has no deadLetterTargetArn; give the ARN of the dead-letter queue")
        elif isinstance(count, bool) or not isinstance(count, int | str) or not re.fullmatch(r"\d+", str(count)):
            yield Problem(key, f"has the maxReceiveCount {count!r}; use a number from 1 to 1000")
        elif isinstance(count, str):
            yield Problem(key, "has maxReceiveCount as text, which comes back as a number and differs for ever; write a number")
        elif not 1 <= count <= 1000:
            yield Problem(key, f"has the maxReceiveCount {count}; use 1 to 1000")
    else:
        yield from _allow(key, policy)


def _allow(key: str, policy: Mapping[str, object]) -> Iterator[Problem]:
    permission, sources = policy.get("redrivePermission"), policy.get("sourceQueueArns")
    if permission not in {"allowAll", "denyAll", "byQueue"}:
        yield Problem(key, f"has the redrivePermission {permission!r}; use allowAll, denyAll or byQueue")
    elif permission == "byQueue" and (not isinstance(sources, list) or not 1 <= len(sources) <= 10):
        yield Problem(key, "needs 1 to 10 sourceQueueArns with byQueue; list them, or use allowAll")
    elif permission != "byQueue" and sources:
        yield Problem(key, f"has sourceQueueArns with {permission}; leave them out, or use byQueue")


def admit_queue(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The name is free in account and region, and the dead-letter queue fits."""
    for other in others(world, _QUEUE, candidate):
        same = other.outputs.get("name") == candidate.inputs.get("name") and region_of(other) == candidate.place.region
        if same:
            yield Problem("name", f"{other.outputs['name']} is taken by the {other.label}; use another name")
    yield from _dead_letters(candidate, candidate.inputs.get("fifoQueue") is True, world)


def admit_redrive(candidate: Candidate, world: World) -> Iterator[Problem]:
    source = named(world, _QUEUE, candidate.inputs.get("queueUrl"))
    if source is not None:
        yield from _dead_letters(candidate, source.outputs.get("fifoQueue") is True, world)


def _dead_letters(candidate: Candidate, fifo: bool, world: World) -> Iterator[Problem]:
    policy = parsed(candidate.inputs.get("redrivePolicy"))
    arn = policy.get("deadLetterTargetArn") if isinstance(policy, Mapping) else None
    if not isinstance(arn, str):
        return
    target = named(world, _QUEUE, arn)
    if target is None:
        yield Problem(
            "redrivePolicy", f"names the dead-letter queue {arn}, which does not exist; give the ARN of one that does"
        )
    elif region_of(target) != candidate.place.region:
        yield Problem(
            "redrivePolicy", f"names a queue in {region_of(target)}; a dead-letter queue is in the region of its source"
        )
    elif (target.outputs.get("fifoQueue") is True) != fifo:
        yield Problem("redrivePolicy", f"names the {target.label}, which is of the other kind; both are FIFO or neither")


def check_topic(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _fifo(inputs, "fifoTopic", ("contentBasedDeduplication", "fifoThroughputScope", "archivePolicy"))
    name = text(inputs, "displayName")
    if name is not None and len(name) > 100:
        yield Problem("displayName", f"has {len(name)} characters; use at most 100")


def admit_topic(candidate: Candidate, world: World) -> Iterator[Problem]:
    for other in others(world, _TOPIC, candidate):
        if other.outputs.get("name") == candidate.inputs.get("name") and region_of(other) == candidate.place.region:
            yield Problem("name", f"{other.outputs['name']} is taken by the {other.label}; use another name")


def check_subscription(inputs: Properties, _: Place) -> Iterator[Problem]:
    """Protocol and address agree."""
    protocol, endpoint = text(inputs, "protocol"), text(inputs, "endpoint")
    if protocol is not None and protocol not in _PROTOCOLS:
        yield Problem("protocol", f"{protocol!r} is no protocol of SNS; use one of {', '.join(_PROTOCOLS)}")
        return
    forms = {
        "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "a mail address"),
        "email-json": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "a mail address"),
        "http": (r"http://\S+", "an address that begins http://"),
        "https": (r"https://\S+", "an address that begins https://"),
        "sqs": (r"arn:[^:]+:sqs:.+", "the ARN of a queue"),
        "lambda": (r"arn:[^:]+:lambda:.+", "the ARN of a function"),
        "firehose": (r"arn:[^:]+:firehose:.+", "the ARN of a delivery stream"),
        "sms": (r"\+?[0-9-]+", "a telephone number such as +491701234567"),
    }
    form = forms.get(protocol or "")
    if form and endpoint is not None and not re.fullmatch(form[0], endpoint):
        yield Problem("endpoint", f"does not fit the protocol {protocol}; give {form[1]}")
    if protocol == "firehose" and missing(inputs, "subscriptionRoleArn"):
        yield Problem("subscriptionRoleArn", "is missing; SNS writes to a delivery stream by a role")
    for key in ("filterPolicy", "deliveryPolicy", "redrivePolicy", "replayPolicy"):
        value = text(inputs, key)
        if value and not isinstance(parsed(value), Mapping):
            yield Problem(key, "is no JSON object; write one")


def admit_subscription(candidate: Candidate, world: World) -> Iterator[Problem]:
    """FIFO topics deliver to queues only, standard topics not to FIFO queues."""
    topic = named(world, _TOPIC, candidate.inputs.get("topic"))
    fifo = topic is not None and topic.outputs.get("fifoTopic") is True
    if fifo and candidate.inputs.get("protocol") != "sqs":
        yield Problem("protocol", "must be sqs, since the topic is FIFO; subscribe a queue, or use a standard topic")
    target = named(world, _QUEUE, candidate.inputs.get("endpoint"))
    if topic is not None and not fifo and target is not None and target.outputs.get("fifoQueue") is True:
        yield Problem("endpoint", f"the {target.label} is FIFO, the topic is not; use a FIFO topic or a standard queue")


CHECKS: Rules = {
    _QUEUE: (check_queue,),
    _TOPIC: (check_topic,),
    "sns/topicSubscription:TopicSubscription": (check_subscription,),
    "sqs/redriveAllowPolicy:RedriveAllowPolicy": (check_redrive_allow,),
    "sqs/redrivePolicy:RedrivePolicy": (check_redrive,),
}

ADMITS: Rules = {
    _QUEUE: (admit_queue,),
    _TOPIC: (admit_topic,),
    "sns/topicSubscription:TopicSubscription": (admit_subscription,),
    "sqs/redrivePolicy:RedrivePolicy": (admit_redrive,),
}
