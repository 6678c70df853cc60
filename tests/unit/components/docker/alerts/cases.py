"""For each alert what goes wrong, from which minute on, and when it may be told and must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.unit.components.docker.alerts.quiet import BUCKETS, GIB, JOBS, REQUESTS
from tests.unit.components.docker.alerts.series import DAY, Series, Value, ages, counts, flat, quickens, steps, stops, turns

OUTAGE = 30
"""The minute in which it begins."""


@dataclass(frozen=True)
class Case:
    """`wrong`: series instead of the quiet ones. `labels`: what the alert says of where, besides its own labels.

    It must be silent in the minute `silent` and fire in the minute `fires`, both counted from the beginning of the outage;
    None: the minute before the alert's own time, and the one after it. `interval`: minutes between two looks.
    """

    alert: str
    wrong: Series
    labels: Mapping[str, str] = field(default_factory=dict)
    silent: int | None = None
    fires: int | None = None
    interval: int = 1
    begins: int = OUTAGE


PUBLIC = 'haproxy_frontend_http_responses_total{job="edge",proxy="public",code="%s"}'
TIMES = "penguinmails_http_request_duration_seconds"
TIMED = 'job="api",instance="10.0.0.2:8000",method="POST",route="/v1/messages",status="202"'
TASKS = 'penguinmails_service_tasks{job="gate",service="%s",state="running"}'
POOL = 'job="pooler-exporter",database="penguinmails",user="penguinmails_app"'
QUEUE = 'job="broker-queues",queue="outbound"'
DEAD = 'job="broker-queues",queue="outbound.dead-letter"'
INSIDE = 'probe_ssl_earliest_cert_expiry{job="broker-tls"}'
DISK = 'job="node-exporter",mountpoint="/"'


def failing(share: float, begins: int) -> Series:
    return {
        PUBLIC % "2xx": quickens(REQUESTS * 0.9, REQUESTS * (1 - share), begins),
        PUBLIC % "4xx": quickens(REQUESTS * 0.1, 0, begins),
        PUBLIC % "5xx": quickens(0, REQUESTS * share, begins),
    }


def slowed(share: float, begins: int) -> Series:
    """So many requests take longer than 0.2 s."""
    return {
        f'{TIMES}_bucket{{{TIMED},le="{le}"}}': quickens(
            REQUESTS * usual, REQUESTS * (1 - share if float(le) < 5 else 1), begins
        )
        for le, usual in BUCKETS.items()
    } | {f"{TIMES}_count{{{TIMED}}}": counts(REQUESTS)}


def _objectives() -> list[Case]:
    """2 % of requests fail: 20 times what 99.9 % allow, so 14.4 times are reached after 43 of the hour's minutes."""
    return [
        Case("AvailabilityFast", failing(0.02, 120), silent=40, fires=46, begins=120),
        Case("AvailabilityMedium", failing(0.0075, 480), silent=280, fires=300, interval=5, begins=480),
        Case("AvailabilitySlow", failing(0.002, 2 * DAY), silent=22 * 60, fires=48 * 60, interval=10, begins=2 * DAY),
        Case("LatencyFast", slowed(0.9, 120), silent=44, fires=50, begins=120),
        Case("LatencyMedium", slowed(0.4, 480), silent=255, fires=280, interval=5, begins=480),
        Case("LatencySlow", slowed(0.1, 3 * DAY), silent=20 * 60, fires=48 * 60, interval=10, begins=3 * DAY),
    ]


def _acme() -> list[Case]:
    served = 'probe_ssl_earliest_cert_expiry{job="probe"}'
    given = 'penguinmails_acme_certificate_expiry_timestamp_seconds{job="acme"}'
    lifetime = 'penguinmails_acme_certificate_lifetime_seconds{job="acme"}'
    late: dict[str, Value] = {served: flat(60 * (18 * DAY + OUTAGE - 1))}
    return [
        Case("CertificateRenewalLate", late),
        Case("CertificateRenewalLate", {**late, lifetime: turns(60 * 90 * DAY, None, OUTAGE)}),
        Case("CertificateRenewalUrgent", {served: flat(60 * (9 * DAY + OUTAGE - 1))}),
        Case("CertificateMissing", {given: turns(60 * 90 * DAY, 0, OUTAGE), lifetime: turns(60 * 90 * DAY, 0, OUTAGE)}),
        Case("CertificateNotServed", {served: turns(60 * 90 * DAY, 60 * 30 * DAY, OUTAGE), given: flat(60 * 90 * DAY)}),
    ]


