"""The ready files for CI: right by the services' own schemas, and in need of no secret."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies import packs
from scripts.toolchain import paths

GITHUB = paths.ROOT / ".github" / "workflows" / "policies.yml"
GITLAB = paths.ROOT / ".gitlab-ci.yml"
SCHEMAS = {GITHUB: ["vendor.github-workflows"], GITLAB: ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]}


ORDER = ("baseline", "production", "soc2", "gdpr", "ccpa")


def commands(file: Path) -> list[str]:
    """What a file runs, line by line."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if file == GITLAB:
        return list(content["policies"]["script"])
    return [step["run"] for step in content["jobs"]["policies"]["steps"] if "run" in step]


def checked(file: Path, schema: list[str]) -> subprocess.CompletedProcess[str]:
    command = [str(paths.VENV / "bin" / "check-jsonschema"), "--builtin-schema", *schema, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("file", "schema"), SCHEMAS.items(), ids=lambda each: each.name if isinstance(each, Path) else "")
def test_a_file_is_right_by_the_services_schema(file: Path, schema: list[str], tmp_path: Path) -> None:
    done = checked(file, schema)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / file.name
    wrong.write_text(file.read_text(encoding="utf-8").replace("timeout", "timeuot"), encoding="utf-8")
    assert checked(wrong, schema).returncode != 0, "the schema would not notice a mistake"


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_a_file_sets_up_and_previews_and_needs_no_secret(file: Path) -> None:
    setup, everything, production = commands(file)
    assert setup == "scripts/setup --no-docker"
    assert everything.startswith("scripts/preview --all ")
    assert f" --packs {','.join(sorted(packs.names(), key=ORDER.index))} " in production
    text = file.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "$" not in text


def test_the_files_keep_what_the_commands_write() -> None:
    def written(file: Path) -> set[str]:
        words = [word for command in commands(file) for word in command.split()]
        return {word.partition("=")[2] for before, word in pairwise(words) if before == "--also"}

    artifacts: dict[str, Any] = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["policies"]["artifacts"]
    assert written(GITLAB) == {*artifacts["paths"], *artifacts["reports"]["junit"]}
    steps = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"]["policies"]["steps"]
    kept = [step["with"].get("path", step["with"].get("sarif_file")) for step in steps if "with" in step]
    assert written(GITHUB) == {file for file in written(GITHUB) if any(fnmatch(file, pattern) for pattern in kept)}
    assert len(kept) == 3
