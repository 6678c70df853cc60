"""The files: mode, wholeness, and that a bad certificate does not replace a good one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from penguinmails_operations.acme.chain import NotSound
from penguinmails_operations.acme.store import Memory, Store

from tests.unit.images.operations.acme.made import DOMAIN, pair

DIRECTORY = "https://acme.example.net/directory"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return made(tmp_path)


def made(folder: Path, domain: str = DOMAIN, directory: str = DIRECTORY) -> Store:
    for name in ("account", "certificate"):
        (folder / name).mkdir(exist_ok=True)
    return Store(folder / "account", folder / "certificate", domain, directory)


def test_the_accounts_key_stays_and_each_authority_has_its_own(store: Store, tmp_path: Path) -> None:
    first = store.account_key().private_numbers()
    assert made(tmp_path).account_key().private_numbers() == first
    assert made(tmp_path, directory="https://staging.example.net/").account_key().private_numbers() != first


def test_every_file_is_the_owners_alone_whatever_the_mask(store: Store, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store.account_key()
        store.remember(Memory(attempted=1.0))
        store.hand_over(*pair())
    finally:
        os.umask(before)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_certificate_that_is_not_sound_leaves_the_former(store: Store) -> None:
    good = store.hand_over(*pair())
    with pytest.raises(NotSound):
        store.hand_over(pair(number=1)[0], pair(number=2)[1])
    assert store.served() == good


def test_what_is_for_another_domain_is_as_none(store: Store, tmp_path: Path) -> None:
    store.hand_over(*pair())
    assert made(tmp_path, "other.example.com").served() is None
    store.certificate.write_text("torn")
    assert store.served() is None


def test_the_time_of_a_certificate_is_after_it_is_in_place(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """`edge-files` looks at it: a file that is written, looked past, and then put in its place would never be seen."""
    into_place = Path.replace

    def late(aside: Path, place: Path) -> Path:
        os.utime(aside, (0, 0))
        return into_place(aside, place)

    monkeypatch.setattr(Path, "replace", late)
    store.hand_over(*pair())
    assert store.certificate.stat().st_mtime > 1e9


def test_a_memory_that_cannot_be_read_is_as_none(store: Store, tmp_path: Path) -> None:
    store.remember(Memory(attempted=5.0, contact="a@example.com"))
    assert made(tmp_path).memory().contact == "a@example.com"
    (tmp_path / "account" / "memory.json").write_text("{")
    assert store.memory() == Memory()
