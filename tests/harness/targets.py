"""The targets that are held to the contract, each with a right description to begin with. A new target is one more entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from components import targets
from components.capabilities import ALWAYS, refusals
from components.spec import PlatformSpec, TargetName
from components.target import Target, Unsupported
from tests.harness.foundation import build

ROOT: Final = Path(__file__).resolve().parents[2]


def stack(name: str) -> dict[str, Any]:
    """The description of a shipped stack."""
    content = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = content["config"]["penguinmails:platform"]
    return found


BASES: Final[Mapping[str, Mapping[str, Any]]] = {
    "docker": stack("docker-local"),
    "aws": {**stack("aws-development"), "aws": {"region": "eu-central-1"}},
}
NAMES: Final = tuple(BASES)
PACKAGES: Final[Mapping[str, str]] = {"docker": "docker", "aws": "aws", "azure": "azure-native", "gcp": "gcp"}
"""Target -> the provider that its resources belong to."""


def base(name: str, **sections: Any) -> dict[str, Any]:
    """A right description for a target, with whole sections replaced."""
    return {**json.loads(json.dumps(BASES[name])), **sections}


def target(name: str) -> Target:
    return targets.choose(TargetName(name))


def is_whole(found: Target) -> bool:
    """Whether a target has all that every platform needs; of one that is being built only the foundation is deployed."""
    return not any(isinstance(getattr(found, capability), Unsupported) for capability in ALWAYS)


def refused(spec: PlatformSpec) -> list[str]:
    """What the target of a description refuses in it; of one that is being built, what its foundation refuses."""
    found = targets.choose(spec.target)
    return refusals(spec, found) if is_whole(found) else build.refusals(spec, found)


FOUNDATION: Final = ("environment", "database", "queues", "aws", "docker")
"""Sections that the foundation of a target that is being built honours."""


def is_awaited(name: str, path: str) -> bool:
    """Whether a field belongs to what a target does not have yet, so that the target as a whole is refused."""
    return not is_whole(target(name)) and (
        path.split(".", maxsplit=1)[0] not in FOUNDATION or path.startswith("database.pooling")
    )


def missing(spec: PlatformSpec) -> list[str]:
    """Everything that the target refuses, missing capabilities too."""
    return refusals(spec, targets.choose(spec.target))
