"""Another revision of this repository, taken out into a folder of its own; the checkout and its index stay as they are.

Its program runs with today's packages: a revision that needs others cannot be brought up, and the preview says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.target import SecretKey
from scripts.operations.stack import PROJECT
from scripts.toolchain import paths
from scripts.toolchain.process import Failure, environment_for_python

_ASK: Final = """
import json, sys, yaml
from components import stackfile, targets
config = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["config"]
try:
    spec = stackfile.parse(json.dumps(config[sys.argv[2]], default=str))
except stackfile.StackFileError as error:
    sys.exit("; ".join(error.problems))
print(json.dumps([[key.name, key.kind, key.purpose] for key in targets.choose(spec.target).secret_keys(spec)]))
"""
"""Asked of the revision's own code: which secrets its description needs."""

_PROGRAM: Final = {"__main__.py", "Pulumi.yaml", "components", "images", "stacks"}
"""What of a revision is taken out: its program and what that reads."""

_SECONDS: Final = 60


@dataclass(frozen=True)
class Revision:
    """`name`: as it was asked for. `commit`: its full hash. `folder`: its files."""

    name: str
    commit: str
    folder: Path

    def stack_file(self, stack: str) -> Path | None:
        """The file of a stack; None when the revision has none of that name."""
        file = self.folder / "stacks" / f"Pulumi.{stack}.yaml"
        return file if file.is_file() else None

    def secret_keys(self, stack_file: Path) -> list[SecretKey]:
        """What the revision's program asks of the configuration.

        Raises `Failure` when its code does not run with today's packages, or refuses its own description.
        """
        command = [str(paths.VENV_PYTHON), "-c", _ASK, str(stack_file), f"{PROJECT}:platform"]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=environment_for_python(),
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Failure(f"The program of {self.name} does not say within {_SECONDS} s which secrets it needs.") from None
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            raise Failure(
                f"The program of {self.name} does not run with the packages of this checkout ({reason}): "
                "compare with a revision that uses the same packages."
            )
        return [SecretKey(*fields) for fields in json.loads(done.stdout)]


def take_out(name: str, folder: Path, root: Path = paths.ROOT) -> Revision:
    """Writes the files of a revision into `folder`.

    Raises `Failure` when git does not know the revision, or is not there.
    """
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", otherwise=name).strip()
    archive = folder.with_suffix(".tar")
    _git(root, "archive", "--format=tar", f"--output={archive}", commit, otherwise=name)
    folder.mkdir()
    with tarfile.open(archive) as packed:
        wanted = [member for member in packed.getmembers() if member.name.split("/", 1)[0] in _PROGRAM]
        # Python before 3.11.4 has no filters, and none of the argument's name.
        packed.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        packed.extractall(folder, wanted)
    archive.unlink()
    return Revision(name, commit, folder)


def _git(root: Path, *arguments: str, otherwise: str) -> str:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(["git", *arguments], cwd=root, env=variables, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Failure(f"--against needs git, which cannot be run ({error.strerror}): install it.") from error
    if done.returncode != 0:
        detail = f" ({done.stderr.strip().splitlines()[-1]})" if done.stderr.strip() else ""
        raise Failure(f"--against: git knows no revision {otherwise}{detail}; fetch it, or name another.")
    return done.stdout
