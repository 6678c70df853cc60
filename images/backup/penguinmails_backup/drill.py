"""The drill: restores the newest backup and the archive beside the live system, to one exact moment, and compares everything.

How the moment is chosen: all tables are locked against writers for a few milliseconds (readers go on; a writer that is at work
is awaited for two seconds at most, and the lock is asked for again). While nobody writes, a second transaction takes its
snapshot and the server's clock is read. So the snapshot holds exactly what was committed up to that moment, and the same moment
is the target of the restore, by the way that a real restore takes. What was committed a microsecond later must not come back.

The recovery point is measured, not assumed: nothing hurries the archive, and the time until that moment is in it is the RPO.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from penguinmails_backup import content, evidence, facts, live, objects, pgbackrest, points, schedule, scratch
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import ARCHIVE_TIMEOUT_SECONDS, DRILLS, SCRATCH, Settings, passphrase

LOCK_TRIES, LOCK_SECONDS = 30, 2
ARCHIVE_WAIT_SECONDS = 4 * ARCHIVE_TIMEOUT_SECONDS
PROVES = (
    "The named backup and its repository's archive restore to one exact moment, with all rows up to it and none after it.",
    "Every row of every table was read from the restored server and compared with the live one by checksums.",
    "The recovery point is the time that passed until a change was in the archive by itself.",
    "The recovery time runs from the first byte restored to the last table verified, on this host.",
    "Not proved: that the host's disk outlives the host; a second repository is for that.",
)


@dataclass
class Findings:
    """What a drill has found so far; what is None was not reached. `turn`: the repository that was to be proved."""

    began: float
    target: float | None = None
    backup: pgbackrest.Held | None = None
    turn: int | None = None
    rpo_seconds: float | None = None
    rto_seconds: float | None = None
    restore_seconds: float | None = None
    live: content.Content | None = None
    restored: content.Content | None = None
    objects: str = "none"
    problems: list[str] = field(default_factory=list)


def run(settings: Settings) -> dict[str, Any]:
    """A whole drill; what it found is written down, whether it passed or not."""
    findings = Findings(time.time())
    facts.change(lambda known: setattr(known, "drill_attempt", findings.began))
    try:
        _measure(settings, findings)
    except (BackupError, psycopg.Error, OSError) as error:
        findings.problems.append(" ".join(str(error).split()))
    except Exception as error:  # noqa: BLE001 -- whatever ends a drill is written down, or nobody would know that it failed
        findings.problems.append(f"{type(error).__name__}: {' '.join(str(error).split())}")
    finally:
        scratch.empty(SCRATCH / "data")
        scratch.empty(SCRATCH / "server")
    return _write(settings, findings)


def _measure(settings: Settings, findings: Findings) -> None:
    with moment(settings.database_name) as now:
        findings.target = now.at
        with live.connected(settings.database_name) as connection:
            timeline = live.timeline(connection)
            live.wait_for_archive(connection, now.segment, ARCHIVE_WAIT_SECONDS)
        findings.rpo_seconds = time.time() - now.at
        findings.live = content.read(now.snapshot)
    choice = chosen(settings, findings, pgbackrest.holdings(), timeline)
    findings.backup = choice.backup
    findings.restored = _restore(settings, findings, choice)
    findings.problems += content.differences(findings.live, findings.restored)
    findings.objects = objects.verify(passphrase())


def chosen(settings: Settings, findings: Findings, backups: Sequence[pgbackrest.Held], timeline: int) -> points.Choice:
    """From the repository whose turn it is; from another when that has nothing, which the record then says."""
    assert findings.target is not None
    known = facts.read()
    findings.turn = schedule.drill_turn(known, settings.repositories)
    choose = partial(points.choose, backups, known.restores, findings.target, current=timeline)
    try:
        return choose(repository=findings.turn)
    except BackupError:
        return choose()


def _restore(settings: Settings, findings: Findings, choice: points.Choice) -> content.Content:
    assert findings.target is not None
    data = SCRATCH / "data"
    scratch.empty(data)
    scratch.room(SCRATCH, choice.backup.database_bytes, "The drill")
    began = time.monotonic()
    target = points.postgres_time(findings.target)
    arguments = pgbackrest.restore_arguments(
        held=choice.backup, timeline=choice.timeline, target=target, data=str(data), archive=False
    )
    pgbackrest.run(*arguments, explain="The newest backup does not restore")
    findings.restore_seconds = time.monotonic() - began
    with scratch.server(data, SCRATCH / "server") as sockets, live.connected(settings.database_name, sockets) as connection:
        found = content.read(connection)
        findings.rto_seconds = time.monotonic() - began
    return found


@dataclass(frozen=True)
class Moment:
    """`at`: seconds since 1970. `snapshot`: sees what was committed up to then. `segment`: of WAL, holds the next commit."""

    at: float
    snapshot: live.Connection
    segment: str


@contextmanager
def moment(database: str) -> Iterator[Moment]:
    """An exact moment of the live database, with a snapshot of it that lasts as long as the context.

    Raises `BackupError` when writers leave no gap.
    """
    with live.connected(database, autocommit=False) as snapshot, live.connected(database) as connection:
        snapshot.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with quiet(connection):
            live.one(snapshot, "SELECT count(*) FROM pg_class")  # the snapshot is taken by the first statement
            at = float(live.one(connection, "SELECT extract(epoch FROM clock_timestamp())"))
        # At the first commit after the moment recovery knows that it is past it.
        connection.execute("SELECT pg_current_xact_id()")
        yield Moment(at, snapshot, live.segment(connection))
        snapshot.rollback()


@contextmanager
def quiet(connection: live.Connection) -> Iterator[None]:
    """Nobody writes to any table inside this context; it should be short."""
    tables = [sql.SQL("ONLY {}").format(sql.Identifier(*name)) for name in content.names(connection, "r")]
    for _ in range(LOCK_TRIES):
        connection.execute("BEGIN")
        try:
            # Of the statement, so of all tables together: those that are locked already keep writers waiting for the others.
            connection.execute(f"SET LOCAL statement_timeout = '{LOCK_SECONDS}s'")
            if tables:
                connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(tables)))
            connection.execute("SET LOCAL statement_timeout = 0")
            break
        except (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            connection.execute("ROLLBACK")
            time.sleep(1)
    else:
        raise BackupError("Writers leave the drill no moment: run it again at a quieter time.")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def _write(settings: Settings, findings: Findings) -> dict[str, Any]:
    """Signs the findings, keeps them in the repository's volume and counts them."""
    record = document(settings, findings)
    private = evidence.key(passphrase())
    name = f"drill-{points.stamp(int(findings.began)).replace(':', '')}"
    DRILLS.mkdir(mode=0o700, exist_ok=True)
    facts.write_whole(DRILLS / f"{name}.json", evidence.signed(record, private))
    facts.write_whole(DRILLS / f"{name}.html", evidence.page(record, private))
    fact = facts.DrillFact(
        name=name,
        at=time.time(),
        passed=record["passed"],
        rpo_seconds=findings.rpo_seconds,
        rto_seconds=findings.rto_seconds,
        target=record["target"] or "",
        reason=record["reason"],
        repository=findings.backup.repository if findings.backup else 0,
    )
    facts.change(lambda known: known.drills.append(fact))
    return {"name": name, **record}


