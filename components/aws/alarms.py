"""Alarms as plain values: what is measured, from where on it is too much, and what silence means. Pure.

Every threshold has its reason beside it. An alarm costs 0.10 dollars a month for each metric in it (0.50 for a composite one),
so the set is the same in every environment: an alarm that only production has was never seen to fire. Left out: what the
firewall blocks (that is its work) and failed logins of the database, which are in its log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi import Input

from components import spec
from components.aws.sizing import DatabaseClass

Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]
Silence = Literal["notBreaching", "breaching", "ignore"]

ABOVE: Final[Comparison] = "GreaterThanThreshold"
REACHES: Final[Comparison] = "GreaterThanOrEqualToThreshold"
BELOW: Final[Comparison] = "LessThanThreshold"

GIB: Final = 2**30
LAG_SECONDS: Final = 600
"""A replica of an idle PostgreSQL is shown up to five minutes behind (user guide, "Monitoring read replication")."""

OLDEST_SECONDS: Final = 900
"""A mail that waits longer is late to whoever waits for it; never less than twice what processing one may take."""

WAITING_MESSAGES: Final = 1000
"""Where no service scales by messages; else what all copies together are meant to have waiting."""

ERRORS: Final = 10
"""In five minutes. One error is seen on the dashboard; so many have a cause that does not go away."""


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch. `statistic`: `Average`, `Sum`, `Minimum`, `Maximum`, or of percentiles (`p95`, `PR(:0.2)`)."""

    namespace: str
    name: str
    dimensions: Mapping[str, Input[str]]
    statistic: str


@dataclass(frozen=True)
class Alarm:
    """`role`: the end of its name. `says`: what is wrong, and what may be done. `metrics`: id -> metric.

    It fires when in `periods` periods of `period_seconds` in a row the value compares so with `threshold`. `expressions`: id ->
    metric math over the ids before; the last is the value. Without any there is one metric. `silence`: what missing data means.
    """

    role: str
    says: str
    metrics: Mapping[str, Metric]
    comparison: Comparison
    threshold: float
    periods: int
    period_seconds: int = 60
    silence: Silence = "notBreaching"
    expressions: Mapping[str, str] = field(default_factory=dict)


def single(metric: Metric) -> Mapping[str, Metric]:
    return {"value": metric}


def in_service(name: str, cluster: Input[str], service: Input[str], statistic: str) -> Metric:
    return Metric("AWS/ECS", name, {"ClusterName": cluster, "ServiceName": service}, statistic)


def in_database(name: str, database: Input[str], statistic: str = "Average") -> Metric:
    return Metric("AWS/RDS", name, {"DBInstanceIdentifier": database}, statistic)


def in_queue(name: str, queue: Input[str]) -> Metric:
    return Metric("AWS/SQS", name, {"QueueName": queue}, "Maximum")


def at_entry(name: str, entry: Input[str], statistic: str = "Sum") -> Metric:
    return Metric("AWS/ApplicationELB", name, {"LoadBalancer": entry}, statistic)


def of_service(role: str, asked: spec.Service, cluster: Input[str], service: Input[str]) -> list[Alarm]:
    """Of a service on ECS. Copies are counted by Container Insights, which the cluster has."""
    counted = Metric("ECS/ContainerInsights", "RunningTaskCount", {"ClusterName": cluster, "ServiceName": service}, "Minimum")
    least = asked.scaling.min_replicas
    return [
        Alarm(
            f"{role}-cpu",
            f"{role} uses above 90 % of its CPU for 15 minutes although scaling holds less: raise max_replicas or cpu.",
            single(in_service("CPUUtilization", cluster, service, "Average")),
            ABOVE,
            90,
            15,
        ),
        Alarm(
            f"{role}-memory",
            f"A copy of {role} uses above 90 % of its memory for 15 minutes; at 100 % it is ended: raise memory_mib.",
            single(in_service("MemoryUtilization", cluster, service, "Maximum")),
            ABOVE,
            90,
            15,
        ),
        Alarm(
            f"{role}-running",
            f"Fewer than {least} copies of {role} run for 10 minutes: see the events of the service.",
            single(counted),
            BELOW,
            least,
            10,
            silence="breaching",
        ),
    ]


def of_target(role: str, entry: Input[str], target: Input[str]) -> list[Alarm]:
    """Of a public service: its copies answer the load balancer. A new copy has ten minutes to become ready."""
    metric = Metric("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": entry, "TargetGroup": target}, "Maximum")
    says = f"A copy of {role} does not answer its ready_path for 10 minutes: see its log."
    return [Alarm(f"{role}-unhealthy", says, single(metric), ABOVE, 0, 10)]


def of_errors(role: str, metric: Metric) -> list[Alarm]:
    says = f"{role} wrote {ERRORS} errors or more within five minutes: see its log."
    return [Alarm(f"{role}-errors", says, single(metric), REACHES, ERRORS, 1, 300)]


