"""A stack's file and its description, read without the engine so that a mistake is found before anything starts."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components import stackfile, targets
from components.capabilities import refusals
from components.spec import PlatformSpec, TargetName
from scripts.toolchain import paths
from scripts.toolchain.process import Failure

PROJECT = "penguinmails"
DEFAULT = "docker-local"


@dataclass(frozen=True)
class Stack:
    """A stack by its name, with the file that describes it and what is kept about it on this machine."""

    name: str
    file: Path
    spec: PlatformSpec

    @property
    def is_here(self) -> bool:
        """Whether the Docker engine runs on this machine; another's ports, disk and edge cannot be seen from here."""
        if self.spec.target is not TargetName.DOCKER:
            return False
        return self.spec.docker is None or self.spec.docker.host.startswith("unix://")

    @property
    def folder(self) -> Path:
        """Holds the API key and the authority's certificate, for the person who runs this platform."""
        return paths.state_dir() / "platforms" / self.name


def names(root: Path = paths.ROOT) -> list[str]:
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in (root / "stacks").glob("Pulumi.*.yaml"))


def read(name: str, root: Path = paths.ROOT) -> Stack:
    """Reads and checks the description of a stack.

    Raises `Failure` with one sentence for each mistake.
    """
    file = root / "stacks" / f"Pulumi.{name}.yaml"
    if not file.is_file():
        raise Failure(f"There is no stack {name}: choose one of {', '.join(names(root))}, or write stacks/{file.name}.")
    try:
        content = load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise Failure(f"stacks/{file.name} is not valid YAML{where}.") from None
    config = content.get("config") if isinstance(content, dict) else None
    platform = config.get(f"{PROJECT}:platform") if isinstance(config, dict) else None
    if platform is None:
        raise Failure(f"stacks/{file.name} has no value {PROJECT}:platform under config.")
    try:
        spec = stackfile.parse(json.dumps(platform, default=_plain))
        problems = refusals(spec, targets.choose(spec.target))
        if problems:
            raise stackfile.StackFileError(problems)
    except stackfile.StackFileError as error:
        raise Failure(f"stacks/{file.name} cannot be deployed:\n" + "\n".join(f"  {line}" for line in error.problems)) from None
    return Stack(name, file, spec)


class _Loader(yaml.SafeLoader):
    """Leaves what looks like a day and is none (2026-13-31) as the text that it is."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def load(text: str) -> Any:
    """The values of a stack file. Raises `yaml.YAMLError` for what is no YAML."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 a SafeLoader


def _plain(value: Any) -> str:
    """A bare date as the engine would give it to the program, which then asks for quotes."""
    if isinstance(value, dt.date):
        return f"{value.isoformat()[:10]}T00:00:00Z"
    return str(value)
