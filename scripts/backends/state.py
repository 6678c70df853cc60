"""The state of a backend itself, which cannot lie in the bucket that it makes: a folder of this machine, worth keeping.

It holds no secret, so it is encrypted with the empty passphrase and opens on every machine. When it is lost, the next run takes
over what is there. The engine runs from a temporary project of links, so that nothing is written into the checkout.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.previews.workspace import Backend, Project
from scripts.toolchain import paths

PROJECT: Final = "penguinmails-backend"
STACK: Final = "backend"


@dataclass(frozen=True)
class Asked:
    """What the command is asked for. `account`: the only one that may be changed, where it is known."""

    name: str
    region: str
    account: str | None = None


@dataclass(frozen=True)
class State:
    """What is known on this machine of a backend that was made."""

    folder: Path

    @classmethod
    def of(cls, asked: Asked, chosen: Path | None) -> State:
        return cls((chosen or paths.state_dir() / "backends" / f"aws-{asked.name}-{asked.region}").absolute())

    @property
    def backend(self) -> Backend:
        return Backend(self.folder, STACK, PROJECT)

    @property
    def resources(self) -> list[Mapping[str, Any]]:
        """The resources of the cloud in the last state; none when there is no state."""
        return [one for one in self._resources() if one.get("custom") and not one["type"].startswith("pulumi:")]

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What the program exported last: `account`, `region`, `bucket`, `backend_url`, `secrets_provider`,
        `deployer_policy_arn` and `repositories`."""
        stacks = [one for one in self._resources() if one["type"] == "pulumi:pulumi:Stack"]
        return dict(stacks[0].get("outputs") or {}) if stacks else {}

    def _resources(self) -> list[Mapping[str, Any]]:
        if not self.backend.checkpoint.is_file():
            return []
        latest = json.loads(self.backend.checkpoint.read_text(encoding="utf-8"))["checkpoint"]["latest"]
        return list((latest or {}).get("resources") or ())

    def begin(self) -> None:
        """Makes the folder and an empty stack in it, once."""
        if not self.backend.checkpoint.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.backend.fill()


@contextmanager
def project(asked: Asked, *, adopt: bool = False, removing: bool = False) -> Iterator[Path]:
    """A temporary project of the program with its configuration."""
    values = {"name": asked.name, "region": asked.region, "adopt": str(adopt).lower(), "removing": str(removing).lower()}
    if asked.account is not None:
        values["account"] = asked.account
    config: dict[str, Any] = {f"{PROJECT}:{key}": value for key, value in values.items()}
    config["pulumi:disable-default-providers"] = ["*"]
    with tempfile.TemporaryDirectory(prefix="penguinmails-backend.") as temporary:
        folder = Path(temporary) / "project"
        Project.lay_out(folder, paths.ROOT / "scripts" / "backends" / "aws", STACK, yaml.safe_dump({"config": config}))
        yield folder


def variables(state: State, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The engine's environment: the person's own, with their credentials, and this backend. A plugin that is missing is fetched
    unless the providers are simulated."""
    found = {key: value for key, value in environ.items() if key != "PULUMI_CONFIG_PASSPHRASE_FILE"}
    if "PULUMI_DEBUG_PROVIDERS" not in found:
        found.pop("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", None)
    return {
        **found,
        "PULUMI_BACKEND_URL": state.folder.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_DEBUG_COMMANDS": "true",
    }
