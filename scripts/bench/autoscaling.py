"""What autoscaling does under a real load: when copies come, how often the direction turns, when they go again.

    .venv/bin/python -m scripts.bench.autoscaling STACK --rate 60 --seconds 600 --release-at 300

A constant load goes to the edge of a stack of development that runs here, and the number of copies of one service is read twice
a second; in the middle of it the service may be released.
Nothing is shortened: the windows are those of the platform, so all of it takes the load's time and some ten minutes for
copies to go. The load is bounded and goes to this machine only (`load.py`).
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any

import typer

from scripts.bench.figures import Result
from scripts.bench.load import Load, Plan, machine_load, plan_for
from scripts.bench.subject import Description, Subject
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

LOOK_SECONDS = 0.5
SETTLE_SECONDS = 65
"""Numbers are held for a minute after a release (images/operations), and it takes the scaler a look to see that it is over."""
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


class Release:
    """A release of the service in the middle of the load, in a thread: when it began and ended, in seconds of the load."""

    def __init__(self, subject: Subject, service: str, load: Load, at: float) -> None:
        self._subject, self._service, self._load, self._at = subject, service, load, at
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.began = self.ended = 0.0
        self.failure = ""

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()
        if self.failure:
            raise Failure(f"The release failed: {self.failure}")

    def _run(self) -> None:
        time.sleep(max(0.0, self._at - self._load.elapsed()))
        self._subject.describe(self._mark)
        self.began = self._load.elapsed()
        ran = self._subject.up("--no-watch")
        self.ended, self.failure = self._load.elapsed(), ran.text[-1000:] if ran.code else ""

    def _mark(self, platform: Description) -> None:
        platform["services"][self._service].setdefault("environment", {})["BENCH_RELEASE"] = f"{time.time():.0f}"


@dataclass(frozen=True, kw_only=True)
class Report:
    """Times are seconds since the first request, those of `calm` since the last one; None: it did not happen."""

    started_with: int
    first_step: float | None
    first_copy_running: float | None
    most: int
    copies_before_release: int | None
    copies_least_in_release: int | None
    release_s: float | None
    reversals_under_load: int
    calm_first_step: float | None
    calm_at_start_again: float | None
    waited_for_calm: bool
    sent: int
    failed: int
    p95_ms_before_step: float
    p95_ms_at_end: float
    steps: Sequence[tuple[float, int, int]]

    @property
    def holds(self) -> bool:
        return not self.faults

    @property
    def faults(self) -> list[str]:
        """What was not as it should be, in a few words each."""
        kept = self.copies_before_release is None or self.copies_least_in_release == self.copies_before_release
        wrong = {
            f"the first step took more than {QUICK_SECONDS} s": self.first_step is None or self.first_step > QUICK_SECONDS,
            "the direction turned too often": self.reversals_under_load > MOST_REVERSALS,
            "requests failed": self.failed > 0,
            "the release changed the number of copies": not kept,
            "the copies did not go again": self.waited_for_calm and self.calm_at_start_again is None,
        }
        return [sentence for sentence, is_so in wrong.items() if is_so]


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
    release_at: Annotated[float, typer.Option(help="Second of the load at which the service is released; 0: never.")] = 0,
    calm_seconds: Annotated[float, typer.Option(help="Then wait so long for copies to go; 0 does not wait.")] = 900,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object.")] = False,
) -> None:
    """Load a service until copies come, and tell when they came and went."""
    subject = Subject(name)
    stack = subject.stack
    asked = stack.spec.services.get(service)
    if asked is None or not asked.scaling.moves:
        raise Failure(f"platform.services.{service}.scaling: it does not scale; raise max_replicas.")
    with subject.kept():
        plan = plan_for(stack, rate=rate, count=round(rate * seconds), posts=posts)
        report, seen = measure(subject, service, plan, release_at=release_at, calm_seconds=calm_seconds)
    if as_json:
        typer.echo(json.dumps({**asdict(report), "decisions": decisions(subject), "machine": machine_load()}))
    else:
        for line in _lines(report):
            typer.echo(line)
        typer.echo(f"{len(seen)} looks; {machine_load()}")
    if not report.holds:
        raise Failure(f"{'; '.join(report.faults)}.")


def measure(
    subject: Subject, service: str, plan: Plan, *, release_at: float, calm_seconds: float
) -> tuple[Report, Sequence[Seen]]:
    """Runs the load and watches; afterwards waits until there are as few copies as before."""
    physical = subject.service(service)
    time.sleep(still_held(released(subject), datetime.now(UTC)))
    load = Load(plan)
    release = Release(subject, service, load, release_at) if release_at else None
    before = look(physical, 0.0)
    seen = [before]
    with load:
        if release is not None:
            release.start()
        while load.is_running():
            seen.append(look(physical, load.elapsed()))
            time.sleep(LOOK_SECONDS)
    ended = load.elapsed()
    if release is not None:
        release.wait()
    calm: list[Seen] = [look(physical, load.elapsed())]
    while calm[-1].at - ended < calm_seconds and calm[-1].wanted > before.wanted:
        time.sleep(LOOK_SECONDS)
        calm.append(look(physical, load.elapsed()))
    return reported(load.result, seen, calm, ended, release, waited=calm_seconds > 0), [*seen, *calm]


def reported(
    result: Result, seen: Sequence[Seen], calm: Sequence[Seen], ended: float, release: Release | None, *, waited: bool
) -> Report:
    """What was seen under load and afterwards, in figures."""
    before, changes, later = seen[0], steps(seen), steps(calm)
    first = next((at for at, start, end in changes if end > start), None)
    during = [one.wanted for one in seen if release is not None and release.began <= one.at <= release.ended]
    return Report(
        started_with=before.wanted,
        first_step=first,
        first_copy_running=next((one.at for one in seen if one.running > before.wanted), None),
        most=max(one.wanted for one in seen),
        copies_before_release=during[0] if during else None,
        copies_least_in_release=min(during, default=None),
        release_s=round(release.ended - release.began, 1) if release is not None else None,
        reversals_under_load=reversals(changes),
        calm_first_step=next((at - ended for at, *_ in later), None),
        calm_at_start_again=next((one.at - ended for one in calm if one.wanted <= before.wanted), None),
        waited_for_calm=waited,
        sent=result.sent,
        failed=result.failed,
        p95_ms_before_step=result.between(0, first if first is not None else ended).percentile(95),
        p95_ms_at_end=result.between(ended * 0.75, ended).percentile(95),
        steps=[*changes, *later],
    )


def released(subject: Subject) -> list[datetime]:
    """When the last release of each of the stack's services ended."""
    ends = [(service.get("UpdateStatus") or {}).get("CompletedAt") for service in docker.services(subject.name) or []]
    return [datetime.fromisoformat(end).astimezone(UTC) for end in ends if end]


def still_held(ends: Sequence[datetime], now: datetime) -> float:
    """Seconds until no release holds the numbers of copies."""
    last = max(ends, default=datetime.min.replace(tzinfo=UTC))
    return max(0.0, (last - now).total_seconds() + SETTLE_SECONDS)


def look(physical: str, at: float) -> Seen:
    """How many copies there should be and how many run."""
    wanted = docker.output("service", "inspect", "--format", "{{.Spec.Mode.Replicated.Replicas}}", physical)
    running = docker.output("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={physical}")
    if wanted is None or running is None:
        raise Failure(f"{physical} does not run; bring the stack up with scripts/up.")
    return Seen(at, int(wanted), len(running.split()))


def decisions(subject: Subject) -> list[dict[str, Any]]:
    """What the autoscaler wrote down, newest first."""
    physical = subject.service("autoscaler")
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
    yield f"in the release, at least    {report.copies_least_in_release} of {report.copies_before_release}"
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
