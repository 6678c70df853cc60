"""Releases of the API, one after another, under a constant load: does a request fail, and how long do they take?

    .venv/bin/python -m scripts.bench.release STACK --rate 200 --count 50000

A release is a changed value of the API's environment and scripts/up. The same load without releases stands beside it, so that
what the machine does is told from what the release does.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from scripts.bench.figures import SLOW_MS, Result, percentile
from scripts.bench.load import Load, machine_load, plan_for
from scripts.bench.subject import Description, Subject, as_line
from scripts.toolchain.process import Failure

LEAD_SECONDS = 10
"""Of load before the first release and after the last."""


@dataclass(frozen=True)
class Window:
    """A release, in seconds of the load."""

    start: float
    end: float
    code: int


def rolled(subject: Subject, load: Load) -> list[Window]:
    """Releases until the load is nearly over."""
    windows: list[Window] = []
    time.sleep(max(0.0, LEAD_SECONDS - load.elapsed()))
    longest = 0.0
    while load.elapsed() + longest + LEAD_SECONDS < load.plan.seconds:
        number = len(windows)
        subject.describe(lambda platform, number=number: _marked(platform, number))  # type: ignore[misc]
        began = load.elapsed()
        ran = subject.up("--no-watch")
        windows.append(Window(began, load.elapsed(), ran.code))
        longest = max(longest, ran.seconds)
        if ran.code != 0:
            sys.stderr.write(ran.text[-2000:])
            break
    return windows


def facts(result: Result, windows: list[Window]) -> dict[str, Any]:
    """All of the load, the seconds of releases, and the others."""
    inside = [sample for sample in result.samples if any(window.start <= sample.due < window.end for window in windows)]
    chosen = set(map(id, inside))
    outside = [sample for sample in result.samples if id(sample) not in chosen]
    return {
        **result.facts(),
        "releases": len(windows),
        "releases_failed": sum(window.code != 0 for window in windows),
        "release_s": [round(window.end - window.start, 1) for window in windows],
        "p95_ms_in_releases": percentile([sample.milliseconds for sample in inside], 95),
        "p95_ms_between": percentile([sample.milliseconds for sample in outside], 95),
        "machine": machine_load(),
    }


def _marked(platform: Description, number: int) -> None:
    platform["services"]["api"].setdefault("environment", {})["BENCH_RELEASE"] = f"{number}-{time.time():.0f}"


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 200,
    count: Annotated[int, typer.Option(help="Requests in all.")] = 50_000,
    posts: Annotated[float, typer.Option(help="Share of requests that post a message.")] = 0.05,
    control: Annotated[float, typer.Option(help="Seconds of the same load without a release, before it.")] = 30,
    timeline: Annotated[bool, typer.Option(help="Each second's figures too.")] = False,
) -> None:
    """Release the API again and again under load: lines of JSON, without releases and with."""
    subject = Subject(name)
    subject.must(subject.up())
    if control:
        alone = Load(plan_for(subject.stack, rate=rate, count=max(1, round(rate * control)), posts=posts))
        alone.start()
        typer.echo(as_line({"without": alone.wait().facts(), "machine": machine_load()}))
    load = Load(plan_for(subject.stack, rate=rate, count=count, posts=posts))
    with subject.kept():
        load.start()
        windows = rolled(subject, load)
        result = load.wait()
    found = facts(result, windows)
    typer.echo(as_line({"with": found}))
    if timeline:
        typer.echo(as_line({"windows": [(window.start, window.end) for window in windows], **result.as_json()}))
    subject.must(subject.up())
    if result.failed or found["releases_failed"] or max(found["p95_ms_in_releases"], found["p95_ms_between"]) >= SLOW_MS:
        raise typer.Exit(1)


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"release: {failure}\n")
        sys.exit(1)
