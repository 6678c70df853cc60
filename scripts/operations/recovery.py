"""What a killed run left half done, found and mended by the next one, so that a person runs the same command again.

A run leaves a mark in the stack's folder while the engine works, and marks its processes by a variable that all of them
inherit. A mark whose run is gone means that it was killed. Then plugins that outlived it are ended, the lock is taken away,
what the state knows is compared with what is there, and what the engine has made and could not write down is removed: it was
being created, so nothing is in it (data is in volumes, which are never touched).
"""

from __future__ import annotations

import json
import os
import signal
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from components.spec import TargetName
from scripts.operations import engine, reach, remains
from scripts.operations.stack import PROJECT, Stack
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

VARIABLE = "PENGUINMAILS_RUN"
KINDS = ("service", "network", "secret", "config")
"""What the engine makes in Docker, in the order in which it can be removed."""
WAIT_SECONDS = 60
_ENGINE = "pulumi"
_GONE = {"Z", "X"}


@contextmanager
def run(stack: Stack, *, mend: bool = False) -> Iterator[bool]:
    """Around all that the engine does to a stack; gives whether something was mended first.

    `mend`: also without a mark, for runs of `pulumi` by hand. Raises `Failure` when another run is under way.
    """
    mark = stack.folder / "run.json"
    killed = _killed(mark)
    if killed:
        typer.echo("The last run was cut off: mending what it left half done.", err=True)
    identifier = uuid.uuid4().hex
    stack.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if killed or mend:
        _mend(stack)
    mark.write_text(json.dumps({"run": identifier, "pid": os.getpid(), "began": _began(os.getpid())}), encoding="utf-8")
    os.environ[VARIABLE] = identifier
    cut_off = False
    try:
        yield killed or mend
        if killed or mend:
            sweep(stack)
    except engine.CutOff:
        cut_off = True
        raise
    finally:
        del os.environ[VARIABLE]
        if not cut_off:  # the mark stays for the next run, which mends
            mark.unlink(missing_ok=True)


def unknown(stack: Stack) -> list[tuple[str, str]]:
    """Kind and id of everything in Docker that has the stack's labels and that its state does not know."""
    known = _known(stack)
    return [(kind, identifier) for kind in KINDS for identifier in _labelled(kind, stack.name) if identifier not in known]


def sweep(stack: Stack, kinds: Sequence[str] = KINDS) -> list[str]:
    """Removes what the state does not know; returns what was removed. Nothing for an engine elsewhere.

    Before the engine runs, secrets and files stay: services may still use them.
    """
    if not stack.is_here:
        return []
    removed = []
    for kind, identifier in (found for found in unknown(stack) if found[0] in kinds):
        if reach.wait(lambda kind=kind, identifier=identifier: _remove(kind, identifier), WAIT_SECONDS):  # type: ignore[misc]
            removed.append(f"{kind} {identifier}")
        else:
            raise Failure(f"The {kind} {identifier} is unknown to the stack and in use: docker {kind} inspect {identifier}.")
    return removed


def _killed(mark: Path) -> bool:
    """Whether the last run left a mark and is gone; its remains are ended."""
    try:
        left: Mapping[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    pid = int(left["pid"])
    running = processes(str(left["run"]))
    if pid != os.getpid() and left["began"] is not None and _began(pid) == left["began"]:
        raise Failure(f"Another run has this stack (process {pid}): wait for it.")
    engines = [process for process, name in running.items() if name == _ENGINE]
    if engines:
        raise Failure(f"The engine of an earlier run still works (process {engines[0]}): wait for it.")
    for process in running:
        _end(process)
    return True


def _mend(stack: Stack) -> None:
    engine.quiet("cancel", "--yes", stack=stack.name)
    if stack.spec.target is TargetName.DOCKER:
        remains.forget(stack.name)
    engine.shown("refresh", "--yes", "--skip-preview", "--clear-pending-creates", stack=stack.name)
    sweep(stack, KINDS[:2])


def _known(stack: Stack) -> set[str]:
    deployment = engine.state(stack.name).get("deployment") or {}
    return {str(resource["id"]) for resource in deployment.get("resources") or [] if "id" in resource}


def _labelled(kind: str, stack: str) -> list[str]:
    arguments = ["--filter", f"label=penguinmails.stack={stack}", "--filter", f"label=penguinmails.project={PROJECT}"]
    printed = docker.output(kind, "ls", "--quiet", *arguments)
    if printed is None:
        raise Failure("The Docker engine does not answer: start it with scripts/setup, then run this again.")
    return _full(kind, printed.split())


def _full(kind: str, identifiers: Sequence[str]) -> list[str]:
    """Whole ids: `ls` shortens some. One that goes away meanwhile is left out."""
    if not identifiers:
        return []
    together = docker.output(kind, "inspect", "--format", "{{.ID}}", *identifiers)
    if together is not None:
        return together.split()
    found = [docker.output(kind, "inspect", "--format", "{{.ID}}", identifier) for identifier in identifiers]
    return [identifier for identifier in found if identifier]


def _remove(kind: str, identifier: str) -> bool:
    """Whether it is gone. Networks and secrets stay until the containers that used them have ended."""
    if docker.output(kind, "rm", identifier) is not None:
        return True
    return docker.output(kind, "inspect", "--format", "{{.ID}}", identifier) is None


def processes(run_identifier: str) -> dict[int, str]:
    """Process -> name, of those that inherited the mark; none where the system has no /proc."""
    wanted = f"{VARIABLE}={run_identifier}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0") and _began(int(folder.name)) is not None:
                found[int(folder.name)] = _name(int(folder.name))
        except OSError:
            continue
    return found


def _began(pid: int) -> str | None:
    """When a process began, in the kernel's ticks, which tells it from a later one of the same number; None if it is gone."""
    fields = _fields(pid)
    return fields[19] if fields and fields[0] not in _GONE else None


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _end(pid: int) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError:
            return
        if reach.wait(lambda: _began(pid) is None, 3):
            return
