"""The pgbackrest command: the only way in which the keeper reads and writes the repositories."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import CONFIG_FILE, STANZA

BASE = ("pgbackrest", f"--config={CONFIG_FILE}", f"--stanza={STANZA}")
_NO_STANZA, _NO_PATH = 3, 1


@dataclass(frozen=True)
class Held:
    """A backup in a repository. Times in seconds since 1970, sizes in bytes; `lsn`: where its recovery ends."""

    label: str
    kind: str
    repository: int
    start: float
    stop: float
    timeline: int
    lsn: int
    database_bytes: int
    stored_bytes: int
    damaged: bool


def run(*arguments: str, explain: str, seconds: float | None = None) -> str:
    """What a command prints.

    Raises `BackupError` with `explain` and the command's own reason.
    """
    try:
        done = subprocess.run([*BASE, *arguments], capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise BackupError(f"{explain}: not done after {seconds:.0f} s.") from None
    if done.returncode != 0:
        raise BackupError(f"{explain}: {reason(done.stdout + done.stderr)}")
    return done.stdout


def reason(output: str) -> str:
    """The first error in pgbackrest's log, without its time stamp."""
    found = re.search(r"ERROR: (.+?)(?=\n\d{4}-\d\d-\d\d |\nP\d\d|\Z)", output, re.DOTALL)
    text = found[1] if found else (output.strip().splitlines() or ["it said nothing"])[-1]
    return " ".join(text.split())[:600]


def make_stanza() -> None:
    run("stanza-create", explain="The repository does not take this database")


def backup(kind: str, repository: int) -> None:
    """`kind`: full or differential. Old ones beyond the retention are removed at its end."""
    short = {"full": "full", "differential": "diff"}[kind]
    run(f"--repo={repository}", f"--type={short}", "backup", explain=f"The {kind} backup into repository {repository} failed")


def holdings() -> list[Held]:
    """All backups of all repositories that can be read, oldest first.

    Raises `BackupError` when none can.
    """
    return parse(run("--output=json", "info", explain="The repositories cannot be read", seconds=120))


def parse(text: str) -> list[Held]:
    """The answer of `pgbackrest info`."""
    found = []
    for stanza in json.loads(text):
        _check(stanza)
        for backup in stanza.get("backup", []):
            start, stop = backup["timestamp"]["start"], backup["timestamp"]["stop"]
            found.append(
                Held(
                    label=backup["label"],
                    kind={"full": "full", "diff": "differential", "incr": "incremental"}[backup["type"]],
                    repository=backup["database"]["repo-key"],
                    start=start,
                    stop=stop,
                    timeline=int((backup["archive"]["stop"] or "1")[:8], 16),
                    lsn=lsn(backup["lsn"]["stop"]),
                    database_bytes=backup["info"]["size"],
                    stored_bytes=backup["info"]["repository"].get("delta", 0),
                    damaged=bool(backup.get("error")),
                )
            )
    return sorted(found, key=lambda held: (held.stop, held.repository))


def _check(stanza: dict[str, object]) -> None:
    """One that cannot be reached does not keep the others from being restored from; archiving tells that it cannot."""
    repositories = stanza.get("repo", [])
    assert isinstance(repositories, list)
    unread = [each for each in repositories if each["status"]["code"] not in {0, _NO_PATH, 2, _NO_STANZA}]
    if unread and len(unread) == len(repositories):
        message = " ".join(unread[0]["status"]["message"].split())[:300]
        raise BackupError(f"Repository {unread[0]['key']} cannot be read: {message}")


def lsn(text: str) -> int:
    """A position in the WAL, such as 0/3000028, as a number."""
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def restore_arguments(*, held: Held, timeline: int, target: str | None, data: str, archive: bool) -> Sequence[str]:
    """To bring `data` to the exact moment `target`, or to the end of the archive, and let it go on from there."""
    until = ("--type=default",) if target is None else ("--type=time", f"--target={target}", "--target-action=promote")
    return (
        f"--repo={held.repository}",
        f"--set={held.label}",
        f"--pg1-path={data}",
        *until,
        f"--target-timeline={timeline}",
        f"--archive-mode={'preserve' if archive else 'off'}",
        "restore",
    )
