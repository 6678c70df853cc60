"""The few statements that differ between databases, so that another one is added here and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Select, inspect, text

MIGRATION_LOCK = 0x50454E4755494E
"""Key of the lock that lets one migration run at a time ("PENGUIN" in ASCII)."""
LOCK_WAIT_SECONDS = 15
"""A migration that cannot get its table lock gives up, instead of queueing all traffic behind itself."""
_SKIPS_LOCKED = frozenset({"postgresql", "mysql", "mariadb"})
_DATA_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
_LOCKS = {
    "postgresql": ("SELECT pg_try_advisory_lock(:key)", "SELECT pg_advisory_unlock(:key)"),
    # By name, and for the whole server: one server holds one platform.
    "mysql": ("SELECT GET_LOCK(CAST(:key AS CHAR), 0)", "SELECT RELEASE_LOCK(CAST(:key AS CHAR))"),
}
_LOCK_WAIT = {
    "postgresql": f"SET lock_timeout = '{LOCK_WAIT_SECONDS}s'",
    "mysql": f"SET SESSION lock_wait_timeout = {LOCK_WAIT_SECONDS}",
}


class LockTimeoutError(Exception):
    """Another migration held the lock for the whole time."""


def claim(statement: Select[Any], dialect_name: str) -> Select[Any]:
    """Lock the selected rows and pass over those that another replica holds, where the database can."""
    if dialect_name in _SKIPS_LOCKED:
        return statement.with_for_update(skip_locked=True)
    return statement


@contextmanager
def migration_lock(connection: Connection, wait_seconds: float) -> Iterator[None]:
    """Hold the migration's lock; it belongs to the connection, so a crash releases it."""
    if connection.dialect.name not in _LOCKS:
        yield
        return
    deadline = time.monotonic() + wait_seconds
    while not _try_lock(connection):
        if time.monotonic() >= deadline:
            raise LockTimeoutError
        time.sleep(0.5)
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text(_LOCKS[connection.dialect.name][1]), {"key": MIGRATION_LOCK})
        connection.commit()


def _try_lock(connection: Connection) -> bool:
    locked = connection.execute(text(_LOCKS[connection.dialect.name][0]), {"key": MIGRATION_LOCK}).scalar_one()
    connection.commit()
    return bool(locked)


def prepare_migration(connection: Connection) -> None:
    """Settings of the migrating connection."""
    setting = _LOCK_WAIT.get(connection.dialect.name)
    if setting is not None:
        connection.execute(text(setting))
        connection.commit()


def grant_data_rights(connection: Connection, role: str) -> bool:
    """Give ``role`` data rights on what is there and on what later migrations create; no DDL, and the revision
    read-only. False where the database has no such notion."""
    if connection.dialect.name == "mysql":
        _grant_tables(connection, role)
    elif connection.dialect.name == "postgresql":
        _grant_schema(connection, role)
    else:
        return False
    connection.commit()
    return True


def _grant_tables(connection: Connection, role: str) -> None:
    """MySQL cannot take a table out of what is granted on a database, so each table is granted; every migration does."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    for table in inspect(connection).get_table_names():
        rights = "SELECT" if table == "alembic_version" else _DATA_RIGHTS
        connection.execute(text(f"GRANT {rights} ON {quote(table)} TO :role@'%'"), {"role": role})


def _grant_schema(connection: Connection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    schema = connection.dialect.identifier_preparer.quote_identifier(
        str(connection.execute(text("SELECT current_schema()")).scalar_one())
    )
    for statement in (
        f"GRANT USAGE ON SCHEMA {schema} TO {quoted}",
        f"GRANT {_DATA_RIGHTS} ON ALL TABLES IN SCHEMA {schema} TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {_DATA_RIGHTS} ON TABLES TO {quoted}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON {schema}.alembic_version FROM {quoted}",
    ):
        connection.execute(text(statement))
