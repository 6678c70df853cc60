"""What is taken away from docker-production, and the rule that says so."""

from __future__ import annotations

from typing import Any, Final

from policies.model import AnyRule
from policies.rules import audit, availability, containers, durability, encryption, exposure, identity, ownership, privacy
from tests.unit.policies.changes import ABSENT, Mutation, text

_TYPES = {
    "config": "docker:index/serviceConfig:ServiceConfig",
    "secret": "docker:index/secret:Secret",
    "service": "docker:index/service:Service",
    "network": "docker:index/network:Network",
    "volume": "docker:index/volume:Volume",
}
SPEC = "taskSpec.containerSpec"
SOCKET = {"type": "bind", "source": "/var/run/docker.sock", "target": "/s"}


def file(rule: AnyRule, name: str, pattern: str, instead: str, kind: str = "config", *, unknown: bool = True) -> Mutation:
    """A line of a file that a service gets."""
    return Mutation(rule, "docker", _TYPES[kind], name, "data", text(pattern, instead), unknown)


def at(rule: AnyRule, name: str, path: str, wrong: Any, kind: str = "service", *, unknown: bool = True) -> Mutation:
    """A property of a service, a network or a volume."""
    return Mutation(rule, "docker", _TYPES[kind], name, path, wrong, unknown)


def env(rule: AnyRule, name: str, variable: str, wrong: Any, *, unknown: bool = True) -> Mutation:
    """A variable of a service."""
    return at(rule, name, f"{SPEC}.env.{variable}", wrong, unknown=unknown)


