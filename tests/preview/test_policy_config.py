"""Settings of a pack by the engine's own option, `--policy-pack-config`, as with plain `pulumi up`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.policy.events import PolicyFinding, verdicts
from scripts.toolchain import paths
from tests.harness import targets
from tests.preview.conftest import Platform, Run

PACK = str(paths.ROOT / "policies" / "baseline")
PROGRAM = """\
import pulumi
import pulumi_docker as docker

docker.Service(
    "quick",
    name="quick",
    task_spec=docker.ServiceTaskSpecArgs(
        container_spec=docker.ServiceTaskSpecContainerSpecArgs(image="a@sha256:" + "0a" * 32, stop_grace_period="20s")
    ),
    opts=pulumi.ResourceOptions(provider=docker.Provider("host", host="unix:///var/run/docker.sock")),
)
"""


@pytest.fixture
def previewed(platform: Callable[..., Platform], tmp_path: Path) -> Callable[[Any], tuple[Run, list[PolicyFinding]]]:
    program = tmp_path / "program"
    program.mkdir()
    (program / "__main__.py").write_text(PROGRAM, encoding="utf-8")

    def preview(config: Any) -> tuple[Run, list[PolicyFinding]]:
        file = tmp_path / "config.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        stack = platform(targets.base("docker"))
        stack.program = program
        done = stack.run("preview", "--policy-pack", PACK, "--policy-pack-config", str(file))
        log = (stack.folder / "events.jsonl").read_text(encoding="utf-8") if (stack.folder / "events.jsonl").exists() else ""
        found = verdicts([json.loads(line) for line in log.splitlines()])
        return done, [each for each in found if each.rule == "containers-end-in-peace"]

    return preview


def test_a_setting_changes_what_a_rule_accepts(previewed: Callable[[Any], tuple[Run, list[PolicyFinding]]]) -> None:
    assert previewed({})[1] == []
    [found] = previewed({"containers-end-in-peace": {"minimum_seconds": 30}})[1]
    assert "give it 30 s at least" in found.message


@pytest.mark.parametrize("value", [0, "long", 500, 12.5])
def test_a_bad_setting_fails_and_names_the_field(
    previewed: Callable[[Any], tuple[Run, list[PolicyFinding]]], value: Any
) -> None:
    done, _ = previewed({"containers-end-in-peace": {"minimum_seconds": value}})
    assert done.code != 0
    assert "minimum_seconds" in done.text
