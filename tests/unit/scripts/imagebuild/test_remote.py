"""Pushing to another registry: what is asked of the engine, and what each of its answers means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from components import images
from scripts.imagebuild import remote
from scripts.toolchain import docker, paths
from scripts.toolchain.process import Failure

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
TAG = images.tag("api")
DIGEST = f"sha256:{'ab' * 32}"
UNKNOWN = f"Error response from daemon: manifest for {ECR}/penguinmails/api:{TAG} not found: manifest unknown"


@dataclass
class Engine:
    """A Docker engine whose commands answer as they are told. `answers`: subcommand -> what it fails with."""

    answers: dict[str, str] = field(default_factory=dict)
    built: bool = True
    ran: list[Sequence[str]] = field(default_factory=list)

    def logged(self, command: Sequence[str], log: str, **_: Any) -> None:
        self.ran.append(command[1:])
        paths.log_dir().mkdir(parents=True, exist_ok=True)
        said = self.answers.get(command[1], "")
        (paths.log_dir() / f"{log}.log").write_text(f"$ {' '.join(command)}\n{said}\n")
        if said:
            raise Failure(f"The image cannot be pushed: {said}")

    def must(self, *arguments: str, explain: str, timeout: float = 120) -> str:
        self.ran.append(arguments)
        return ""

    def output(self, *arguments: str, timeout: float = 60) -> str:
        reference = arguments[-1].rpartition(":")[0]
        return json.dumps([f"localhost:5000/penguinmails/api@sha256:{'cd' * 32}", f"{reference}@{DIGEST}"])


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    made = Engine()
    monkeypatch.setattr(paths, "log_dir", lambda: tmp_path)
    monkeypatch.setattr(remote, "logged", made.logged)
    monkeypatch.setattr(docker, "must", made.must)
    monkeypatch.setattr(docker, "output", made.output)
    monkeypatch.setattr(docker, "has_image", lambda _: made.built)
    monkeypatch.setattr(docker, "inspect", lambda *_: ["arm64"])
    return made


def push(to: str = ECR) -> remote.Pushed:
    return remote.push("api", remote.Target.of(to, "api"), lambda: None)


def test_an_absent_tag_is_pushed_and_named_by_the_registrys_own_digest(engine: Engine) -> None:
    engine.answers["pull"] = UNKNOWN
    done = push()
    name = f"{ECR}/penguinmails/api:{TAG}"
    wanted = [("pull", name), ("tag", images.reference("api"), name), ("push", name)]
    assert [tuple(one) for one in engine.ran] == wanted
    assert done == remote.Pushed("api", f"{ECR}/penguinmails/api@{DIGEST}", TAG, DIGEST, "arm64", pushed=True)


def test_a_tag_that_is_there_stays_as_it_is(engine: Engine) -> None:
    assert not push().pushed
    assert [one[0] for one in engine.ran] == ["pull"]


def test_nothing_is_asked_for_an_image_that_is_not_built(engine: Engine) -> None:
    engine.built = False
    with pytest.raises(Failure, match="run `scripts/images build api`"):
        push()
    assert engine.ran == []


@pytest.mark.parametrize(
    ("command", "said", "sentence"),
    [
        (
            "pull",
            "Error response from daemon: Head: no basic auth credentials",
            "aws ecr get-login-password --region eu-central-1",
        ),
        ("push", "denied: Your authorization token has expired. Reauthenticate", f"docker login --username AWS .* {ECR}$"),
        ("push", "name unknown: The repository with name 'x' does not exist in the registry", "scripts/backend aws makes"),
        ("pull", f"dial tcp: lookup {ECR}: no such host", "No registry answers"),
        ("push", "blob upload invalid", "cannot be pushed: blob upload invalid"),
        ("pull", "toomanyrequests: slow down", "cannot be asked: toomanyrequests"),
    ],
)
def test_what_a_registry_answers_is_one_sentence(engine: Engine, command: str, said: str, sentence: str) -> None:
    engine.answers = {"pull": UNKNOWN} | {command: said}
    with pytest.raises(Failure, match=sentence) as caught:
        push()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("to", "name"),
    [
        (ECR, f"{ECR}/penguinmails/api"),
        (f"{ECR}/other/place", f"{ECR}/other/place"),
        ("localhost:5000", "localhost:5000/penguinmails/api"),
        ("localhost/mine", "localhost/mine"),
    ],
)
def test_where_an_image_goes(to: str, name: str) -> None:
    assert remote.Target.of(to, "api").name == name


@pytest.mark.parametrize(
    "to", ["", "penguinmails/api", f"{ECR}/penguinmails/api:tag", f"{ECR}/api@{DIGEST}", f"{ECR}/A", "a b.c/d"]
)
def test_what_is_no_repository_is_refused(to: str) -> None:
    with pytest.raises(Failure, match="is no repository: write <registry>/<repository> without a tag"):
        remote.Target.of(to, "api")


def test_other_registries_have_the_plain_login() -> None:
    assert remote.Target.of("registry.example.com/a", "api").login == "docker login registry.example.com"
