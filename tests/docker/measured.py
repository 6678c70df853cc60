"""The measurements of scripts/bench in the tests' checkout, as a person would run them, with fewer rounds; and their load."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from scripts.bench.load import Plan
from tests.docker.conftest import HTTPS_PORT, STACK, Checkout, Running


def load_plan(running: Running, *, rate: float, seconds: float, posts: float, authority: Path | None = None) -> Plan:
    """A load through the edge of the tests' platform. `authority`: who signed its certificate, if not the platform's own."""
    return Plan(
        url=f"https://127.0.0.1:{HTTPS_PORT}",
        host=f"localhost:{HTTPS_PORT}",
        key_file=running.checkout.state / "platforms" / STACK / "api-key",
        authority=authority or running.authority,
        rate=rate,
        count=round(rate * seconds),
        posts=posts,
    )


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
