"""Breaks a platform under load, one part after another, and says what it did.

    .venv/bin/python -m scripts.bench.faults STACK [--only kill,broker,clock]

`kill`: every container is killed in turn. `broker`: no broker for a minute. `clock`: the clock of the API and of the worker
jumps by an hour, forth and back, in their containers only (libfaketime; the machine's clock is not touched). A full disk has a
measurement of its own, `disk.py`, because it needs a volume that can be full.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer

from scripts.bench import clock
from scripts.bench.figures import Result
from scripts.bench.load import Load, machine_load, plan_for
from scripts.bench.subject import Subject, as_line, docker, until
from scripts.toolchain.process import Failure

Row = dict[str, Any]
BEFORE_SECONDS, AFTER_SECONDS = 5, 40
SENT_SECONDS = 180
"""For the queue to be empty after a fault."""


class Faults:
    """Faults of one platform under a constant load."""

    def __init__(self, subject: Subject, rate: float) -> None:
        self._subject, self._rate = subject, rate

    def kill(self, role: str) -> Row:
        def cause() -> None:
            container = self._subject.containers(role)[0]
            docker("kill", container)
            began = time.monotonic()
            back = until(lambda: [one for one in self._healthy(role) if one != container], 120)
            row["running_again_s"] = round(time.monotonic() - began, 1) if back is not None else None

        row: Row = {"fault": f"{role} killed"}
        return {**row, **self._under_load(cause, row)}

    def broker_away(self, seconds: float) -> Row:
        def cause() -> None:
            service = self._subject.service("broker")
            docker("service", "update", "--detach", "--quiet", "--replicas", "0", service)
            time.sleep(seconds)
            docker("service", "update", "--detach", "--quiet", "--replicas", "1", service)
            until(lambda: self._healthy("broker"), 120)

        row: Row = {"fault": f"no broker for {seconds:.0f} s"}
        return {**row, **self._under_load(cause, row)}

    def clock_jumps(self) -> list[Row]:
        rows = []
        with clock.faked(self._subject, ("api", "worker")) as jump:
            for hours in (1, -1):
                row: Row = {"fault": f"clock of API and worker jumps by {hours:+} h"}

                def cause(hours: int = hours) -> None:
                    jump(3600 * hours)

                rows.append({**row, **self._under_load(cause, row)})
        return rows

    def _under_load(self, cause: Callable[[], None], row: Row) -> Row:
        """What clients saw from the fault on, whether every acknowledged message is there and when all were sent."""
        plan = plan_for(self._subject.stack, rate=self._rate, count=round(self._rate * 600), posts=0.3)
        load = Load(plan)
        load.start()
        time.sleep(max(0.0, BEFORE_SECONDS - load.elapsed()))
        at = load.elapsed()
        try:
            cause()
            time.sleep(max(0.0, at + AFTER_SECONDS - load.elapsed()))
        finally:
            result = load.stop()
        messages = result.acknowledged
        row |= seen(result, at)
        row["acknowledged"] = len(messages)
        row["lost"] = len(self._subject.lost(messages[-200:]))
        sent = until(lambda: all(self._subject.status(message) == "sent" for message in messages[-5:]), SENT_SECONDS, 1)
        row["all_sent_after_s"] = round(sent, 1) if sent is not None else None
        row["machine"] = machine_load()
        return row

    def _healthy(self, role: str) -> list[str]:
        """Running containers whose health check, if they have one, is good."""
        name = f"label=com.docker.swarm.service.name={self._subject.service(role)}"
        return docker("ps", "--quiet", "--no-trunc", "--filter", name, "--filter", "health=healthy").split()


def seen(result: Result, at: float) -> Row:
    """What clients saw of a fault `at` some seconds of the load."""
    after = result.between(at, result.seconds + 1)
    bad = [line.second for line in after.timeline if line.failed]
    return {
        "requests": after.sent,
        "failed": after.failed,
        "failures": dict(after.failures),
        "seconds_with_failures": len(bad),
        "last_failure_after_s": round(max(bad) + 1 - at, 1) if bad else 0,
        "p95_ms": after.percentile(95),
        "p95_ms_before": result.between(0, at).percentile(95),
    }


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    only: Annotated[str, typer.Option(help="Kinds of faults.")] = "kill,broker,clock",
    roles: Annotated[str, typer.Option(help="Of the containers that are killed; all by default.")] = "",
    rate: Annotated[float, typer.Option(help="Requests a second meanwhile.")] = 20,
    away: Annotated[float, typer.Option(help="Seconds without a broker.")] = 60,
) -> None:
    """Break the platform and see what it does: a line of JSON for each fault."""
    subject = Subject(name)
    faults, kinds = Faults(subject, rate), only.split(",")
    if "kill" in kinds:
        for role in roles.split(",") if roles else subject.roles():
            typer.echo(as_line(faults.kill(role)))
    if "broker" in kinds:
        typer.echo(as_line(faults.broker_away(away)))
    if "clock" in kinds:
        for row in faults.clock_jumps():
            typer.echo(as_line(row))
    subject.must(subject.up())


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"faults: {failure}\n")
        sys.exit(1)
