"""postgresql.conf and pg_hba.conf of the on-premise database, from the size of its container.

Pure text: no secret is in either file, so both are Swarm configs. The server reads postgresql.conf last, after the
defaults of initdb. What concerns one role (no statement timeout for migrations) is set on the role by the image.

Left out: replication, which belongs to who makes a standby; `log_connections`, because the health check
connects every few seconds and would fill the log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MEMORY_MIB_MIN = 256
CERTIFICATE_FOLDER = "/run/certificate"
"""In memory: the server's certificate and key, and the file that names them. `access` puts them there while the server runs."""
ARCHIVE_TIMEOUT_SECONDS = 45
"""A segment that is not full is shipped after so long: of the 60 seconds that may be lost, the rest is for shipping it."""
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, kw_only=True)
class DatabaseSize:
    """What the container gets. Memory in MiB, storage in GiB, `cpus` may be a fraction (0.5)."""

    memory_mib: int
    cpus: float
    max_connections: int
    storage_gib: int

    def __post_init__(self) -> None:
        if self.memory_mib < MEMORY_MIB_MIN:
            raise ValueError(f"memory_mib: should be at least {MEMORY_MIB_MIN}, is {self.memory_mib}")
        if self.cpus <= 0:
            raise ValueError(f"cpus: should be more than 0, is {self.cpus}")
        if self.max_connections < 10:
            raise ValueError(f"max_connections: should be at least 10, is {self.max_connections}")
        if self.storage_gib < 1:
            raise ValueError(f"storage_gib: should be at least 1, is {self.storage_gib}")

    @property
    def shared_buffers_mib(self) -> int:
        """A quarter of the memory (PostgreSQL manual, 19.4), at most 8 GiB: beyond it the page cache serves better."""
        return min(self.memory_mib // 4, 8192)

    @property
    def work_mem_mib(self) -> int:
        """A quarter of the memory divided by the connections, 2 to 64 MiB: a query may take it several times."""
        return _clamp(self.memory_mib // 4 // self.max_connections, 2, 64)

    @property
    def maintenance_work_mem_mib(self) -> int:
        """One sixteenth of the memory, 16 MiB to 1 GiB; up to three autovacuum workers take half of it each."""
        return _clamp(self.memory_mib // 16, 16, 1024)

    @property
    def max_wal_size_mib(self) -> int:
        """A tenth of the storage, 256 MiB to 8 GiB: a soft limit, so the rest must hold a peak."""
        return _clamp(self.storage_gib * 1024 // 10, 256, 8192)

    @property
    def shared_memory_mib(self) -> int:
        """The tmpfs on /dev/shm that parallel queries need; counts towards the container's memory."""
        return _clamp(self.memory_mib // 8, 64, 1024)


def postgresql_conf(size: DatabaseSize, *, archive_command: str | None = None) -> str:
    """The whole file. `archive_command`: what ships the WAL to the backups; None where there are none.

    Every size is in MB (PostgreSQL's MB is a MiB), every time has its unit.
    """
    sections = {
        "connections": _connections(size),
        "TLS (1.2 and newer; the last file here names the certificate: without it nobody comes in over the network)": _tls(),
        "memory": _memory(size),
        "durability and write-ahead log": {**_wal(size), **_archive(archive_command)},
        "planner and workers": _planner(size),
        "timeouts (the image lifts statement_timeout for the owner and the superuser)": _timeouts(),
        "log (to stderr, without parameters and failed statements: they hold mail and secrets)": _log(),
    }
    parts = ["# Rendered by the platform kit; a change here is overwritten."]
    for title, settings in sections.items():
        parts.append(f"\n# {title}")
        parts += [f"{name} = {value}" for name, value in settings.items()]
    parts.append(f"\ninclude_if_exists = '{CERTIFICATE_FOLDER}/server.conf'")
    return "\n".join(parts) + "\n"


def pg_hba(*, database: str, owner_role: str, app_role: str, monitor_role: str) -> str:
    """Who may connect: the superuser through the Unix socket only, the owner, members of the application's role and the monitor
    over TLS to one database only.

    Raises `ValueError` for a name that is no plain lower-case identifier and for the superuser's name.
    """
    roles = {"owner_role": owner_role, "app_role": app_role, "monitor_role": monitor_role}
    for label, value in {"database": database, **roles}.items():
        _check_identifier(label, value)
    for label, value in roles.items():
        twin = next(other for other, name in roles.items() if name == value)
        if twin != label:
            raise ValueError(f"{label}: should differ from {twin}, both are {value}")
    rows = [
        "# Rendered by the platform kit; a change here is overwritten.",
        "# type  database user address method",
        "local all postgres peer",
        f'hostssl "{database}" "{owner_role}" all scram-sha-256',
        f'hostssl "{database}" +{app_role} all scram-sha-256',
        f'hostssl "{database}" "{monitor_role}" all scram-sha-256',
    ]
    return "\n".join(rows) + "\n"


def _connections(size: DatabaseSize) -> dict[str, str]:
    return {
        "listen_addresses": "'*'",
        "port": "5432",
        "unix_socket_directories": "'/run/postgresql'",
        "hba_file": "'/etc/penguinmails/pg_hba.conf'",
        "max_connections": str(size.max_connections),
        "superuser_reserved_connections": "3",
        "password_encryption": "scram-sha-256",
        "allow_alter_system": "off",  # this file is the only source
        "tcp_keepalives_idle": "60s",
        "tcp_keepalives_interval": "10s",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "30s",
        "client_connection_check_interval": "10s",
    }


def _tls() -> dict[str, str]:
    return {
        "ssl_min_protocol_version": "'TLSv1.2'",
        "ssl_ciphers": "'ECDHE+AESGCM:ECDHE+CHACHA20'",
    }


def _memory(size: DatabaseSize) -> dict[str, str]:
    return {
        "shared_buffers": f"{size.shared_buffers_mib}MB",
        "effective_cache_size": f"{size.memory_mib * 3 // 5}MB",
        "work_mem": f"{size.work_mem_mib}MB",
        "maintenance_work_mem": f"{size.maintenance_work_mem_mib}MB",
        "autovacuum_work_mem": f"{size.maintenance_work_mem_mib // 2}MB",
        "temp_buffers": "4MB",
        "huge_pages": "off",  # `try` ends in SIGBUS where a container may use none
        "dynamic_shared_memory_type": "posix",
    }


def _wal(size: DatabaseSize) -> dict[str, str]:
    return {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_level": "replica",
        "wal_compression": "lz4",
        "max_wal_size": f"{size.max_wal_size_mib}MB",
        "min_wal_size": f"{max(size.max_wal_size_mib // 8, 80)}MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "max_slot_wal_keep_size": f"{size.max_wal_size_mib * 2}MB",  # a lost standby must not fill the disk
    }


def _archive(command: str | None) -> dict[str, str]:
    if command is None:
        return {"archive_mode": "off"}
    if "'" in command or "\n" in command:
        raise ValueError("archive_command: should be one line without a quote")
    return {
        "archive_mode": "on",
        "archive_command": f"'{command}'",
        "archive_timeout": f"{ARCHIVE_TIMEOUT_SECONDS}s",
    }


def _planner(size: DatabaseSize) -> dict[str, str]:
    workers = max(1, int(size.cpus))
    return {
        "random_page_cost": "1.1",  # solid state
        "effective_io_concurrency": "16",
        "jit": "off",  # costs more than it saves for short queries
        "max_worker_processes": str(max(8, workers)),
        "max_parallel_workers": str(workers),
        "max_parallel_workers_per_gather": str(workers // 2),
        "max_parallel_maintenance_workers": str(max(1, workers // 2)),
    }


def _timeouts() -> dict[str, str]:
    return {
        "statement_timeout": "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    }


def _log() -> dict[str, str]:
    return {
        "log_destination": "stderr",
        "logging_collector": "off",
        "log_line_prefix": "'%m [%p] %q%u@%d %a %h '",
        "log_timezone": "'UTC'",
        "timezone": "'UTC'",
        "log_statement": "none",
        "log_min_duration_statement": "500ms",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_min_error_statement": "panic",  # a failed statement may set a password
        "log_error_verbosity": "terse",  # DETAIL quotes rows
        "log_lock_waits": "on",
        "log_checkpoints": "on",
        "log_temp_files": "10MB",
        "log_autovacuum_min_duration": "10s",
        "log_connections": "off",
        "log_disconnections": "off",
    }


def _check_identifier(label: str, value: str) -> None:
    if not _IDENTIFIER.fullmatch(value):
        raise ValueError(f"{label}: should be a lower-case identifier of up to 63 characters, is {value!r}")
    if value.startswith("pg_") or value in {"postgres", "template0", "template1", "public", "none"}:
        raise ValueError(f"{label}: {value!r} is reserved by PostgreSQL")


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))
