"""What only all resources of a stack on AWS together tell: which alarm watches what, what a backup covers.

Resources name each other by identifiers, of which a preview knows the names that the kit gives and an `up` all. Left out:
what another stack or a person made by hand looks after.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from policies.model import Resource, at, each, is_given, is_true
from policies.properties import StackProperty
from policies.readers.aws import data, network
from policies.readers.aws.containers import SERVICE, runs_once
from policies.readers.labels import label
from policies.readers.model import Index, Reading, StackReader, StackReaders, Test, among, known
from scripts.simulation.values import UNKNOWN, UNREADABLE, Value

ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
SELECTION: Final = "aws:backup/selection:Selection"
DRILL: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
FLOWS: Final = "aws:ec2/flowLog:FlowLog"
VPC: Final = "aws:ec2/vpc:Vpc"
FIREWALL: Final = "aws:wafv2/webAcl:WebAcl"
GUARD: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"
FIREWALL_LOG: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
VERSIONING: Final = "aws:s3/bucketVersioning:BucketVersioning"

_Found = Iterator[tuple[Resource, Reading]]


def _name(resource: Resource, path: str) -> Value:
    """An identifier among inputs and outputs; UNKNOWN where it is not there yet."""
    found = at(resource.facts, path)
    return UNKNOWN if found is None or found == UNREADABLE else found


def _dimensions(index: Index, name: str) -> list[Value]:
    """What alarms look at, under one name of a dimension."""
    found = list[Value]()
    for alarm in index.of(ALARM):
        found.append(at(alarm.facts, f"dimensions.{name}"))
        found.extend(at(query, f"metric.dimensions.{name}") for _, query in each(alarm.facts, "metricQueries"))
    return [one for one in found if one is not None]


def _watched(token: str, path: str, dimension: str, fix: str) -> StackReader:
    """Whether an alarm has the name of each resource of a type among its dimensions."""

    def read(resources: Sequence[Resource]) -> _Found:
        index = Index(resources)
        names = _dimensions(index, dimension)
        for one in index.of(token):
            if token != SERVICE or not runs_once(one):
                yield one, Reading("", among(_name(one, path), names), fix)

    return read


def _named_by(token: str, path: str, others: str, where: str, fix: str) -> StackReader:
    """Whether a resource of another type names each resource of a type."""

    def read(resources: Sequence[Resource]) -> _Found:
        index = Index(resources)
        names = [_name(other, where) for other in index.of(others)]
        for one in index.of(token):
            yield one, Reading("", among(_name(one, path), names), fix)

    return read


def _dead_lettered(resources: Sequence[Resource]) -> _Found:
    """A queue says where its dead letters go, or is where those of another go, or takes what EventBridge or SNS gave up."""
    queues = Index(resources).of(data.QUEUE)
    goals = [_goal(at(one.facts, "redrivePolicy")) for one in queues if is_given(at(one.facts, "redrivePolicy"))]
    for one in queues:
        if is_given(at(one.facts, "redrivePolicy")):
            yield one, Reading("redrivePolicy", value=True)
        else:
            fix = "name a dead-letter queue; a message that cannot be handled comes back for ever"
            yield one, Reading("redrivePolicy", among(_name(one, "arn"), goals), fix)


def _goal(policy: Value) -> Value:
    if policy is UNKNOWN or policy == UNREADABLE:
        return UNKNOWN
    return at(json.loads(policy) if isinstance(policy, str) else policy, "deadLetterTargetArn")


def _rate_limited(resources: Sequence[Resource]) -> _Found:
    index = Index(resources)
    limits = {str(_name(wall, "arn")): wall for wall in index.of(FIREWALL)}
    guards = index.of(GUARD)
    fix = "guard it by a firewall with a rate-based rule; one client can use up everything"
    for one in index.of(network.BALANCER):
        if is_true(at(one.facts, "internal")):
            continue
        arn = _name(one, "arn")
        if arn is UNKNOWN or any(UNKNOWN in (_name(guard, "resourceArn"), _name(guard, "webAclArn")) for guard in guards):
            yield one, Reading("", UNKNOWN if guards and limits else False, fix)
            continue
        walls = [limits.get(str(_name(guard, "webAclArn"))) for guard in guards if _name(guard, "resourceArn") == arn]
        yield one, Reading("", any(wall is not None and _limits(wall) for wall in walls), fix)


def _limits(wall: Resource) -> bool:
    return any(is_given(at(rule, "statement.rateBasedStatement")) for _, rule in each(wall.facts, "rules"))


def _covered(where: str, others: str, listed: str, fix: str) -> StackReader:
    """Whether each name in a list of a selection is in the lists of others."""

    def read(resources: Sequence[Resource]) -> _Found:
        index = Index(resources)
        names = [name for other in index.of(others) for _, name in each(other.facts, listed)]
        for one in index.of(SELECTION):
            for path, name in each(one.facts, where):
                yield one, Reading(path, among(name, names), fix)

    return read


def _backed_up(resources: Sequence[Resource]) -> _Found:
    index = Index(resources)
    names = [name for one in index.of(SELECTION) for _, name in each(one.facts, "resources")]
    for one in index.of(data.INSTANCE):
        if not is_given(at(one.facts, "replicateSourceDb")):
            fix = "select it in a plan of AWS Backup; its own backups go with the account's one mistake"
            yield one, Reading("", among(_name(one, "arn"), names), fix)


def _heard(resources: Sequence[Resource]) -> _Found:
    """An alarm tells a topic that somebody subscribed to, or is part of another alarm that does."""
    index = Index(resources)
    topics = [_name(one, "topic") for one in index.of(SUBSCRIPTION)]
    rules = [at(one.facts, "alarmRule") for one in index.of(COMPOSITE)]
    for one in (*index.of(ALARM), *index.of(COMPOSITE)):
        actions = [action for _, action in each(one.facts, "alarmActions")]
        fix = "name a topic that somebody has subscribed to, or a composite alarm of which it is a part"
        if actions:
            states = [among(action, topics) for action in actions]
            heard: Value = any(state is True for state in states) or (UNKNOWN if UNKNOWN in states else False)
        else:
            name = _name(one, "alarmName" if one.token == COMPOSITE else "name")
            quoted = [known(rule, _quotes(name)) for rule in rules]
            heard = any(state is True for state in quoted) or (UNKNOWN if UNKNOWN in (*quoted, name) and rules else False)
        yield one, Reading("alarmActions", heard, fix)


def _quotes(name: Value) -> Test:
    return lambda text: f'"{name}"' in str(text)


def _versioned(resources: Sequence[Resource]) -> _Found:
    """The store of the platform's objects keeps what is overwritten; logs are written once."""
    index = Index(resources)
    states = [(_name(one, "bucket"), at(one.facts, "versioningConfiguration.status")) for one in index.of(VERSIONING)]
    for one in index.of(data.BUCKET):
        if label(one, "tags", "component") == "storage":
            name = _name(one, "bucket")
            kept = [bucket for bucket, state in states if state is UNKNOWN or state == "Enabled"]
            unclear = any(state is UNKNOWN for bucket, state in states if bucket == name)
            yield one, Reading("", UNKNOWN if unclear else among(name, kept), "turn versioning on for it")