def document(settings: Settings, findings: Findings) -> dict[str, Any]:
    """The evidence, in plain values."""
    backup, target = findings.backup, findings.target
    return {
        "version": 1,
        "stack": settings.stack,
        "began": points.stamp(int(findings.began)),
        "passed": not findings.problems,
        "reason": "; ".join(findings.problems),
        "target": None if target is None else points.stamp(target),
        "backup": backup
        and {
            "label": backup.label,
            "kind": backup.kind,
            "repository": backup.repository,
            "instead_of": findings.turn if findings.turn not in {None, backup.repository} else None,
            "ended": points.stamp(backup.stop),
            "database_bytes": backup.database_bytes,
        },
        "rpo_seconds": findings.rpo_seconds,
        "rto_seconds": findings.rto_seconds,
        "restore_seconds": findings.restore_seconds,
        "rows": findings.live.rows if findings.live is not None else 0,
        "tables": _tables(findings.live, findings.restored),
        "schema": {
            "live": findings.live and findings.live.schema,
            "restored": findings.restored and findings.restored.schema,
        },
        "objects": findings.objects,
        "proves": list(PROVES) if not findings.problems else [],
    }


def _tables(here: content.Content | None, there: content.Content | None) -> Sequence[dict[str, Any]]:
    found = []
    for name in sorted({*(here.tables if here else {}), *(there.tables if there else {})}):
        one, other = (side.tables.get(name) if side else None for side in (here, there))
        found.append(
            {
                "name": name,
                "rows": one.rows if one else 0,
                "live": one and one.checksum,
                "restored": other and other.checksum,
            }
        )
    return found
