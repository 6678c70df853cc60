"""How the edge's files are given and taken over: the entrypoint's functions, run by bash on a folder of this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ENTRYPOINT = Path(__file__).resolve().parents[4] / "images" / "edge" / "entrypoint"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    (tmp_path / "haproxy.cfg").write_text("settings\n")
    (tmp_path / "tls.pem").write_text("certificate\n")
    return tmp_path


def give(folder: Path) -> str:
    """One round of `files`; the id that it gave."""
    text = ENTRYPOINT.read_text().split("case ${1:-edge} in")[0]
    for inside, here in (
        ("/run/edge", folder / "shared"),
        ("/etc/penguinmails/haproxy.cfg", folder / "haproxy.cfg"),
        ("/run/secrets/tls.pem", folder / "tls.pem"),
        ("/tmp/given", folder / "given"),
    ):
        text = text.replace(inside, str(here))
    subprocess.run(["bash", "-c", f"{text}\ngive\n"], check=True, timeout=10)
    return (folder / "given").read_text().strip()


def test_files_are_given_whole_under_an_id_of_their_content(folder: Path) -> None:
    first = give(folder)
    shared = folder / "shared"
    assert (shared / "current").readlink() == Path(first)
    assert (shared / "current" / "haproxy.cfg").read_text() == "settings\n"
    assert (shared / "current" / "tls.pem").read_text() == "certificate\n"
    assert (shared / first).stat().st_mode & 0o077 == 0
    assert give(folder) == first


def test_what_runs_is_kept_until_the_new_is_taken(folder: Path) -> None:
    shared = folder / "shared"
    first = give(folder)
    (shared / "taken").write_text(f"{first}\n")
    (folder / "tls.pem").write_text("renewed\n")
    second = give(folder)
    assert second != first
    assert (shared / first).is_dir()
    (shared / "taken").write_text(f"{second}\n")
    give(folder)
    assert not (shared / first).exists()
    assert (shared / "current" / "tls.pem").read_text() == "renewed\n"


def test_what_another_put_there_is_put_right(folder: Path) -> None:
    first = give(folder)
    link = folder / "shared" / "current"
    link.unlink()
    link.symlink_to("0123456789abcdef")
    assert give(folder) == first
    assert link.readlink() == Path(first)
