"""Policy packs in the real engine: what it reports of them, and that nothing they say holds a value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policies import baseline
from scripts.policy.compose import compose
from scripts.policy.events import PolicyFinding, verdicts
from scripts.toolchain import paths
from tests.harness import targets
from tests.preview.conftest import Platform, Run

SECRET = "canary-e07f-secret"

PROGRAM = f"""\
import pulumi
import pulumi_docker as docker

provider = pulumi.ResourceOptions(provider=docker.Provider("host", host="unix:///var/run/docker.sock"))
password = pulumi.Output.secret({SECRET!r})
image = docker.RemoteImage("image", name="localhost:5000/penguinmails/api:1", opts=provider)
for name in ("first", "second"):
    docker.Service(
        name,
        name=name,
        task_spec=docker.ServiceTaskSpecArgs(
            container_spec=docker.ServiceTaskSpecContainerSpecArgs(
                image=image.repo_digest,
                env={{"DB_PASSWORD": password, "PLAIN": pulumi.Output.concat("amqps://u:", password, "@h")}},
            )
        ),
        opts=provider,
    )
"""

FOREIGN = f"""\
import os
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def unknown(args, report):
    if args.resource_type == "docker:index/service:Service":
        args.props["taskSpec"]["containerSpec"].get("image")


def leaks(args, report):
    if args.name == "first":
        report(args.props["taskSpec"]["containerSpec"]["env"]["DB_PASSWORD"])


def raises(args, report):
    if args.name == "second":
        raise KeyError({SECRET!r})


PolicyPack("foreign", [ResourceValidationPolicy(f.__name__, "A rule.", f, EnforcementLevel.MANDATORY) for f in CHOSEN])
"""

RAISING = f"""\
import sys

sys.path.insert(0, {str(paths.ROOT)!r})
from pulumi_policy import PolicyPack

from policies.model import Rule
from policies.serving import policy


def check(resource, values):
    raise KeyError(resource.properties["taskSpec"]["containerSpec"]["env"]["DB_PASSWORD"])
    yield


rule = Rule("raises", "A rule.", "high", "mandatory", ("SOC 2 CC6.1",), "Mend it.", ("docker:index/service:Service",), check)
PolicyPack("raising", [policy(rule, enforce=True)])
"""


@pytest.fixture
def wrong(platform: Callable[..., Platform], tmp_path: Path) -> Platform:
    """Two services that break nearly every rule and hold a secret in two variables."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    stack = platform(targets.base("docker"))
    stack.program = program
    return stack