def _services() -> list[Case]:
    up = f'up{{job="status",instance="{JOBS["status"]}"}}'
    api = f'up{{job="api",instance="{JOBS["api"]}"}}'
    failures = 'penguinmails_service_failures_total{job="gate",service="worker"}'
    errors = 'penguinmails_errors_total{service="api",group="a1"}'
    return [
        Case("PlatformUnreachable", {'probe_success{job="probe"}': turns(1, 0, OUTAGE)}, {"job": "probe"}),
        Case("CertificateEnds", {'probe_ssl_earliest_cert_expiry{job="probe"}': flat(60 * (7 * DAY + OUTAGE - 1))}),
        Case("CertificateEndsSoon", {'probe_ssl_earliest_cert_expiry{job="probe"}': flat(60 * (21 * DAY + OUTAGE - 1))}),
        *_acme(),
        Case("InternalCertificateEnds", {INSIDE: flat(60 * (7 * DAY + OUTAGE - 1))}),
        Case("InternalCertificateEnds", {INSIDE: flat(60 * 5)}, begins=0, silent=30),
        Case("InternalCertificateEndsSoon", {INSIDE: flat(60 * (21 * DAY + OUTAGE - 1))}),
        Case("ServiceDown", {TASKS % "worker": turns(1, 0, OUTAGE)}, {"service": "worker"}),
        Case(
            "ServiceDown",
            {'haproxy_backend_active_servers{job="edge",proxy="api-0"}': turns(1, 0, OUTAGE)},
            {"service": "api"},
        ),
        Case("MissingCopies", {TASKS % "worker": turns(1, 0, OUTAGE)}, {"service": "worker"}),
        Case("CrashLoop", {failures: quickens(0, 0.5, OUTAGE)}, {"job": "gate", "service": "worker"}, silent=4, fires=8),
        Case(
            "ReleaseRolledBack",
            {'penguinmails_service_rollbacks_total{job="gate",service="api"}': steps(0, 1, OUTAGE)},
            {"job": "gate", "service": "api"},
        ),
        Case(
            "ReleaseStuck",
            {'penguinmails_service_updating{job="gate",service="api"}': turns(0, 1, OUTAGE)},
            {"job": "gate", "service": "api"},
        ),
        Case("ServiceMemory", {'process_resident_memory_bytes{job="api"}': turns(9e7, 250e6, OUTAGE)}, {"job": "api"}),
        Case("NoFigures", {up: turns(1, 0, OUTAGE)}, {"job": "status"}),
        Case("NoFigures", {api: turns(1, None, OUTAGE)}, {"job": "api"}, silent=13, fires=17),
        Case("ManyErrors", {errors: quickens(0, 4, OUTAGE)}, {"service": "api", "group": "a1"}, silent=1, fires=4),
        Case(
            "SecurityEvents",
            {'penguinmails_security_events_total{kind="login_failed"}': quickens(0, 8, OUTAGE)},
            {"kind": "login_failed"},
            silent=1,
            fires=4,
        ),
        Case(
            "SecurityEvents",
            {'penguinmails_security_events_total{kind="gate_login_failed"}': quickens(0, 2, OUTAGE)},
            {"kind": "gate_login_failed"},
            silent=1,
            fires=4,
        ),
        Case("LogsIncomplete", {"penguinmails_log_gaps_total": quickens(0, 1, OUTAGE)}),
        Case("ScalingAtMaximum", {'penguinmails_scaling_held{reason="maximum"}': turns(0, 1, OUTAGE)}),
        Case("ScalingHeld", {'penguinmails_scaling_held{reason="figures"}': turns(0, 1, OUTAGE)}),
    ]


