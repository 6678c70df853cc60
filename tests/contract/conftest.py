"""The program on a target with the engine mocked: every resource that it registers, with its inputs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func

from components import contract, stackfile, targets
from components.docker import pki
from components.platform import Platform, PlatformArgs
from components.spec import PlatformSpec
from scripts.simulation.server.references import strings
from tests.harness import loops
from tests.harness.foundation.build import foundation
from tests.harness.simulated import Simulated
from tests.harness.targets import PACKAGES, is_whole

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-7c1f0b"


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
def deploy(authority: str) -> Callable[[PlatformSpec], Deployment]:
    def run(spec: PlatformSpec) -> Deployment:
        recorder = Simulated()
        recorder.direct.assume(PACKAGES[spec.target.value], sorted(strings(spec.model_dump(mode="json"))))
        found: dict[str, Any] = {}

        def program() -> None:
            target = targets.choose(spec.target)
            secrets = {
                key.name: pulumi.Output.secret(authority if key.kind == "authority" else f"{CANARY}-{key.name}")
                for key in target.secret_keys(spec)
            }
            node = spec.docker.node if spec.docker else None
            identity = contract.Identity("penguinmails", "test", spec.environment, node)
            if not is_whole(target):
                found.update(foundation(spec, target, identity, secrets))
                return
            args = PlatformArgs(spec, target, identity, secrets, date(2026, 2, 3))
            found.update(Platform("penguinmails", args).outputs)

        async def everything() -> None:
            await run_pulumi_func(program)
            for name, output in found.items():
                found[name] = await output.future()

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        pulumi.runtime.set_mocks(recorder, project="penguinmails", stack="test", preview=False)
        try:
            loop.run_until_complete(everything())
        except Exception:
            if recorder.refused:
                raise AssertionError("; ".join(recorder.refused)) from None
            raise
        finally:
            loops.end(loop)
        return Deployment(recorder.resources, found)

    return run


@pytest.fixture
def parse() -> Callable[[str], PlatformSpec]:
    return lambda name: stackfile.parse(stack_text(name))