def of_database(asked: spec.Database, chosen: DatabaseClass, connections: int, database: Input[str]) -> list[Alarm]:
    """Of the server. `connections`: what it takes by RDS's formula."""
    free = asked.storage_gib * GIB // 10
    memory = round(chosen.memory_gib * GIB * 0.05)
    most = connections * 9 // 10
    found = [
        Alarm(
            "database-cpu",
            "The database uses above 90 % of its CPU for 15 minutes: see Performance Insights, or choose the next size.",
            single(in_database("CPUUtilization", database)),
            ABOVE,
            90,
            15,
        ),
        Alarm(
            "database-storage",
            "Less than a tenth of the asked storage is free for 30 minutes, where RDS should have grown it: raise storage_gib.",
            single(in_database("FreeStorageSpace", database, "Minimum")),
            BELOW,
            free,
            30,
            silence="breaching",
        ),
        Alarm(
            "database-memory",
            "Less than 5 % of the database's memory can be freed for 15 minutes, after which it swaps: choose the next size.",
            single(in_database("FreeableMemory", database)),
            BELOW,
            memory,
            15,
        ),
        Alarm(
            "database-connections",
            f"Above {most} connections (90 % of what the server takes) are open for 5 minutes. The pooler was asked to hold "
            f"{asked.pooling.database_connections}: look for what goes around it.",
            single(in_database("DatabaseConnections", database, "Maximum")),
            ABOVE,
            most,
            5,
        ),
    ]
    if chosen.name.startswith("db.t"):
        # A new server begins with none and earns 12 an hour or more, so two hours pass first.
        says = "The database has used up its CPU credits for two hours: what it uses above its share is paid for by the hour."
        left = single(in_database("CPUCreditBalance", database, "Minimum"))
        found.append(Alarm("database-credits", says, left, BELOW, 5, 24, 300))
    return found


def of_replica(number: int, replica: Input[str], engine: str) -> list[Alarm]:
    """MySQL tells -1 while replication stands still, which is no lag (user guide, "Monitoring read replication")."""
    says = f"Read replica {number} is above {LAG_SECONDS // 60} minutes behind for 10 minutes: reports show old data."
    lag = single(in_database("ReplicaLag", replica, "Maximum"))
    found = [Alarm(f"replica-{number}-lag", says, lag, ABOVE, LAG_SECONDS, 10, silence="breaching")]
    if engine == "mysql":
        says = f"Read replica {number} has stopped to follow the server for 10 minutes: see its events, or make it anew."
        found.append(Alarm(f"replica-{number}-stopped", says, lag, BELOW, 0, 10))
    return found


def of_pooler(pooling: spec.Pooling, pooler: Input[str]) -> list[Alarm]:
    """Of RDS Proxy. Its latencies are in microseconds; connections are told once a minute by each node, so that all is their
    sum (user guide, "Monitoring RDS Proxy metrics")."""
    dimensions = {"ProxyName": pooler}
    most = pooling.client_connections * 9 // 10
    return [
        Alarm(
            "pooler-clients",
            f"Above {most} clients (90 % of client_connections) are connected for 5 minutes: raise it, or lower max_replicas.",
            single(Metric("AWS/RDS", "ClientConnections", dimensions, "Sum")),
            ABOVE,
            most,
            5,
        ),
        Alarm(
            "pooler-waiting",
            "Clients wait above a second for a connection, for 5 minutes: raise database_connections, or see long ones.",
            single(Metric("AWS/RDS", "DatabaseConnectionsBorrowLatency", dimensions, "Average")),
            ABOVE,
            1_000_000,
            5,
        ),
    ]


def most_waiting(queue: str, services: Mapping[str, spec.Service]) -> int:
    """Messages above which the consumers of a queue cannot scale any further."""
    scaled = [
        one.scaling.max_replicas * one.scaling.messages_per_replica
        for one in services.values()
        if queue in one.consumes and one.scaling.messages_per_replica is not None
    ]
    return sum(scaled) or WAITING_MESSAGES


def of_queue(queue: str, asked: spec.Queue, most: int, metered: Input[str]) -> list[Alarm]:
    oldest = max(OLDEST_SECONDS, 2 * asked.processing_timeout_seconds)
    return [
        Alarm(
            f"{queue}-oldest",
            f"A message of {queue} is older than {oldest} s for 5 minutes: its consumer stands still or is too slow.",
            single(in_queue("ApproximateAgeOfOldestMessage", metered)),
            ABOVE,
            oldest,
            5,
        ),
        Alarm(
            f"{queue}-waiting",
            f"Above {most} messages of {queue} wait for 15 minutes: raise max_replicas of its consumer.",
            single(in_queue("ApproximateNumberOfMessagesVisible", metered)),
            ABOVE,
            most,
            15,
        ),
    ]


def of_dead_letters(queue: str, dead: Input[str]) -> list[Alarm]:
    says = f"A message of {queue} was given up and lies in its dead-letter queue: find why, then send it back or delete it."
    return [Alarm(f"{queue}-dead", says, single(in_queue("ApproximateNumberOfMessagesVisible", dead)), ABOVE, 0, 1)]


def of_entry(entry: Input[str]) -> list[Alarm]:
    """Errors and slow answers are in `burn_rate`; here what no answer tells."""
    says = "The load balancer refuses connections, since it has reached its maximum: AWS raises it on request."
    return [Alarm("entry-rejected", says, single(at_entry("RejectedConnectionCount", entry)), ABOVE, 0, 1)]


def of_mail() -> Sequence[Alarm]:
    """Of the whole account and region, which SES judges as one: from 5 % and 0.1 % on it reviews, from 10 % and 0.5 % it stops
    all sending (developer guide, "Understanding email reputation"). Told about every hour, so silence changes nothing."""
    found = []
    for role, name, most, says in (
        (
            "mail-bounces",
            "Reputation.BounceRate",
            0.05,
            "Above 5 % of the account's mail bounces: clean the lists before SES stops it.",
        ),
        (
            "mail-complaints",
            "Reputation.ComplaintRate",
            0.001,
            "Above 0.1 % of the account's mail is called spam: stop who sends it.",
        ),
    ):
        found.append(Alarm(role, says, single(Metric("AWS/SES", name, {}, "Average")), ABOVE, most, 1, 3600, "ignore"))
    return found
