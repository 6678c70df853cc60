"""A real platform for the tests: a checkout of its own (in a path with a space), a stack of its own, ports of its own.

It is brought up by scripts/up and taken away by scripts/down, as a person would do it, and never touches another stack.
"""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
STACK = f"test-{os.getpid()}"
HTTPS_PORT, HTTP_PORT = 18443, 18080
WEBHOOK = f"https://hooks.invalid/{STACK}"
WATCHED = f"""
    alerts:
      webhooks: ["{WEBHOOK}"]
"""
"""Added to the small platform, so that what alerts bring with them is there too."""
PARTS = ("database", "pooler", "broker", "migration", "api", "worker", "edge")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts from nothing comes first, then what leaves the platform as it was; what takes it away last."""
    order = {"test_platform.py": 0, "test_outside.py": 2}
    items.sort(key=lambda item: (item.name.startswith("test_down_"), order.get(item.path.name, 1)))


def docker(*arguments: str, given: str | None = None) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True, input=given).stdout


@dataclass
class Checkout:
    """A copy of the project and the environment in which its commands run."""

    root: Path
    state: Path

    @property
    def stack_file(self) -> Path:
        return self.root / "stacks" / f"Pulumi.{STACK}.yaml"

    def environment(self) -> dict[str, str]:
        dropped = ("PULUMI_", "PENGUINMAILS_STATE", "PYTHON")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        return {**kept, "PENGUINMAILS_STATE": str(self.state)}

    def run(self, command: str, *arguments: str, check: bool = True, seconds: int = 300) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.root / "scripts" / command), *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done

    def pulumi(self, *arguments: str, check: bool = True, given: str = "") -> subprocess.CompletedProcess[str]:
        """The plain command in the environment that scripts/env prints. `given`: its standard input."""
        script = 'eval "$("$0/scripts/env")"; cd "$0" && exec pulumi "$@"'
        done = subprocess.run(
            ["bash", "-c", script, str(self.root), *arguments, "--stack", STACK, "--non-interactive"],
            env=self.environment(),
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done


@dataclass
class Running:
    """A platform that answers."""

    checkout: Checkout
    url: str
    key: str
    authority: Path
    seconds: float

    def client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.authority))
        return httpx.Client(base_url=self.url, verify=context, headers={"Authorization": f"Bearer {self.key}"}, timeout=10)

    def post(self, client: httpx.Client, subject: str) -> str:
        """Posts a message, again and again until it is acknowledged; the same key makes it one message."""
        body = {"from": "me@example.com", "to": ["you@example.com"], "subject": subject, "text": "text"}

        def attempt() -> str | None:
            try:
                answer = client.post("/v1/messages", json=body, headers={"Idempotency-Key": subject})
            except httpx.TransportError:
                return None
            return str(answer.json()["id"]) if answer.status_code == 202 else None

        return str(until(attempt, 90, f"message {subject} is acknowledged"))

    def sent(self, client: httpx.Client, message: str) -> bool:
        try:
            answer = client.get(f"/v1/messages/{message}")
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["status"] == "sent"


def until(attempt: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true result of `attempt`; fails when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := attempt():
            return result
        time.sleep(0.3)
    pytest.fail(f"{what}: not within {seconds:.0f} s")


def container(part: str) -> str:
    """The id of the running container of a part."""
    return docker("ps", "--quiet", "--filter", f"name=^penguinmails-{STACK}-{part}\\.").split()[0]


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    root = tmp_path_factory.mktemp("a checkout") / "the kit"
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
    )
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name, follow_symlinks=False)
    (root / ".venv").symlink_to(ROOT / ".venv")
    made = Checkout(root, root.parent / "state")
    text = (root / "stacks" / "Pulumi.docker-local.yaml").read_text() + "    backup:\n      retention_days: 7\n"
    text = text.replace(": 8443", f": {HTTPS_PORT}").replace(": 8080", f": {HTTP_PORT}") + WATCHED
    made.stack_file.write_text(text)
    yield made
    made.run("down", STACK, "--yes", check=False)


@pytest.fixture(scope="session")
def running(checkout: Checkout) -> Running:
    done = checkout.run("up", STACK, "--json")
    facts = json.loads(done.stdout.splitlines()[-1])
    key = Path(facts["api_key_file"])
    return Running(checkout, facts["url"], key.read_text().strip(), Path(facts["ca_file"]), facts["seconds"])


@pytest.fixture(scope="session")
def lived(running: Running) -> Running:
    """The platform after everything that its figures tell of has happened once: a request, an error, a backup, a drill."""
    with running.client() as client:
        message = running.post(client, "lived")
        until(lambda: running.sent(client, message), 60, "a message is sent")
    statement = "DO $$ BEGIN RAISE 'lived'; END $$"
    docker("exec", container("database"), "sh", "-c", 'psql -X -d penguinmails -c "$1" || true', "sh", statement)
    command = ["exec", container("backup"), "cat", "/var/lib/pgbackrest/facts.json"]
    until(lambda: json.loads(docker(*command))["successes"].get("full"), 90, "the first full backup")
    running.checkout.run("drill", STACK)
    return running
