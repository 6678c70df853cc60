"""Packages of Debian and Ubuntu, installed only where that is possible and named where it is not."""

import os
import shutil
from collections.abc import Sequence

from . import process
from .process import Failure
from .progress import Progress


def install(packages: Sequence[str], progress: Progress, *, need: str) -> None:
    """Install `packages`, which provide `need`; Failure with what to install where that is not possible from here."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise Failure(f"{need} is missing and this is no Debian or Ubuntu: install what it calls {names}.")
    if os.geteuid() != 0:
        raise Failure(f"{need} is missing: run `sudo apt-get install {names}` and then scripts/setup again.")
    progress.note(f"installing {names}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    explain = f"{need} cannot be installed ({names})"
    process.logged(["apt-get", "-q", "update"], "apt-update", tick=progress.tick, explain=explain, env=env)
    process.logged(
        ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages],
        "apt-install",
        tick=progress.tick,
        explain=explain,
        env=env,
    )
