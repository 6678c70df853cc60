"""The keeper of backups, which runs beside the database: it is told what to do by `docker exec`, and answers in JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from components import naming
from components.contract import Identity
from components.spec import TargetName
from scripts.operations.stack import PROJECT, Stack, read
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

PROGRAM = ("/opt/venv/bin/python", "-m", "penguinmails_backup")


def stack_with_backups(name: str) -> Stack:
    """Raises `Failure` for a stack that has no keeper of its own."""
    stack = read(name)
    if stack.spec.target is not TargetName.DOCKER:
        raise Failure(f"{name} is not on Docker: its backups are kept by the cloud; read docs/{stack.spec.target.value}.md.")
    if stack.spec.backup is None:
        raise Failure(f"{name} has no backups: add platform.backup to {stack.file.name} and run scripts/up {name}.")
    return stack


def service(stack: Stack, role: str) -> str:
    """The physical name of a service."""
    return naming.physical(Identity(PROJECT, stack.name, stack.spec.environment), role, naming.DOCKER_LIMIT)


def container(stack: Stack, role: str) -> str | None:
    """The running container of a service; None when there is none."""
    labels = {"project": PROJECT, "stack": stack.name, "component": role}
    filters = [part for key, value in labels.items() for part in ("--filter", f"label=penguinmails.{key}={value}")]
    running = (docker.output("ps", "--quiet", "--filter", "status=running", *filters) or "").split()
    return running[0] if running else None


def ask(stack: Stack, *arguments: str) -> Any:
    """Runs a command of the keeper; its answer.

    Raises `Failure` with the keeper's own sentence.
    """
    found = container(stack, "backup")
    if found is None:
        raise Failure(f"The keeper of backups does not run: bring it up with scripts/up {stack.name}, then run this again.")
    command = ["docker", "exec", found, *PROGRAM, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(sentence(done.stderr))
    return json.loads(done.stdout.strip().splitlines()[-1])


def sentence(errors: str) -> str:
    """What went wrong, from the keeper's standard error."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    told = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return told[-1] if told else (lines[-1] if lines else "The keeper of backups said nothing.")


def collect(stack: Stack) -> Mapping[str, str]:
    """Copies what drills have written and is not here yet; name -> text of the new files."""
    folder = stack.folder / "drills"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = [file.name for file in folder.iterdir()]
    found: dict[str, str] = ask(stack, "evidence", *(name for name in known if name.startswith("drill-")))
    for name, text in found.items():
        if "/" in name or name.startswith("."):
            raise Failure(f"The keeper of backups names a file {name!r}, which is no name of a drill.")
        (folder / name).write_text(text, encoding="utf-8")
    return found


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
