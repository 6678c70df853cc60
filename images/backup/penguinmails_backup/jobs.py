"""What the schedule and a person start alike: a backup, a drill, a restore, each alone."""

from __future__ import annotations

import time
from typing import Any

from penguinmails_backup import drill, facts, objects, pgbackrest, restore, schedule
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import Settings, passphrase


def backup(settings: Settings, *, full: bool = False) -> dict[str, Any]:
    """Database and objects, into every repository.

    Raises `BackupError` when a part failed; the others are made all the same.
    """
    with facts.alone("backup"):
        began = time.time()
        kind = "full" if full else schedule.kind(facts.read(), began)
        problems = _made(settings, kind, began)

        def note(known: facts.Facts) -> None:
            known.attempt, known.attempt_failed = began, bool(problems)
            if problems:
                known.failures[kind] = known.failures.get(kind, 0) + 1
            else:
                known.successes[kind] = time.time()

        facts.change(note)
    if problems:
        raise BackupError(" ".join(problems))
    newest = pgbackrest.holdings()[-1]
    return {"kind": kind, "label": newest.label, "seconds": round(time.time() - began, 1), "stored_bytes": newest.stored_bytes}


def _made(settings: Settings, kind: str, began: float) -> list[str]:
    problems = []
    try:
        pgbackrest.make_stanza()
    except BackupError as error:
        problems.append(str(error))
    for repository in range(1, settings.repositories + 1):
        try:
            pgbackrest.backup(kind, repository)
        except BackupError as error:
            problems.append(str(error))
    try:
        objects.backup(passphrase(), began)
        objects.expire(passphrase(), began - settings.retention_days * schedule.DAY)
    except (BackupError, OSError) as error:
        problems.append(f"The objects were not backed up: {error}")
    return problems


def run_drill(settings: Settings) -> dict[str, Any]:
    with facts.alone("drill"):
        return drill.run(settings)


def run_restore(settings: Settings, to: str, repository: int | None) -> dict[str, Any]:
    with facts.alone("restore"):
        return restore.run(settings, to, repository)
