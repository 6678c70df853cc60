"""What an upgrade has done so far, in the stack's folder, so that it can be run again or rolled back after it was cut off.

`deployed.json` is what the last good run of scripts/up deployed: the description and the images by their digests.
`upgrade.json` is the upgrade under way, or the last one: what ran before it, and how far it came.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml

from components import images
from scripts.operations import credentials, release_source
from scripts.operations.stack import PROJECT, Stack
from scripts.toolchain import docker, paths

State = Literal["begun", "backed-up", "deployed", "verified", "failed", "rolled-back"]
"""failed: the release went back or did not come up. deployed: it came up, and has not been seen to answer well."""
RESUMED_HOURS = 24
"""An upgrade that was begun longer ago is not gone on with: to go back to its moment would lose what was written since."""


@dataclass(frozen=True)
class Deployed:
    """`description`: the value `platform` of the stack file. `images`: role -> reference with its digest. `at`: ISO, UTC."""

    description: Mapping[str, Any]
    images: Mapping[str, str]
    version: str
    at: str

    def pinned(self) -> dict[str, Any]:
        """The description that brings exactly these images back: names of folders become references with a digest."""
        found: dict[str, Any] = json.loads(json.dumps(self.description))
        parts = {**found["services"], **({"migration": found["migration"]} if found.get("migration") else {})}
        for role, part in parts.items():
            if role in self.images:
                part["image"] = self.images[role]
        return found


@dataclass(frozen=True)
class Upgrade:
    """`moment`: just before anything changed, to which data goes back. `backup`: whether one was made then."""

    before: Deployed
    moment: str
    state: State
    backup: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it was cut off, and so is gone on with: what ran before it, and its backup, are known here only."""
        since = datetime.now(UTC) - datetime.fromisoformat(self.moment)
        return self.state in {"begun", "backed-up", "deployed"} and since <= timedelta(hours=RESUMED_HOURS)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def version() -> str:
    """The commit of this checkout, or what its images are where it is no repository."""
    done = subprocess.run(
        ["git", "-C", str(paths.ROOT), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else images.tag("api")


def deployed(stack: Stack) -> Deployed:
    """What runs now, for a later upgrade."""
    description = yaml.safe_load(stack.file.read_text(encoding="utf-8"))["config"][f"{PROJECT}:platform"]
    found = {}
    for role in [*stack.spec.services, "migration"]:
        image = docker.output(
            "service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", release_source.physical(stack, role)
        )
        if image is not None and "@sha256:" in image:
            found[role] = image.strip()
    return Deployed(description, found, version(), now())


def write_deployed(folder: Path, deployed: Deployed) -> None:
    _write(folder / "deployed.json", asdict(deployed))


def read_deployed(folder: Path) -> Deployed | None:
    found = _read(folder / "deployed.json")
    return Deployed(**found) if found is not None else None


def write(folder: Path, upgrade: Upgrade, state: State) -> Upgrade:
    """Writes how far it came; returns the upgrade with that."""
    changed = replace(upgrade, state=state)
    _write(folder / "upgrade.json", asdict(changed))
    return changed


def read(folder: Path) -> Upgrade | None:
    found = _read(folder / "upgrade.json")
    return Upgrade(**{**found, "before": Deployed(**found["before"])}) if found is not None else None


def _write(file: Path, content: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    credentials.write_whole(file, json.dumps(content, indent=1, sort_keys=True) + "\n", 0o600)


def _read(file: Path) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
