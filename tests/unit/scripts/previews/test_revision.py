"""A revision in a folder of its own."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from scripts.previews import revision
from scripts.toolchain.process import Failure


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "stacks").mkdir(parents=True)
    (folder / "stacks" / "Pulumi.one.yaml").write_text("config: {}\n", encoding="utf-8")
    (folder / "README.md").write_text("read\n", encoding="utf-8")
    (folder / "elsewhere").symlink_to("/etc")
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "one"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments], cwd=folder, check=True)
    return folder


def test_the_program_is_taken_out_as_it_was_and_nothing_else(repository: Path, tmp_path: Path) -> None:
    (repository / "stacks" / "Pulumi.one.yaml").write_text("config: {changed: 1}\n", encoding="utf-8")
    found = revision.take_out("HEAD", tmp_path / "out", repository)
    assert len(found.commit) == 40
    file = found.stack_file("one")
    assert file is not None
    assert file.read_text(encoding="utf-8") == "config: {}\n"
    assert found.stack_file("two") is None
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["stacks"]


@pytest.mark.parametrize("name", ["nowhere", "--help", "HEAD:README.md", ""])
def test_what_is_no_revision_is_one_sentence(repository: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(Failure, match=r"^--against: git knows no revision .*; fetch it, or name another\.$"):
        revision.take_out(name, tmp_path / "out", repository)


def test_a_python_without_filters_of_archives_will_do(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3.11.2, which Debian 12 has, is one."""
    known = tarfile.TarFile.extractall

    def before(self: Any, path: Any = ".", members: Any = None, *, numeric_owner: bool = False) -> None:
        known(self, path, members, numeric_owner=numeric_owner)

    monkeypatch.setattr(tarfile.TarFile, "extractall", before)
    assert revision.take_out("HEAD", tmp_path / "out", repository).stack_file("one") is not None


def test_a_program_that_never_answers_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "_SECONDS", 0.001)
    with pytest.raises(Failure, match=r"^The program of old does not say within 0\.001 s which secrets it needs\.$"):
        revision.Revision("old", "0" * 40, tmp_path).secret_keys(tmp_path / "Pulumi.one.yaml")
