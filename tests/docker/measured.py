"""The measurements of scripts/bench in the tests' checkout, as a person would run them, with fewer rounds."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.docker.conftest import Checkout


def bench(checkout: Checkout, module: str, *arguments: str, seconds: int = 500) -> list[dict[str, Any]]:
    """Runs a measurement and returns the lines of JSON that it printed. Fails when something was not as it should be."""
    done = subprocess.run(
        [str(checkout.root / ".venv" / "bin" / "python"), "-P", "-m", f"scripts.bench.{module}", *arguments],
        cwd=checkout.root,
        env={**checkout.environment(), "PYTHONPATH": str(checkout.root)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
