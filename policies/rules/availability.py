"""The platform stays up: copies, zones, releases that go back, alarms, and growth that has an end."""

from __future__ import annotations

from typing import Final

from policies.properties import Property, StackProperty
from policies.rules.make import at_least, at_most, rule
from policies.settings import Setting

ZONES: Final = rule(
    "a-zone-may-fail",
    "Databases, entry and services survive the loss of one zone.",
    "high",
    Property.SURVIVES_ZONE,
    controls=("SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Set environment in the stack file to production and aws.zones to two at least.",
)

COPIES: Final = rule(
    "services-have-copies",
    "A service of the stack file has two copies or more at every time.",
    "medium",
    Property.COPIES,
    controls=("SOC 2 A1.1", "SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Set scaling.min_replicas of the service in the stack file.",
    accepts=at_least("minimum"),
    demand="run {minimum} copies at least; a release or a failed host takes one away",
    settings=(Setting("minimum", "Copies of a service at least.", 2, "larger", most=100),),
)

ROLL_BACK: Final = rule(
    "releases-roll-back",
    "A release that does not get well is taken back by itself.",
    "medium",
    Property.ROLLS_BACK,
    controls=("SOC 2 CC8.1", "SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Leave the circuit breaker on AWS and failureAction on Docker as the components set them.",
)

DATABASE_WATCHED: Final = rule(
    "databases-are-watched",
    "An alarm watches every database.",
    "high",
    StackProperty.DATABASE_WATCHED,
    controls=("SOC 2 CC7.2", "SOC 2 A1.1", "GDPR Art. 32(1)(b)", "GDPR Art. 33"),
    remediation="Give the stack file an alerts section.",
)

QUEUE_WATCHED: Final = rule(
    "queues-are-watched",
    "An alarm watches the messages of every queue.",
    "medium",
    StackProperty.QUEUE_WATCHED,
    controls=("SOC 2 CC7.2", "SOC 2 A1.1", "GDPR Art. 32(1)(b)"),
    remediation="Give the stack file an alerts section.",
)

SERVICE_WATCHED: Final = rule(
    "services-are-watched",
    "An alarm watches every service.",
    "high",
    StackProperty.SERVICE_WATCHED,
    controls=("SOC 2 CC7.2", "SOC 2 A1.1", "GDPR Art. 32(1)(b)"),
    remediation="Give the stack file an alerts section.",
)

HEARD: Final = rule(
    "alarms-reach-somebody",
    "Somebody is told of every alarm.",
    "high",
    StackProperty.ALARM_HEARD,
    controls=("SOC 2 CC7.2", "SOC 2 CC7.3", "SOC 2 CC7.4", "GDPR Art. 33"),
    remediation="Set alerts.emails or alerts.webhooks in the stack file.",
)

DEAD_LETTERED: Final = rule(
    "queues-have-dead-letters",
    "What a queue cannot deliver goes to a queue of its own and comes back no more.",
    "medium",
    StackProperty.DEAD_LETTERED,
    controls=("SOC 2 PI1.3", "SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Make queues by the queues section of the stack file; each gets a dead-letter queue.",
)

BOUNDED: Final = rule(
    "copies-are-bounded",
    "Scaling ends at a number of copies, so that an attack does not become a bill.",
    "low",
    Property.LARGEST_COPIES,
    level="advisory",
    controls=("SOC 2 A1.1",),
    remediation="Set scaling.max_replicas of the service in the stack file.",
    accepts=at_most("maximum"),
    demand="scale to {maximum} copies at most",
    settings=(Setting("maximum", "Copies of a service at most.", 50, "smaller", most=1000),),
)

GROWTH: Final = rule(
    "growth-has-an-end",
    "Storage that grows by itself, logs on a host and uploads that were never completed have an end.",
    "low",
    Property.GROWTH_BOUNDED,
    level="advisory",
    controls=("SOC 2 A1.1", "GDPR Art. 5(1)(e)"),
    remediation="Leave the largest size of the database, the size of a container's log and the life cycle of buckets as made.",
)

RULES: Final = (
    ZONES,
    COPIES,
    ROLL_BACK,
    DATABASE_WATCHED,
    QUEUE_WATCHED,
    SERVICE_WATCHED,
    HEARD,
    DEAD_LETTERED,
    BOUNDED,
    GROWTH,
)
