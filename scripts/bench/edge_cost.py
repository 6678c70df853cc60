"""What the edge costs: the same load through it and straight to the API's container, as a ratio of latencies.

    .venv/bin/python -m scripts.bench.edge_cost STACK

In turns, so that what else the machine does falls on both. Through the edge a request has TLS, two more hops and the rules of
the edge; straight it is plain HTTP to the container's address in the engine's own bridge. The pooler's cost is measured by
`pooler.py`, query by query.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Annotated, Any

import typer

from scripts.bench.figures import Result, Sample
from scripts.bench.load import Load, Plan, machine_load, plan_for
from scripts.bench.subject import Subject, as_line, docker
from scripts.toolchain.process import Failure

BRIDGE = "docker_gwbridge"


def straight(subject: Subject, plan: Plan) -> Plan:
    """The same load to a container of the API."""
    container = subject.containers("api")[0]
    attached: dict[str, dict[str, str]] = json.loads(docker("network", "inspect", "--format", "{{json .Containers}}", BRIDGE))
    if container not in attached:
        raise Failure(f"The API's container has no address in {BRIDGE}: it cannot be asked without the edge.")
    address = attached[container]["IPv4Address"].split("/")[0]
    port = subject.stack.spec.services["api"].port
    return replace(
        plan, url=f"http://{address}:{port}", host=f"{address}:{port}", authority=None, containers=frozenset({address})
    )


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 50,
    seconds: Annotated[float, typer.Option(help="For each turn.")] = 15,
    turns: Annotated[int, typer.Option(help="Of both.")] = 4,
) -> None:
    """Measure what the edge adds to a request: one line of JSON."""
    subject = Subject(name)
    subject.must(subject.up())
    through = plan_for(subject.stack, rate=rate, count=max(1, round(rate * seconds)), posts=0.05)
    plans = {"edge": through, "straight": straight(subject, through)}
    samples: dict[str, list[Sample]] = {way: [] for way in plans}
    for _ in range(turns):
        for way, plan in plans.items():
            load = Load(plan)
            load.start()
            samples[way] += load.wait().samples
    facts: dict[str, Any] = {way: Result(found, seconds * turns).facts() for way, found in samples.items()}
    ratios = {
        f"{figure}_ratio": round(facts["edge"][figure] / max(0.1, facts["straight"][figure]), 2)
        for figure in ("p50_ms", "p95_ms", "p99_ms")
    }
    typer.echo(as_line({**facts, **ratios, "machine": machine_load()}))


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"edge_cost: {failure}\n")
        sys.exit(1)
