"""pgbouncer.ini and the user list of the on-premise connection pool.

The ini holds no secret and is a Swarm config; the user list holds passwords in plain text (PgBouncer needs them to log
in to the server with SCRAM) and is a Swarm secret. Transaction pooling with prepared statements: a client must not rely
on a connection's state such as `SET` or `LISTEN`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class PoolSettings:
    """One database behind the pool.

    `server_connections` bounds what the pool opens on the database, all users together; the database's own
    `max_connections` must leave room for it, three for the superuser and some for migrations. `stats_user`, when set,
    may run SHOW on the `pgbouncer` console and must be in the user list.
    """

    database: str
    host: str = "database"
    port: int = 5432
    server_connections: int = 40
    client_connections: int = 500
    stats_user: str | None = None

    def __post_init__(self) -> None:
        for label, value in (("database", self.database), ("stats_user", self.stats_user)):
            if value is not None and not _NAME.fullmatch(value):
                raise ValueError(f"{label}: should be a lower-case identifier, is {value!r}")
        if self.database == "pgbouncer":
            raise ValueError("database: 'pgbouncer' is the name of the pool's own console")
        if not _HOST.fullmatch(self.host):
            raise ValueError(f"host: should be a host name, is {self.host!r}")
        if not 0 < self.port < 65536:
            raise ValueError(f"port: should be 1 to 65535, is {self.port}")
        if self.server_connections < 2:
            raise ValueError(f"server_connections: should be at least 2, is {self.server_connections}")
        if self.client_connections < self.server_connections:
            raise ValueError("client_connections: should be at least server_connections")


def pgbouncer_ini(settings: PoolSettings) -> str:
    """The whole file. PgBouncer takes times in seconds and has no units; `tcp_user_timeout` is in milliseconds."""
    lines = [
        "; Rendered by the platform kit; a change here is overwritten.",
        "[databases]",
        f"{settings.database} = host={settings.host} port={settings.port} dbname={settings.database}",
        "",
        "[pgbouncer]",
    ]
    groups = [_listening(settings), _tls(), _pooling(settings), _reconnecting(), _log()]
    lines += [f"{name} = {value}".rstrip() for group in groups for name, value in group.items()]
    return "\n".join(lines) + "\n"


def userlist(entries: Mapping[str, str]) -> str:
    """The user list: role name -> password in plain text. A secret. Sorted, so that order never makes a change."""
    return "".join(f"{_quoted(name)} {_quoted(entries[name])}\n" for name in sorted(entries))


def _quoted(text: str) -> str:
    if not text or any(ord(character) < 32 for character in text):
        raise ValueError("user list: a name or password is empty or has a control character")
    return '"' + text.replace('"', '""') + '"'


def _listening(settings: PoolSettings) -> dict[str, str]:
    return {
        "listen_addr": "*",
        "listen_port": "6432",
        "unix_socket_dir": "",  # no socket: the root file system is read-only
        "listen_backlog": "512",
        "auth_type": "scram-sha-256",
        "auth_file": "/run/secrets/userlist.txt",
        "admin_users": "",
        "stats_users": settings.stats_user or "",
        "ignore_startup_parameters": "extra_float_digits",
        "client_login_timeout": "15",
    }


def _tls() -> dict[str, str]:
    return {
        "client_tls_sslmode": "require",
        "client_tls_cert_file": "/run/secrets/tls.crt",
        "client_tls_key_file": "/run/secrets/tls.key",
        "client_tls_protocols": "secure",  # TLS 1.2 and newer
        "server_tls_sslmode": "verify-full",
        "server_tls_ca_file": "/etc/penguinmails/ca.crt",
        "server_tls_protocols": "secure",
    }


def _pooling(settings: PoolSettings) -> dict[str, str]:
    return {
        "pool_mode": "transaction",
        "max_prepared_statements": "200",
        "max_client_conn": str(settings.client_connections),
        "default_pool_size": str(settings.server_connections),
        "max_db_connections": str(settings.server_connections),
        "min_pool_size": "1",
        "query_wait_timeout": "30",  # longer than a restart of the database, which the client then does not see
        "server_lifetime": "3600",
        "server_idle_timeout": "300",
    }


def _reconnecting() -> dict[str, str]:
    return {
        "server_connect_timeout": "5",
        "server_login_retry": "1",
        "server_check_delay": "10",
        "dns_max_ttl": "2",  # Docker answers with 600 s, but a new task has a new address
        "dns_nxdomain_ttl": "1",
        "tcp_keepalive": "1",
        "tcp_keepidle": "30",
        "tcp_keepintvl": "10",
        "tcp_keepcnt": "3",
        "tcp_user_timeout": "30000",
    }


def _log() -> dict[str, str]:
    return {
        "verbose": "0",
        "log_connections": "0",  # the health check connects every few seconds
        "log_disconnections": "0",
        "log_pooler_errors": "1",
        "log_stats": "0",  # read from the console instead
    }
