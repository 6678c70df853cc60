"""Commands of the engine, several at once, with their events; children never outlive the preview.

The engine writes its events, one JSON object a line, where the option `--event-log` says (it is hidden, and there with
PULUMI_DEBUG_COMMANDS). What it prints goes to a file and is looked at only when it died without an event.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.toolchain.process import Failure, Tick

Event = Mapping[str, Any]
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Ended:
    """What a command did. `text`: all that it printed."""

    phase: str
    code: int
    events: Sequence[Event]
    text: str
    seconds: float


@dataclass
class Command:
    """A command of the engine that runs. `phase`: what it is for, in the report's words."""

    phase: str
    arguments: Sequence[str]
    folder: Path
    variables: Mapping[str, str]
    scratch: Path
    _began: float = 0.0
    _child: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def _log(self) -> Path:
        return self.scratch / f"{self.phase}.events"

    @property
    def _printed(self) -> Path:
        return self.scratch / f"{self.phase}.printed"

    def start(self) -> None:
        """Starts it in a session of its own, which holds the language host and the program too."""
        self._began = time.monotonic()
        command = ["pulumi", *self.arguments, "--non-interactive", "--event-log", str(self._log)]
        with self._printed.open("wb") as sink:
            try:
                self._child = subprocess.Popen(
                    command,
                    cwd=self.folder,
                    env=dict(self.variables),
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise Failure(f"pulumi cannot be run ({error.strerror}): run scripts/setup --no-docker.") from error

    def ended(self) -> Ended | None:
        """What it did, once it has ended."""
        if self._child is None or self._child.poll() is None:
            return None
        seconds = time.monotonic() - self._began
        text = self._printed.read_text(encoding="utf-8", errors="replace")
        return Ended(self.phase, self._child.returncode, read(self._log), text, seconds)

    def kill(self) -> None:
        """Ends it and all that it started. There is nothing to save: its backend is temporary too."""
        if self._child is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for process in _of_session(self._child.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _of_session(leader: int) -> list[int]:
    """The processes of a session: the engine puts language hosts into groups of their own, but not into other sessions.

    Where there is no /proc, none: a language host then ends by itself when it misses its engine.
    """
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(int(file.parent.name))
    return found


def together(commands: Sequence[Command], limit_seconds: float, tick: Tick) -> list[Ended]:
    """Runs commands at the same time and gives what each did, in their order.

    Raises `Failure` when they take longer than `limit_seconds`. Whatever happens, nothing is left running.
    """
    until = time.monotonic() + limit_seconds
    done: dict[str, Ended] = {}
    try:
        for command in commands:
            command.start()
        while len(done) < len(commands):
            for command in commands:
                if command.phase not in done and (ended := command.ended()) is not None:
                    done[command.phase] = ended
            if time.monotonic() > until:
                left = " and ".join(command.phase for command in commands if command.phase not in done)
                raise Failure(f"The {left} took longer than {limit_seconds:.0f} s and was ended; give more with --timeout.")
            tick()
            time.sleep(_PAUSE_SECONDS)
    finally:
        for command in commands:
            command.kill()
    return [done[command.phase] for command in commands]


def read(log: Path) -> list[Event]:
    """The events in a file, without what the SDK notes for its own developers; a last line that was cut off is left out."""
    if not log.exists():
        return []
    events = []
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if event.get("diagnosticEvent", {}).get("severity") != "debug":
            events.append(event)
    return events