def _data() -> list[Case]:
    def disk(before: float, after: float) -> Series:
        return {f"node_filesystem_avail_bytes{{{DISK}}}": turns(before * GIB, after * GIB, OUTAGE)}

    def draining(minute: float) -> float:
        return (39 - 0.05 * max(0.0, minute - OUTAGE)) * GIB

    ready = f"rabbitmq_detailed_queue_messages_ready{{{QUEUE}}}"
    stuck: dict[str, Value] = {
        ready: turns(0, 5, OUTAGE),
        f"rabbitmq_detailed_queue_messages_acked_total{{{QUEUE}}}": quickens(REQUESTS, 0, OUTAGE),
    }
    return [
        Case("DiskFull", disk(50, 4)),
        Case("DiskFilling", disk(50, 14)),
        Case("DiskFilling", {f"node_filesystem_avail_bytes{{{DISK}}}": draining}, silent=29, fires=120),
        Case("DiskInodes", {f"node_filesystem_files_free{{{DISK}}}": turns(8e6, 4e5, OUTAGE)}),
        Case("HostMemory", {"node_memory_MemAvailable_bytes": turns(4e9, 3e8, OUTAGE)}),
        Case("OutOfMemory", {"node_vmstat_oom_kill": steps(2, 1, OUTAGE)}),
        Case("HostBusy", {'node_cpu_seconds_total{cpu="0",mode="idle"}': quickens(24, 1, OUTAGE)}, silent=33, fires=37),
        Case("DatabaseDown", {"pg_up": turns(1, 0, OUTAGE)}),
        Case("DatabaseDown", {TASKS % "database": turns(1, 0, OUTAGE)}),
        Case("DatabaseConnections", {'pg_stat_activity_count{datname="penguinmails",state="idle"}': turns(20, 95, OUTAGE)}),
        Case("DatabaseDeadlocks", {'pg_stat_database_deadlocks{datname="penguinmails"}': steps(1, 5, OUTAGE)}),
        Case(
            "DatabaseLongTransaction",
            {
                'pg_stat_activity_max_tx_duration{datname="penguinmails",state="active"}': lambda minute: (
                    60 * max(0.0, minute - OUTAGE)
                )
            },
            silent=20,
            fires=21,
        ),
        Case("PoolerDown", {"pgbouncer_up": turns(1, 0, OUTAGE)}),
        Case("PoolerWaiting", {f"pgbouncer_pools_client_maxwait_seconds{{{POOL}}}": turns(0, 9, OUTAGE)}),
        Case(
            "PoolerSaturated",
            {
                'pgbouncer_databases_current_connections{name="penguinmails"}': turns(8, 20, OUTAGE),
                f"pgbouncer_pools_client_waiting_connections{{{POOL}}}": turns(0, 3, OUTAGE),
            },
        ),
        Case("PoolerClients", {f"pgbouncer_pools_client_active_connections{{{POOL}}}": turns(60, 460, OUTAGE)}),
        Case("BrokerDown", {f'up{{job="broker",instance="{JOBS["broker"]}"}}': turns(1, 0, OUTAGE)}),
        Case("BrokerAlarm", {"rabbitmq_alarms_memory_used_watermark": turns(0, 1, OUTAGE)}),
        Case(
            "DeadLetters",
            {f"rabbitmq_detailed_queue_messages{{{DEAD}}}": turns(0, 3, OUTAGE)},
            {"queue": "outbound.dead-letter"},
        ),
        Case("OutboxOld", {'penguinmails_outbox_oldest_age_seconds{job="api"}': turns(0, 400, OUTAGE)}),
        Case("QueueBacklog", {ready: turns(0, 1500, OUTAGE)}, {"queue": "outbound"}),
        Case("QueueOld", stuck, {"queue": "outbound"}, silent=19, fires=22),
        Case(
            "QueueUnread",
            {**stuck, f"rabbitmq_detailed_queue_consumers{{{QUEUE}}}": turns(1, 0, OUTAGE)},
            {"queue": "outbound"},
        ),
    ]


