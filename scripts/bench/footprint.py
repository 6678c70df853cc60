"""Memory and processor time of a whole platform, by service: idle, and under load.

    .venv/bin/python -m scripts.bench.footprint STACK --rate 200

Processor time is counted by the kernel over the whole time (not sampled). What the engine itself spends, on health checks above
all, belongs to no container: it is given as the time of dockerd, containerd, its shims and what they start, for all platforms
on the host. (What a health check does inside its container stands there as well, since it has ended by then.)
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import docker as sdk
import typer

from scripts.bench.load import Load, machine_load, plan_for
from scripts.bench.subject import Subject, as_line
from scripts.toolchain.process import Failure

_MIB = 1024 * 1024
_ENGINE = ("dockerd", "containerd", "containerd-shim")
"""A shim stands between containerd and a container, and starts what runs in it beside its program: health checks."""


class Counter:
    """Seconds of processor time and bytes of memory of each container of a stack."""

    def __init__(self, subject: Subject) -> None:
        self._client = sdk.from_env()
        filters: dict[str, str | list[str] | bool] = {"label": f"penguinmails.stack={subject.name}"}
        self._containers = {
            str(container.id): container.labels["penguinmails.component"]
            for container in self._client.containers.list(filters=filters)
        }

    def read(self) -> dict[str, tuple[float, float, float]]:
        """Role -> (seconds of processor time, MiB, limit in MiB), summed over copies."""
        found: dict[str, tuple[float, float, float]] = {}
        for identifier, role in self._containers.items():
            stats: dict[str, Any] = self._client.api.stats(identifier, stream=False, one_shot=True)
            memory = stats["memory_stats"]
            if "usage" not in memory:  # it has ended meanwhile, as former copies do
                continue
            used = memory["usage"] - memory.get("stats", {}).get("inactive_file", memory["stats"].get("total_inactive_file", 0))
            row = (stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9, used / _MIB, memory["limit"] / _MIB)
            before = found.get(role, (0.0, 0.0, 0.0))
            found[role] = (before[0] + row[0], before[1] + row[1], before[2] + row[2])
        return found


def engine_seconds() -> float:
    """Processor time of the engine's daemons and of the programs that they have started and that have ended."""
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text(encoding="utf-8").strip() in _ENGINE:
                fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                total += sum(int(value) for value in fields[11:15]) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return total


def measured(subject: Subject, seconds: float) -> dict[str, Any]:
    """Figures of some seconds, in thousandths of a core."""
    counter = Counter(subject)
    before, engine_before, began = counter.read(), engine_seconds(), time.monotonic()
    time.sleep(seconds)
    after, engine_after, took = counter.read(), engine_seconds(), time.monotonic() - began
    services = {
        role: {
            "millicores": round(1000 * (after[role][0] - before[role][0]) / took, 1),
            "mib": round(after[role][1], 1),
            "limit_mib": round(after[role][2]),
        }
        for role in sorted(after)
        if role in before
    }
    return {
        "services": services,
        "millicores": round(sum(row["millicores"] for row in services.values()), 1),
        "mib": round(sum(row["mib"] for row in services.values()), 1),
        "engine_millicores": round(1000 * (engine_after - engine_before) / took, 1),
        "machine": machine_load(),
    }


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    rate: Annotated[float, typer.Option(help="Requests a second of the second part.")] = 200,
    seconds: Annotated[float, typer.Option(help="For each part.")] = 30,
    posts: Annotated[float, typer.Option(help="Share of requests that post a message.")] = 0.05,
) -> None:
    """Measure what a platform takes, idle and under load: two lines of JSON."""
    subject = Subject(name)
    subject.must(subject.up())
    typer.echo(as_line({"idle": measured(subject, seconds)}))
    load = Load(plan_for(subject.stack, rate=rate, count=round(rate * (seconds + 10)), posts=posts))
    load.start()
    time.sleep(5)
    busy = measured(subject, seconds)
    result = load.wait()
    typer.echo(as_line({"load": {"rate": rate, "posts": posts, **result.facts()}, "busy": busy}))


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"footprint: {failure}\n")
        sys.exit(1)
