"""The temporary folder in which the engine runs: a project, a backend and a home of its own, and nothing of the user's.

The project is made of links into a checkout, so that nothing is copied and compiled files are found again; only the stack
files are copies. The environment is built from nothing: no account, proxy or passphrase of the user reaches the program.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scripts.operations.stack import PROJECT
from scripts.simulation.passphrase import Passphrase
from scripts.toolchain import paths

_LINKED: Final = ("__main__.py", "components", "images")
_INHERITED: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")


@dataclass(frozen=True)
class Backend:
    """Where the engine keeps the state of one line of runs; a copy of it starts another line."""

    folder: Path
    stack: str
    project: str = PROJECT

    @property
    def checkpoint(self) -> Path:
        return self.folder / ".pulumi" / "stacks" / self.project / f"{self.stack}.json"

    def fill(self, deployment: Mapping[str, Any] | None = None, version: int = 3) -> None:
        """Makes the stack, empty or with a deployment as the engine keeps it."""
        self.checkpoint.parent.mkdir(parents=True)
        (self.folder / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        content = {"stack": f"organization/{self.project}/{self.stack}", "latest": deployment}
        self.checkpoint.write_text(json.dumps({"version": version, "checkpoint": content}), encoding="utf-8")

    def copied(self, folder: Path) -> Backend:
        shutil.copytree(self.folder, folder)
        return Backend(folder, self.stack, self.project)


@dataclass(frozen=True)
class Project:
    """A folder from which the engine runs the program of a checkout."""

    folder: Path
    stack: str

    @classmethod
    def lay_out(cls, folder: Path, checkout: Path, stack: str, stack_file: str) -> Project:
        """Links the program of `checkout`, with this checkout's Python, around the text of a stack file."""
        (folder / "stacks").mkdir(parents=True)
        for name in _LINKED:
            if (checkout / name).exists():
                (folder / name).symlink_to(checkout / name)
        (folder / ".venv").symlink_to(paths.VENV)
        shutil.copyfile(checkout / "Pulumi.yaml", folder / "Pulumi.yaml")
        (folder / "stacks" / f"Pulumi.{stack}.yaml").write_text(stack_file, encoding="utf-8")
        return cls(folder, stack)


def variables(home: Path, backend: Backend, passphrase: Passphrase, simulated: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of the engine. `simulated`: how it finds the simulated providers."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **inherited,
        "HOME": str(home),
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": backend.folder.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": passphrase.passphrase,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DEBUG_COMMANDS": "true",
        # The state is written once at the end, not after each step: nobody resumes a preview, and the cost grows as a square.
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_EXPERIMENTAL": "true",
        "NO_COLOR": "1",
        **simulated,
    }
