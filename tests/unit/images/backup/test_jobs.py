"""A backup is of several parts: one that fails is made again by itself, and the others are not made again for its sake."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from penguinmails_backup import facts, jobs, objects, pgbackrest, schedule
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import Settings

SETTINGS = Settings(stack="s", database_name="d", schedule="30 2 * * *", retention_days=7, drill_every_days=7, repositories=2)


class Place:
    """A keeper whose repositories are counted instead of written; what is in `broken` fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken: dict[str, BackupError | OSError] = {}
        self.made: list[str] = []

    def make(self, part: str, kind: str = "") -> None:
        if part in self.broken:
            raise self.broken[part]
        self.made.append(f"{part} {kind}".strip())

    def due(self, after: float = 0.0) -> dict[str, str]:
        now = time.time() + after
        return schedule.backups_due(facts.read(self.folder), SETTINGS.repositories, SETTINGS.schedule, now)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place(tmp_path)
    read, change, alone = facts.read, facts.change, facts.alone
    monkeypatch.setattr(facts, "read", lambda folder=tmp_path: read(folder))
    monkeypatch.setattr(facts, "change", lambda step: change(step, tmp_path))
    monkeypatch.setattr(facts, "alone", lambda what: alone(what, tmp_path))
    held = pgbackrest.Held("label", "full", 1, 1.0, 2.0, 1, 0, 3, 4, False)
    monkeypatch.setattr(pgbackrest, "holdings", lambda: [held])
    monkeypatch.setattr(pgbackrest, "make_stanza", lambda: found.make("stanza"))
    monkeypatch.setattr(pgbackrest, "backup", lambda kind, number: found.make(schedule.repository(number), kind))
    monkeypatch.setattr(objects, "backup", lambda *_: found.make("objects"))
    monkeypatch.setattr(objects, "expire", lambda *_: None)
    monkeypatch.setattr(jobs, "passphrase", lambda: "phrase")
    return found


def run(place: Place, parts: dict[str, str] | None = None) -> str:
    """What was made; the sentence of what failed."""
    place.made.clear()
    try:
        jobs.backup(SETTINGS, parts=parts)
    except BackupError as error:
        return str(error)
    return ""


def test_what_failed_is_made_again_and_nothing_else(place: Place) -> None:
    place.broken["repository 2"] = BackupError("There is no way to it.")
    assert run(place, place.due()) == "There is no way to it."
    assert place.made == ["stanza", "repository 1 full", "objects"]
    assert place.due() == {}
    assert place.due(schedule.RETRY_SECONDS) == {"repository 2": "full"}
    run(place, place.due(schedule.RETRY_SECONDS))
    assert place.made == ["stanza"]
    del place.broken["repository 2"]
    assert run(place, place.due(schedule.RETRY_SECONDS)) == ""
    assert place.made == ["stanza", "repository 2 full"]
    assert place.due(schedule.RETRY_SECONDS) == {}
    known = facts.read(place.folder)
    assert known.failures == {"full": 2}
    assert set(known.successes) == {"full"}


@pytest.mark.parametrize("part", ["repository 1", "repository 2", "objects"])
def test_all_parts_are_there_before_a_backup_counts_as_made(place: Place, part: str) -> None:
    place.broken[part] = OSError("full") if part == "objects" else BackupError("full")
    assert run(place) != ""
    assert facts.read(place.folder).successes == {}
    assert list(place.due(schedule.RETRY_SECONDS)) == [part]


def test_a_drill_is_due_though_another_part_always_fails(place: Place) -> None:
    place.broken["repository 2"] = BackupError("gone")
    run(place)
    later = time.time() + schedule.FIRST_DRILL_SECONDS
    assert schedule.drill_due(facts.read(place.folder), 7, later)


def test_a_run_that_was_killed_is_not_begun_again_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(objects, "backup", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.backup(SETTINGS)
    assert place.due() == {}
    assert place.due(schedule.RETRY_SECONDS) == {"objects": "objects"}


def test_what_keeps_the_stanza_from_being_made_is_said_of_the_repository_that_fails(place: Place) -> None:
    place.broken["stanza"] = BackupError("Another database.")
    assert run(place) == ""
    place.broken["repository 2"] = BackupError("No stanza.")
    place.broken["objects"] = OSError("no room")
    assert run(place) == "Another database. No stanza. The objects were not backed up: no room"


def test_a_repository_that_is_asked_for_no_more_is_not_missed(place: Place) -> None:
    place.broken["repository 2"] = BackupError("gone")
    run(place)
    jobs.backup(SETTINGS.model_copy(update={"repositories": 1}))
    known = facts.read(place.folder)
    assert known.missing == []
    assert set(known.parts) == {"repository 1", "objects"}
    assert set(known.successes) == {"differential"}


def test_facts_of_another_version_are_read(place: Place) -> None:
    facts.change(lambda known: known.successes.update(full=1.5))
    file = place.folder / "facts.json"
    written = json.loads(file.read_text())
    del written["parts"]
    file.write_text(json.dumps({**written, "attempt_failed": True}))
    assert facts.read(place.folder) == facts.Facts(successes={"full": 1.5})
