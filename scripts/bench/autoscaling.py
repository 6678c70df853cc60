"""What autoscaling does under a real load: when copies come, how often the direction turns, when they go again.

    .venv/bin/python -m scripts.bench.autoscaling STACK --rate 60 --seconds 600

A constant load goes to the edge of a stack that runs here, and the number of copies of one service is read twice a second.
Nothing is shortened: the windows are those of the platform, so all of it takes the load's time and some ten minutes for
copies to go. The load is bounded and goes to this machine only (`load.py`).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Annotated, Any

import typer

from components import naming
from components.contract import Identity
from scripts.bench.load import Load, machine_load, plan_for
from scripts.operations.stack import PROJECT, Stack, read
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

LOOK_SECONDS = 0.5
QUICK_SECONDS = 30
"""From the first request to the first step."""
MOST_REVERSALS = 1
"""In ten minutes."""


@dataclass(frozen=True)
class Seen:
    """Copies at a time, in seconds since the first request."""

    at: float
    wanted: int
    running: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """Times are seconds since the first request, those of `calm` since the last one; None: it did not happen."""

    started_with: int
    first_step: float | None
    first_copy_running: float | None
    most: int
    reversals_under_load: int
    calm_first_step: float | None
    calm_at_start_again: float | None
    sent: int
    failed: int
    p95_ms_before_step: float
    p95_ms_at_end: float
    steps: Sequence[tuple[float, int, int]]

    @property
    def holds(self) -> bool:
        return self.first_step is not None and self.first_step <= QUICK_SECONDS and self.reversals_under_load <= MOST_REVERSALS


def steps(seen: Sequence[Seen]) -> list[tuple[float, int, int]]:
    """(when, from, to) of every change of the number that is wanted."""
    return [(later.at, sooner.wanted, later.wanted) for sooner, later in pairwise(seen) if later.wanted != sooner.wanted]


def reversals(changes: Sequence[tuple[float, int, int]]) -> int:
    """How often a change goes the other way than the one before."""
    ways = [after > before for _, before, after in changes]
    return sum(one != other for one, other in pairwise(ways))


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack on Docker that runs on this machine.")],
    service: Annotated[str, typer.Option(help="The public service that scales.")] = "api",
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 60,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 600,
    posts: Annotated[float, typer.Option(help="Share of requests that post a message, 0 to 1.")] = 0.1,
    calm_seconds: Annotated[float, typer.Option(help="Then wait so long for copies to go; 0 does not wait.")] = 900,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object.")] = False,
) -> None:
    """Load a service until copies come, and tell when they came and went."""
    stack = read(name)
    asked = stack.spec.services.get(service)
    if asked is None or not asked.scaling.moves:
        raise Failure(f"platform.services.{service}.scaling: it does not scale; raise max_replicas.")
    report, seen = measure(stack, service, rate=rate, seconds=seconds, posts=posts, calm_seconds=calm_seconds)
    if as_json:
        typer.echo(json.dumps({**asdict(report), "decisions": decisions(stack), "machine": machine_load()}))
    else:
        for line in _lines(report):
            typer.echo(line)
        typer.echo(f"{len(seen)} looks; {machine_load()}")
    if not report.holds:
        raise Failure(f"the first step took more than {QUICK_SECONDS} s, or the direction turned too often.")


def measure(
    stack: Stack, service: str, *, rate: float, seconds: float, posts: float, calm_seconds: float
) -> tuple[Report, Sequence[Seen]]:
    """Runs the load and watches; afterwards waits until there are as few copies as before."""
    physical = naming.physical(Identity(PROJECT, stack.name, stack.spec.environment), service, naming.DOCKER_LIMIT)
    load = Load(plan_for(stack, rate=rate, count=round(rate * seconds), posts=posts))
    before = look(physical, 0.0)
    seen = [before]
    with load:
        while load.is_running():
            seen.append(look(physical, load.elapsed()))
            time.sleep(LOOK_SECONDS)
    result, ended = load.result, load.elapsed()
    calm: list[Seen] = [look(physical, ended)]
    while calm[-1].at - ended < calm_seconds and calm[-1].wanted > before.wanted:
        time.sleep(LOOK_SECONDS)
        calm.append(look(physical, load.elapsed()))
    changes, later = steps(seen), steps(calm)
    first = next((at for at, start, end in changes if end > start), None)
    return (
        Report(
            started_with=before.wanted,
            first_step=first,
            first_copy_running=next((one.at for one in seen if one.running > before.wanted), None),
            most=max(one.wanted for one in seen),
            reversals_under_load=reversals(changes),
            calm_first_step=next((at - ended for at, *_ in later), None),
            calm_at_start_again=next((one.at - ended for one in calm if one.wanted <= before.wanted), None),
            sent=result.sent,
            failed=result.failed,
            p95_ms_before_step=result.between(0, first if first is not None else seconds).percentile(95),
            p95_ms_at_end=result.between(seconds * 0.75, seconds).percentile(95),
            steps=[*changes, *later],
        ),
        [*seen, *calm],
    )


def look(physical: str, at: float) -> Seen:
    """How many copies there should be and how many run."""
    wanted = docker.output("service", "inspect", "--format", "{{.Spec.Mode.Replicated.Replicas}}", physical)
    running = docker.output("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={physical}")
    if wanted is None or running is None:
        raise Failure(f"{physical} does not run; bring the stack up with scripts/up.")
    return Seen(at, int(wanted), len(running.split()))


def decisions(stack: Stack) -> list[dict[str, Any]]:
    """What the autoscaler wrote down, newest first."""
    physical = naming.physical(Identity(PROJECT, stack.name, stack.spec.environment), "autoscaler", naming.DOCKER_LIMIT)
    found = docker.output("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={physical}")
    if not found:
        return []
    ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9300/decisions', timeout=5).read().decode())"
    told: list[dict[str, Any]] = json.loads(docker.output("exec", found.split()[0], "/opt/venv/bin/python", "-c", ask) or "[]")
    return told


def _lines(report: Report) -> Iterator[str]:
    def told(value: float | None) -> str:
        return "never" if value is None else f"{value:.1f} s"

    yield f"first step after            {told(report.first_step)}"
    yield f"its copy runs after         {told(report.first_copy_running)}"
    yield f"copies                      {report.started_with} to {report.most}"
    yield f"reversals under load        {report.reversals_under_load}"
    yield f"p95 before the step, at end {report.p95_ms_before_step:.0f} ms, {report.p95_ms_at_end:.0f} ms"
    yield f"requests, failed            {report.sent}, {report.failed}"
    yield f"calm: first step after      {told(report.calm_first_step)}"
    yield f"calm: as before after       {told(report.calm_at_start_again)}"
    for at, before, after in report.steps:
        yield f"  {at:7.1f} s  {before} -> {after}"


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"autoscaling: {failure}\n")
        sys.exit(1)
