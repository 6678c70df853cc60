"""Engines and sessions.

Every connection may stand behind a pooler in transaction mode, so nothing may live longer than a transaction: no
server-side prepared statements, no session settings, no session locks (the migration, which needs one, connects
directly). A dead peer is noticed within seconds by TCP, with MySQL by a time for each answer, since a failover leaves
half-open connections behind.

A read on PostgreSQL is one round trip: no transaction around its one statement, and no question beforehand whether the
connection lives, because a peer that has closed it shows in the socket.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from penguinmails_api.addresses import MYSQL_VERIFYING_MODES
from penguinmails_api.iam import sign_connections

Sessions = sessionmaker[Session]

CONNECT_TIMEOUT_SECONDS = 2
CONNECTION_LIFETIME_SECONDS = 300
_TCP = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
_READ_ONLY = "25006"
"""SQLSTATE of a write on a member that has just lost its leadership."""
_MYSQL_ANSWER_SECONDS = 30
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
"""Debian's. Named, because the OpenSSL inside psycopg's wheel looks for its own in another place, where there are none."""


@dataclass(frozen=True)
class Address:
    """Where the database is, in the driver's terms: ``arguments`` go to every connection."""

    url: URL
    arguments: Mapping[str, Any]


def database_address(url: str, ca_file: Path | None) -> Address:
    """The driver's form of ``url``, verifying the server by ``ca_file`` or by the system's authorities. Waiting for an answer
    to a statement is not bounded: that is for who serves."""
    authorities = str(ca_file) if ca_file else SYSTEM_AUTHORITIES
    parsed = make_url(url)
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
    if parsed.get_backend_name() == "mysql":
        mode = str(parsed.query.get("ssl-mode", "VERIFY_IDENTITY"))
        if mode in MYSQL_VERIFYING_MODES:
            # PyMySQL then demands TLS: it hands over an IAM token as it is, and must not do so on an open line.
            arguments |= {"ssl_ca": authorities, "ssl_verify_cert": True, "ssl_verify_identity": mode == "VERIFY_IDENTITY"}
        return Address(parsed.set(drivername="mysql+pymysql", query={"charset": "utf8mb4"}), arguments)
    mode = str(parsed.query.get("sslmode", "verify-full"))
    query = {"sslmode": mode}
    if mode.startswith("verify") and "sslrootcert" not in parsed.query:
        query["sslrootcert"] = authorities
    return Address(parsed.set(drivername="postgresql+psycopg").update_query_dict(query), arguments)


def make_engine(
    address: Address, *, size: int, overflow: int, wait_seconds: float, token: Callable[[], str] | None = None
) -> Engine:
    """An engine; opens no connection. Errors never carry parameters, which are people's mail. ``token`` makes the password
    of each connection, where the address has none."""
    arguments = dict(address.arguments)
    mysql = address.url.get_backend_name() == "mysql"
    if mysql:
        arguments |= {"read_timeout": _MYSQL_ANSWER_SECONDS, "write_timeout": _MYSQL_ANSWER_SECONDS}
    else:
        arguments |= {"prepare_threshold": None, **_TCP}
    engine = create_engine(
        address.url,
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=wait_seconds,
        pool_pre_ping=mysql,
        pool_recycle=CONNECTION_LIFETIME_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args=arguments,
    )
    if token is not None:
        sign_connections(engine, token)
    if not mysql:
        event.listen(engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, record: object, proxy: object) -> None:  # noqa: ARG001  (the event's signature)
    """Makes the pool connect anew where the peer has closed, or says what nobody has asked: an idle connection is silent."""
    if connection.closed or _has_spoken(connection.fileno()):
        raise DisconnectionError("the peer has closed the connection")


def _has_spoken(socket: int) -> bool:
    """Whether there is something to read, be it the end."""
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def reading(sessions: Sessions) -> Session:
    """A session for one statement that only reads. Not in a transaction on PostgreSQL; MySQL would need a session setting."""
    session = sessions()
    if session.get_bind().dialect.name != "mysql":
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return session


def is_outage(error: BaseException) -> bool:
    """Whether ``error`` says that the database is away or failing over, so that trying again later will help."""
    if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or getattr(error.orig, "sqlstate", None) == _READ_ONLY
    return False


def describe(error: BaseException) -> str:
    """A driver's error in one line without SQL; may name host and role, so for logs and operators only."""
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())
    return f"{type(cause).__name__}: {text[:300]}" if text else type(cause).__name__
