"""The restore in place: beside the old data first, and in its stead only once it is verified.

The server must be stopped: the lock on its volume says so. The restored server starts on a private socket, replays to the
target, ships the beginning of its new timeline and has every row read; then the two folders change places in one step, so that
there is never none. The old data stays beside until it is discarded. Cut off anywhere before that step, nothing has changed.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from penguinmails_backup import content, facts, live, pgbackrest, points, scratch
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import DATA, DATABASE_VOLUME, SCRATCH, Settings

LATEST = "latest"
HOLD_SECONDS = 900
"""From the preparation to the restore the schedule starts nothing; a person is asked and services stop meanwhile."""

BESIDE = DATA.with_name("restored")
_AT_FDCWD, _EXCHANGE = -100, 2


def prepare(settings: Settings, to: str, repository: int | None = None) -> dict[str, Any]:
    """Checks that the moment can be brought back, and ships what the archive lacks while the server still runs.

    Raises `BackupError` with the range for a moment outside it.
    """
    asked = None if to == LATEST else points.moment(to)
    known = facts.read()
    backups = pgbackrest.holdings()
    trouble, newest = None, known.archived
    if asked is not None:
        _inside(points.window(backups, time.time()), asked)
    facts.change(lambda now: setattr(now, "held_until", time.time() + HOLD_SECONDS))
    # A repository that was lost learns of the database again, or the server goes on waiting for it. One that cannot be
    # reached is said as trouble below: the archive of the other ends one segment after the last that both have.
    with suppress(BackupError):
        pgbackrest.make_stanza()
    try:
        newest = live.ship(settings.database_name)
        facts.change(lambda now: setattr(now, "archived", max(now.archived, newest)))
    except BackupError as error:
        trouble = str(error)
    span = points.window(backups, newest)
    if asked is not None:
        _inside(span, asked)
    choice = points.choose(backups, known.restores, asked or newest, current=_timeline(known, backups), repository=repository)
    return {
        "oldest": points.stamp(span.oldest),
        "newest": points.stamp(span.newest),
        "target": LATEST if asked is None else points.stamp(asked),
        "backup": choice.backup.label,
        "trouble": trouble,
    }


def run(settings: Settings, to: str, repository: int | None = None) -> dict[str, Any]:
    """Restores; the old data is beside it afterwards. Returns what was found, with the seconds that each part took."""
    asked = None if to == LATEST else points.moment(to)
    known, backups = facts.read(), pgbackrest.holdings()
    choice = points.choose(
        backups, known.restores, asked or time.time(), current=_timeline(known, backups), repository=repository
    )
    began = time.monotonic()
    with stopped():
        scratch.empty(BESIDE)
        try:
            restored, found, timeline, last = _beside(settings, choice, asked)
        except BaseException:
            shutil.rmtree(BESIDE, ignore_errors=True)  # or a whole copy would go on taking the database's room
            raise
        before = _change_places()
        fact = facts.RestoreFact(
            at=time.time(),
            target=asked or time.time(),
            old=_timeline(known, backups),
            parent=choice.timeline,
            new=timeline,
        )
        facts.change(lambda now: _note(now, fact))
    return {
        "target": LATEST if asked is None else points.stamp(asked),
        "backup": choice.backup.label,
        "rows": found.rows,
        "tables": len(found.tables),
        "last_commit": None if last is None else points.stamp(last),
        "timeline": timeline,
        "restore_seconds": round(restored, 1),
        "seconds": round(time.monotonic() - began, 1),
        "old_data": before,
    }


def _beside(settings: Settings, choice: points.Choice, asked: float | None) -> tuple[float, content.Content, int, float | None]:
    """Restores and verifies without touching the old data: seconds, content, the new timeline and the last commit."""
    scratch.room(DATABASE_VOLUME, choice.backup.database_bytes, "The restore")
    began = time.monotonic()
    target = None if asked is None else points.postgres_time(asked)
    arguments = pgbackrest.restore_arguments(
        held=choice.backup, timeline=choice.timeline, target=target, data=str(BESIDE), archive=True
    )
    pgbackrest.run(*arguments, explain="The backup does not restore; nothing was changed")
    restored = time.monotonic() - began
    found, timeline, last = _verified(settings)
    if asked is not None and last is not None and last > asked:
        raise BackupError(f"What was restored ends at {points.stamp(last)}, after the target; nothing was changed.")
    (BESIDE / "postgresql.auto.conf").write_text("# The platform kit's postgresql.conf is the only source.\n", "utf-8")
    return restored, found, timeline, last


def _note(known: facts.Facts, fact: facts.RestoreFact) -> None:
    known.restores.append(fact)
    known.held_until = 0.0


def discard() -> list[str]:
    """Removes the data that restores have put aside; returns the names."""
    found = sorted(DATA.parent.glob("before-*"))
    for folder in found:
        shutil.rmtree(folder)
    return [folder.name for folder in found]


@contextmanager
def stopped(volume: Path = DATABASE_VOLUME) -> Iterator[None]:
    """Holds the lock that the server holds while it runs, so neither starts beside the other."""
    with (volume / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError("The database runs: scripts/restore stops it first; use that.") from None
        yield


def exchange(one: Path, other: Path) -> None:
    """Two folders get each other's name in one step (renameat2 of Linux)."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) != 0:
        code = ctypes.get_errno()
        raise BackupError(f"{one} and {other.name} cannot change places: {os.strerror(code)}; nothing was changed.")


def _inside(span: points.Range, asked: float) -> None:
    if not span.oldest <= asked <= span.newest:
        raise BackupError(
            f"{points.stamp(asked)} cannot be brought back: "
            f"choose a moment from {points.stamp(span.oldest)} to {points.stamp(span.newest)}."
        )


def _timeline(known: facts.Facts, backups: list[pgbackrest.Held]) -> int:
    """The timeline that the platform writes on, or wrote on last."""
    if known.restores:
        return known.restores[-1].new
    return max((held.timeline for held in backups), default=1)


def _verified(settings: Settings) -> tuple[content.Content, int, float | None]:
    """Replays, reads every row (each page has a checksum); content, the new timeline and the last commit."""
    with scratch.server(BESIDE, SCRATCH / "server", goes_live=True) as sockets:
        with live.connected(settings.database_name, sockets) as connection:
            last = live.one(connection, "SELECT extract(epoch FROM pg_last_xact_replay_timestamp())")
            found = content.read(connection)
            connection.execute("CHECKPOINT")
            timeline = live.timeline(connection)
    return found, timeline, None if last is None else float(last)


def _change_places() -> str | None:
    """Returns the name of what was there before."""
    if not DATA.exists():
        BESIDE.rename(DATA)
        return None
    exchange(BESIDE, DATA)
    name = f"before-{points.stamp(int(time.time())).replace(':', '')}"
    BESIDE.rename(DATA.with_name(name))
    return name
