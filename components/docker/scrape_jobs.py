"""What Prometheus asks for figures on Docker, from the description. Pure.

A job is a part of the platform, by its role. Copies of a service are found by Docker's DNS, which names one address for each
running copy; what has one copy is asked by its name, so that its series outlive a restart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from components.docker import haproxy_cfg
from components.spec import PlatformSpec

FAST_SECONDS, SLOW_SECONDS, SELDOM_SECONDS = 5, 15, 60
"""Between two looks: what scaling is decided by, everything else, and what changes in days."""

PROMETHEUS_PORT, ALERTMANAGER_PORT = 9090, 9093
NODE_PORT, BLACKBOX_PORT, DATABASE_PORT, POOLER_PORT = 9100, 9115, 9187, 9127
BROKER_PORT, BROKER_TLS_PORT = 15692, 5671
LOGS_PORT, STATUS_PORT, NOTIFIER_PORT = 9200, 9500, 9600
AUTOSCALER_PORT, GATE_PORT, BACKUP_PORT, ACME_PORT = 9300, 9301, 9400, 9700
_BROKER = (
    r"rabbitmq_(alarms_.*|build_info|channels|connections|connections_(opened|closed)_total|consumers|queues"
    r"|auth_attempts_(failed|succeeded)_total|disk_space_available(_limit)?_bytes|process_.*|resident_memory_limit_bytes"
    r"|global_messages_.*|queue_messages(_ready|_unacked)?|raft_entry_commit_latency_seconds|erlang_uptime_seconds)"
)
_EDGE = (
    r"haproxy_(process_(current_connections|max_connections|start_time_seconds|uptime_seconds|requests_total|build_info)"
    r"|frontend_(http_requests_total|http_responses_total|current_sessions|limit_sessions|requests_denied_total"
    r"|request_errors_total|bytes_(in|out)_total|connections_total)"
    r"|backend_(http_requests_total|http_responses_total|current_queue|current_sessions|active_servers|connection_errors_total"
    r"|response_errors_total|retry_warnings_total|redispatch_warnings_total|(response|queue|total)_time_average_seconds)"
    r"|server_(current_sessions|current_queue|check_failures_total|http_responses_total))"
)
_DATABASE = (
    r"process_.*|pg_(up|database_size_bytes|exporter_last_scrape_error|locks_count|long_running_transactions.*|settings_max_connections"
    r"|stat_(activity|archiver|checkpointer|database)_.*|wal_.*)"
)
_ALERTMANAGER = r"process_.*|alertmanager_(alerts|notifications_.*total|notification_requests_failed_total|silences|build_info)"
_PROMETHEUS = (
    r"process_.*|prometheus_(build_info|config_last_reload_successful|notifications_(dropped|errors|sent)_total"
    r"|notifications_queue_(capacity|length)|rule_evaluation_failures_total|rule_group_iterations_missed_total"
    r"|target_scrapes_.*_total|tsdb_(compactions_failed|head_samples_appended|reloads_failures|wal_corruptions"
    r"|wal_writes_failed)_total|tsdb_(head_series|storage_blocks_bytes|lowest_timestamp_seconds))"
)
"""Of what they tell, the part that alerts, scaling and the status page look at: a fifth of the series."""


@dataclass(frozen=True)
class Job:
    """`host`: a name of the overlay networks. `found`: whether each address of the name is a copy. `keeps`: of all metrics
    those whose name matches; empty keeps all. `probed`: the address that the exporter at `host` is told to ask."""

    name: str
    host: str
    port: int
    path: str = "/metrics"
    found: Literal["dns", "static"] = "static"
    interval_seconds: int = SLOW_SECONDS
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keeps: str = ""
    probed: str | None = None


def jobs(spec: PlatformSpec) -> Sequence[Job]:
    """Every part of a platform that gives figures, each name once."""
    return [*_services(spec), *_foundation(spec), *_operations(spec), *_others(spec)]


def _services(spec: PlatformSpec) -> Iterator[Job]:
    for role, asked in spec.services.items():
        yield Job(role, role, asked.port, found="dns", interval_seconds=FAST_SECONDS)


def _foundation(spec: PlatformSpec) -> Iterator[Job]:
    scopes = {"scope": ["global", "frontend", "backend", "server"], "no-maint": [""]}
    yield Job("edge", "edge", haproxy_cfg.HEALTH_PORT, interval_seconds=FAST_SECONDS, parameters=scopes, keeps=_EDGE)
    yield Job("broker", "broker", BROKER_PORT, keeps=_BROKER)
    families = ["queue_coarse_metrics", "queue_consumer_count", "queue_delivery_metrics"]
    yield Job(
        "broker-queues",
        "broker",
        BROKER_PORT,
        path="/metrics/detailed",
        interval_seconds=FAST_SECONDS,
        parameters={"family": families, "vhost": ["penguinmails"]},
        keeps=r"rabbitmq_detailed_queue_(messages|messages_ready|messages_unacked|consumers|messages_acked_total|messages_redelivered_total)",
    )
    yield Job("node-exporter", "node-exporter", NODE_PORT)
    yield Job("database-exporter", "database-exporter", DATABASE_PORT, keeps=_DATABASE)
    yield Job("pooler-exporter", "pooler-exporter", POOLER_PORT)
    path = next(asked.public_path for asked in spec.services.values() if asked.public_path is not None)
    yield Job(
        "probe",
        "blackbox",
        BLACKBOX_PORT,
        path="/probe",
        parameters={"module": ["edge"]},
        probed=f"https://edge:{haproxy_cfg.HTTPS_PORT}{path}",
    )
    yield Job(
        "broker-tls",
        "blackbox",
        BLACKBOX_PORT,
        path="/probe",
        interval_seconds=SELDOM_SECONDS,
        parameters={"module": ["tls"]},
        keeps="probe_(ssl_.*|success)",
        probed=f"broker:{BROKER_TLS_PORT}",
    )
    yield Job("blackbox", "blackbox", BLACKBOX_PORT, keeps="process_.*|blackbox_.*")
    yield Job("prometheus", "localhost", PROMETHEUS_PORT, keeps=_PROMETHEUS)


def _operations(spec: PlatformSpec) -> Iterator[Job]:
    """What watches, scales and keeps; each only where a description has it built."""
    yield Job("gate", "gate", GATE_PORT)
    yield Job("logs", "logs", LOGS_PORT)
    if scales(spec):
        yield Job("autoscaler", "autoscaler", AUTOSCALER_PORT)
    if spec.alerts is not None:
        yield Job("alertmanager", "alertmanager", ALERTMANAGER_PORT, keeps=_ALERTMANAGER)
        yield Job("status", "status", STATUS_PORT)
        if spec.alerts.webhooks:
            yield Job("notifier", "notifier", NOTIFIER_PORT)
    if spec.backup is not None:
        yield Job("backup", "backup", BACKUP_PORT)
    if spec.edge.certificate == "acme":
        yield Job("acme", "acme", ACME_PORT)


def scales(spec: PlatformSpec) -> bool:
    """Whether the number of copies of any service follows its load."""
    return any(asked.scaling.moves for asked in spec.services.values())


def _others(spec: PlatformSpec) -> Iterator[Job]:
    """What the description names besides the platform."""
    section = spec.docker
    for name, target in (section.scrape_targets if section is not None else {}).items():
        address, _, path = target.partition("/")
        host, _, port = address.rpartition(":")
        yield Job(f"outside-{name}", host, int(port), path=f"/{path}")
