"""Which runs of pytest a command line means, and what their exit codes add up to."""

from pathlib import Path

import pytest

from scripts.gate.check import shell_scripts
from scripts.gate.test import plan, verdict


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for tier in ("unit", "docker"):
        folder = tmp_path / "tests" / tier / "deep"
        folder.mkdir(parents=True)
        (folder / "test_it.py").touch()
    (tmp_path / "tests" / "preview").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "runs"),
    [
        ([], [["-n", "auto", "tests/unit"], ["-m", "not long", "tests/docker"]]),
        (["docker"], [["-m", "not long", "tests/docker"]]),
        (["long", "-x"], [["-m", "long", "tests/docker", "-x"]]),
        (["preview"], []),
        (["unit", "-k", "name"], [["-n", "auto", "tests/unit", "-k", "name"]]),
        (["unit", "--pdb"], [["tests/unit", "--pdb"]]),
        (["tests/unit/deep/test_it.py::test_one"], [["tests/unit/deep/test_it.py::test_one"]]),
    ],
)
def test_the_command_line_names_tiers_or_paths(root: Path, arguments: list[str], runs: list[list[str]]) -> None:
    assert [list(run.arguments) for run in plan(arguments, root)] == runs


@pytest.mark.parametrize(
    ("codes", "code"), [([0, 0], 0), ([0, 1], 1), ([2, 1], 2), ([0, 5], 0), ([5, 5], 5), ([], 5), ([5, 1], 1)]
)
def test_the_exit_code_is_right(codes: list[int], code: int) -> None:
    assert verdict(codes) == code


def test_shell_scripts_are_known_by_their_first_line_or_name(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "run").write_text("#!/usr/bin/env bash\n")
    (tmp_path / "scripts" / "lib.sh").write_text("# shellcheck shell=bash\n")
    (tmp_path / "scripts" / "tool.py").write_text("#!/usr/bin/env python3\n")
    assert [file.name for file in shell_scripts(tmp_path)] == ["lib.sh", "run"]
