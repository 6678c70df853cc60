"""Entries of the cache are whole or absent, and made once."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.toolchain import cache, paths


def write(into: Path) -> None:
    (into / "program").write_text("whole")


def test_an_entry_is_built_once(tmp_path: Path) -> None:
    calls: list[Path] = []
    for _ in range(2):
        entry = cache.fill(tmp_path / "cache" / "entry", lambda into: (calls.append(into), write(into))[1])
    assert (entry / "program").read_text() == "whole"
    assert len(calls) == 1


def test_two_that_build_at_once_share_the_first_entry(tmp_path: Path) -> None:
    entry = tmp_path / "entry"

    def slow(into: Path) -> None:
        cache.fill(entry, write)
        (into / "program").write_text("second")

    assert cache.fill(entry, slow) == entry
    assert (entry / "program").read_text() == "whole"
    assert list(tmp_path.iterdir()) == [entry]


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_build_leaves_nothing(tmp_path: Path, interruption: type[BaseException]) -> None:
    def fail(into: Path) -> None:
        write(into)
        raise interruption

    with pytest.raises(interruption):
        cache.fill(tmp_path / "entry", fail)
    assert list(tmp_path.iterdir()) == []


def test_the_fingerprint_follows_names_and_contents(tmp_path: Path) -> None:
    def of(**files: str) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_text(content)
        return cache.fingerprint(folder.iterdir(), root=folder)

    assert of(a="1", b="2") == of(b="2", a="1")
    assert len({of(a="1"), of(a="2"), of(b="1"), of(a="1", b=""), of(a="", b="1")}) == 5


def test_the_lock_is_held_against_another_process_and_freed_when_it_ends(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; from scripts.toolchain import cache\n"
            "with cache.locked(pathlib.Path(sys.argv[1]), tick=lambda: None): print('held', flush=True); input()",
            str(lock),
        ],
        cwd=paths.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdin
    with holder:
        assert holder.stdout.readline() == "held\n"
        told: list[str] = []

        def tell() -> None:
            told.append("waiting")
            holder.kill()

        with cache.locked(lock, tick=lambda: None, waiting=tell):
            assert told == ["waiting"]
