"""Backups of the object storage: incremental, encrypted, and damage is found."""

from __future__ import annotations

import errno
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from penguinmails_backup import objects
from penguinmails_backup.errors import BackupError

PHRASE = "a passphrase"


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    source, store = tmp_path / "source", tmp_path / "store"
    (source / "deep").mkdir(parents=True)
    (source / "a").write_bytes(b"alpha")
    (source / "deep" / "b").write_bytes(bytes(range(256)) * 10_000)  # more than one piece
    (source / "empty").write_bytes(b"")
    return source, store


def files(store: Path) -> set[str]:
    return {file.name for file in (store / "files").iterdir()}


def test_what_is_there_costs_nothing_again(place: tuple[Path, Path]) -> None:
    source, store = place
    assert objects.backup(PHRASE, 100, source, store) == 3
    before = files(store)
    (source / "c").write_bytes(b"alpha")  # the same content once more
    objects.backup(PHRASE, 200, source, store)
    assert files(store) == before
    (source / "d").write_bytes(b"new")
    objects.backup(PHRASE, 300, source, store)
    assert len(files(store)) == len(before) + 1


def test_nothing_of_a_file_can_be_read_in_the_store(place: tuple[Path, Path]) -> None:
    source, store = place
    objects.backup(PHRASE, 100, source, store)
    everything = b"".join(file.read_bytes() + file.name.encode() for file in store.rglob("*") if file.is_file())
    assert b"alpha" not in everything
    assert b"deep" not in everything


@pytest.mark.parametrize("moment", [150, 250])
def test_a_moment_comes_back_as_it_was(place: tuple[Path, Path], moment: int) -> None:
    source, store = place
    objects.backup(PHRASE, 100, source, store)
    (source / "a").write_bytes(b"changed")
    objects.backup(PHRASE, 200, source, store)
    sink = io.BytesIO()
    assert objects.archive(PHRASE, moment, sink, store) == 3
    sink.seek(0)
    with tarfile.open(fileobj=sink) as tar:
        found = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    assert found["a"] == (b"alpha" if moment == 150 else b"changed")
    assert found["deep/b"] == (source / "deep" / "b").read_bytes()


def denied(folder: Path) -> Iterator[os.DirEntry[str]]:
    raise PermissionError(errno.EACCES, "Permission denied", str(folder))


def test_a_folder_that_cannot_be_read_is_said(place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    source, store = place
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: (denied if str(folder).endswith("deep") else scandir)(folder))
    with pytest.raises(BackupError, match=r"The object deep cannot be read: let others read it\."):
        objects.backup(PHRASE, 100, source, store)
    assert objects.lists(store) == []


def test_a_store_that_cannot_be_written_is_no_object(place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    source, store = place
    monkeypatch.setattr(objects, "_write", lambda file, _: denied(file))
    with pytest.raises(PermissionError):
        objects.backup(PHRASE, 100, source, store)


def test_links_and_what_is_no_file_stay_out(place: tuple[Path, Path]) -> None:
    source, store = place
    (source / "link").symlink_to("a")
    (source / "round").symlink_to(source)
    os.mkfifo(source / "pipe")
    assert objects.backup(PHRASE, 100, source, store) == 3


def test_no_folder_of_objects_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        objects.backup(PHRASE, 100, tmp_path / "none", tmp_path / "store")


def test_a_file_that_grows_while_it_is_read_is_whole(place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    source, store = place
    seal = objects.seal

    def slow(handle: BinaryIO, key: bytes) -> Iterator[bytes]:
        with (source / "a").open("ab") as file:  # written to between the look and the copy
            file.write(b" and more")
        return seal(handle, key)

    monkeypatch.setattr(objects, "seal", slow)
    objects.backup(PHRASE, 100, source, store)
    assert objects.verify(PHRASE, store).startswith("3 files")
    sink = io.BytesIO()
    objects.archive(PHRASE, 100, sink, store)
    sink.seek(0)
    with tarfile.open(fileobj=sink) as tar:
        assert tar.extractfile("a").read() == b"alpha and more"  # type: ignore[union-attr]


@pytest.mark.parametrize("harm", ["changed", "cut", "swapped", "gone"])
def test_damage_is_found(place: tuple[Path, Path], harm: str) -> None:
    source, store = place
    objects.backup(PHRASE, 100, source, store)
    assert objects.verify(PHRASE, store).startswith("3 files")
    largest = max((store / "files").iterdir(), key=lambda file: file.stat().st_size)
    other = min((store / "files").iterdir(), key=lambda file: file.stat().st_size)
    data = largest.read_bytes()
    match harm:
        case "changed":
            largest.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
        case "cut":
            largest.write_bytes(data[: 4 + objects.PIECE + 28])  # after a whole piece
        case "swapped":
            largest.write_bytes(other.read_bytes())
        case _:
            largest.unlink()
    with pytest.raises(BackupError, match=r"The backup of the object deep/b is (damaged|missing)"):
        objects.verify(PHRASE, store)


def test_what_no_list_names_goes_and_the_newest_old_list_stays(place: tuple[Path, Path]) -> None:
    source, store = place
    objects.backup(PHRASE, 100, source, store)
    (source / "a").write_bytes(b"second")
    objects.backup(PHRASE, 200, source, store)
    (source / "a").write_bytes(b"third")
    objects.backup(PHRASE, 300, source, store)
    objects.expire(PHRASE, 250, store)
    assert [at for at, _ in objects.lists(store)] == [200, 300]
    assert len(files(store)) == 4
