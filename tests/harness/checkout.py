"""A copy of the checkout that a test may change, and scripts/preview in it as a person or a CI runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.targets import ROOT

COPIED = ("__main__.py", "Pulumi.yaml", "components", "images", "policies", "scripts", "stacks", ".gitignore")
IDENTITY = ("-c", "user.name=test", "-c", "user.email=test@example.com")
MINIMAL = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(Path.home())}


@dataclass
class Checkout:
    """A repository of its own, so that tests may change the program and the stack files."""

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        return [str(self.folder / "scripts" / "preview"), *arguments]

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        variables = {**MINIMAL, "TMPDIR": str(self.temporary), **more}
        return subprocess.run(self.command(*arguments), env=variables, capture_output=True, text=True, timeout=190, check=False)

    def told(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The one object about the one stack."""
        done = self.run(*arguments, "--format", "json")
        assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["version"] == 1
        assert found["ok"] is (code == 0)
        [stack] = found["stacks"]
        return dict(stack)

    @property
    def temporary(self) -> Path:
        folder = self.folder.parent / "tempo rary%20#1"
        folder.mkdir(exist_ok=True)
        return folder

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *IDENTITY, *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        ).stdout

    def change(self, file: Path | str, before: str, after: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")


def copied(folder: Path) -> Checkout:
    """A repository with one commit in a new folder."""
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / ".gitignore").write_text(".venv\n__pycache__/\n", encoding="utf-8")
    made = Checkout(folder)
    made.git("init", "--quiet")
    made.git("add", "--all")
    made.git("commit", "--quiet", "-m", "one")
    return made
