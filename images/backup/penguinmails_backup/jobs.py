"""What the schedule and a person start alike: a backup, a drill, a restore, each alone."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from penguinmails_backup import drill, facts, objects, pgbackrest, restore, schedule
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import Settings, passphrase


def backup(settings: Settings, *, full: bool = False, parts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Database and objects, into every repository; or only the `parts` that are due, each with its type of backup.

    Raises `BackupError` when a part failed; the others are made all the same, and are not made again for its sake.
    """
    with facts.alone("backup"):
        began = time.time()
        everything = schedule.backups(facts.read(), settings.repositories, began, full=full)
        asked = parts or everything
        facts.change(partial(_note_begin, everything=everything, asked=asked, began=began))
        problems = _made(settings, asked, began)
        facts.change(_note_end)
    if problems:
        raise BackupError(" ".join(problems))
    held = pgbackrest.holdings()
    newest = next((one for one in reversed(held) if schedule.repository(one.repository) in asked), held[-1])
    return {
        "kind": newest.kind,
        "label": newest.label,
        "seconds": round(time.time() - began, 1),
        "stored_bytes": newest.stored_bytes,
    }


def _made(settings: Settings, asked: Mapping[str, str], began: float) -> list[str]:
    """Makes each part and notes at once that it is there; what went wrong."""
    problems = []
    stanza = ""
    try:
        pgbackrest.make_stanza()
    except BackupError as error:
        stanza = f"{error} "  # of all repositories together: the backup into each tells whether it concerns that one
    for part, kind in asked.items():
        try:
            if part == schedule.OBJECTS:
                _objects(settings, began)
            else:
                pgbackrest.backup(kind, int(part.rpartition(" ")[2]))
        except (BackupError, OSError) as error:
            problems.append(f"The objects were not backed up: {error}" if part == schedule.OBJECTS else f"{stanza}{error}")
            facts.change(partial(_note_failure, kind=kind))
            stanza = ""
        else:
            facts.change(partial(_note_made, part=part, kind=kind, began=began))
    return problems


def _objects(settings: Settings, began: float) -> None:
    objects.backup(passphrase(), began)
    objects.expire(passphrase(), began - settings.retention_days * schedule.DAY)


def _note_begin(known: facts.Facts, *, everything: Mapping[str, str], asked: Iterable[str], began: float) -> None:
    """Before anything is made, so that a run that is killed has missed its parts and is not begun again at once."""
    known.attempt = began
    known.parts = {part: fact for part, fact in known.parts.items() if part in everything}
    known.missing = sorted({*(part for part in known.missing if part in everything), *asked})


def _note_made(known: facts.Facts, *, part: str, kind: str, began: float) -> None:
    before = known.parts.get(part, facts.PartFact())
    known.parts[part] = facts.PartFact(made=began, full=began if kind == "full" else before.full)
    known.missing = [other for other in known.missing if other != part]


def _note_failure(known: facts.Facts, *, kind: str) -> None:
    known.failures[kind] = known.failures.get(kind, 0) + 1


def _note_end(known: facts.Facts) -> None:
    if not known.missing:
        known.successes[_kind(known)] = time.time()


def _kind(known: facts.Facts) -> str:
    """Of the newest backups: full when that of any repository is."""
    return "full" if any(part.full and part.full == part.made for part in known.parts.values()) else "differential"


def run_drill(settings: Settings) -> dict[str, Any]:
    with facts.alone("drill"):
        return drill.run(settings)


def prepare_restore(settings: Settings, to: str, repository: int | None) -> dict[str, Any]:
    """Raises `Busy` while a backup or a drill runs: before anything is stopped for a restore that then would have to wait."""
    with facts.alone("restore"):
        return restore.prepare(settings, to, repository)


def run_restore(settings: Settings, to: str, repository: int | None) -> dict[str, Any]:
    with facts.alone("restore"):
        return restore.run(settings, to, repository)
