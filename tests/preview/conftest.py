"""The real engine, the real program and simulated clouds that outlive a run, as clouds do."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import stackfile, targets
from components.docker import pki
from scripts.previews import workspace
from scripts.previews.holdings import HOLDINGS
from scripts.simulation.passphrase import Passphrase
from scripts.simulation.server.faults import Fault
from scripts.simulation.server.references import strings
from scripts.simulation.server.serve import Simulation
from scripts.simulation.world import World
from scripts.toolchain.environment import environment
from tests.contract.conftest import ROOT
from tests.harness.checkout import Checkout, copied
from tests.harness.targets import PACKAGES, is_whole, target

CANARY = "canary-4d1b9a"
NAME = "test"
PASSPHRASE = Passphrase.new()
KEPT = {"PULUMI_SKIP_CHECKPOINTS": "false"}
"""Where something is to fail, the state is written after every step, as on a real backend. Elsewhere once at the end: the cost
grows as the square of the steps.
"""


@dataclass
class Run:
    """What a command of the engine did."""

    code: int
    text: str
    steps: Sequence[Mapping[str, Any]]

    def lost(self) -> set[str]:
        """Logical names of what was replaced or deleted and held something that its successor does not have."""
        gone = [
            step["urn"] for step in self.steps if step["op"] in {"replace", "create-replacement", "delete", "delete-replaced"}
        ]
        return {urn.rsplit("::", 1)[-1] for urn in gone if urn.split("::")[2].rsplit("$", 1)[-1] in HOLDINGS}

    def did(self, *operations: str) -> dict[str, str]:
        """Logical name -> type of what was made, changed, ... in this run; the stack and components are left out."""
        found = {}
        for step in self.steps:
            token = step["urn"].split("::")[2].rsplit("$", 1)[-1]
            if step["op"] in operations and not token.startswith(("pulumi:", "penguinmails:")):
                found[step["urn"].rsplit("::", 1)[-1]] = token
        return found


@dataclass
class Platform:
    """A stack of its own with clouds of its own. `program`: a folder with `__main__.py`, or the project itself."""

    folder: Path
    description: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    program: Path = ROOT

    @property
    def journal(self) -> Path:
        return self.folder / "clouds.journal"

    @property
    def world(self) -> World:
        return World(self.journal)

    def state(self) -> str:
        """The engine's own record of the stack, as it lies on disk."""
        [file] = self.folder.rglob(f".pulumi/stacks/*/{NAME}.json")
        return file.read_text(encoding="utf-8")

    def resources(self) -> list[dict[str, Any]]:
        found = json.loads(self.state())["checkpoint"]["latest"]
        return (found or {}).get("resources") or []

    def run(self, *arguments: str, during: Callable[[Simulation], None] | None = None) -> Run:
        """One command of the engine against the clouds as they are."""
        ours = workspace_of(self)
        package, assumed = PACKAGES[self.description["target"]], sorted(strings(self.description))
        log = self.folder / "events.jsonl"
        log.unlink(missing_ok=True)
        with Simulation(self.journal, self.faults, assume=assumed, packages=[package]) as simulation:
            if during is not None:
                during(simulation)
            variables = {**ours, "PATH": environment()["PATH"], **simulation.environment(), **(KEPT if self.faults else {})}
            recorded = [] if arguments[0] == "state" else ["--event-log", str(log)]
            command = ["pulumi", *arguments, "--stack", NAME, "--non-interactive", *recorded]
            done = subprocess.run(
                command, cwd=self.folder / "project", env=variables, capture_output=True, text=True, timeout=100, check=False
            )
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        steps = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
        return Run(done.returncode, done.stdout + done.stderr, steps)

    def up(self, *arguments: str) -> Run:
        return self.run("up", "--yes", "--skip-preview", *arguments)

    def must(self, *arguments: str) -> Run:
        done = self.run(*arguments)
        assert done.code == 0, done.text[-4000:]
        return done

    def unchanged(self) -> None:
        """Nothing is left to do."""
        self.must("preview", "--refresh", "--expect-no-changes")

    def double(self) -> list[str]:
        """What is in the cloud and not in the engine's state, or the other way round."""
        cloud = {thing.id for thing in self.world if thing.urn}
        return sorted(cloud ^ {found["id"] for found in self.resources() if _is_in_cloud(found)})

    def recover(self) -> None:
        """What has to be said after a crash: the engine asks about creations of which it heard no end."""
        if json.loads(self.state())["checkpoint"]["latest"].get("pending_operations"):
            self.must("refresh", "--yes", "--skip-preview", "--clear-pending-creates")


def _is_in_cloud(found: Mapping[str, Any]) -> bool:
    """Whether a resource of the state stands for one that the cloud has: no component, no provider, nothing only read."""
    return bool(found.get("custom")) and not found["type"].startswith("pulumi:") and not found.get("external")


def workspace_of(platform: Platform) -> dict[str, str]:
    """Lays the project out around the description, once; the whole environment of the engine but the clouds."""
    backend = workspace.Backend(platform.folder / "state", NAME)
    project = platform.folder / "project"
    if not project.exists():
        backend.fill()
        workspace.Project.lay_out(project, ROOT, NAME, "")
        (project / "tests").symlink_to(ROOT / "tests")
        (project / "__main__.py").unlink()
        (project / "__main__.py").symlink_to(platform.program / "__main__.py")
    describe(platform, platform.description)
    home = platform.folder / "home"
    home.mkdir(exist_ok=True)
    return workspace.variables(home, backend, PASSPHRASE, {})


def describe(platform: Platform, description: Mapping[str, Any]) -> None:
    """Writes the stack file, with every secret that the target needs."""
    spec = stackfile.parse(json.dumps(description))
    config: dict[str, Any] = {"pulumi:disable-default-providers": ["*"], "penguinmails:platform": description}
    for key in targets.choose(spec.target).secret_keys(spec):
        value = authority() if key.kind == "authority" else platform.secrets.get(key.name, f"{CANARY}-{key.name}")
        config[f"penguinmails:{key.name}"] = {"secure": PASSPHRASE.encrypt(value)}
    file = platform.folder / "project" / "stacks" / f"Pulumi.{NAME}.yaml"
    file.write_text(yaml.safe_dump({"encryptionsalt": PASSPHRASE.encryption_salt, "config": config}), encoding="utf-8")


@cache
def authority() -> str:
    return pki.authority_bundle(pki.new_authority("test", datetime.now(UTC)))


def made(folder: Path, description: Mapping[str, Any], **fields: Any) -> Platform:
    """A platform that is not up yet; of a target that is being built the foundation."""
    program = ROOT if is_whole(target(description["target"])) else ROOT / "tests" / "harness" / "foundation"
    return Platform(folder, copy.deepcopy(dict(description)), program=program, **fields)


@pytest.fixture
def platform(tmp_path: Path) -> Callable[..., Platform]:
    return lambda description, **fields: made(tmp_path, description, **fields)


_UP: dict[str, Platform] = {}


@pytest.fixture
def running(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, Any]], Platform]:
    """Platforms that are up: each description is brought up once, and every test has a copy of the stack and of its clouds."""

    def of(description: Mapping[str, Any]) -> Platform:
        key = json.dumps(description, sort_keys=True)
        if key not in _UP:
            first = made(tmp_path_factory.mktemp("running"), description)
            first.must("up", "--yes", "--skip-preview")
            _UP[key] = first
        folder = tmp_path / "running"
        shutil.copytree(_UP[key].folder, folder, symlinks=True)
        return made(folder, description)

    return of


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return copied(tmp_path / "check out")