DOCKER: Final = [
    file(encryption.ENCRYPTED, "database-pgbackrest", "^repo1-cipher-type=.*$", "repo1-cipher-type=none", "secret"),
    file(encryption.TLS_REQUIRED, "database-settings", "^include_if_exists = .*$", ""),
    file(encryption.TLS_REQUIRED, "database-settings", "^fsync = on$", "fsync = on\nssl = off"),
    file(encryption.TLS_REQUIRED, "database-access", "^hostssl", "host"),
    file(encryption.TLS_REQUIRED, "queue-settings", "^listeners.tcp = none$", "listeners.tcp.default = 5672"),
    file(encryption.TLS_REQUIRED, "pooling-settings", "^client_tls_sslmode = .*$", "client_tls_sslmode = allow"),
    file(encryption.TLS_REQUIRED, "edge-settings", r" ssl crt \S+ alpn \S+", ""),
    file(encryption.TLS_REQUIRED, "alerts-settings", "smtp_require_tls: true", "smtp_require_tls: false"),
    file(encryption.TLS_VERSION, "database-settings", "'TLSv1.2'", "'TLSv1'"),
    file(encryption.TLS_VERSION, "queue-settings", "= tlsv1.2$", "= tlsv1.1"),
    file(encryption.TLS_VERSION, "pooling-settings", "^client_tls_protocols = .*$", "client_tls_protocols = all"),
    file(encryption.TLS_VERSION, "edge-settings", "ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.0"),
    file(encryption.VERIFIED, "pooling-settings", "^server_tls_sslmode = .*$", "server_tls_sslmode = require"),
    env(encryption.VERIFIED, "pooling-database-exporter", "DATA_SOURCE_URI", "database:5432/x?sslmode=require"),
    at(encryption.VERIFIED, "pooling-pooler-exporter", f"{SPEC}.args[0]", "--uri=postgres://pooler:6432/pgbouncer"),
    at(exposure.PRIVATE, "database-server", "endpointSpec.ports", [{"targetPort": 5432}]),
    at(exposure.ENTRY_ONLY, "worker-copies", "endpointSpec.ports", [{"targetPort": 8000}]),
    at(exposure.NO_ADDRESS, "api-copies", "taskSpec.networksAdvanceds", [{"name": "host"}]),
    at(exposure.CLOSED, "network-data", "internal", False, "network"),
    file(exposure.RATE_LIMITED, "edge-settings", "^.*status 429.*$", ""),
    file(identity.LEAST, "queue-definitions", r'"configure":"\^\$"', '"configure":".*"', "secret"),
    file(identity.LOGIN, "database-access", "scram-sha-256", "trust"),
    file(identity.LOGIN, "queue-settings", "^anonymous_login_user = none$", "anonymous_login_user = guest"),
    file(identity.LOGIN, "pooling-settings", "^auth_type = .*$", "auth_type = trust"),
    env(identity.NO_PLAIN_SECRETS, "api-copies", "API_KEY", "x", unknown=False),
    env(identity.NO_PLAIN_SECRETS, "api-copies", "PUBLIC_URL", "https://user:word@mail.example.com"),
    file(identity.NO_PLAIN_SECRETS, "edge-probe-settings", r"\Z", "-----BEGIN PRIVATE KEY-----"),
    at(identity.SECRET_FILES, "api-copies", f"{SPEC}.secrets[0].fileMode", 0o444),
    at(durability.KEPT, "queue-server", f"{SPEC}.mounts[0].source", ABSENT, unknown=False),
    at(durability.KEPT, "queue-server", f"{SPEC}.mounts[0].type", "tmpfs"),
    env(durability.BACKUPS_KEPT, "backup-keeper", "RETENTION_DAYS", "3"),
    env(durability.SCHEDULED, "backup-keeper", "SCHEDULE", ""),
    env(durability.DRILLED, "backup-keeper", "DRILL_EVERY_DAYS", "0"),
    at(durability.BACKUPS_OUTLIVE, "backup-keeper", f"{SPEC}.mounts[1].source", "penguinmails-test-database"),
    at(durability.BACKED_UP, "backup-keeper", f"{SPEC}.mounts[0].source", "another", unknown=False),
    file(durability.DURABLE, "database-settings", "^fsync = on$", "fsync = off"),
    file(durability.DURABLE, "database-settings", "^archive_mode = on$", "archive_mode = off"),
    at(durability.ONE_WRITER, "database-server", "updateConfig.order", "start-first"),
    at(durability.ONE_WRITER, "database-server", "rollbackConfig.order", "start-first"),
    at(durability.ONE_WRITER, "queue-server", "mode.replicated.replicas", 2),
    at(durability.PINNED, "api-copies", "taskSpec.placement", {"constraints": ["node.hostname==one"]}, unknown=False),
    at(availability.COPIES, "api-copies", "mode.replicated.replicas", 1),
    env(availability.COPIES, "cluster-gate", "LIMITS", '{"api": [1, 6]}'),
    env(availability.BOUNDED, "cluster-gate", "LIMITS", '{"api": [3, 600]}'),
    at(availability.ROLL_BACK, "api-copies", "updateConfig.failureAction", "pause"),
    at(availability.ROLL_BACK, "database-server", "updateConfig.failureAction", "continue"),
    file(availability.DATABASE_WATCHED, "telemetry-rules", "pg_up", "absent_up", unknown=False),
    file(availability.QUEUE_WATCHED, "telemetry-rules", "rabbitmq_detailed_queue_messages", "gone", unknown=False),
    file(availability.SERVICE_WATCHED, "telemetry-rules", r"api\|worker", "worker", unknown=False),
    file(availability.HEARD, "alerts-settings", "email_configs", "nothing"),
    file(availability.DEAD_LETTERED, "queue-definitions", '"dead-letter-exchange":"",', "", "secret", unknown=False),
    at(availability.GROWTH, "api-copies", "taskSpec.logDriver.options.max-size", ABSENT),
    at(audit.LOGGED, "api-copies", "taskSpec.logDriver.name", "none"),
    file(audit.LOGGED, "edge-settings", "^ *log (stdout|global).*$", ""),
    env(audit.LOGS_KEPT, "telemetry-logs", "RETENTION_DAYS", "5"),
    env(audit.LOGS_END, "telemetry-logs", "RETENTION_DAYS", "4000"),
    file(audit.LOG_PRIVATE, "database-settings", "^log_statement = none$", "log_statement = all"),
    file(audit.LOG_PRIVATE, "database-settings", "^log_parameter_max_length = 0$", "log_parameter_max_length = -1"),
    file(audit.LOG_PRIVATE, "database-settings", "^log_min_error_statement = panic$", "log_min_error_statement = error"),
    env(privacy.BACKUPS_END, "backup-keeper", "RETENTION_DAYS", "3000"),
    at(ownership.LABELLED, "database-backups", "labels", [], "volume"),
    at(ownership.NAMED, "database-backups", "name", "another", "volume"),
    at(containers.IMAGE, "api-copies", f"{SPEC}.image", "localhost:5000/penguinmails/api:1"),
    at(containers.USER, "api-copies", f"{SPEC}.user", "0:0"),
    at(containers.READ_ONLY, "api-copies", f"{SPEC}.readOnly", False),
    at(containers.UNPRIVILEGED, "api-copies", f"{SPEC}.capDrops", ["NET_RAW"]),
    at(containers.UNPRIVILEGED, "api-copies", f"{SPEC}.capAdds", ["ALL"]),
    at(containers.SOCKET, "api-copies", f"{SPEC}.mounts[0]", SOCKET),
    at(containers.LIMITED, "api-copies", "taskSpec.resources.limits.memoryBytes", ABSENT),
    at(containers.HEALTH, "api-copies", f"{SPEC}.healthcheck", {"tests": ["NONE"]}),
    at(containers.GRACE, "api-copies", f"{SPEC}.stopGracePeriod", "2s"),
]
