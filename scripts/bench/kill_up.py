"""Kills scripts/up, with all of its process group and the engine, at random moments, and runs it again: is everything as
described, is nothing left over, is nothing lost?

    .venv/bin/python -m scripts.bench.kill_up STACK --count 25 --seed 1

Kinds of ups: `create` (from nothing, with the data kept), `change` (a value of the API and of the worker) and `remove` (a
service goes, or comes back). A moment is drawn from the time that the engine works in an up of the kind. The plugins that the
engine starts are in groups of their own and outlive the kill, as they do when a person's machine runs out of memory.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from random import Random
from typing import Annotated, Any

import typer

from scripts.bench.load import machine_load
from scripts.bench.subject import Subject, as_line, until
from scripts.operations import recovery
from scripts.toolchain.process import Failure

KINDS = ("create", "change", "remove")
MESSAGES = 5
"""Posted before each kill when the platform answers; all of all rounds must be there in the end."""


ENDING_SECONDS = 10
"""For the plugins of an engine that has ended to notice it."""
TRIES = 3
"""Of an up that nobody kills: on a busy machine Swarm takes a slow start for a bad one and goes back."""


class Killing:
    """Rounds of kill and recovery on one stack."""

    def __init__(self, subject: Subject, seed: int, within: float) -> None:
        self._subject, self._random, self._within = subject, Random(seed), within
        self._messages: list[str] = []
        self._durations: dict[str, float] = {}
        self._flag = 0
        self._run = ""

    def round(self, number: int, kind: str) -> dict[str, Any]:
        """One kill, and what became of it."""
        subject = self._subject
        if kind not in self._durations:
            self._durations[kind] = self._measure(kind)
        self._post(number)
        killed = None
        while killed is None:
            self._prepare(kind)
            killed = self._kill(self._random.uniform(0.0, self._durations[kind]))
        outlived = recovery.processes(self._run)
        pending = '"pending_operations": [' in subject.pulumi("stack", "export").text
        before = subject.unknown()
        ran = subject.up()
        facts = {
            "round": number,
            "kind": kind,
            "after_s": round(killed, 1),
            "processes_left": len(outlived),
            "state_pending": pending,
            "unknown_objects": len(before),
            "recovered": ran.code == 0,
            "recovery_s": round(ran.seconds, 1),
            "changes_left": subject.changes() if ran.code == 0 else ["up failed"],
            "orphaned_objects": subject.unknown(),
            "orphaned_processes": 0
            if until(lambda: not recovery.processes(self._run), ENDING_SECONDS) is not None
            else len(recovery.processes(self._run)),
            "messages": len(self._messages),
            "lost": len(subject.lost(self._messages)),
        }
        if ran.code != 0:
            facts["said"] = ran.text[-1500:]
        return facts

    def _measure(self, kind: str) -> float:
        """How long the engine works in such an up that nobody kills."""
        if self._within:
            return self._within
        for _ in range(TRIES):
            self._prepare(kind)
            child = self._subject.start("up")
            began = self._engine_began(child)
            child.communicate(timeout=900)
            if child.returncode == 0 and began is not None:
                return time.monotonic() - began
        raise Failure(f"An up of the kind {kind} failed without being killed.")

    def _prepare(self, kind: str) -> None:
        """Makes the description differ from what runs."""
        subject = self._subject
        self._flag += 1
        if kind == "create":
            subject.must(subject.down("--keep-data"))
        elif kind == "change":
            level = "WARNING" if self._flag % 2 else "INFO"
            for role in ("api", "worker"):
                subject.describe(lambda platform, role=role: _environment(platform, role, level))  # type: ignore[misc]
        else:
            subject.describe(_toggle_extra)

    def _kill(self, after: float) -> float | None:
        """Seconds of the engine's work after which it was killed; None when it had ended by then."""
        child = self._subject.start("up")
        began = self._engine_began(child)
        if began is not None:
            time.sleep(max(0.0, began + after - time.monotonic()))
        if child.poll() is not None or began is None:
            child.communicate()
            return None
        self._run = self._subject.run()
        self._subject.end(child, signal.SIGKILL)
        moment = time.monotonic() - began
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
        return moment

    def _engine_began(self, child: subprocess.Popen[str]) -> float | None:
        mark = self._subject.stack.folder / "run.json"
        began: list[float] = []

        def seen() -> bool:
            if mark.exists():
                began.append(time.monotonic())
            return bool(began) or child.poll() is not None

        until(seen, 300, 0.02)
        return began[0] if began else None

    def _post(self, number: int) -> None:
        for message in range(MESSAGES):
            key = f"kill-{os.getpid()}-{number}-{message}"
            posted: list[str] = []

            def attempt(key: str = key, posted: list[str] = posted) -> bool:
                identifier = self._subject.post(key)
                posted.extend([identifier] if identifier else [])
                return identifier is not None

            if until(attempt, 60) is None:
                raise Failure(f"No message was acknowledged before round {number}.")
            self._messages += posted


def _environment(platform: dict[str, Any], role: str, level: str) -> None:
    platform["services"][role].setdefault("environment", {})["LOG_LEVEL"] = level


def _toggle_extra(platform: dict[str, Any]) -> None:
    """A second worker comes or goes."""
    services = platform["services"]
    if services.pop("extra", None) is None:
        services["extra"] = {"image": "api", "command": ["worker"], "consumes": list(platform["queues"])}


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    count: Annotated[int, typer.Option(help="Kills.")] = 25,
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 1,
    within: Annotated[float, typer.Option(help="Seconds of the engine's work to kill in; 0: measured for each kind.")] = 0,
    kinds: Annotated[str, typer.Option(help="Kinds of ups, in turn.")] = ",".join(KINDS),
) -> None:
    """Kill scripts/up at random moments and see what the next one makes of it: a line of JSON for each, and one for all."""
    subject = Subject(name)
    chosen: Sequence[str] = kinds.split(",")
    killing = Killing(subject, seed, within)
    done = []
    with subject.kept():
        for number in range(1, count + 1):
            done.append(killing.round(number, chosen[(number - 1) % len(chosen)]))
            typer.echo(as_line(done[-1]))
    subject.must(subject.up())
    good = [facts for facts in done if not _faults(facts)]
    typer.echo(as_line({"kills": len(done), "good": len(good), "seed": seed, "machine": machine_load()}))
    if len(good) < len(done):
        raise typer.Exit(1)


def _faults(facts: dict[str, Any]) -> list[str]:
    wrong = [name for name in ("changes_left", "orphaned_objects", "orphaned_processes", "lost") if facts[name]]
    return wrong if facts["recovered"] else [*wrong, "recovered"]


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"kill_up: {failure}\n")
        sys.exit(1)
