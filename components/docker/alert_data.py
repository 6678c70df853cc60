"""Alerts on what holds data: host, database, pooler, broker and its queues. Pure. Every threshold has its reason beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from components.docker.alert_rules import SHOWN, Alert, Group, Record
from components.spec import PlatformSpec

OLDEST_SECONDS: Final = 900
"""A mail that waits longer is late to whoever waits for it; never less than twice what processing one may take."""

OUTBOX_SECONDS: Final = 300
"""The outbox is emptied within seconds while the broker takes messages."""

WAITING_MESSAGES: Final = 1000
"""Where no service scales by messages; else what all copies together are meant to have waiting."""

LONG_TRANSACTION_SECONDS: Final = 900
"""Longer, and vacuum falls behind; the services' own statements are cut off far earlier."""

OLDEST: Final = "penguinmails:queue_oldest:seconds"


def groups(spec: PlatformSpec) -> Sequence[Group]:
    return [
        Group("host", list(_host())),
        Group("database", list(_database())),
        Group("pooler", list(_pooler())),
        Group("broker", [oldest(), *_broker(), *_queues(spec)]),
    ]


def _host() -> Iterator[Alert]:
    free = _part("filesystem_avail_bytes", "filesystem_size_bytes")
    yield Alert(
        name="DiskFull",
        expression=f"{free} < 0.05",
        minutes=5,
        severity="page",
        says=f"Only {SHOWN.share} of the engine's disk is free",
        do="The database stops when nothing is left. Remove what is not needed (docker image prune), or make the disk larger.",
        topic="disk",
    )
    yield Alert(
        name="DiskFilling",
        expression=f"({free} < 0.15) or ({free} < 0.4 and {_ahead(86400)} < 0)",
        minutes=30,
        severity="ticket",
        says="The engine's disk is filling",
        do=f"{SHOWN.share} is free; at the pace of the last six hours it may be full within a day. See what grows.",
        topic="disk",
    )
    yield Alert(
        name="DiskInodes",
        expression=f"{_part('filesystem_files_free', 'filesystem_files')} < 0.05",
        minutes=30,
        severity="ticket",
        says=f"Only {SHOWN.share} of the files that the engine's disk can hold are left",
        do="Nothing can be written then although there is room. Remove unused images and containers.",
    )
    yield Alert(
        name="HostMemory",
        expression=f"{_part('memory_MemAvailable_bytes', 'memory_MemTotal_bytes')} < 0.05",
        minutes=5,
        severity="page",
        says=f"Only {SHOWN.share} of the host's memory is available",
        do="The kernel will end processes, whichever they are. See what else runs on the host, or run fewer copies.",
    )
    yield Alert(
        name="OutOfMemory",
        expression="increase(node_vmstat_oom_kill[15m]) > 0",
        minutes=0,
        severity="ticket",
        says="The kernel ended a process for want of memory",
        do="A container reached its limit, or the host its own. Restarts and the kernel's log (dmesg) say which.",
    )
    yield Alert(
        name="HostBusy",
        expression='1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.95',
        minutes=30,
        severity="ticket",
        says="The host's processors have been busy for half an hour",
        do="Everything on it slows down. See which service works most; more copies do not help on one host.",
    )


def _ahead(seconds: int) -> str:
    """What will be free at the pace of the last six hours."""
    return f"min(predict_linear(node_filesystem_avail_bytes[6h], {seconds}))"


def _part(some: str, all_: str) -> str:
    """Of what the host has; the exporter tells of one disk only."""
    return f"min(node_{some}) / min(node_{all_})"


