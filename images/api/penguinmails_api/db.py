"""Engines and sessions.

Every connection may stand behind a pooler in transaction mode, so nothing may live longer than a transaction: no
server-side prepared statements, no session settings, no session locks (the migration, which needs one, connects
directly). A dead peer is noticed by TCP within seconds, since a failover leaves half-open connections behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

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


def database_url(url: str, ca_file: Path | None) -> URL:
    """The driver's form of ``url``, verifying the server by ``ca_file`` or by the system's authorities."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    mode = str(parsed.query.get("sslmode", "verify-full"))
    query = {"sslmode": mode}
    if mode.startswith("verify") and "sslrootcert" not in parsed.query:
        query["sslrootcert"] = str(ca_file) if ca_file else "system"
    return parsed.update_query_dict(query)


def make_engine(url: URL, *, size: int, overflow: int, wait_seconds: float) -> Engine:
    """An engine; opens no connection. Errors never carry parameters, which are people's mail."""
    arguments: dict[str, Any] = {"prepare_threshold": None, "connect_timeout": CONNECT_TIMEOUT_SECONDS, **_TCP}
    return create_engine(
        url,
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=wait_seconds,
        pool_pre_ping=True,
        pool_recycle=CONNECTION_LIFETIME_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args=arguments,
    )


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


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
