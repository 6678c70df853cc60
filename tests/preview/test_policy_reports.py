"""scripts/preview and scripts/policies with policy packs, as a person or a CI runs them, by the real engine."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.policy.formats import Format
from scripts.simulation.server.faults import Fault
from tests.harness import targets
from tests.harness.checkout import MINIMAL, Checkout, copied
from tests.preview.conftest import CANARY as SECRET
from tests.preview.conftest import NAME, PASSPHRASE, Platform
from tests.unit.scripts.policy import test_ci_files as ci

CANARY = "canary-9e3b"
STACK = "stacks/Pulumi.docker-local.yaml"
SWARM = Path("components/docker/swarm.py")
RAISING = """

from policies.model import Rule as _Rule


def _raises(resource, values):
    raise KeyError(str(resource.properties))
    yield


RULES = (
    *RULES,
    _Rule(
        name="raises",
        description="A rule with a mistake.",
        severity="low",
        level="mandatory",
        controls=("SOC 2 CC6.1",),
        remediation="Mend the rule.",
        resources=("docker:index/network:Network",),
        check=_raises,
    ),
)
"""
WAIVERS = [
    {
        "rule": "containers-have-no-privileges",
        "resource": "penguinmails-worker-*",
        "reason": "moves next week",
        "owner": "worker team",
        "expires": "2099-01-01",
    },
    {
        "rule": "labelled",
        "resource": "penguinmails-gone",
        "reason": "was moved",
        "owner": "network team",
        "expires": "2099-01-01",
    },
    {
        "rule": "no-plain-secrets",
        "resource": "penguinmails-api-*",
        "reason": "until the vault",
        "owner": "api team",
        "expires": "2020-01-31",
    },
]


def variables_of(checkout: Checkout) -> dict[str, str]:
    return {**MINIMAL, "TMPDIR": str(checkout.temporary)}


def put(checkout: Checkout, key: str, value: Any) -> None:
    file = checkout.folder / STACK
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["config"][key] = value
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def append(checkout: Checkout, file: str, text: str) -> None:
    path = checkout.folder / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@dataclass
class Told:
    """All that one run said. `files`: each format."""

    code: int
    files: dict[Format, str]
    errors: str

    @property
    def stack(self) -> dict[str, Any]:
        return dict(json.loads(self.files[Format.JSON])["stacks"][0])

    def found(self, rule: str) -> dict[str, dict[str, Any]]:
        """Logical name -> finding of a rule."""
        return {each["urn"].rpartition("::")[2]: each for each in self.stack["policies"] if each["rule"] == rule}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One run over a stack with broken rules, a rule that raises, exceptions, and canaries in plain and secret values."""
    checkout = copied(tmp_path_factory.mktemp("wrong") / "checkout")
    checkout.change(SWARM, 'cap_drops=["ALL"],', "cap_drops=[],")
    checkout.change(STACK, "command: [worker]", f"command: [worker, {CANARY}-plain]")
    checkout.change(STACK, "public_path: /", f"public_path: /\n        environment: {{ VAULT_PASSWORD: {CANARY}-password }}")
    append(checkout, "policies/baseline/__init__.py", RAISING)
    soon = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    waivers = [{**each, "expires": each["expires"].replace("2099-01-01", soon)} for each in WAIVERS]
    put(checkout, "penguinmails:policies", {"waivers": waivers})
    also = {form: checkout.temporary / f"report.{form}" for form in Format}
    done = checkout.run(
        "--quick", "--format", "json", *(part for form, file in also.items() for part in ("--also", f"{form}={file}"))
    )
    files = {form: file.read_text(encoding="utf-8") for form, file in also.items()}
    assert done.stdout == files[Format.JSON]
    return Told(done.returncode, files, done.stderr)


@pytest.mark.timeout(200)
def test_no_format_and_no_progress_says_a_value(wrong: Told) -> None:
    assert wrong.code == 1
    assert "penguinmails-api-copies" in wrong.found("no-plain-secrets")
    for form, text in wrong.files.items():
        assert CANARY not in text, form
        assert "placeholder-" not in text, form
    assert CANARY not in wrong.errors
    assert "placeholder-" not in wrong.errors


