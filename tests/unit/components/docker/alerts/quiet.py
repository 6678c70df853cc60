"""A month in which nothing is wrong, with what an ordinary month has: releases, backups, busy evenings, a few errors."""

from __future__ import annotations

import math

from components.docker.alert_services import SECURITY_EVENTS
from tests.unit.components.docker.alerts.series import DAY, Series, Value, ages, counts, flat

REQUESTS = 600
"""A minute."""
GIB = 2**30
ROLES = ("api", "worker", "database", "pooler", "broker", "edge", "gate", "prometheus", "alertmanager", "logs", "backup")
JOBS = {
    **dict.fromkeys(("edge", "broker", "broker-queues", "node-exporter", "database-exporter", "pooler-exporter"), "one"),
    **dict.fromkeys(("probe", "blackbox", "prometheus", "gate", "autoscaler", "alertmanager", "logs", "status"), "one"),
    **dict.fromkeys(("broker-tls", "notifier", "backup", "outside-gateway"), "one"),
    "api": "10.0.0.2:8000",
    "worker": "10.0.0.3:8000",
}
BUCKETS = {"0.1": 0.9, "0.15": 0.95, "0.2": 0.98, "0.25": 0.99, "0.3": 0.995, "5.0": 1.0, "+Inf": 1.0}


def restarted(value: Value, days: float) -> Value:
    """A counter that begins anew every so many days, as after a release."""
    return lambda minute: value(minute % (days * DAY))


def wave(low: float, high: float) -> Value:
    """Between two values, once a day."""
    return lambda minute: low + (high - low) * (0.5 - 0.5 * math.cos(2 * math.pi * minute / DAY))


def every(days: float, offset: float = 0) -> Value:
    """The moment of the last of what happens every so many days; the first was before the beginning."""
    return lambda minute: 60 * (math.floor(minute / (days * DAY)) * days * DAY) + offset


def now_and_then(usual: float, seldom: float, minutes: int = 600) -> Value:
    return lambda minute: seldom if minute and minute % minutes == 0 else usual


def quiet() -> Series:
    return {
        **{f'up{{job="{job}",instance="{instance}"}}': flat(1) for job, instance in JOBS.items()},
        **_edge(),
        **_workload(),
        **_swarm(),
        **_host(),
        **_database(),
        **_broker(),
        **_logs(),
        **_operations(),
        **_backup(),
    }


def _edge() -> Series:
    public = 'job="edge",proxy="public"'
    codes = {"2xx": 0.9, "4xx": 0.0995, "5xx": 0.0005}
    return {
        **{
            f'haproxy_frontend_http_responses_total{{{public},code="{code}"}}': restarted(counts(REQUESTS * share), 3)
            for code, share in codes.items()
        },
        f"haproxy_frontend_http_requests_total{{{public}}}": restarted(counts(REQUESTS), 3),
        'haproxy_backend_active_servers{job="edge",proxy="api-0"}': flat(1),
        'probe_success{job="probe"}': flat(1),
        **{f'probe_ssl_earliest_cert_expiry{{job="{job}"}}': ends for job in ("probe", "broker-tls")},
        'penguinmails_acme_certificate_expiry_timestamp_seconds{job="acme"}': ends,
        'penguinmails_acme_certificate_lifetime_seconds{job="acme"}': flat(60 * 90 * DAY),
    }


def ends(minute: float) -> float:
    """When the certificate ends: it is always renewed in good time."""
    return 60.0 * 95 * DAY + 60 * math.floor(minute / DAY) * DAY / 2


def _workload() -> Series:
    of = 'job="api",instance="10.0.0.2:8000",method="POST",route="/v1/messages",status="202"'
    health = 'job="api",instance="10.0.0.2:8000",method="GET",route="/readyz",status="200"'
    name = "penguinmails_http_request_duration_seconds"
    return {
        **{f'{name}_bucket{{{of},le="{le}"}}': restarted(counts(REQUESTS * share), 2) for le, share in BUCKETS.items()},
        f"{name}_count{{{of}}}": restarted(counts(REQUESTS), 2),
        f'{name}_bucket{{{health},le="0.2"}}': flat(0),
        f"{name}_count{{{health}}}": counts(3 * REQUESTS),
        'process_cpu_seconds_total{job="api",instance="10.0.0.2:8000"}': counts(10),
        **{f'process_resident_memory_bytes{{job="{role}"}}': wave(90e6, 120e6) for role in ("api", "worker")},
        'penguinmails_outbox_oldest_age_seconds{job="api"}': now_and_then(0, 20),
        'penguinmails_log_matches_total{alarm="bounced"}': counts(1),
    }


def _swarm() -> Series:
    """A release a day, which takes a few minutes and in which a copy more runs."""
    found: dict[str, Value] = {}
    for role in ROLES:
        found[f'penguinmails_service_tasks{{job="gate",service="{role}",state="desired"}}'] = flat(1)
        found[f'penguinmails_service_tasks{{job="gate",service="{role}",state="running"}}'] = now_and_then(1, 2, DAY)
        found[f'penguinmails_service_updating{{job="gate",service="{role}"}}'] = now_and_then(0, 1, DAY)
        found[f'penguinmails_service_failures_total{{job="gate",service="{role}"}}'] = lambda minute: math.floor(
            minute / DAY / 7
        )
        found[f'penguinmails_service_rollbacks_total{{job="gate",service="{role}"}}'] = flat(0)
    return found