def _database() -> Iterator[Alert]:
    yield Alert(
        name="DatabaseDown",
        expression='min(pg_up) == 0 or max(penguinmails_service_tasks{service="database",state="running"}) == 0',
        minutes=1,
        severity="page",
        says="The database does not answer",
        do="Nothing works without it, so what follows from it is not told. See the log of the service database.",
    )
    yield Alert(
        name="DatabaseConnections",
        expression="sum(pg_stat_activity_count) / max(pg_settings_max_connections) > 0.9",
        minutes=10,
        severity="ticket",
        says=f"{SHOWN.share} of the database's connections are taken",
        do="Who goes around the pooler? Or ask for fewer database_connections, or for a larger size.",
    )
    yield Alert(
        name="DatabaseDeadlocks",
        expression="sum(increase(pg_stat_database_deadlocks[15m])) >= 3",
        minutes=0,
        severity="ticket",
        says=f"{SHOWN.number} transactions were ended by deadlocks within 15 minutes",
        do="Two statements take the same rows in different order; the database's log shows both.",
    )
    yield Alert(
        name="DatabaseLongTransaction",
        expression=f"max(pg_stat_activity_max_tx_duration) > {LONG_TRANSACTION_SECONDS}",
        minutes=5,
        severity="ticket",
        says=f"A transaction has been open for {SHOWN.duration}",
        do="What it has seen cannot be cleaned up, and what it has locked waits. Find it in pg_stat_activity.",
    )


def _pooler() -> Iterator[Alert]:
    yield Alert(
        name="PoolerDown",
        expression='max(pgbouncer_up) == 0 or max(penguinmails_service_tasks{service="pooler",state="running"}) == 0',
        minutes=2,
        severity="page",
        says="The pooler does not answer",
        do="Services reach the database through it only. See the log of the service pooler.",
        after=("database",),
    )
    yield Alert(
        name="PoolerWaiting",
        expression='max(pgbouncer_pools_client_maxwait_seconds{database!="pgbouncer"}) > 5',
        minutes=5,
        severity="ticket",
        says=f"Services wait {SHOWN.duration} for a connection to the database",
        do="All connections are busy: long statements, or too few database_connections.",
        topic="pooler",
        after=("database",),
    )
    used = 'sum(pgbouncer_databases_current_connections{name!="pgbouncer"})'
    size = 'sum(pgbouncer_databases_max_connections{name!="pgbouncer"})'
    waits = 'sum(pgbouncer_pools_client_waiting_connections{database!="pgbouncer"}) > 0'
    yield Alert(
        name="PoolerSaturated",
        expression=f"{used} / {size} >= 1 and {waits}",
        minutes=10,
        severity="ticket",
        says="All connections of the pooler are in use and clients wait",
        do="Raise platform.database.pooling.database_connections if the database has room, or shorten what holds them.",
        topic="pooler",
        after=("database",),
    )
    clients = " + ".join(
        f'sum(pgbouncer_pools_client_{kind}_connections{{database!="pgbouncer"}})' for kind in ("active", "waiting")
    )
    yield Alert(
        name="PoolerClients",
        expression=f"({clients}) / max(pgbouncer_config_max_client_connections) > 0.9",
        minutes=10,
        severity="ticket",
        says=f"{SHOWN.share} of the clients that the pooler lets in are connected",
        do="More are refused. Raise platform.database.pooling.client_connections.",
    )


def oldest() -> Record:
    """How long the oldest message of a queue has waited, in seconds; the broker itself does not know.

    It is at most as old as the last moment at which nothing waited, of the last six hours. Where messages are being taken, it
    has waited about as long as these take for what waits now (Little's law). The smaller of both is near the truth.
    """
    by = "by (queue) "
    waiting = f'sum {by}(rabbitmq_detailed_queue_messages_ready{{job="broker-queues"}})'
    empty = 'max_over_time(timestamp(rabbitmq_detailed_queue_messages_ready{job="broker-queues"} == 0)[6h:1m])'
    since = f"time() - max {by}({empty})"
    drained = f"{waiting} / sum {by}(rate(rabbitmq_detailed_queue_messages_acked_total[5m]))"
    never = f"({waiting} > 0) * 0 + 21600"
    candidates = (
        f'label_replace({drained}, "by", "drained", "", "") or label_replace({since} or {never}, "by", "empty", "", "")'
    )
    return Record(OLDEST, f"min {by}({candidates}) and ({waiting} > 0) or {waiting} * 0")


