"""The topic that alerts are put into, and who is told.

Everybody confirms first: a mail address by the link in the first message, a webhook by opening the `SubscribeURL` of the
confirmation that SNS posts to it. The provider does not wait for that, so who has not confirmed is told nothing; a webhook also
gets SNS's own JSON around each alert, which chat programs understand through an adapter only (or AWS's chat service, by hand).

EventBridge must be let in without a condition: it gives none of the keys by which a policy could tell for whom it works ("You
can't use Condition blocks in Amazon SNS topic policies for EventBridge"). Who knows the topic's name could therefore have a
rule of another account put a message in; it reads nothing by that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming, spec
from components.aws.account import account
from components.aws.documents import Statement, document, tls_only
from components.aws.keys import EVENTS, key
from components.aws.tags import tags
from components.contract import Identity

PUBLISHERS: Final = ("cloudwatch.amazonaws.com", "events.rds.amazonaws.com")
"""Alarms and events of the database. Backups are told about by EventBridge."""


def alert_topic(
    name: str, identity: Identity, alerts: spec.Alerts, parent: pulumi.Resource
) -> tuple[aws.sns.Topic, pulumi.Resource]:
    """The topic, and its policy, without which nothing may be put in."""
    physical = naming.physical(identity, "alerts", naming.SNS_LIMIT)
    own = key(
        name, identity, "alerts", "alerts", "Alerts on their way", parent, services=("sns",), publishers=(*PUBLISHERS, EVENTS)
    )
    topic = aws.sns.Topic(
        f"{name}-topic",
        name=physical,
        kms_master_key_id=own.arn,
        tags=tags(identity, "alerts", physical),
        opts=ResourceOptions(parent=parent),
    )
    policy = aws.sns.TopicPolicy(
        f"{name}-topic-policy",
        arn=topic.arn,
        policy=Output.all(topic.arn, account(parent).id).apply(lambda found: topic_policy(*found)),
        opts=ResourceOptions(parent=parent),
    )
    for protocol, addresses in (("email", alerts.emails), ("https", alerts.webhooks)):
        for address in dict.fromkeys(addresses):
            aws.sns.TopicSubscription(
                f"{name}-{protocol}-{_mark(address)}",
                topic=topic.arn,
                protocol=protocol,
                endpoint=address,
                opts=ResourceOptions(parent=parent),
            )
    return topic, policy


def _mark(address: str) -> str:
    """By itself and not by its place in the list: who stays is not asked to confirm again when another leaves."""
    return hashlib.sha256(address.encode()).hexdigest()[:8]


def topic_policy(topic: str, account_id: str) -> str:
    """Services of this account put alerts in, over TLS; everybody else of the account by their own rights. Pure."""

    def publish(sid: str, service: str | Sequence[str], **condition: Any) -> Statement:
        principal = {"Service": service if isinstance(service, str) else sorted(service)}
        return {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": "sns:Publish", "Resource": topic, **condition}

    return document(
        [
            publish("ServicesTell", PUBLISHERS, Condition={"StringEquals": {"aws:SourceAccount": account_id}}),
            publish("EventsTell", EVENTS),
            tls_only("sns:Publish", topic),
        ]
    )
