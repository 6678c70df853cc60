"""What a restore does around the server's own work: nothing is stopped for one that must wait; a failed one leaves nothing."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from penguinmails_backup import __main__ as program
from penguinmails_backup import content, facts, live, pgbackrest, restore, scratch
from penguinmails_backup.errors import BackupError
from penguinmails_backup.settings import Settings

SETTINGS = Settings(stack="s", database_name="d", schedule="30 2 * * *", retention_days=7, drill_every_days=7)
HELD = pgbackrest.Held("label", "full", 1, 1.0, 2.0, 1, 0, 3, 4, False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    read, change, alone = facts.read, facts.change, facts.alone
    monkeypatch.setattr(facts, "read", lambda folder=tmp_path: read(folder))
    monkeypatch.setattr(facts, "change", lambda step: change(step, tmp_path))
    monkeypatch.setattr(facts, "alone", lambda what: alone(what, tmp_path))
    monkeypatch.setattr(pgbackrest, "holdings", lambda: [HELD])
    monkeypatch.setattr(pgbackrest, "make_stanza", lambda: None)
    monkeypatch.setattr(live, "ship", lambda _: time.time())
    for name, value in SETTINGS.model_dump().items():
        monkeypatch.setenv(name.upper(), str(value))
    return tmp_path


def test_a_restore_is_not_prepared_while_a_drill_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with facts.alone("drill"):
        assert program.main(["prepare", "--to", "latest"]) == 1
    assert "A drill runs already; wait for it" in capsys.readouterr().err
    assert program.main(["prepare", "--to", "latest"]) == 0


def test_a_prepared_restore_holds_the_schedule(folder: Path) -> None:
    program.main(["prepare", "--to", "latest"])
    assert facts.read().held_until > time.time() + 600


@pytest.fixture
def volume(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database's volume with data of before, and a backup that restores to new data."""
    main, beside = folder / "main", folder / "restored"
    main.mkdir()
    (main / "data").write_text("old")
    monkeypatch.setattr(restore, "DATA", main)
    monkeypatch.setattr(restore, "BESIDE", beside)
    monkeypatch.setattr(restore, "stopped", nullcontext)
    monkeypatch.setattr(scratch, "room", lambda *_: None)
    monkeypatch.setattr(pgbackrest, "run", lambda *_, **__: (beside / "data").write_text("new"))
    monkeypatch.setattr(restore, "_verified", lambda _: (content.Content({}, ""), 2, 5.0))
    return folder


def test_a_restore_that_fails_leaves_no_copy_beside(volume: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Settings) -> None:
        assert (volume / "restored" / "data").read_text() == "new"
        raise BackupError("The restored database does not start.")

    monkeypatch.setattr(restore, "_verified", fails)
    with pytest.raises(BackupError, match="does not start"):
        restore.run(SETTINGS, "latest")
    assert sorted(file.name for file in volume.iterdir() if file.is_dir()) == ["main"]
    assert (volume / "main" / "data").read_text() == "old"


def test_a_restore_leaves_the_data_of_before_beside_and_lets_the_schedule_go_on(volume: Path) -> None:
    facts.change(lambda known: setattr(known, "held_until", time.time() + 100))
    found = restore.run(SETTINGS, "latest")
    assert (volume / "main" / "data").read_text() == "new"
    assert (volume / found["old_data"] / "data").read_text() == "old"
    assert facts.read().held_until == 0
    assert facts.read().restores[0].new == 2


def test_data_of_before_is_never_removed_when_the_last_step_fails(volume: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half() -> None:
        restore.exchange(volume / "restored", volume / "main")
        raise OSError("disk")

    monkeypatch.setattr(restore, "_change_places", half)
    with pytest.raises(OSError, match="disk"):
        restore.run(SETTINGS, "latest")
    assert (volume / "restored" / "data").read_text() == "old"
