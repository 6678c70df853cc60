"""`python -m penguinmails_operations COMMAND`: runs one of the programs until it is told to stop."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

PROGRAMS = {
    "acme": "penguinmails_operations.acme.main",
    "autoscaler": "penguinmails_operations.autoscaler.main",
    "gate": "penguinmails_operations.gate.main",
    "logs": "penguinmails_operations.logs.main",
    "notifier": "penguinmails_operations.notifier.main",
    "status": "penguinmails_operations.status.main",
}
"""Command -> the module whose `main()` runs it and returns the exit status."""


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PROGRAMS:
        sys.stderr.write(f"operations: name one of {', '.join(PROGRAMS)}\n")
        return 2
    status: int = importlib.import_module(PROGRAMS[arguments[0]]).main()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
