"""Running other programs: quietly, with the whole output in a file, and with one sentence when they fail."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import paths

Tick = Callable[[], None]


class Failure(Exception):
    """What is missing and what to do about it, in one sentence that is shown as it is."""


def environment_for_python(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for a child Python: bytecode may be written (imports are twice as slow without it)."""
    return {
        key: value
        for key, value in environ.items()
        if key not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH"}
    }


def output(command: Sequence[str], *, timeout: float = 30, env: Mapping[str, str] | None = None) -> str | None:
    """What a command prints, or None if it is not there, fails or takes longer than `timeout` seconds."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=env, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def logged(
    command: Sequence[str],
    log: str,
    *,
    tick: Tick,
    explain: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a long command with its output in the log file `log`; call `tick` while it runs.

    Raises Failure with `explain`, the last line that was printed and the log's path.
    """
    directory = paths.log_dir()
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"{log}.log"
    with file.open("wb") as sink:
        sink.write(f"$ {shlex.join(command)}\n".encode())
        sink.flush()
        try:
            child = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=cwd, env=env)
        except OSError as error:
            raise Failure(f"{explain}: {command[0]} cannot be run ({error.strerror}).") from error
        try:
            code = _wait(child, tick)
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if code != 0:
        raise Failure(f"{explain}: {last_line(file)} (exit code {code}; all of it is in {file}).")


def last_line(file: Path) -> str:
    """The last line of a log that says something."""
    lines = [line.strip() for line in file.read_text(errors="replace").splitlines()[1:] if line.strip()]
    return lines[-1][:300].rstrip(".") if lines else "it printed nothing"


def _wait(child: subprocess.Popen[bytes], tick: Tick) -> int:
    while True:
        try:
            return child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            tick()


def wait_until(ready: Callable[[], bool], *, seconds: float, tick: Tick, pause: float = 0.3) -> bool:
    """Poll `ready` until it is true; false after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        tick()
        time.sleep(pause)
    return True
