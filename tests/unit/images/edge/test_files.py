"""How the edge's files are given and taken over: the entrypoint's functions, run by bash on a folder of this machine."""

from __future__ import annotations

import os
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


HAPROXY = """#!/bin/sh
for last; do :; done
file=$(sed -n 's/.* crt //p' "$last")
grep -q sound "$file"
"""
"""Stands for HAProxy, which tries a file that its settings name."""


def run(folder: Path, commands: str) -> subprocess.CompletedProcess[str]:
    """The entrypoint's functions on `folder`; `acme.pem` in it is what another program renews, once it is there."""
    text = ENTRYPOINT.read_text().split("case ${1:-edge} in")[0]
    for inside, here in (
        ("/tmp/", f"{folder}/"),
        ("/run/edge", folder / "shared"),
        ("/etc/penguinmails/haproxy.cfg", folder / "haproxy.cfg"),
        ("/run/secrets/tls.pem", folder / "tls.pem"),
    ):
        text = text.replace(inside, str(here))
    (folder / "haproxy").write_text(HAPROXY)
    (folder / "haproxy").chmod(0o755)
    variables = {"PATH": f"{folder}:{os.environ['PATH']}", "ACME_CERTIFICATE": str(folder / "acme.pem")}
    command = ["bash", "-c", f"{text}\n{commands}\n"]
    return subprocess.run(command, check=False, timeout=10, env=variables, capture_output=True, text=True)


def give(folder: Path) -> str:
    """One round of `files`; the id that it gave."""
    done = run(folder, "give")
    assert done.returncode == 0, done.stderr
    return (folder / "given").read_text().strip()


def served(folder: Path) -> str:
    give(folder)
    return (folder / "shared" / "current" / "tls.pem").read_text()


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


def test_the_own_certificate_is_served_until_the_authoritys_is_there(folder: Path) -> None:
    assert served(folder) == "certificate\n"
    (folder / "acme.pem").write_text("sound 1\n")
    assert served(folder) == "sound 1\n"
    (folder / "acme.pem").write_text("sound 2\n")
    assert served(folder) == "sound 2\n"


def test_what_is_not_sound_is_not_given_and_the_one_before_stays(folder: Path) -> None:
    (folder / "acme.pem").write_text("torn\n")
    assert served(folder) == "certificate\n"
    (folder / "acme.pem").write_text("sound 1\n")
    assert served(folder) == "sound 1\n"
    (folder / "acme.pem").write_text("torn\n")
    assert served(folder) == "sound 1\n"
    assert "is not sound" in run(folder, "give").stderr


def test_what_was_served_stays_even_when_the_service_is_new(folder: Path) -> None:
    (folder / "acme.pem").write_text("sound 1\n")
    assert served(folder) == "sound 1\n"
    (folder / "acme.pem").write_text("torn\n")
    for name in ("sound.pem", "given", "looked"):
        (folder / name).unlink()
    assert served(folder) == "sound 1\n"


def test_a_new_certificate_is_noticed_and_an_old_one_not(folder: Path) -> None:
    give(folder)
    assert run(folder, "changed").returncode == 1
    file = folder / "acme.pem"
    file.write_text("sound 1\n")
    assert run(folder, "changed").returncode == 0
    give(folder)
    looked = (folder / "looked").stat().st_mtime_ns
    os.utime(file, ns=(looked - 1, looked - 1))
    assert run(folder, "changed").returncode == 1
    os.utime(file, ns=(looked, looked))
    assert run(folder, "changed").returncode == 0, "the same moment may be after the look"
