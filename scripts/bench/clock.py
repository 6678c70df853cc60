"""Another clock for some containers: their image with libfaketime in front, which reads the time's offset from a file.

Only these containers' clocks jump. Monotonic time is left alone, as it is when a real clock is set.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.bench.subject import Subject, docker, until
from scripts.toolchain.docker import environment
from scripts.toolchain.process import Failure

IMAGE = "penguinmails/bench-clock:latest"
OFFSET = "/tmp/clock"
DOCKERFILE = """
FROM {image}
USER 0:0
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libfaketime \\
    && ln -s /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/libfaketime.so && rm -rf /var/lib/apt/lists/*
USER 10001:10001
"""
VARIABLES = {
    "LD_PRELOAD": "/usr/lib/libfaketime.so",
    "FAKETIME_TIMESTAMP_FILE": OFFSET,
    "FAKETIME_CACHE_DURATION": "1",  # the file is read once a second; at every look at the clock it would be all that is done
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "FAKETIME_DONT_RESET": "1",
}


@contextmanager
def faked(subject: Subject, roles: Sequence[str]) -> Iterator[Callable[[int], None]]:
    """Gives a function that sets the clocks of the roles' containers off by some seconds; scripts/up takes all of it back."""
    _build(subject, roles[0])
    try:
        for role in roles:
            variables = [part for key, value in VARIABLES.items() for part in ("--env-add", f"{key}={value}")]
            docker("service", "update", "--quiet", "--no-resolve-image", "--image", IMAGE, *variables, subject.service(role))

        def jump(seconds: int) -> None:
            for role in roles:
                for container in subject.containers(role):
                    docker("exec", container, "/bin/sh", "-c", f"unset LD_PRELOAD; echo {seconds:+d} > {OFFSET}")
                    told = docker("exec", container, "/opt/venv/bin/python", "-c", "import time; print(time.time())")
                    if abs(float(told) - time.time() - seconds) > 60:
                        raise Failure(f"The clock of {role} did not move: its image is not the one with another clock.")

        yield jump
    finally:
        ran = subject.up()
        until(_removed, 60, 2)
        subject.must(ran)


def _build(subject: Subject, role: str) -> None:
    template = json.loads(docker("service", "inspect", "--format", "{{json .Spec.TaskTemplate}}", subject.service(role)))
    image = str(template["ContainerSpec"]["Image"])
    with tempfile.TemporaryDirectory(prefix="clock-") as folder:
        (Path(folder) / "Dockerfile").write_text(DOCKERFILE.format(image=image), encoding="utf-8")
        command = ["docker", "build", "--quiet", "--tag", IMAGE, folder]
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"The image with another clock cannot be built: {done.stderr[-300:]}")


def _removed() -> bool:
    with suppress(Failure):
        docker("image", "rm", "--force", IMAGE)
        return True
    return False
