"""What a preview on simulated clouds costs: seconds and memory for programs of more and more resources.

    .venv/bin/python -m scripts.bench.preview 100 500 2000

Each program makes queues in pairs, with their policies, under components of 20 resources. Memory is the sum over the engine,
its language host, the program and the simulation, shared pages counted by their share.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typer

from scripts.previews import workspace
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.serve import Simulation
from scripts.toolchain import paths
from scripts.toolchain.environment import environment

STACK = "bench"
PROGRAM = """
import json, os
import pulumi, pulumi_aws as aws
provider = aws.Provider("aws", region="eu-central-1")
count = int(os.environ["BENCH_RESOURCES"])
for number in range(count // 20):
    part = pulumi.ComponentResource(
        "penguinmails:bench:Part", f"part-{number}", None, pulumi.ResourceOptions(providers=[provider])
    )
    child = pulumi.ResourceOptions(parent=part)
    for pair in range(5):
        name = f"{number}-{pair}"
        dead = aws.sqs.Queue(f"dead-{name}", name=f"dead-{name}", opts=child)
        redrive = dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5}))
        live = aws.sqs.Queue(f"live-{name}", name=f"live-{name}", redrive_policy=redrive, opts=child)
        for queue, role in ((dead, "dead"), (live, "live")):
            policy = queue.arn.apply(
                lambda arn: json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": arn}],
                    }
                )
            )
            aws.sqs.QueuePolicy(f"{role}-policy-{name}", queue_url=queue.url, policy=policy, opts=child)
"""


def main(counts: list[int] = typer.Argument(help="Numbers of resources, each a multiple of 20.")) -> None:  # noqa: B008
    """Measure preview, up and no-op for programs of so many resources."""
    typer.echo("resources  start s  preview s  up s  no-op s  ms a resource (up)  peak MiB")
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            typer.echo(_measured(count, Path(folder)))


def _measured(count: int, folder: Path) -> str:
    passphrase = Passphrase.new()
    backend = workspace.Backend(folder / "state", STACK)
    backend.fill()
    project = folder / "project"
    stack_file = f"encryptionsalt: {passphrase.encryption_salt}\n"
    workspace.Project.lay_out(project, paths.ROOT, STACK, stack_file)
    (project / "__main__.py").unlink()
    (project / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "home").mkdir()
    began = time.monotonic()
    with Simulation(packages=["aws"]) as simulation:
        start = time.monotonic() - began
        variables = {
            **workspace.variables(folder / "home", backend, passphrase, simulation.environment()),
            "PATH": environment()["PATH"],
            "BENCH_RESOURCES": str(count),
        }
        runs = [
            _run(arguments, project, variables)
            for arguments in (["preview"], ["up", "--yes", "--skip-preview"], ["preview", "--expect-no-changes"])
        ]
        assert len(simulation.world) == count
    seconds, peaks = [run[0] for run in runs], [run[1] for run in runs]
    each = 1000 * seconds[1] / count
    return f"{count:9}  {start:7.1f}  {seconds[0]:9.1f}  {seconds[1]:4.1f}  {seconds[2]:7.1f}  {each:18.1f}  {max(peaks):8.0f}"


def _run(arguments: Sequence[str], project: Path, variables: Mapping[str, str]) -> tuple[float, float]:
    """Seconds and the peak of memory in MiB."""
    began, peak = time.monotonic(), 0.0
    command = ["pulumi", *arguments, "--stack", STACK, "--non-interactive"]
    with subprocess.Popen(command, cwd=project, env=dict(variables), stdout=subprocess.DEVNULL) as child:
        while child.poll() is None:
            peak = max(peak, _share(os.getpid()))
            time.sleep(0.1)
    if child.returncode != 0:
        sys.exit(f"pulumi {arguments[0]} failed")
    return time.monotonic() - began, peak


def _share(pid: int) -> float:
    """MiB of a process and all that it started: the proportional set size that Linux accounts."""
    total = 0.0
    for each in [pid, *_descendants(pid)]:
        try:
            for line in Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
        except OSError:
            continue
    return total


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        others = [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text(encoding="utf-8").split()
        ]
    except OSError:
        return
    for child in [*children, *others]:
        yield int(child)
        yield from _descendants(int(child))


if __name__ == "__main__":
    typer.run(main)
