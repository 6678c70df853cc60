"""Runs one of the kit's commands in the kit's environment, without a second process."""

import contextlib
import os
import runpy
import sys
from pathlib import Path

from . import paths
from .environment import environment

OPERATIONS = "scripts.operations."
AUTOGROUP = Path("/proc/self/autogroup")
NICE = "10"
"""A ninth of the weight of all containers together: enough for the watch of a release, on a busy host too."""


def main() -> None:
    """Put the environment into effect and become the module named first."""
    module, *arguments = sys.argv[1:]
    values = environment()
    values.pop("PYTHONPATH", None)  # it was for finding this module, not for the programs we start
    os.environ.clear()
    os.environ.update(values)
    if module.startswith(OPERATIONS) and os.getsid(0) == os.getpid():
        give_way()
    command = module.removeprefix("scripts.").split(".")[-1]
    sys.argv = [str(paths.ROOT / "scripts" / command), *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=False)


def give_way() -> None:
    """Let the platform's containers go first, where this command has a session to itself, as under systemd or setsid.

    Linux weighs sessions against each other (see `scripts/operations/engine.py`). That of a terminal is left as it is, for all
    else in it would give way too. Not `nice`, which an engine that `scripts/setup` starts would hand on to all containers.
    """
    with contextlib.suppress(OSError):
        AUTOGROUP.write_text(NICE, encoding="ascii")


if __name__ == "__main__":
    main()