def events(stack: Platform) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (stack.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def pack(folder: Path, source: str) -> str:
    """A pack that is not this kit's."""
    folder.mkdir()
    (folder / "__main__.py").write_text(source, encoding="utf-8")
    runtime = {"name": "python", "options": {"virtualenv": str(paths.VENV)}}
    (folder / "PulumiPolicy.yaml").write_text(json.dumps({"name": folder.name, "version": "0.1.0", "runtime": runtime}))
    return str(folder)


def kinds(found: list[PolicyFinding]) -> set[tuple[str, str, str]]:
    return {(each.kind, each.rule, each.urn.rpartition("::")[2]) for each in found}


def preview(stack: Platform, folder: str | Path) -> Run:
    return stack.run("preview", "--policy-pack", str(folder))


def up(stack: Platform, folder: str | Path) -> Run:
    return stack.up("--policy-pack", str(folder))


@pytest.mark.parametrize("name", targets.NAMES)
def test_the_platform_breaks_no_rule_and_the_up_judges_what_the_preview_could_not(
    platform: Callable[..., Platform], tmp_path: Path, name: str
) -> None:
    stack = platform(targets.base(name))
    folder = compose(["baseline"], tmp_path / "packs")
    first = preview(stack, folder)
    assert first.code == 0, first.text[-4000:]
    before = events(stack)
    assert {(each.kind, each.fails) for each in verdicts(before)} == {("could_not_evaluate", True)}
    second = up(stack, folder)
    assert second.code == 0, second.text[-4000:]
    assert verdicts([*before, *events(stack)]) == []


def test_a_preview_finds_everything_and_fails_without_saying_a_value(wrong: Platform, tmp_path: Path) -> None:
    done = preview(wrong, compose(["baseline"], tmp_path / "packs"))
    assert done.code != 0
    found = verdicts(events(wrong))
    broken = {(rule, name) for kind, rule, name in kinds(found) if kind == "violation"}
    expected = {
        "containers-are-limited",
        "containers-are-not-root",
        "containers-are-read-only",
        "containers-end-in-peace",
        "containers-have-no-privileges",
        "growth-has-an-end",
        "labelled",
        "no-plain-secrets",
        "nothing-gets-a-public-address",
        "releases-roll-back",
        "services-are-logged",
    }
    assert broken == {(rule, name) for rule in expected for name in ("first", "second")}
    assert {each.level for each in found if each.rule != "growth-has-an-end"} == {"mandatory"}
    paths_said = {each.message.partition(": ")[0] for each in found if each.rule == "no-plain-secrets"}
    assert paths_said == {'taskSpec.containerSpec.env["DB_PASSWORD"]', 'taskSpec.containerSpec.env["PLAIN"]'}
    assert SECRET not in done.text + json.dumps(events(wrong)) + repr(found)


def test_an_up_goes_on_to_its_end_only_where_nothing_is_enforced(wrong: Platform, tmp_path: Path) -> None:
    stopped = up(wrong, compose(["baseline"], tmp_path / "strict"))
    assert stopped.code != 0
    judged = {each.urn.rpartition("::")[2] for each in verdicts(events(wrong)) if each.rule == "labelled"}
    assert judged < {"first", "second"}
    done = up(wrong, compose(["baseline"], tmp_path / "mild", enforce=False))
    assert done.code == 0, done.text[-4000:]
    found = verdicts(events(wrong))
    assert {each.urn.rpartition("::")[2] for each in found} == {"first", "second"}
    assert {(each.kind, each.level) for each in found} == {("violation", "mandatory"), ("violation", "advisory")}
    assert SECRET not in done.text + json.dumps(events(wrong)) + repr(found)


def test_a_rule_of_this_kit_that_raises_is_named_and_leaks_nothing(wrong: Platform, tmp_path: Path) -> None:
    done = preview(wrong, pack(tmp_path / "raising", RAISING))
    assert done.code != 0
    found = verdicts(events(wrong))
    assert kinds(found) == {("could_not_evaluate", "raises", "first"), ("could_not_evaluate", "raises", "second")}
    assert {each.message for each in found} == {"the rule could not be evaluated: KeyError at __main__.py:11"}
    assert SECRET not in done.text + json.dumps(events(wrong)) + repr(found)


def test_unknown_values_in_another_pack_end_with_exit_code_0_but_fail_here(wrong: Platform, tmp_path: Path) -> None:
    done = preview(wrong, pack(tmp_path / "unknown", FOREIGN.replace("CHOSEN", "(unknown,)")))
    assert done.code == 0, done.text[-4000:]
    found = verdicts(events(wrong))
    assert kinds(found) == {("could_not_evaluate", "unknown", "first"), ("could_not_evaluate", "unknown", "second")}
    assert all(each.fails for each in found)


def test_what_another_pack_says_and_raises_is_reported_without_its_text(wrong: Platform, tmp_path: Path) -> None:
    done = preview(wrong, pack(tmp_path / "foreign", FOREIGN.replace("CHOSEN", "(leaks, raises)")))
    assert done.code != 0
    assert SECRET in json.dumps(events(wrong)), "the engine hides it by now: what another pack says can be passed on"
    found = verdicts(events(wrong))
    assert ("error", "", "second") in kinds(found)
    assert kinds(found) <= {("error", "", "second"), ("violation", "leaks", "first")}
    assert SECRET not in repr(found)


def test_a_pack_that_does_not_start_is_an_error(wrong: Platform, tmp_path: Path) -> None:
    done = preview(wrong, pack(tmp_path / "dead", f"import missing_{SECRET.replace('-', '_')}"))
    assert done.code != 0
    [found] = verdicts(events(wrong))
    assert (found.kind, found.message) == ("error", "no policy pack was started: ModuleNotFoundError")


def test_a_pack_of_this_kit_is_started_from_its_own_folder(wrong: Platform) -> None:
    done = preview(wrong, paths.ROOT / "policies" / "baseline")
    assert done.code != 0
    found = verdicts(events(wrong))
    assert {each.pack for each in found} == {"baseline"}
    assert {each.rule for each in found} <= {rule.name for rule in baseline.RULES}
