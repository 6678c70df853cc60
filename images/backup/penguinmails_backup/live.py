"""The live database: read over its socket as the superuser, who is known by the user id."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import SOCKETS

Connection = psycopg.Connection[tuple[Any, ...]]
_SETTINGS = (
    "statement_timeout=0",
    "idle_in_transaction_session_timeout=0",
    "timezone=UTC",
    "datestyle=ISO",
    "intervalstyle=postgres",
    "bytea_output=hex",
    "extra_float_digits=1",
    "max_parallel_workers_per_gather=0",
)
"""The same for every server, so that one value has one text."""


@contextmanager
def connected(database: str, sockets: Path = SOCKETS, *, autocommit: bool = True) -> Iterator[Connection]:
    """Raises `BackupError` when the server does not answer."""
    options = " ".join(f"-c {setting}" for setting in _SETTINGS)
    try:
        connection = psycopg.connect(
            host=str(sockets),
            user="postgres",
            dbname=database,
            autocommit=autocommit,
            connect_timeout=10,
            options=options,
            application_name="penguinmails_backup",
        )
    except psycopg.OperationalError as error:
        raise BackupError(f"The database does not answer: {str(error).strip().splitlines()[-1]}") from None
    with connection:
        yield connection


def one(connection: Connection, query: str, *values: object) -> Any:
    """The first value of the first row."""
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]


def segment(connection: Connection) -> str:
    """The WAL segment that is written now, without its timeline: names of one timeline sort."""
    return str(one(connection, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"))


def archived_segment(connection: Connection) -> str:
    """The newest segment that is in the archive; empty for none."""
    return str(one(connection, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver"))


def timeline(connection: Connection) -> int:
    return int(one(connection, "SELECT timeline_id FROM pg_control_checkpoint()"))


def wait_for_archive(connection: Connection, wanted: str, seconds: float) -> None:
    """Waits until the segment `wanted` is in the archive.

    Raises `BackupError` when it is not in time.
    """
    end = time.monotonic() + seconds
    while archived_segment(connection)[8:24] < wanted[8:]:
        if time.monotonic() > end:
            failed = one(connection, "SELECT failed_count FROM pg_stat_archiver")
            raise BackupError(f"WAL does not reach the archive ({failed} failures so far): look at the database's log.")
        time.sleep(0.1)


def ship(database: str) -> float:
    """Brings all that is committed into the archive; returns the moment up to which it then is whole.

    Raises `BackupError` when the server does not answer or the archive does not take it.

    A commit of its own comes first: recovery to a moment ends at the first commit after it, so there must be one.
    """
    with connected(database) as connection:
        now = float(one(connection, "SELECT extract(epoch FROM clock_timestamp())"))
        connection.execute("SELECT pg_current_xact_id()")
        wanted = segment(connection)
        connection.execute("SELECT pg_switch_wal()")
        wait_for_archive(connection, wanted, 180)
        return now
