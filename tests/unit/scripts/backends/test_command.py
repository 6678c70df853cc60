"""The command around the engine: what it asks, what it refuses, what it prints."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scripts.backends import operate
from scripts.backends import state as local
from scripts.backends.__main__ import app
from scripts.backends.operate import Plan
from scripts.backends.sentences import sentence
from scripts.backends.state import PROJECT, STACK, Asked, State
from scripts.previews.events import Change, Trouble
from scripts.toolchain.process import Failure

OUTPUTS = {
    "account": "111122223333",
    "region": "eu-central-1",
    "bucket": "b",
    "backend_url": "s3://b?region=eu-central-1&awssdk=v2",
    "secrets_provider": "awskms://alias/x?region=eu-central-1",
    "deployer_policy_arn": "arn:aws:iam::111122223333:policy/p",
    "repositories": {"api": "host/penguinmails/api"},
}
CHANGE = Change("urn::state", "aws:s3/bucket:Bucket", "state", "", "create", (), (), "", counted=True)


def written(folder: Path, outputs: Mapping[str, Any] = OUTPUTS) -> State:
    state = State(folder)
    stack = {"type": "pulumi:pulumi:Stack", "outputs": outputs}
    state.backend.fill({"resources": [stack, {"type": "aws:s3/bucket:Bucket", "custom": True}]})
    return state


def command(folder: Path, *more: str, given: str = "") -> Any:
    arguments = ["aws", "--region", "eu-central-1", "--state", str(folder), *more]
    return CliRunner().invoke(app, arguments, input=given)


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(operate, "plan", lambda *_: Plan([CHANGE], []))
    monkeypatch.setattr(operate, "apply", lambda *_: done.append("apply"))
    monkeypatch.setattr(operate, "remove", lambda *_: done.append("remove"))
    monkeypatch.setattr(operate, "held", lambda *_: [])
    return done


def test_nothing_is_made_without_a_yes(tmp_path: Path, applied: list[str]) -> None:
    written(tmp_path)
    assert "Nothing was changed" in str(command(tmp_path, given="n\n").exception)
    assert applied == []
    assert command(tmp_path, given="y\n").exit_code == 0
    assert applied == ["apply"]


def test_the_next_commands_are_printed(tmp_path: Path, applied: list[str]) -> None:
    written(tmp_path)
    said = command(tmp_path, "--yes").stdout
    assert f"export PULUMI_BACKEND_URL='{OUTPUTS['backend_url']}'" in said
    assert f"pulumi stack init aws-production --secrets-provider='{OUTPUTS['secrets_provider']}'" in said
    assert "scripts/images push api --to host/penguinmails/api" in said
    found = json.loads(command(tmp_path, "--yes", "--json").stdout.splitlines()[-1])
    assert {key: found[key] for key in OUTPUTS} == OUTPUTS
    assert found["state"] == str(tmp_path)


def test_a_backend_that_holds_stacks_stays(tmp_path: Path, applied: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    monkeypatch.setattr(operate, "held", lambda *_: ["aws-production", "aws-staging"])
    refused = command(tmp_path, "--remove", "--yes")
    assert isinstance(refused.exception, Failure)
    assert "holds the state of aws-production, aws-staging: destroy each" in str(refused.exception)
    assert applied == []


def test_removing_says_what_is_lost_and_needs_a_yes(tmp_path: Path, applied: list[str]) -> None:
    written(tmp_path)
    asked = command(tmp_path, "--remove")
    assert "with every old version of every state" in asked.stderr
    assert "run it again with --yes" in str(asked.exception)
    assert applied == []
    assert command(tmp_path, "--remove", "--yes").exit_code == 0
    assert applied == ["remove"]


def test_what_is_not_known_here_is_not_removed(tmp_path: Path, applied: list[str]) -> None:
    assert "which takes over what is there" in str(command(tmp_path, "--remove", "--yes").exception)


def test_a_state_belongs_to_one_account(tmp_path: Path) -> None:
    state = written(tmp_path)
    assert operate.known(Asked("n", "r"), state).account == "111122223333"
    with pytest.raises(Failure, match="is of the account 111122223333; give another folder with --state"):
        operate.known(Asked("n", "r", "444455556666"), state)


@pytest.mark.parametrize(
    ("code", "said", "printed", "found"),
    [
        (0, "", '[{"name": "b"}, {"name": "a"}]', ["a", "b"]),
        (0, "", "", []),
        (255, "error: ... NoSuchBucket: The specified bucket does not exist", "", []),
    ],
)
def test_pulumi_itself_lists_the_stacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str, printed: str, found: list[str]
) -> None:
    asked: list[Mapping[str, str]] = []

    def run(command: list[str], env: Mapping[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(env)
        return subprocess.CompletedProcess(command, code, printed, said)

    monkeypatch.setattr(subprocess, "run", run)
    assert operate.held(written(tmp_path), {}) == found
    assert asked[0]["PULUMI_BACKEND_URL"] == OUTPUTS["backend_url"]


def test_a_bucket_that_cannot_be_listed_is_not_taken_for_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = subprocess.CompletedProcess([], 255, "", "error: AccessDenied")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refused)
    with pytest.raises(Failure, match="cannot be listed, so nothing is removed: AccessDenied"):
        operate.held(written(tmp_path), {})


def test_the_engine_gets_the_persons_credentials_and_this_backend(tmp_path: Path) -> None:
    own = {"AWS_PROFILE": "team", "PULUMI_BACKEND_URL": "s3://other", "PULUMI_CONFIG_PASSPHRASE_FILE": "/f"}
    offline = {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}
    found = local.variables(State(tmp_path), {**own, **offline})
    assert found["AWS_PROFILE"] == "team"
    assert found["PULUMI_BACKEND_URL"] == tmp_path.as_uri()
    assert found["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert not {"PULUMI_CONFIG_PASSPHRASE_FILE", *offline} & set(found)
    assert offline.items() <= local.variables(State(tmp_path), {**offline, "PULUMI_DEBUG_PROVIDERS": "aws:1"}).items()


def test_the_project_holds_no_more_than_was_asked() -> None:
    with local.project(Asked("n", "r", "111122223333"), removing=True) as folder:
        text = (folder / "stacks" / f"Pulumi.{STACK}.yaml").read_text()
        assert (folder / "__main__.py").is_symlink()
    for line in ("name: n", "region: r", "removing: 'true'", "adopt: 'false'"):
        assert f"{PROJECT}:{line}" in text
    assert not folder.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no resource plugin 'pulumi-resource-aws' found", "run `pulumi plugin install resource aws 7"),
        ("BucketAlreadyExists: The requested bucket name", "belongs to another account: choose another --name"),
        ("User is not authorized to perform: kms:CreateKey on", "may not do kms:CreateKey"),
        ("ExpiredToken: The security token", "There are no valid credentials"),
        ("the stack is currently locked by 1 lock(s)", "Another run works on this backend"),
        ("something new", "The backend cannot be planned: something new"),
    ],
)
def test_what_aws_says_becomes_a_sentence(said: str, told: str) -> None:
    assert told in sentence([Trouble("preview", "", "", said)] * 2, Asked("n", "eu-central-1"))
