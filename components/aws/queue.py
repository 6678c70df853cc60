"""An SQS queue with a dead-letter queue for each queue of the description, encrypted, reached over TLS only.

SQS's own encryption costs nothing and lets SNS deliver. A key of the platform's own would cost a dollar a month, three cents
for 10,000 calls and a statement for every service of AWS that sends. Who may send and read is said by the services' roles
(`Permission`). A queue that bounces and complaints are put into lets SNS send what the topic of `mail.py` tells. The workload
never makes a queue.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import account
from components.aws.documents import document, tls_only
from components.aws.mail_events import may_send, topic_arn
from components.aws.tags import tags
from components.binding import Binding, Permission
from components.contract import QueueArgs, QueueOutputs
from components.spec import Queue as QueueSpec

RETENTION_SECONDS, DEAD_RETENTION_SECONDS = 7 * 24 * 3600, 14 * 24 * 3600
"""14 days are the most that SQS keeps a message, counted from when it was first sent: one that dies on its last day in the
queue still has a week in which somebody can look at it."""

POLLING_SECONDS = 20
"""Long polling at its longest: fewest empty answers."""

SEND = ("sqs:SendMessage",)
RECEIVE = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
)


@dataclass(frozen=True)
class _Pair:
    queue: aws.sqs.Queue
    dead: aws.sqs.Queue


class Queue(pulumi.ComponentResource):
    def __init__(self, name: str, args: QueueArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Queue", name, None, opts)
        self._name, self._args = name, args
        self._pairs = {queue: self._pair(queue, asked) for queue, asked in args.queues.items()}
        names = {queue: pair.queue.url for queue, pair in self._pairs.items()}
        self.outputs = QueueOutputs(
            bindings={user: self._binding(user) for user in args.access},
            names=names,
            metered={queue: pair.queue.name for queue, pair in self._pairs.items()},
            dead={queue: pair.dead.name for queue, pair in self._pairs.items()},
            resources={queue: pair.queue.arn for queue, pair in self._pairs.items()},
        )
        self.register_outputs({"queues": names})

    def _kept(self) -> ResourceOptions:
        """Outside development a queue that leaves the description is not removed with its messages: the engine refuses until a
        person unprotects it. Its policies too, or they would be gone before the refusal."""
        return ResourceOptions(parent=self, protect=self._args.identity.keeps_data)

    def _pair(self, queue: str, asked: QueueSpec) -> _Pair:
        dead = self._queue(f"dead-{queue}", asked, DEAD_RETENTION_SECONDS)
        redrive = dead.arn.apply(
            lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": asked.max_deliveries}, sort_keys=True)
        )
        told = topic_arn(self._args.identity, self) if queue in self._args.events else None
        live = self._queue(f"queue-{queue}", asked, RETENTION_SECONDS, redrive, told)
        aws.sqs.RedriveAllowPolicy(
            f"{self._name}-dead-{queue}-sources",
            queue_url=dead.url,
            redrive_allow_policy=live.arn.apply(
                lambda arn: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]}, sort_keys=True)
            ),
            opts=self._kept(),
        )
        return _Pair(live, dead)

    def _queue(
        self,
        role: str,
        asked: QueueSpec,
        retention_seconds: int,
        redrive: Output[str] | None = None,
        told: Output[str] | None = None,
    ) -> aws.sqs.Queue:
        """`role` says first which of the two it is, so that no queue's name meets another's dead-letter queue. `told`: the
        topic whose messages SNS may send."""
        physical = naming.physical(self._args.identity, role, naming.SQS_LIMIT)
        made = aws.sqs.Queue(
            f"{self._name}-{role}",
            name=physical,
            visibility_timeout_seconds=asked.processing_timeout_seconds,
            message_retention_seconds=retention_seconds,
            receive_wait_time_seconds=POLLING_SECONDS,
            sqs_managed_sse_enabled=True,
            redrive_policy=redrive,
            tags=tags(self._args.identity, "queue", physical),
            opts=self._kept(),
        )
        aws.sqs.QueuePolicy(
            f"{self._name}-{role}-policy",
            queue_url=made.url,
            policy=Output.all(made.arn, told).apply(lambda found: queue_policy(*found)),
            opts=self._kept(),
        )
        return made

    def _binding(self, user: str) -> Binding:
        access = self._args.access[user]
        if not access.publishes and not access.consumes:
            return Binding()
        used = sorted({*access.publishes, *access.consumes})
        urls = Output.json_dumps({queue: self._pairs[queue].queue.url for queue in used}, sort_keys=True)
        rights = (
            (SEND, access.publishes, "Sends to its queues"),
            (RECEIVE, access.consumes, "Reads its queues"),
        )
        return Binding(
            variables={"BROKER_URL": Output.concat("sqs://sqs.", account(self).region, ".amazonaws.com"), "QUEUES": urls},
            permissions=[Permission(actions, self._arns(queues), reason) for actions, queues, reason in rights if queues],
        )

    def _arns(self, queues: Sequence[str]) -> list[Output[str]]:
        return [self._pairs[queue].queue.arn for queue in queues]


def queue_policy(arn: str, topic: str | None) -> str:
    """A queue's policy: nobody, whatever their rights, without TLS; SNS with what `topic` tells."""
    further = [] if topic is None else [may_send(arn, topic)]
    return document([tls_only("sqs:*", arn), *further])
