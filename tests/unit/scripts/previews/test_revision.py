"""A revision in a folder of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

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
