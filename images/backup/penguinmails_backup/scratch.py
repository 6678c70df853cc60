"""A second server on restored data, beside the live one: on a private socket, reached by nobody else, over no network."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penguinmails_backup import live
from penguinmails_backup.errors import BackupError
from penguinmails_backup.pgbackrest import BASE

MARGIN_BYTES = 512 * 1024 * 1024
START_SECONDS = 600
"""Until the server begins to replay, which may take as long as it takes."""


def configuration(data: Path, folder: Path, *, goes_live: bool) -> str:
    """postgresql.conf of the second server. One that goes live is durable, and ships the WAL of its new timeline."""
    command = " ".join([*BASE, f"--pg1-path={data}", "archive-push", "%p"])
    return "\n".join(
        [
            "listen_addresses = ''",
            f"unix_socket_directories = '{folder}'",
            f"hba_file = '{folder}/pg_hba.conf'",
            "max_connections = 20",
            "shared_buffers = 128MB",
            "max_wal_size = 256MB",  # what is replayed stays until the next restart point; MARGIN_BYTES is for that
            "hot_standby = off",  # what it answers is what it became, never a state on the way
            "wal_level = replica",
            "dynamic_shared_memory_type = posix",
            "huge_pages = off",
            "jit = off",
            f"fsync = {'on' if goes_live else 'off'}",
            f"full_page_writes = {'on' if goes_live else 'off'}",
            f"archive_mode = {'on' if goes_live else 'off'}",
            *([f"archive_command = '{command}'"] if goes_live else []),
            "allow_alter_system = off",
            "log_min_error_statement = panic",
            "log_error_verbosity = terse",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "",
        ]
    )


@contextmanager
def server(data: Path, folder: Path, *, goes_live: bool = False) -> Iterator[Path]:
    """Starts a server on `data`, which replays to its target first; gives the folder of its socket, and stops it at the end.

    Raises `BackupError` with what the server's log says when it does not start.
    """
    empty(folder)
    (folder / "pg_hba.conf").write_text("local all postgres peer\n", encoding="utf-8")
    (folder / "postgresql.conf").write_text(configuration(data, folder, goes_live=goes_live), encoding="utf-8")
    log = folder / "log"
    options = f"-c config_file={folder}/postgresql.conf"
    control = ["pg_ctl", f"--pgdata={data}", "--silent", "--wait"]
    started = subprocess.run(
        [*control, f"--timeout={START_SECONDS}", f"--log={log}", f"--options={options}", "start"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    try:
        if started.returncode != 0 or not _replayed(data, folder):
            raise BackupError(f"The restored database does not start: {why(log)}")
        yield folder
    finally:
        stop = [*control, "--timeout=600", "--mode=fast", "stop"]
        subprocess.run(stop, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _replayed(data: Path, folder: Path) -> bool:
    """Waits until the server answers, which it does once it has replayed all; False when it ends before."""
    while True:
        try:
            with live.connected("postgres", folder):
                return True
        except BackupError:
            if not (data / "postmaster.pid").exists():
                return False
        time.sleep(0.1)


def why(log: Path) -> str:
    """The first fatal line of a server's log."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    for sign in ("FATAL:", "PANIC:", "ERROR:"):
        for line in lines:
            if sign in line:
                return line.split(sign, 1)[1].strip()[:400]
    return lines[-1][:400] if lines else "it said nothing"


def empty(folder: Path) -> None:
    """Makes a folder that only the keeper may enter, with nothing in it."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)


def room(folder: Path, needed: int, what: str) -> None:
    """Raises `BackupError` when the disk has no room for `needed` bytes and a margin."""
    free = shutil.disk_usage(folder).free
    wanted = needed + needed // 10 + MARGIN_BYTES
    if free < wanted:
        gib = 1024**3
        raise BackupError(f"{what} needs {wanted / gib:.1f} GiB and {free / gib:.1f} GiB are free: make room.")
