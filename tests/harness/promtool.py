"""promtool and amtool: of this machine (Debian's packages prometheus and prometheus-alertmanager), or of the kit's own image.

Where neither is there the tests that need them are skipped, but in CI they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from components import images


def run(program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs `program` in `folder`, in which the files are that the arguments name."""
    own = shutil.which(program)
    command = [own, *arguments] if own is not None else [*_in_image(program, folder), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def _in_image(program: str, folder: Path) -> list[str]:
    image = _image()
    if image is None:
        reason = f"{program} is missing: install Debian's package prometheus, or run scripts/images build monitoring"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder.chmod(0o755)
    mount = f"type=bind,source={folder},target={folder}"
    user = f"{os.getuid()}:{os.getgid()}"
    return [
        "docker",
        "run",
        "--rm",
        "--network=none",
        f"--user={user}",
        "--mount",
        mount,
        f"--workdir={folder}",
        image,
        program,
    ]


@cache
def _image() -> str | None:
    """The kit's image where it has been built here."""
    if shutil.which("docker") is None:
        return None
    name = images.reference("monitoring")
    found = subprocess.run(["docker", "image", "inspect", name], capture_output=True, check=False)
    return name if found.returncode == 0 else None
