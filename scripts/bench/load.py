"""Load with a constant rate of arrival against a platform on this machine, and what it measured.

    .venv/bin/python -m scripts.bench.load STACK --rate 200 --seconds 30

Open loop: each request has its time before the load starts, and its latency is counted from that time, so that a platform that
stands still is charged for all who would have waited. The well-kept tools for Python wait for answers before they send more, so
this one is the kit's own; the requests are aiohttp's. Bounded in count and time, and refused to any host but this one.
"""

from __future__ import annotations

import csv
import ipaddress
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import typer

from scripts.bench.figures import Result, Sample
from scripts.operations.stack import Stack, read
from scripts.toolchain import paths
from scripts.toolchain.process import Failure, environment_for_python

MAXIMUM_COUNT, MAXIMUM_SECONDS, MAXIMUM_RATE = 200_000, 1800, 1000
START_SECONDS = 2.0
"""From the start of the processes to the first request: they import aiohttp meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to send where.

    `posts`: the share of POST /v1/messages, each with its own Idempotency-Key; the others read the message posted last.
    `rate`: requests a second. `count`: requests in all. `containers`: addresses of containers that the caller has made, which
    may be asked beside this machine's own. Raises `Failure` for other hosts and for loads beyond the bounds.
    """

    url: str
    host: str
    key_file: Path
    authority: Path | None = None
    rate: float = 200
    count: int = 6000
    posts: float = 0.2
    timeout_seconds: float = 10
    processes: int = 1
    seed: int = 1
    containers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        name = self.url.split("://", 1)[-1].rsplit(":", 1)[0]
        try:
            here = ipaddress.ip_address(name).is_loopback
        except ValueError:
            here = False
        if not here and name not in self.containers:
            raise Failure(f"url: {name} is not this machine; load is sent to loopback addresses only.")
        if not 0 < self.rate <= MAXIMUM_RATE:
            raise Failure(f"rate: choose up to {MAXIMUM_RATE} requests a second.")
        if not 0 < self.count <= MAXIMUM_COUNT or self.count / self.rate > MAXIMUM_SECONDS:
            raise Failure(f"count: choose up to {MAXIMUM_COUNT} requests within {MAXIMUM_SECONDS} s.")

    @property
    def seconds(self) -> float:
        return self.count / self.rate


class Load:
    """A load that runs beside the caller: `start`, do something else, then `wait` for all of it or `stop` it.

    As a context it starts at the beginning and, at the end, stops what is left; the result is `result`.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._folder = tempfile.TemporaryDirectory(prefix="load-")
        self._children: list[subprocess.Popen[str]] = []
        self._began = 0.0
        self._result: Result | None = None

    def start(self) -> None:
        """Starts the processes; the first request is sent `START_SECONDS` later."""
        plan = self.plan
        self._began = time.monotonic() + START_SECONDS
        for index in range(plan.processes):
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "scripts.bench.load_process"],
                cwd=paths.ROOT,
                env={**environment_for_python(), "PYTHONPATH": str(paths.ROOT)},
                stdin=subprocess.PIPE,
                text=True,
            )
            assert child.stdin is not None
            child.stdin.write(self._order(index) + "\n")
            child.stdin.close()
            self._children.append(child)

    def elapsed(self) -> float:
        """Seconds since the first request; what `Sample.due` counts in."""
        return time.monotonic() - self._began

    def is_running(self) -> bool:
        return any(child.poll() is None for child in self._children)

    def wait(self) -> Result:
        """The result, when everything is sent and answered."""
        limit = self.plan.seconds + self.plan.timeout_seconds + START_SECONDS + 60
        try:
            for child in self._children:
                child.wait(timeout=max(1.0, limit - self.elapsed()))
        except subprocess.TimeoutExpired:
            self._kill()
            raise Failure("load: a process did not end in time; the machine is too busy for this rate.") from None
        return self.result

    def stop(self) -> Result:
        """Sends nothing more, waits for what is under way, and gives the result so far."""
        for child in self._children:
            if child.poll() is None:
                child.terminate()
        return self.wait()

    @property
    def result(self) -> Result:
        """Raises `Failure` when a process has ended with an error."""
        if self._result is None:
            if any(child.returncode != 0 for child in self._children):
                raise Failure("load: a process failed; the reason stands above.")
            samples = [sample for index in range(self.plan.processes) for sample in _samples(self._file(index))]
            samples.sort(key=lambda sample: sample.due)
            self._folder.cleanup()
            self._result = Result(samples, samples[-1].due if samples else 0.0)
        return self._result

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self._kill()
        else:
            self.stop()

    def _kill(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.kill()
                child.wait()

    def _file(self, index: int) -> Path:
        return Path(self._folder.name) / f"{index}.csv"

    def _order(self, index: int) -> str:
        plan = self.plan
        return json.dumps(
            {
                "url": plan.url,
                "host": plan.host,
                "sni": plan.host.split(":")[0] if plan.authority is not None else None,
                "key_file": str(plan.key_file),
                "authority": str(plan.authority) if plan.authority is not None else None,
                "rate": plan.rate,
                "count": plan.count,
                "posts": plan.posts,
                "timeout_seconds": plan.timeout_seconds,
                "processes": plan.processes,
                "index": index,
                "seed": plan.seed,
                "start": self._began,
                "file": str(self._file(index)),
            }
        )


def plan_for(stack: Stack, *, rate: float = 200, count: int = 6000, posts: float = 0.2) -> Plan:
    """A load through the edge of a stack that scripts/up has brought up here, over verified TLS.

    Raises `Failure` when the edge would refuse a part of it, since all of it comes from one client."""
    port, allowed = stack.spec.edge.https_port, stack.spec.edge.requests_per_minute_per_client
    if rate * 60 > allowed:
        raise Failure(
            f"platform.edge.requests_per_minute_per_client: {allowed} lets {allowed // 60} requests a second through; "
            f"{rate:.0f} a second need {math.ceil(rate * 60 * 1.2)}."
        )
    return Plan(
        url=f"https://127.0.0.1:{port}",
        host=f"{stack.spec.domain}:{port}",
        key_file=stack.folder / "api-key",
        authority=stack.folder / "ca.pem",
        rate=rate,
        count=count,
        posts=posts,
    )


def machine_load() -> str:
    """What else the machine did, to stand beside each figure."""
    return f"load average {', '.join(f'{value:.1f}' for value in os.getloadavg())} on {os.cpu_count()} cores"


def _samples(file: Path) -> Sequence[Sample]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Sample(float(due), float(took), float(lag), method, int(status), failure, message)
            for due, took, lag, method, status, failure, message in csv.reader(lines)
        ]


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack on Docker that runs on this machine.")],
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 200,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 30,
    posts: Annotated[float, typer.Option(help="Share of requests that post a message, 0 to 1.")] = 0.2,
    processes: Annotated[int, typer.Option(help="Processes that share the rate.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="All figures, the timeline too, as one JSON object.")] = False,
) -> None:
    """Send requests at a constant rate and tell how long they took."""
    plan = replace(plan_for(read(name), rate=rate, count=max(1, round(rate * seconds)), posts=posts), processes=processes)
    load = Load(plan)
    load.start()
    result = load.wait()
    if as_json:
        typer.echo(json.dumps({**result.as_json(), "machine": machine_load()}))
        return
    typer.echo(f"{result.sentence()}; {machine_load()}")
    for second in result.timeline:
        typer.echo(f"{second.second:4} s  {second.sent:4} sent  {second.failed:4} failed  p95 {second.p95_ms:7.1f} ms")


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"load: {failure}\n")
        sys.exit(1)
