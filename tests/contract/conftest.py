"""The program on a target with the engine mocked: every resource that it registers, with its inputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime import mocks

from components import contract, stackfile, targets
from components.docker import pki
from components.platform import Platform, PlatformArgs
from components.spec import PlatformSpec
from scripts.simulation.server.references import strings
from tests.harness import mocked
from tests.harness.foundation.build import foundation
from tests.harness.simulated import Simulated
from tests.harness.targets import PACKAGES, is_whole

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-7c1f0b"
DAY = date(2026, 2, 3)


@dataclass
class Deployment:
    """What a description became."""

    resources: list[mocks.MockResourceArgs]
    outputs: dict[str, Any]

    def of(self, suffix: str) -> list[mocks.MockResourceArgs]:
        return [resource for resource in self.resources if resource.typ.endswith(suffix)]


def stack_names() -> list[str]:
    return [file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in sorted(ROOT.glob("stacks/Pulumi.*.yaml"))]


def stack_text(name: str) -> str:
    content = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{name}.yaml").read_text())
    return json.dumps(content["config"]["penguinmails:platform"])


@pytest.fixture(scope="session")
def authority() -> str:
    return pki.authority_bundle(pki.new_authority("test", datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.fixture
def deploy(authority: str) -> Callable[..., Deployment]:
    """Deploys a description, on a day."""

    def run(spec: PlatformSpec, today: date = DAY) -> Deployment:
        recorder = Simulated()
        recorder.direct.assume(PACKAGES[spec.target.value], sorted(strings(spec.model_dump(mode="json"))))
        found = mocked.run(recorder, mocked.Monitor(recorder), lambda: program(spec, authority, today))
        return Deployment(recorder.resources, found)

    return run


def program(spec: PlatformSpec, authority: str, today: date = DAY) -> Mapping[str, pulumi.Output[Any]]:
    """The whole platform; of a target that is being built the foundation."""
    target = targets.choose(spec.target)
    secrets = {
        key.name: pulumi.Output.secret(authority if key.kind == "authority" else f"{CANARY}-{key.name}")
        for key in target.secret_keys(spec)
    }
    node = spec.docker.node if spec.docker else None
    identity = contract.Identity("penguinmails", "test", spec.environment, node)
    if not is_whole(target):
        return foundation(spec, target, identity, secrets).exports()
    return Platform("penguinmails", PlatformArgs(spec, target, identity, secrets, today)).outputs


@pytest.fixture
def parse() -> Callable[[str], PlatformSpec]:
    return lambda name: stackfile.parse(stack_text(name))