def _host() -> Series:
    disk = 'job="node-exporter",mountpoint="/"'
    return {
        f"node_filesystem_avail_bytes{{{disk}}}": lambda minute: (60 - minute % (7 * DAY) / DAY) * GIB,
        f"node_filesystem_size_bytes{{{disk}}}": flat(100 * GIB),
        f"node_filesystem_files_free{{{disk}}}": flat(8e6),
        f"node_filesystem_files{{{disk}}}": flat(1e7),
        "node_memory_MemAvailable_bytes": wave(6e9, 3e9),
        "node_memory_MemTotal_bytes": flat(8e9),
        "node_vmstat_oom_kill": flat(2),
        'node_cpu_seconds_total{cpu="0",mode="idle"}': counts(24),
    }


def _database() -> Series:
    pool = 'job="pooler-exporter",database="penguinmails",user="penguinmails_app"'
    return {
        "pg_up": flat(1),
        'pg_stat_activity_count{datname="penguinmails",state="idle"}': wave(10, 30),
        "pg_settings_max_connections": flat(100),
        'pg_stat_database_deadlocks{datname="penguinmails"}': lambda minute: math.floor(minute / DAY),
        'pg_stat_activity_max_tx_duration{datname="penguinmails",state="active"}': now_and_then(1, 600),
        "pgbouncer_up": flat(1),
        f"pgbouncer_pools_client_maxwait_seconds{{{pool}}}": now_and_then(0, 8),
        f"pgbouncer_pools_client_waiting_connections{{{pool}}}": now_and_then(0, 5),
        f"pgbouncer_pools_client_active_connections{{{pool}}}": wave(10, 60),
        'pgbouncer_databases_current_connections{name="penguinmails"}': now_and_then(8, 20),
        'pgbouncer_databases_max_connections{name="penguinmails"}': flat(20),
        "pgbouncer_config_max_client_connections": flat(500),
    }


def _broker() -> Series:
    queue = 'job="broker-queues",queue="outbound"'
    dead = 'job="broker-queues",queue="outbound.dead-letter"'
    return {
        "rabbitmq_alarms_memory_used_watermark": flat(0),
        "rabbitmq_alarms_free_disk_space_watermark": flat(0),
        f"rabbitmq_detailed_queue_messages_ready{{{queue}}}": now_and_then(0, 400, 60),
        f"rabbitmq_detailed_queue_messages{{{queue}}}": now_and_then(0, 400, 60),
        f"rabbitmq_detailed_queue_consumers{{{queue}}}": flat(1),
        f"rabbitmq_detailed_queue_messages_acked_total{{{queue}}}": counts(REQUESTS),
        f"rabbitmq_detailed_queue_messages_ready{{{dead}}}": flat(0),
        f"rabbitmq_detailed_queue_messages{{{dead}}}": flat(0),
        f"rabbitmq_detailed_queue_consumers{{{dead}}}": flat(0),
    }


def _logs() -> Series:
    kinds = (*SECURITY_EVENTS, "stack_changed", "container_started")
    return {
        'penguinmails_errors_total{service="api",group="a1"}': lambda minute: math.floor(minute / 200),
        **{f'penguinmails_security_events_total{{kind="{kind}"}}': lambda minute: math.floor(minute / 720) for kind in kinds},
        **{f"penguinmails_log_{what}_total": flat(0) for what in ("gaps", "unreadable", "days_removed_early")},
    }


def _operations() -> Series:
    return {
        'penguinmails_scaling_held{reason="maximum"}': now_and_then(0, 1),
        **{f'penguinmails_scaling_held{{reason="{reason}"}}': now_and_then(0, 1) for reason in ("release", "figures", "gate")},
        "prometheus_rule_evaluation_failures_total": flat(0),
        "prometheus_rule_group_iterations_missed_total": flat(0),
        **{
            f"prometheus_tsdb_{what}_total": flat(0)
            for what in ("compactions_failed", "reloads_failures", "wal_corruptions", "wal_writes_failed")
        },
        "prometheus_tsdb_head_series": wave(2000, 9000),
        "prometheus_notifications_errors_total": flat(0),
        "prometheus_notifications_dropped_total": flat(0),
        'alertmanager_notifications_failed_total{integration="webhook"}': flat(0),
        'penguinmails_notifications_total{address="0",result="sent"}': counts(0.01),
        'penguinmails_notifications_total{address="0",result="failed"}': flat(0),
        'penguinmails_notifications_total{address="0",result="dropped"}': flat(0),
    }


def _backup() -> Series:
    day = 60 * DAY
    return {
        "penguinmails_archive_last_success_timestamp_seconds": ages(45),
        "penguinmails_archive_failures_total": lambda minute: math.floor(minute / DAY / 5),
        'penguinmails_backup_last_success_timestamp_seconds{type="full"}': every(7, 300),
        'penguinmails_backup_last_success_timestamp_seconds{type="differential"}': every(1, 300),
        'penguinmails_backup_failures_total{type="full"}': flat(0),
        "penguinmails_backup_interval_seconds": flat(day),
        "penguinmails_drill_last_success_timestamp_seconds": every(7, 900),
        "penguinmails_drill_passed": flat(1),
        "penguinmails_drill_interval_seconds": flat(7 * day),
    }