def test_exceptions_cover_expire_and_warn(wrong: Told) -> None:
    assert wrong.found("containers-have-no-privileges")["penguinmails-worker-copies"]["waived"] is True
    assert wrong.found("containers-have-no-privileges")["penguinmails-api-copies"]["waived"] is False
    assert wrong.found("no-plain-secrets")["penguinmails-api-copies"]["waived"] is False
    assert [each["state"] for each in wrong.stack["waivers"]] == ["used", "unused", "expired"]
    for form, text in wrong.files.items():
        for waiver in WAIVERS:
            assert waiver["owner"] in text, form
            assert waiver["reason"] in text, form


def test_a_rule_that_raises_is_named_and_never_green(wrong: Told) -> None:
    found = wrong.found("raises")
    assert len(found) > 1
    assert {(each["kind"], each["level"]) for each in found.values()} == {("could_not_evaluate", "mandatory")}
    assert all("KeyError at __init__.py" in each["message"] for each in found.values())


def test_a_finding_points_to_the_line_of_its_service(wrong: Told) -> None:
    found = wrong.found("no-plain-secrets")["penguinmails-api-copies"]
    assert (found["file"], found["path"]) == (STACK, "platform.services.api")
    assert found["severity"] in {"critical", "high"}
    assert found["remediation"]
    assert found["controls"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"rule": "kpet"}, "policies.waivers[0].rule"),
        ({"reason": ""}, "policies.waivers[0].reason"),
        ({"expires": "2027-02-30"}, "policies.waivers[0].expires"),
        ({"expires": "2099-01-01"}, "policies.waivers[0].expires"),
    ],
)
def test_a_bad_waiver_is_refused_before_anything_runs(checkout: Checkout, change: dict[str, str], path: str) -> None:
    put(checkout, "penguinmails:policies", {"waivers": [{**WAIVERS[2], **change}]})
    found = checkout.told(code=1)
    assert [(each["phase"], each["path"]) for each in found["errors"]] == [("description", path)]
    assert found["seconds"] == {}


def test_packs_that_do_not_start_are_told_and_never_green(checkout: Checkout) -> None:
    append(checkout, "policies/serving.py", f"\nraise RuntimeError('{CANARY}')\n")
    done = checkout.run("--quick", "--format", "json")
    assert done.returncode == 1
    [stack] = json.loads(done.stdout)["stacks"]
    assert ("error", "no policy pack was started: RuntimeError") in {(e["kind"], e["message"]) for e in stack["policies"]}
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.timeout(200)
def test_a_live_stack_is_judged_by_its_state_and_one_that_ended_half_way_is_refused(
    running: Callable[..., Platform], checkout: Checkout
) -> None:
    live = running(targets.base("docker"))
    assert SECRET not in live.state()
    config = {"config": {"penguinmails:platform": live.description}}
    (checkout.folder / "stacks" / f"Pulumi.{NAME}.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    variables = {
        "PULUMI_BACKEND_URL": (live.folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE.passphrase,
    }

    def judged(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(checkout.folder / "scripts" / "policies"), NAME, *arguments]
        return subprocess.run(
            command, env={**variables_of(checkout), **variables}, capture_output=True, text=True, timeout=60, check=False
        )

    done = judged("--format", "json")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    [stack] = json.loads(done.stdout)["stacks"]
    assert (stack["ok"], stack["policies"]) == (True, [])
    sealed = judged("--format", "json", "--sealed")
    assert {each["kind"] for each in json.loads(sealed.stdout)["stacks"][0]["policies"]} <= {"could_not_evaluate"}
    assert SECRET not in done.stdout + done.stderr + sealed.stdout
    live.description["services"]["api"]["environment"] = {"LOG_LEVEL": "debug"}
    live.faults = [Fault("update", "docker:index/service:Service", "fail")]
    assert live.up().code != 0
    refused = judged()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "ended as failed: run scripts/up" in refused.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("file", ci.SCHEMAS, ids=lambda file: file.name)
def test_the_commands_of_the_files_for_ci_work_without_a_secret(checkout: Checkout, file: Path) -> None:
    _, *commands = ci.commands(file)
    for command in commands:
        done = subprocess.run(
            shlex.split(command), cwd=checkout.folder, env=variables_of(checkout), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        for each in [word.partition("=")[2] for word in command.split() if "=" in word]:
            assert (checkout.folder / each).stat().st_size > 1000