def _broker() -> Iterator[Alert]:
    yield Alert(
        name="BrokerDown",
        expression='max(up{job="broker"}) == 0 or max(penguinmails_service_tasks{service="broker",state="running"}) == 0',
        minutes=2,
        severity="page",
        says="The broker does not answer",
        do="The API keeps what it takes in its outbox; nothing is sent meanwhile. See the log of the service broker.",
    )
    yield Alert(
        name="BrokerAlarm",
        expression="max(rabbitmq_alarms_memory_used_watermark) == 1 or max(rabbitmq_alarms_free_disk_space_watermark) == 1",
        minutes=1,
        severity="page",
        says="The broker takes no more messages, for want of memory or disk",
        do="Mail waits in the outbox. Empty the queues (are the workers running?), or make room on the disk.",
    )
    yield Alert(
        name="DeadLetters",
        expression='max by (queue) (rabbitmq_detailed_queue_messages{queue=~".+[.]dead-letter"}) > 0',
        minutes=1,
        severity="ticket",
        says=f"{SHOWN.number} messages lie in {SHOWN.label('queue')}",
        do="They failed too often, and nobody will try again. Find the reason in the workers' log; then move or remove them.",
    )
    yield Alert(
        name="OutboxOld",
        expression=f"max(penguinmails_outbox_oldest_age_seconds) > {OUTBOX_SECONDS}",
        minutes=5,
        severity="page",
        says=f"Accepted mail has waited {SHOWN.duration} to get to the broker",
        do="The API has stored it and cannot hand it over: see the API's log, and whether the broker takes messages.",
        after=("database", "broker"),
    )


def _queues(spec: PlatformSpec) -> Iterator[Alert]:
    yield Alert(
        name="QueueBacklog",
        expression=" or ".join(f"({_ready(queue)} > {backlog(spec, queue)})" for queue in spec.queues),
        minutes=15,
        severity="ticket",
        says=f"{SHOWN.number} messages wait in {SHOWN.label('queue')}",
        do="More come than go. See the workers: do they run, do they fail? Or let more of them run.",
        topic="queue",
        after=("broker", "database"),
    )
    yield Alert(
        name="QueueOld",
        expression=" or ".join(
            f'({OLDEST}{{queue="{queue}"}} > {max(OLDEST_SECONDS, 2 * asked.processing_timeout_seconds)})'
            for queue, asked in spec.queues.items()
        ),
        minutes=5,
        severity="page",
        says=f"The oldest message of {SHOWN.label('queue')} has waited {SHOWN.duration}",
        do="Mail is late. See the workers: do they run, do they fail?",
        topic="queue",
        after=("broker", "database"),
    )
    read = sorted({queue for service in spec.services.values() for queue in service.consumes})
    if read:
        queues = f'queue=~"{"|".join(read)}"'
        yield Alert(
            name="QueueUnread",
            expression=f"max by (queue) (rabbitmq_detailed_queue_messages_ready{{{queues}}}) > 0 "
            f"and max by (queue) (rabbitmq_detailed_queue_consumers{{{queues}}}) == 0",
            minutes=5,
            severity="page",
            says=f"Nobody reads {SHOWN.label('queue')}, and messages wait in it",
            do="No worker is connected to the broker: see whether they run, and their log.",
            topic="queue",
            after=("broker", "database"),
        )


def backlog(spec: PlatformSpec, queue: str) -> int:
    """How many messages may wait before somebody is told."""
    readers = (service.scaling for service in spec.services.values() if queue in service.consumes)
    held = [scaling.messages_per_replica * scaling.max_replicas for scaling in readers if scaling.messages_per_replica]
    return max(held, default=WAITING_MESSAGES)


def _ready(queue: str) -> str:
    return f'max by (queue) (rabbitmq_detailed_queue_messages_ready{{queue="{queue}"}})'
