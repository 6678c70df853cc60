"""What a restore costs: a database of a given size, written to all the while, is drilled and then restored to an exact second.

    .venv/bin/python -m scripts.bench.drill STACK --gib 1

For a platform that may be thrown away: it fills the database with rows of its own, and restores it in place. Prints the RPO and
the RTO of the drill, the seconds of the restore, and whether the restored rows are exactly those committed by that second.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import typer

from scripts.operations import keeper
from scripts.operations.stack import Stack
from scripts.toolchain import paths

ROW_BYTES = 1024
WRITES_PER_SECOND = 20
FILL = """
CREATE TABLE IF NOT EXISTS bench (
  id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), text text NOT NULL
);
ALTER TABLE bench OWNER TO penguinmails_owner;
INSERT INTO bench (text) SELECT string_agg(md5(random()::text), '') FROM generate_series(1, {rows}) AS r(i),
  LATERAL generate_series(1, 32) AS part WHERE r.i = r.i GROUP BY r.i
"""
COUNT = "SELECT count(*) FROM bench"
CONTENT = "SELECT count(*), sum(hashtextextended(id || text, 0)) FROM bench"


def main(stack: str, gib: float = typer.Option(1.0, help="Size of the database.")) -> None:
    """Fill, drill under writes, delete, restore to the second before, and count."""
    found = keeper.stack_with_backups(stack)
    if not found.spec.is_development:
        raise SystemExit(f"{stack} is not for development: this would fill it with rows and restore it.")
    added = int(gib * 1024**3 / ROW_BYTES)
    began = time.monotonic()
    for _ in range(8):
        _sql(found, FILL.format(rows=added // 8))
    rows = int(_sql(found, "SELECT coalesce(max(id), 0) FROM bench"))
    size = int(_sql(found, "SELECT pg_database_size(current_database())"))
    typer.echo(f"filled: {size / 1024**3:.2f} GiB after {time.monotonic() - began:.0f} s")
    _timed("backup, full", stack, "backup", "--full")
    writer = Writer(found)
    writer.start()
    drill = _timed("drill under writes", stack, "drill")
    typer.echo(f"  RPO {drill['rpo_seconds']:.1f} s, RTO {drill['rto_seconds']:.1f} s, {drill['rows']} rows equal")
    moment = datetime.now(UTC).replace(microsecond=0)
    time.sleep(2)
    writer.stop()
    stamp = moment.isoformat().replace("+00:00", "Z")
    digest = "SELECT count(*), coalesce(max(id), 0), md5(string_agg(id || text, '' ORDER BY id)) FROM bench"
    wanted = _sql(found, f"{digest} WHERE at <= '{stamp}' AND id > {rows}")
    after = f"{COUNT} WHERE at > '{stamp}'"
    later = _sql(found, after)
    filled = f"{CONTENT} WHERE id <= {rows}"
    before = _sql(found, filled)
    _sql(found, "DELETE FROM bench WHERE id % 2 = 0")
    restored = _timed("restore to an exact second", stack, "restore", "--to", stamp, "--confirm", stack)
    typer.echo(f"  verified after {restored['seconds']} s, in service after {restored['seconds_in_all']} s")
    got = _sql(found, f"{digest} WHERE id > {rows}")
    kept = _sql(found, after)
    same = _sql(found, filled) == before
    typer.echo(f"  rows exact: {got == wanted}, those of before: {same}; of {later} later rows {kept} came back")


class Writer:
    """Commits small rows all the time, as a platform does."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._end = stack, threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _write(self) -> None:
        pause = f"SELECT pg_sleep({1 / WRITES_PER_SECOND});\n"
        batch = ("INSERT INTO bench (text) VALUES ('written');\n" + pause) * WRITES_PER_SECOND
        while not self._end.is_set():
            _sql(self._stack, batch)


def _sql(stack: Stack, statements: str) -> str:
    container = keeper.container(stack, "database")
    assert container is not None, "the database does not run"
    command = ["docker", "exec", "-i", container, "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "penguinmails", "-f", "-"]
    return subprocess.run(command, input=statements, capture_output=True, text=True, check=True).stdout.strip()


def _timed(what: str, stack: str, command: str, *arguments: str) -> dict[str, float]:
    began = time.monotonic()
    script = str(Path(paths.ROOT) / "scripts" / command)
    done = subprocess.run([script, stack, *arguments, "--json"], stdout=subprocess.PIPE, text=True, check=True)
    typer.echo(f"{what}: {time.monotonic() - began:.0f} s")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    typer.run(main)
