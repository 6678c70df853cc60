"""The platform that a measurement is about: its stack file, scripts/up and scripts/down, its containers and its messages.

Only for stacks of development on this machine: what is measured here is killed, changed by hand and taken down.
"""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import yaml

from components import naming
from components.contract import Identity
from scripts.operations import recovery
from scripts.operations.stack import PROJECT, Stack, read
from scripts.toolchain import paths
from scripts.toolchain.environment import environment
from scripts.toolchain.process import Failure

Description = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """A command of the kit: its exit code, how long it took and what it said."""

    code: int
    seconds: float
    text: str


class Subject:
    """A stack by its name. Raises `Failure` when it is no stack of development on this machine's Docker."""

    def __init__(self, name: str) -> None:
        os.environ.update(environment())
        self.name = name
        if not (self.stack.is_here and self.stack.spec.is_development):
            raise Failure(f"{name} is not a stack of development on this machine; measurements would harm it.")

    @property
    def stack(self) -> Stack:
        """Read anew each time: measurements change the file."""
        return read(self.name)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """The description is at the end what it was; secrets that were added to the file meanwhile stay."""
        text, before = self.stack.file.read_text(encoding="utf-8"), self._file()
        key = f"{PROJECT}:platform"
        try:
            yield
        finally:
            self.describe(lambda platform: _become(platform, before["config"][key]))
            if self._file() == before:
                self.stack.file.write_text(text, encoding="utf-8")

    def describe(self, change: Callable[[Description], object]) -> None:
        """Changes the description in the stack file."""
        content = self._file()
        change(content["config"][f"{PROJECT}:platform"])
        self.stack.file.write_text(yaml.safe_dump(content, sort_keys=False, width=10_000), encoding="utf-8")

    def up(self, *arguments: str) -> Ran:
        return self._wait(self.start("up", *arguments))

    def down(self, *arguments: str) -> Ran:
        return self._wait(self.start("down", "--yes", *arguments))

    def start(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        """One of the kit's commands in a process group of its own."""
        return subprocess.Popen(
            [str(paths.ROOT / "scripts" / command), self.name, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def end(self, child: subprocess.Popen[str], how: signal.Signals) -> None:
        """Sends a signal to a command's process group and to the engine that it has started in a session of its own. What the
        engine has started itself, its plugins, is left."""
        engines = [process for process, name in recovery.processes(self.run()).items() if name == "pulumi"]
        os.killpg(child.pid, how)
        for process in engines:
            with suppress(ProcessLookupError):
                os.kill(process, how)

    def run(self) -> str:
        """The identifier of the run of scripts/up that has the stack now, or of one that was killed."""
        mark = self.stack.folder / "run.json"
        return str(json.loads(mark.read_text(encoding="utf-8"))["run"]) if mark.exists() else "none"

    def must(self, ran: Ran) -> Ran:
        if ran.code != 0:
            raise Failure(f"{self.name}: a command of the kit failed: {ran.text[-2000:]}")
        return ran

    def pulumi(self, *arguments: str) -> Ran:
        began = time.monotonic()
        command = ["pulumi", *arguments, "--stack", self.name, "--non-interactive"]
        done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        return Ran(done.returncode, time.monotonic() - began, done.stdout + done.stderr)

    def changes(self) -> list[str]:
        """What a refreshed preview would change: a line for each resource."""
        ran = self.pulumi("preview", "--refresh", "--expect-no-changes")
        if ran.code == 0:
            return []
        lines = [line.strip() for line in ran.text.splitlines() if line.lstrip().startswith(("~", "+", "-"))]
        return lines or [ran.text[-500:]]

    def unknown(self) -> list[str]:
        """Objects in Docker that the state does not know."""
        return [" ".join(pair) for pair in recovery.unknown(self.stack)]

    def service(self, role: str) -> str:
        identity = Identity(PROJECT, self.name, self.stack.spec.environment)
        return naming.physical(identity, role, naming.DOCKER_LIMIT)

    def roles(self) -> list[str]:
        """Roles of the services that run, in the alphabet's order."""
        names = docker("service", "ls", "--format", "{{.Name}}", "--filter", f"label=penguinmails.stack={self.name}").split()
        return sorted(name.removeprefix(self.service("x")[:-1]) for name in names)

    def containers(self, role: str) -> list[str]:
        """Ids of the running containers of a service."""
        name = f"label=com.docker.swarm.service.name={self.service(role)}"
        return docker("ps", "--quiet", "--no-trunc", "--filter", name).split()

    @cached_property
    def client(self) -> httpx.Client:
        """Asks the platform through its edge."""
        folder, edge = self.stack.folder, self.stack.spec.edge
        return httpx.Client(
            base_url=f"https://localhost:{edge.https_port}",
            verify=ssl.create_default_context(cafile=str(folder / "ca.pem")),
            headers={"Authorization": f"Bearer {(folder / 'api-key').read_text(encoding='utf-8').strip()}"},
            timeout=10,
        )

    def post(self, key: str) -> str | None:
        """The id of a message that was acknowledged, or None."""
        body = {"from": "bench@example.com", "to": ["you@example.com"], "subject": key, "text": "text"}
        try:
            answer = self.client.post("/v1/messages", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None
        return str(answer.json()["id"]) if answer.status_code == 202 else None

    def lost(self, messages: Sequence[str]) -> list[str]:
        """Messages that are not there any more."""
        return [message for message in messages if self.status(message) is None]

    def status(self, message: str) -> str | None:
        """`queued`, `sent` or another status of a message; None when there is no such message or no answer."""
        for _ in range(20):
            try:
                answer = self.client.get(f"/v1/messages/{message}")
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 200:
                return str(answer.json()["status"])
            if answer is not None and answer.status_code == 404:
                return None
            time.sleep(0.5)
        return None

    def _file(self) -> Description:
        content: Description = yaml.safe_load(self.stack.file.read_text(encoding="utf-8"))
        return content

    def _wait(self, child: subprocess.Popen[str]) -> Ran:
        began = time.monotonic()
        try:
            text, _ = child.communicate(timeout=900)
        except BaseException:
            self.end(child, signal.SIGTERM)
            raise
        return Ran(child.returncode, time.monotonic() - began, text)


def _become(platform: Description, before: Description) -> None:
    platform.clear()
    platform.update(before)


def docker(*arguments: str) -> str:
    """What a docker command prints. Raises `Failure` when it fails."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"docker {' '.join(arguments[:4])} failed: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


def as_line(facts: object) -> str:
    """A line of JSON."""
    return json.dumps(facts, default=str)


def until(attempt: Callable[[], object], seconds: float, pause: float = 0.3) -> float | None:
    """Seconds until an attempt was true; None when it never was."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if attempt():
            return time.monotonic() - began
        time.sleep(pause)
    return None
