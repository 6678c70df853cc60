"""rabbitmq.conf and the definitions of the on-premise message broker.

rabbitmq.conf holds no secret and is a Swarm config; the definitions hold password hashes and are a Swarm secret. The
broker imports them at every start, before it listens. The only argument of a queue is its type, because an argument can
never change; everything else is a policy. Import adds and changes but does not delete: a user or queue that is no
longer named stays until someone deletes it.

Delivery is at least once, dead-lettering too: a rejected message leaves its queue only when the dead-letter queue has
confirmed it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MEMORY_MIB_MIN = 256
DEAD_LETTER_SUFFIX = ".dead-letter"
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,126}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class BrokerQueue:
    """How one queue behaves. The time is in seconds, the size in bytes.

    After `max_deliveries` deliveries without an acknowledgement a message goes to `<name>.dead-letter`. A consumer that
    holds a message longer than `consumer_timeout_seconds` is cut off (at least 60, RabbitMQ's own check interval).
    Beyond `max_length_bytes` publishers get a negative confirm, so that nothing is dropped.
    """

    max_deliveries: int = 5
    consumer_timeout_seconds: int = 1800
    max_length_bytes: int | None = None

    def __post_init__(self) -> None:
        if self.max_deliveries < 1:
            raise ValueError(f"max_deliveries: should be at least 1, is {self.max_deliveries}")
        if self.consumer_timeout_seconds < 60:
            raise ValueError(f"consumer_timeout_seconds: should be at least 60, is {self.consumer_timeout_seconds}")
        if self.max_length_bytes is not None and self.max_length_bytes < 1:
            raise ValueError(f"max_length_bytes: should be at least 1, is {self.max_length_bytes}")


@dataclass(frozen=True, kw_only=True)
class BrokerUser:
    """A user and what it may do. The password is left out of `repr`.

    `publishes` is all or nothing: everybody publishes through the default exchange, whose permission does not know
    queues. `consumes` names the queues that the user may read.
    """

    password: str = field(repr=False)
    publishes: bool = False
    consumes: tuple[str, ...] = ()


def rabbitmq_conf(*, memory_mib: int, cluster_name: str = "penguinmails") -> str:
    """The whole file, for a container with `memory_mib` MiB of memory."""
    if memory_mib < MEMORY_MIB_MIN:
        raise ValueError(f"memory_mib: should be at least {MEMORY_MIB_MIN}, is {memory_mib}")
    groups = [_listening(cluster_name), _identity(), _limits(memory_mib), _reporting()]
    lines = ["# Rendered by the platform kit; a change here is overwritten."]
    for group in groups:
        lines += ["", *(f"{name} = {value}" for name, value in group.items())]
    return "\n".join(lines) + "\n"


def definitions(*, vhost: str, queues: Mapping[str, BrokerQueue], users: Mapping[str, BrokerUser]) -> str:
    """The definitions as canonical JSON (sorted, so that order never makes a change). A secret.

    Raises `ValueError` for a bad name, and for a user that consumes a queue that does not exist. A dead-letter queue
    may be consumed by its full name.
    """
    for name in [vhost, *queues, *users]:
        _check_name(name)
    for name in queues:
        if name.endswith(DEAD_LETTER_SUFFIX):
            raise ValueError(f"queue {name}: the ending {DEAD_LETTER_SUFFIX} is reserved")
    known = {*queues, *(name + DEAD_LETTER_SUFFIX for name in queues)}
    for name, user in users.items():
        unknown = sorted(set(user.consumes) - known)
        if unknown:
            raise ValueError(f"user {name}: consumes {', '.join(unknown)}, which is no queue of this platform")
    document = {
        "vhosts": [{"name": vhost, "default_queue_type": "quorum", "metadata": {"default_queue_type": "quorum"}}],
        "users": [_user(name, users[name]) for name in sorted(users)],
        "permissions": [_permission(vhost, name, users[name]) for name in sorted(users)],
        "queues": [_queue(vhost, name) for name in sorted(known)],
        "policies": [policy for name in sorted(queues) for policy in _policies(vhost, name, queues[name])],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def password_hash(user: str, password: str) -> str:
    """RabbitMQ's salted SHA-256: base64 of salt (4 bytes) and SHA-256 of salt and password.

    The salt is derived from user and password, so that the same password gives the same definitions at every run, and
    two users with one password still have different hashes. RabbitMQ hashes once only: passwords must be long and
    random, as the kit's are.
    """
    salt = hmac.digest(password.encode(), b"penguinmails/rabbitmq/salt/1\0" + user.encode(), "sha256")[:4]
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _listening(cluster_name: str) -> dict[str, str]:
    return {
        "cluster_name": cluster_name,
        "listeners.tcp": "none",
        "listeners.ssl.default": "5671",
        "ssl_options.cacertfile": "/etc/penguinmails/ca.crt",
        "ssl_options.certfile": "/run/secrets/tls.crt",
        "ssl_options.keyfile": "/run/secrets/tls.key",
        "ssl_options.versions.1": "tlsv1.3",
        "ssl_options.versions.2": "tlsv1.2",
        "ssl_options.verify": "verify_none",  # clients prove themselves with a password
        "ssl_options.fail_if_no_peer_cert": "false",
        "ssl_handshake_timeout": "10000",  # ms
        "tcp_listen_options.backlog": "256",
        "tcp_listen_options.nodelay": "true",
        "tcp_listen_options.keepalive": "true",
        "heartbeat": "30",  # s
    }


def _identity() -> dict[str, str]:
    return {
        "load_definitions": "/run/secrets/definitions.json",
        "auth_mechanisms.1": "PLAIN",
        "auth_mechanisms.2": "AMQPLAIN",
        "anonymous_login_user": "none",
        "default_permissions.configure": "^$",
        "default_permissions.read": "^$",
        "default_permissions.write": "^$",
    }


def _limits(memory_mib: int) -> dict[str, str]:
    """60 % of the memory before publishers are held back: RabbitMQ's default for 4.x, of the container, not the host.

    The write-ahead log of quorum queues is kept in memory too (512 MiB by default) and is bounded to an eighth.
    """
    return {
        "vm_memory_high_watermark.absolute": f"{memory_mib * 6 // 10}MiB",
        "disk_free_limit.absolute": f"{max(memory_mib, 512)}MiB",
        "raft.wal_max_size_bytes": str(max(16, min(memory_mib // 8, 256)) * 1024 * 1024),
        "max_message_size": str(16 * 1024 * 1024),  # bytes; larger content belongs in the object store
        "channel_max": "256",
        "consumer_timeout": "1800000",  # ms; queues have their own
    }


def _reporting() -> dict[str, str]:
    return {
        "log.file": "false",
        "log.console": "true",
        "log.console.level": "info",
        "log.connection.level": "warning",
        "prometheus.tcp.port": "15692",
        "prometheus.return_per_object_metrics": "false",
        "management_agent.disable_metrics_collector": "true",
    }


def _user(name: str, user: BrokerUser) -> dict[str, object]:
    if not user.password:
        raise ValueError(f"user {name}: has no password")
    return {
        "name": name,
        "password_hash": password_hash(name, user.password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }


def _permission(vhost: str, name: str, user: BrokerUser) -> dict[str, str]:
    """No configure at all: the kit makes the queues. `amq.default` is the default exchange's name in permissions."""
    return {
        "vhost": vhost,
        "user": name,
        "configure": "^$",
        "write": r"^amq\.default$" if user.publishes else "^$",
        "read": f"^({'|'.join(re.escape(queue) for queue in sorted(set(user.consumes)))})$" if user.consumes else "^$",
    }


def _queue(vhost: str, name: str) -> dict[str, object]:
    return {
        "vhost": vhost,
        "name": name,
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": "quorum"},
    }


def _policies(vhost: str, name: str, queue: BrokerQueue) -> list[dict[str, object]]:
    dead_letter = name + DEAD_LETTER_SUFFIX
    live: dict[str, object] = {
        "delivery-limit": queue.max_deliveries - 1,  # RabbitMQ counts what comes after the first one
        "dead-letter-exchange": "",
        "dead-letter-routing-key": dead_letter,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
        "consumer-timeout": queue.consumer_timeout_seconds * 1000,
    }
    if queue.max_length_bytes is not None:
        live["max-length-bytes"] = queue.max_length_bytes
    # Without a limit of its own a dead-letter queue would drop a message after RabbitMQ's default of 20 deliveries.
    dead: dict[str, object] = {"delivery-limit": -1, "overflow": "reject-publish"}
    return [_policy(vhost, name, live), _policy(vhost, dead_letter, dead)]


def _policy(vhost: str, name: str, definition: dict[str, object]) -> dict[str, object]:
    return {
        "vhost": vhost,
        "name": name,
        "pattern": f"^{re.escape(name)}$",
        "apply-to": "quorum_queues",
        "priority": 10,
        "definition": definition,
    }


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name.startswith("amq."):
        raise ValueError(f"{name!r}: should have lower-case letters, digits, '.', '_' and '-' only, and not start with amq.")
