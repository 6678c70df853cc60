"""The Pulumi command line: the only way in which the operations talk to the engine.

Its own progress goes to the terminal as it is; only errors that have a simple reason are put into one sentence. A secret is
passed on standard input, never on a command line.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from scripts.toolchain import paths
from scripts.toolchain.process import Failure

_BEHIND = 'echo 19 2>/dev/null > /proc/self/autogroup; exec nice -n 19 pulumi "$@"'
PULUMI = ("sh", "-c", _BEHIND, "pulumi")
"""What the platform's containers need comes first where they run on the same host: an engine takes all processors for half a
minute. Beside the group of all containers Linux weighs a session of processes as a whole (autogroups), however nice each of
them is, so the engine runs in a session of its own that is nice; `nice` is for hosts without such groups."""

SLOW_END = "error on wait for container"
"""The provider removes a service and waits, no longer than its grace period, until its containers are gone as well. On a busy
machine that is too short, though the service is gone: the next run, refreshed, finds that out."""
ATTEMPTS = 5
"""At most, where the engine is run again: each gets further, by one service that ended slowly at least."""

_REASONS = {
    "incorrect passphrase": "The passphrase does not fit this stack: PULUMI_CONFIG_PASSPHRASE_FILE must name the file with the "
    "one that its secrets were encrypted with.",
    "passphrase must be set": "There is no passphrase: set PULUMI_CONFIG_PASSPHRASE_FILE, or unset PULUMI_CONFIG_PASSPHRASE.",
    "the stack is currently locked": "Another run has this stack, or one was killed: wait for it, or use scripts/up --recover.",
    "pending operations": "An earlier run was cut off: use scripts/up --recover.",
    "no space left on device": "The disk is full: make room and run this again.",
}


class CutOff(Failure):
    """The engine did not end by itself: its lock and what it was making may be left."""


def quiet(
    *arguments: str,
    stack: str,
    given: str | None = None,
    folder: Path = paths.ROOT,
    variables: Mapping[str, str] | None = None,
) -> str:
    """What a command prints on standard output.

    Raises `Failure` with the reason when the command fails.
    """
    command = [*PULUMI, *arguments, "--stack", stack, "--non-interactive"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables,
        input=given or "",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode != 0:
        raise Failure(_sentence(done.stderr + done.stdout, f"pulumi {arguments[0]} failed"))
    return done.stdout


def shown(
    *arguments: str,
    stack: str,
    folder: Path = paths.ROOT,
    variables: Mapping[str, str] | None = None,
    once_more: str = "",
) -> None:
    """Runs a command with its own progress on the terminal; again when it failed and its events hold `once_more`.

    Raises `Failure` when it fails, and what was wrong has been shown by then; `CutOff` when it was ended, by Ctrl+C or because
    nobody reads any more what it prints.
    """
    command = [*PULUMI, *arguments, "--stack", stack]
    # The option is hidden, and there with this variable only.
    surroundings = (
        {**(os.environ if variables is None else variables), "PULUMI_DEBUG_COMMANDS": "true"} if once_more else variables
    )
    errors = ""
    with tempfile.TemporaryDirectory(prefix="penguinmails-") as place:
        for attempt in range(ATTEMPTS if once_more else 1):
            events = Path(place) / str(attempt)
            code, errors = _run([*command, "--event-log", str(events)] if once_more else command, folder, surroundings)
            if code == 0:
                return
            if code < 0:
                raise CutOff(f"The engine was ended ({signal.Signals(-code).name}): run the same command again.")
            if not events.exists() or once_more not in events.read_text(encoding="utf-8"):
                break
    raise Failure(_sentence(errors, f"pulumi {arguments[0]} failed; the reason stands above"))


def _run(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None) -> tuple[int, str]:
    """Exit code, and what was printed as errors."""
    children: list[subprocess.Popen[str]] = []
    with (
        _handing_on(children) as asked,
        subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as child,
    ):
        children.append(child)
        assert child.stderr is not None
        errors = child.stderr.read()
        code = child.wait()
    if asked:
        raise CutOff("Interrupted: run the same command again.")
    return code, errors


@contextmanager
def _handing_on(children: Sequence[subprocess.Popen[str]]) -> Iterator[list[int]]:
    """Hands Ctrl+C on, as often as it comes, for it reaches the terminal's own session only: at the first the engine finishes
    what it has begun, at the second it ends at once. Gives what came. Where Ctrl+C is ignored it stays so."""
    asked: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def hand_on(number: int, _: FrameType | None) -> None:
        if not children:
            raise KeyboardInterrupt
        asked.append(number)
        for child in children:
            child.send_signal(signal.SIGINT)

    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield asked
        return
    signal.signal(signal.SIGINT, hand_on)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def config(stack: str) -> dict[str, str]:
    """The stack's configuration, decrypted, by key without the project's prefix; makes the stack when it is not known.

    One call for all of it: each takes the better part of a second.
    """
    try:
        text = quiet("config", "--json", "--show-secrets", stack=stack)
    except Failure as failure:
        if "no stack named" not in str(failure):
            raise
        quiet("stack", "init", stack=stack)
        text = quiet("config", "--json", "--show-secrets", stack=stack)
    return {key.split(":", 1)[-1]: str(entry.get("value", "")) for key, entry in json.loads(text).items()}


def set_secret(stack: str, key: str, value: str) -> None:
    quiet("config", "set", "--secret", key, stack=stack, given=value)


def state(stack: str) -> dict[str, Any]:
    """What the engine knows, as it exports it: `deployment` is missing or null for a stack that was never deployed."""
    found: dict[str, Any] = json.loads(quiet("stack", "export", stack=stack))
    return found


def outputs(stack: str) -> dict[str, str]:
    """The stack's outputs; a secret one is not among them."""
    found: dict[str, str] = json.loads(quiet("stack", "output", "--json", stack=stack))
    return found


def _sentence(output: str, otherwise: str) -> str:
    for sign, sentence in _REASONS.items():
        if sign in output:
            return sentence
    errors = [line.strip() for line in output.splitlines() if line.strip().startswith("error:")]
    detail = errors[-1].removeprefix("error:").strip() if errors else output.strip()[-300:]
    return f"{otherwise}: {detail}" if detail else f"{otherwise}."
