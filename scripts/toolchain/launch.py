"""Runs one of the kit's commands in the kit's environment, without a second process."""

import os
import runpy
import sys

from . import paths
from .environment import environment


def main() -> None:
    """Put the environment into effect and become the module named first."""
    module, *arguments = sys.argv[1:]
    values = environment()
    values.pop("PYTHONPATH", None)  # it was for finding this module, not for the programs we start
    os.environ.clear()
    os.environ.update(values)
    command = module.removeprefix("scripts.").split(".")[-1]
    sys.argv = [str(paths.ROOT / "scripts" / command), *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=False)


if __name__ == "__main__":
    main()