STACK: Final[StackReaders] = {
    StackProperty.DATABASE_WATCHED: _watched(
        data.INSTANCE, "identifier", "DBInstanceIdentifier", "make an alarm of CloudWatch for it; a full disk is seen by nobody"
    ),
    StackProperty.QUEUE_WATCHED: _watched(
        data.QUEUE, "name", "QueueName", "make an alarm for its messages; one that waits for days is seen by nobody"
    ),
    StackProperty.SERVICE_WATCHED: _watched(
        SERVICE, "name", "ServiceName", "make an alarm for it; that it is gone is seen by nobody"
    ),
    StackProperty.DEAD_LETTERED: _dead_lettered,
    StackProperty.RATE_LIMITED: _rate_limited,
    StackProperty.DRILLED: _covered(
        "resources", DRILL, "protectedResourceArns", "select it in a plan of restore tests; a backup is what has been restored"
    ),
    StackProperty.BACKED_UP: _backed_up,
    StackProperty.BACKUPS_LOCKED: _named_by(
        data.VAULT, "name", LOCK, "backupVaultName", "lock the vault; who takes over the account could delete its backups"
    ),
    StackProperty.FLOWS_LOGGED: _named_by(VPC, "id", FLOWS, "vpcId", "log its traffic; without that no attack can be followed"),
    StackProperty.ALARM_HEARD: _heard,
    StackProperty.FIREWALL_LOGGED: _named_by(FIREWALL, "arn", FIREWALL_LOG, "resourceArn", "log what it refuses"),
    StackProperty.STORE_CLOSED: _named_by(data.BUCKET, "bucket", network.BLOCK, "bucket", "block public access to it"),
    StackProperty.STORE_TLS: _named_by(
        data.BUCKET, "bucket", network.BUCKET_POLICY, "bucket", "give it a policy that denies clients without TLS"
    ),
    StackProperty.STORE_VERSIONED: _versioned,
}
