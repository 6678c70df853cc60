"""The topic that SES tells bounces and complaints to, known by its name to the queue that listens before it is there."""

from __future__ import annotations

import pulumi
from pulumi import Output

from components import naming
from components.aws.account import account
from components.aws.documents import Statement, document, tls_only
from components.contract import Identity


def topic_name(identity: Identity) -> str:
    return naming.physical(identity, "mail-events", naming.SNS_LIMIT)


def topic_arn(identity: Identity, parent: pulumi.Resource) -> Output[str]:
    here = account(parent)
    return Output.concat("arn:", here.partition, ":sns:", here.region, ":", here.id, ":", topic_name(identity))


def may_send(queue: str, topic: str) -> Statement:
    """A statement of a queue's policy: SNS puts in what this one topic tells. The ARN has the account in it."""
    return {
        "Sid": "MailEvents",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }


def may_publish(topic: str, account_id: str, configuration_set: str) -> str:
    """The topic's policy: SES publishes what this one configuration set tells, and nobody else does; over TLS only."""
    statement = {
        "Sid": "MailEvents",
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id, "aws:SourceArn": configuration_set}},
    }
    return document([statement, tls_only("sns:Publish", topic)])
