"""What the keeper remembers between runs, in one file of the repository's volume: counts, last times, restores.

Programs that run side by side (the schedule, and what a person starts) change it under a lock of its own, each change whole.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from penguinmails_backup.errors import Busy
from penguinmails_backup.settings import FOLDER


@dataclass
class DrillFact:
    """One drill as lists and metrics show it; times in seconds since 1970, lengths in seconds.

    `repository`: that it restored from; 0 when it did not come so far.
    """

    name: str
    at: float
    passed: bool
    rpo_seconds: float | None
    rto_seconds: float | None
    target: str
    reason: str
    repository: int = 0


@dataclass
class PartFact:
    """A part of the backups: when the run began that made it last, and that made it in full last; 0 for never."""

    made: float = 0.0
    full: float = 0.0


@dataclass
class RestoreFact:
    """A restore in place: until `at` the platform was on timeline `old`, then on `new`, which leaves `parent` at `target`."""

    at: float
    target: float
    old: int
    parent: int
    new: int


@dataclass
class Facts:
    """`successes`: by type of backup (full, differential), when every part was made. `failures`: by the same, and of objects.

    `missing`: parts that the last run, begun at `attempt`, has not made. `archived`: the WAL is whole up to this moment.
    `held_until`: a restore is prepared, and the schedule starts nothing before this moment.
    """

    successes: dict[str, float] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    parts: dict[str, PartFact] = field(default_factory=dict)
    attempt: float = 0.0
    missing: list[str] = field(default_factory=list)
    archived: float = 0.0
    archive_failures: int = 0
    archiver_seen: int = 0
    drills: list[DrillFact] = field(default_factory=list)
    drill_attempt: float = 0.0
    restores: list[RestoreFact] = field(default_factory=list)
    held_until: float = 0.0


KEPT_DRILLS = 200


def read(folder: Path = FOLDER) -> Facts:
    file = folder / "facts.json"
    if not file.exists():
        return Facts()
    # What another version of the keeper knew besides is left out.
    known = {one.name for one in fields(Facts)}
    found = {name: value for name, value in json.loads(file.read_text(encoding="utf-8")).items() if name in known}
    found["parts"] = {name: PartFact(**part) for name, part in found.get("parts", {}).items()}
    found["drills"] = [DrillFact(**drill) for drill in found["drills"]]
    found["restores"] = [RestoreFact(**restore) for restore in found["restores"]]
    return Facts(**found)


def change(step: Callable[[Facts], None], folder: Path = FOLDER) -> Facts:
    """Applies `step` to the facts as they are now and writes them, whole or not at all."""
    with (folder / "facts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        facts = read(folder)
        step(facts)
        facts.drills = facts.drills[-KEPT_DRILLS:]
        write_whole(folder / "facts.json", json.dumps(asdict(facts)))
        return facts


def write_whole(file: Path, text: str) -> None:
    """Writes a file so that it is never seen half."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(file)


@contextmanager
def alone(what: str, folder: Path = FOLDER) -> Iterator[None]:
    """Holds the one lock of backups, drills and restores; it goes with the process, so nothing is left by a killed one.

    Raises `Busy` when another has it.
    """
    with (folder / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Busy(f"A {lock.read().strip() or 'backup'} runs already; wait for it and run this again.") from None
        lock.truncate(0)
        lock.write(what)
        lock.flush()
        yield
