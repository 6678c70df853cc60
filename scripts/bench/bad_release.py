"""Bad releases of the API under a constant load: how soon is each taken back, and what do clients see of it?

    .venv/bin/python -m scripts.bench.bad_release STACK --rate 100 --only crash,unhealthy,slow

A bad release is the API's own image with `inside/broken.py` before it, so that all but the fault is as it is. Time counts
from the moment at which Swarm begins the update.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Self

import typer

from components import images
from scripts.bench.figures import SLOW_MS
from scripts.bench.load import Load, machine_load, plan_for
from scripts.bench.subject import Description, Subject, as_line, docker
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

FAULTS = ("crash", "unhealthy", "slow")
PROGRAM = paths.ROOT / "scripts" / "bench" / "inside" / "broken.py"
LEAD_SECONDS, AFTER_SECONDS = 15, 15
LIMIT_SECONDS = {"crash": 15, "unhealthy": 15, "slow": 90}
"""From the begin of the update until it is being taken back."""


@contextmanager
def broken_image() -> Iterator[str]:
    """The API's image with faults, in the local registry, by its digest."""
    name = f"{images.REGISTRY}/{images.PREFIX}/bench-broken:{images.tag('api')}"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        shutil.copy(PROGRAM, Path(folder) / PROGRAM.name)
        place = f"/opt/penguinmails/{PROGRAM.name}"
        (Path(folder) / PROGRAM.name).chmod(0o444)
        entry = json.dumps(["/opt/venv/bin/python", place])
        lines = (f"FROM {images.reference('api')}", f"COPY {PROGRAM.name} {place}", f"ENTRYPOINT {entry}", "")
        (Path(folder) / "Dockerfile").write_text("\n".join(lines), encoding="utf-8")
        docker("build", "--quiet", "--tag", name, folder)
    try:
        docker("push", "--quiet", name)
        yield docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", name)
    finally:
        docker("image", "rm", "--force", name)


class Updates:
    """When Swarm first told of each state of a service's update, in seconds since the first of them; looked at in a thread."""

    def __init__(self, service: str) -> None:
        self._service, self._end = service, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._began_before = self._read()[1]
        self.seen: dict[str, float] = {}
        self.began = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(10)

    def _look(self) -> None:
        while not self._end.wait(0.2):
            state, began = self._read()
            if state and (self.seen or began != self._began_before):
                now = time.monotonic()
                self.began = self.began or now
                self.seen.setdefault(state, round(now - self.began, 1))

    def _read(self) -> tuple[str, str]:
        template = "{{if .UpdateStatus}}{{.UpdateStatus.State}} {{.UpdateStatus.StartedAt}}{{end}}"
        state, _, began = docker("service", "inspect", "--format", template, self._service).partition(" ")
        return state, began


def released(subject: Subject, fault: str, image: str, rate: float, slow_ms: int) -> dict[str, Any]:
    """One bad release under load."""
    load = Load(plan_for(subject.stack, rate=rate, count=round(rate * 300), posts=0.05))
    with subject.kept():
        load.start()
        time.sleep(max(0.0, LEAD_SECONDS - load.elapsed()))
        subject.describe(lambda platform: _break(platform, fault, image, slow_ms))
        with Updates(subject.service("api")) as updates:
            began = load.elapsed()
            ran = subject.up("--watch")
            ended = load.elapsed()
        offset = updates.began - time.monotonic() + load.elapsed()
        time.sleep(AFTER_SECONDS)
        result = load.stop()
    during = result.between(offset, ended)
    return {
        "fault": fault,
        "up_failed": ran.code != 0,
        "said": ran.text.strip().splitlines()[-1][:300] if ran.text.strip() else "",
        "update_states_s": updates.seen,
        "taken_back_after_s": next((at for state, at in updates.seen.items() if state.startswith("rollback")), None),
        "up_s": round(ended - began, 1),
        **result.facts(),
        "slow_from_update_to_end": sum(sample.milliseconds > SLOW_MS for sample in during.samples),
        "requests_from_update_to_end": during.sent,
        "p95_ms_before": result.between(0, offset).percentile(95),
        "p95_ms_after": result.between(ended, result.seconds + 1).percentile(95),
        "machine": machine_load(),
    }


def _break(platform: Description, fault: str, image: str, slow_ms: int) -> None:
    api = platform["services"]["api"]
    api["image"] = image
    api.setdefault("environment", {}).update({"BENCH_FAULT": fault, "BENCH_SLOW_MS": str(slow_ms)})


def main(
    name: Annotated[str, typer.Argument(metavar="STACK", help="A stack of development on Docker, on this machine.")],
    only: Annotated[str, typer.Option(help="Kinds of faults.")] = ",".join(FAULTS),
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 100,
    slow_ms: Annotated[int, typer.Option(help="That each answer of the slow release waits.")] = 600,
    limit: Annotated[int, typer.Option(help="Seconds until a release is being taken back; 0: 15, and 90 for a slow one.")] = 0,
) -> None:
    """Release what crashes, stays unhealthy or is slow, under load: a line of JSON for each."""
    subject = Subject(name)
    chosen = only.split(",")
    unknown = [fault for fault in chosen if fault not in FAULTS]
    if unknown:
        raise Failure(f"--only: there is no fault {unknown[0]}; choose from {', '.join(FAULTS)}.")
    subject.must(subject.up())
    good = True
    with broken_image() as image:
        for fault in chosen:
            facts = released(subject, fault, image, rate, slow_ms)
            typer.echo(as_line(facts))
            back = facts["taken_back_after_s"]
            good &= facts["up_failed"] and facts["failed"] == 0 and back is not None and back <= (limit or LIMIT_SECONDS[fault])
    subject.must(subject.up())
    if not good:
        raise typer.Exit(1)


if __name__ == "__main__":
    try:
        typer.run(main)
    except Failure as failure:
        sys.stderr.write(f"bad_release: {failure}\n")
        sys.exit(1)