def _operations() -> list[Case]:
    backup = 'penguinmails_backup_last_success_timestamp_seconds{type="%s"}'
    old = {backup % "full": ages(100 * 60 * DAY)}
    drill = "penguinmails_drill_last_success_timestamp_seconds"
    nothing: dict[str, Value] = {backup % "full": flat_none, backup % "differential": flat_none}
    return [
        Case("Watchdog", {}, silent=-1, fires=0),
        Case("RulesFail", {"prometheus_rule_evaluation_failures_total": quickens(0, 1, OUTAGE)}, fires=7),
        Case("PrometheusStorage", {"prometheus_tsdb_wal_writes_failed_total": quickens(0, 1, OUTAGE)}, fires=7),
        Case("TooManySeries", {"prometheus_tsdb_head_series": turns(5000, 200000, OUTAGE)}),
        Case(
            "AlertsNotTold",
            {'alertmanager_notifications_failed_total{integration="webhook"}': quickens(0, 1, OUTAGE)},
            fires=12,
        ),
        Case(
            "WebhooksFail",
            {'penguinmails_notifications_total{address="0",result="failed"}': steps(0, 1, OUTAGE)},
            {"address": "0"},
        ),
        Case("ArchivingStopped", {"penguinmails_archive_last_success_timestamp_seconds": stops(OUTAGE)}, silent=20, fires=22),
        Case("ArchivingFails", {"penguinmails_archive_failures_total": steps(0, 4, OUTAGE)}),
        Case("BackupOverdue", {**old, backup % "differential": stops(OUTAGE)}, silent=1910, fires=1930, interval=5),
        Case("BackupOverdue", nothing, silent=20, fires=35),
        Case("BackupMissing", {**old, backup % "differential": stops(OUTAGE)}, silent=4430, fires=4450, interval=5),
        Case("BackupFailed", {'penguinmails_backup_failures_total{type="full"}': steps(0, 1, OUTAGE)}),
        Case("DrillFailed", {"penguinmails_drill_passed": turns(1, 0, OUTAGE)}),
        Case("DrillOverdue", {drill: stops(OUTAGE)}, silent=14080, fires=14140, interval=10),
        Case("DrillOverdue", {drill: flat_none}, silent=1380, fires=1440, interval=5),
    ]


def _custom() -> list[Case]:
    stuck: dict[str, Value] = {
        f"rabbitmq_detailed_queue_messages_ready{{{QUEUE}}}": turns(0, 5, OUTAGE),
        f"rabbitmq_detailed_queue_messages_acked_total{{{QUEUE}}}": quickens(REQUESTS, 0, OUTAGE),
    }
    return [
        Case(
            "Custom-busy", {'process_cpu_seconds_total{job="api",instance="10.0.0.2:8000"}': quickens(1, 29, OUTAGE)}, fires=7
        ),
        Case("Custom-large", {'process_resident_memory_bytes{job="worker"}': turns(9e7, 250e6, OUTAGE)}),
        Case("Custom-bounced", {'penguinmails_log_matches_total{alarm="bounced"}': quickens(1, 40, OUTAGE)}, fires=7),
        Case("Custom-waiting", {f"rabbitmq_detailed_queue_messages_ready{{{QUEUE}}}": turns(0, 150, OUTAGE)}),
        Case("Custom-late", stuck, silent=7, fires=13),
        Case("Custom-connected", {'pg_stat_activity_count{datname="penguinmails",state="idle"}': turns(20, 70, OUTAGE)}),
        Case("Custom-room", {f"node_filesystem_avail_bytes{{{DISK}}}": turns(60 * GIB, 20 * GIB, OUTAGE)}),
        Case(
            "Custom-idle",
            {'haproxy_frontend_http_requests_total{job="edge",proxy="public"}': quickens(REQUESTS, 0, OUTAGE)},
            fires=32,
        ),
    ]


def flat_none(_: float) -> None:
    """No sample at all."""
    return


CASES = [*_objectives(), *_services(), *_data(), *_operations(), *_custom()]
