"""Looks after the schedule: what is due is started, one at a time; meanwhile the archive is watched."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from penguinmails_backup import facts, jobs, live, schedule, scratch, web
from penguinmails_backup.errors import BackupError, Busy
from penguinmails_backup.settings import ARCHIVE_TIMEOUT_SECONDS, SCRATCH, Settings

TICK_SECONDS = 15
STANDSTILL_SECONDS = 120


class Keeper:
    """The schedule runs in a thread of its own, so that a long backup does not stop the watch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._watched = self._scheduled = time.monotonic()
        self._at_work = False
        self._woken = 0.0

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        clear()
        server = web.server(self._settings, self._healthy)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        threading.Thread(target=self._work, daemon=True).start()
        while not self._stop.is_set():
            self._watch()
            self._watched = time.monotonic()
            self._stop.wait(TICK_SECONDS)
        server.shutdown()
        return 0

    def _healthy(self) -> bool:
        """Whether both threads go on. A backup may take hours, so while a job runs nothing is asked of the schedule."""
        now = time.monotonic()
        scheduled = self._at_work or now - self._scheduled < STANDSTILL_SECONDS
        return scheduled and now - self._watched < STANDSTILL_SECONDS

    def _watch(self) -> None:
        try:
            self._woken = wake(self._settings.database_name, self._woken)
            watch_archive(self._settings.database_name)
        except BackupError as error:
            say("WARNING", str(error))
        except Exception as error:  # noqa: BLE001 -- the watch goes on whatever one look meets
            say("ERROR", f"the archive could not be looked at: {error}")

    def _work(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 -- tried again; what does not pass makes the keeper unhealthy
                say("ERROR", f"the schedule could not be looked at: {error}")
            else:
                self._scheduled = time.monotonic()

    def _look(self) -> None:
        """Starts what is due."""
        now, known = time.time(), facts.read()
        if now < known.held_until:
            return
        due = schedule.backups_due(known, self._settings.repositories, self._settings.schedule, now)
        if due:
            self._do(f"backup of {_listed(due)}", partial(jobs.backup, self._settings, parts=due))
        elif schedule.drill_due(known, self._settings.drill_every_days, now):
            self._do("drill", lambda: jobs.run_drill(self._settings))

    def _do(self, what: str, job: Callable[[], dict[str, object]]) -> None:
        say("INFO", f"{what} begins")
        self._at_work = True
        try:
            found = job()
        except Busy as error:
            say("INFO", str(error))
        except Exception as error:  # noqa: BLE001 -- the schedule goes on; the failure is counted
            say("ERROR", f"{what} failed: {error}")
        else:
            failed = found.get("passed") is False
            say("ERROR" if failed else "INFO", f"{what} failed: {found['reason']}" if failed else f"{what} done")
        finally:
            self._scheduled, self._at_work = time.monotonic(), False


def clear() -> None:
    """Removes the copy that a drill left when its container was ended."""
    try:
        with facts.alone("start"):
            scratch.empty(SCRATCH / "data")
    except (Busy, OSError) as error:
        say("WARNING", f"what a drill may have left stays: {error}")


def _listed(due: Mapping[str, str]) -> str:
    """Parts as a log names them: repository 1 (full), objects."""
    return ", ".join(part if part == kind else f"{part} ({kind})" for part, kind in due.items())


def wake(database: str, woken: float) -> float:
    """Has a server that has started since `woken` keep its archive_timeout; returns when it started, in seconds since 1970.

    PostgreSQL's checkpointer, which ships what is old enough, begins to sleep before the server may write, for the whole time
    between two checkpoints: 15 minutes in which a quiet server would ship nothing. A reload wakes it, and it counts anew.
    """
    with live.connected(database) as connection:
        started = float(live.one(connection, "SELECT extract(epoch FROM pg_postmaster_start_time())"))
        if started != woken:
            connection.execute("SELECT pg_reload_conf()")
    return started


def watch_archive(database: str) -> None:
    """Notes up to when the archive is whole.

    When no finished segment waits, all that is older than the server's archive_timeout has been shipped, also on a server where
    nothing happens.
    """
    with live.connected(database) as connection:
        row = connection.execute(
            "SELECT extract(epoch FROM last_archived_time), failed_count, coalesce(last_archived_wal, ''),"
            " (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') FROM pg_stat_archiver"
        ).fetchone()
    assert row is not None
    last, failures, waiting = float(row[0] or 0), int(row[1]), int(row[3])
    whole = max(last, time.time() - ARCHIVE_TIMEOUT_SECONDS) if last and not waiting else last

    def note(known: facts.Facts) -> None:
        known.archived = max(known.archived, whole)
        known.archive_failures += failures - known.archiver_seen if failures >= known.archiver_seen else failures
        known.archiver_seen = failures

    facts.change(note)


def say(level: str, text: str) -> None:
    """One line of JSON, as all the kit's programs log."""
    line = {"time": datetime.now(UTC).isoformat(), "level": level, "message": text}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
