"""Fills the disk under the database's write-ahead log, and makes room again: what do clients see, is anything lost?

    .venv/bin/python -m scripts.bench.disk STACK

The stack is taken down with its data and brought up on a volume of its own: a file of a bounded size with a file system in it.
Nothing of the machine's own disk is filled. At the end the platform, the volume and the file are gone. Needs root, for the loop
device.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from components import naming
from components.contract import Identity
from components.docker.access import USER
from scripts.bench.faults import seen
from scripts.bench.load import Load, machine_load, plan_for
from scripts.bench.subject import Subject, as_line, docker, until
from scripts.operations.stack import PROJECT
from scripts.toolchain.process import Failure

FULL_SECONDS = 30
FILLER = "/var/lib/postgresql/filler"


@contextmanager
def bounded(subject: Subject, mib: int) -> Iterator[None]:
    """The database's volume is a file of `mib` MiB while the context lasts."""
    name = subject.service("database")
    identity = Identity(PROJECT, subject.name, subject.stack.spec.environment)
    labels = [part for key, value in naming.labels(identity, "data").items() for part in ("--label", f"{key}={value}")]
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        file = Path(folder) / "disk"
        _must("truncate", "--size", f"{mib}M", str(file))
        _must("mkfs.ext4", "-q", "-m", "0", "-E", f"root_owner={USER}:{USER}", str(file))
        device = _must("losetup", "--find", "--show", str(file))
        try:
            options = [part for option in ("type=ext4", f"device={device}") for part in ("--opt", option)]
            docker("volume", "create", *options, *labels, name)
            yield
        finally:
            subject.down()
            until(lambda: not docker("volume", "ls", "--quiet", "--filter", f"name=^{name}$"), 5)
            _must("losetup", "--detach", device)


def filled(subject: Subject, rate: float) -> dict[str, Any]:
    """What clients saw while the disk was full and afterwards."""
    load = Load(plan_for(subject.stack, rate=rate, count=round(rate * 600), posts=0.5))
    load.start()
    time.sleep(7)
    began = load.elapsed()
    try:
        fill = f"dd if=/dev/zero of={FILLER} bs=1M 2>/dev/null; dd if=/dev/zero of={FILLER}2 bs=4k 2>/dev/null; true"
        with suppress(Failure):  # the container may end while its disk fills
            docker("exec", subject.containers("database")[0], "/bin/sh", "-c", fill)
        full = load.elapsed()
        time.sleep(FULL_SECONDS)
        states = docker("service", "ps", "--no-trunc", "--format", "{{.CurrentState}} {{.Error}}", subject.service("database"))
        emptied = load.elapsed()
        _make_room(subject)
        time.sleep(60)
    finally:
        result = load.stop()
    while_full, after = result.between(full, emptied), result.between(emptied, result.seconds + 1)
    bad = [line.second for line in after.timeline if line.failed]
    messages = result.acknowledged
    sent = until(lambda: all(subject.status(message) == "sent" for message in messages[-5:]), 180, 1)
    return {
        "fault": f"disk of the write-ahead log full for {FULL_SECONDS} s",
        "filling_s": round(full - began, 1),
        "while_full": {"requests": while_full.sent, "failed": while_full.failed, "failures": dict(while_full.failures)},
        "posts_acknowledged_while_full": sum(bool(sample.message) for sample in while_full.samples),
        "database_tasks": states.splitlines()[:4],
        "last_failure_after_room_s": round(max(bad) + 1 - emptied, 1) if bad else 0,
        "all": seen(result, began),
        "acknowledged": len(messages),
        "lost": len(subject.lost(messages)),
        "all_sent_after_s": round(sent, 1) if sent is not None else None,
        "machine": machine_load(),
    }


def _make_room(subject: Subject) -> None:
    """The database's container may be starting again and again: the file system is reached by one of our own."""
    volume = f"type=volume,source={subject.service('database')},target=/volume"
    image = docker("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", subject.service("database"))
    names = " ".join(f"/volume/{Path(FILLER).name}{end}" for end in ("", "2"))
    docker("run", "--rm", "--network", "none", "--mount", volume, "--entrypoint", "/bin/sh", image, "-c", f"rm -f {names}")


def _must(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{command[0]} failed: {done.stderr.strip()[-200:]}")
    return done.stdout.strip()


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development whose data may go.")],
    rate: Annotated[float, typer.Option(help="Requests a second meanwhile.")] = 20,
    mib: Annotated[int, typer.Option(min=400, max=2000, help="Size of the volume.")] = 700,
) -> None:
    """Fill the database's disk and make room again: one line of JSON."""
    subject = Subject(name)
    subject.must(subject.down())
    with bounded(subject, mib):
        subject.must(subject.up())
        typer.echo(as_line(filled(subject, rate)))


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"disk: {failure}\n")
        sys.exit(1)
