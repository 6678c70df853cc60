"""The state of a live stack as rules see it, and which states are not judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.model import Finding, Resource, Rule, Undecided, Values, Violation, at
from scripts.operations import engine
from scripts.operations import stack as stacks
from scripts.operations.stack import Stack
from scripts.policy import live
from scripts.simulation.server.wire import SECRET
from scripts.simulation.values import SIGNATURE, UNKNOWN
from scripts.toolchain.process import Failure

CANARY = "canary-7c1e"
URN = "urn:pulumi:docker-local::penguinmails::aws:sqs/queue:Queue::a"
QUEUE: dict[str, Any] = {
    "urn": URN,
    "type": "aws:sqs/queue:Queue",
    "custom": True,
    "inputs": {
        "name": "a",
        "delaySeconds": 3.0,
        "key": {SIGNATURE: SECRET, "plaintext": json.dumps({"value": CANARY})},
        "sealed": [{SIGNATURE: SECRET, "ciphertext": "v1:a:b"}],
    },
}
SUCCEEDED = [{"kind": "update", "result": "succeeded"}]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stack:
    monkeypatch.setattr(Stack, "folder", tmp_path)
    return stacks.read("docker-local")


def answer(monkeypatch: pytest.MonkeyPatch, deployment: Any, history: Any = SUCCEEDED) -> list[tuple[str, ...]]:
    asked = list[tuple[str, ...]]()

    def quiet(*arguments: str, stack: str) -> str:
        assert stack == "docker-local"
        asked.append(arguments)
        return json.dumps(history if arguments[1] == "history" else {"version": 3, "deployment": deployment})

    monkeypatch.setattr(engine, "quiet", quiet)
    return asked


def check(resource: Resource, values: Values) -> Iterator[Finding]:
    for path in ("key.value", "sealed[0]"):
        value = at(resource.properties, path)
        yield Undecided(path) if value is UNKNOWN else Violation(path, "leave it out")


def broken(resource: Resource, values: Values) -> Iterator[Finding]:
    yield from ()
    raise KeyError(at(resource.properties, "key.value"))


def rule(name: str, function: Any) -> Rule:
    return Rule(
        name=name,
        description="A rule.",
        severity="high",
        level="mandatory",
        controls=(),
        remediation="Mend it.",
        resources=("aws:sqs/queue:Queue",),
        check=function,
    )


def test_secrets_are_decrypted_in_memory_and_encrypted_ones_are_unknown(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch, {"resources": [QUEUE]})
    [found] = live.export(stack, sealed=False)
    assert asked[0] == ("stack", "export", "--show-secrets")
    assert (found.token, found.urn) == (QUEUE["type"], URN)
    assert found.properties == {"name": "a", "delaySeconds": 3, "key": {"value": CANARY}, "sealed": [UNKNOWN]}
    assert isinstance(found.properties["delaySeconds"], int)
    live.export(stack, sealed=True)
    assert asked[2] == ("stack", "export")


def test_what_is_only_read_and_what_waits_to_be_removed_is_left_out() -> None:
    assert live.resources({"resources": [{**QUEUE, "external": True}, {**QUEUE, "delete": True}]}) == []
    assert live.resources({}) == []


def test_a_rule_that_lacks_a_value_or_raises_could_not_be_evaluated_and_nothing_says_a_value() -> None:
    found = live.judged([rule("look", check), rule("raise", broken)], live.resources({"resources": [QUEUE]}))
    assert {(each.rule, each.kind) for each in found} == {
        ("look", "violation"),
        ("look", "could_not_evaluate"),
        ("raise", "could_not_evaluate"),
    }
    assert all(each.fails and each.urn == URN for each in found)
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    ("deployment", "history", "sentence"),
    [
        ({"resources": [QUEUE], "pending_operations": [{}]}, SUCCEEDED, "was cut off: run scripts/up docker-local --recover"),
        (
            {"resources": [QUEUE]},
            [{"kind": "update", "result": "failed"}],
            "The last update of docker-local ended as failed: run",
        ),
        ({"resources": [QUEUE]}, [{"kind": "destroy", "result": "failed"}], "The last destroy of docker-local ended as failed"),
        ({"resources": [QUEUE]}, [{"kind": "update", "result": "in-progress"}], "ended as in-progress: run scripts/up"),
        ({"resources": [QUEUE]}, [], "The last run of docker-local is not known to the backend: run scripts/up docker-local"),
        ({"resources": []}, SUCCEEDED, "Nothing of docker-local is deployed: run scripts/up docker-local"),
        (None, SUCCEEDED, "Nothing of docker-local is deployed"),
    ],
)
def test_a_stack_whose_last_run_did_not_come_to_its_end_is_refused_with_what_to_run(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, deployment: Any, history: Any, sentence: str
) -> None:
    answer(monkeypatch, deployment, history)
    with pytest.raises(Failure, match=sentence) as failure:
        live.export(stack, sealed=False)
    assert "\n" not in str(failure.value)


def test_a_run_that_is_under_way_or_was_killed_is_refused(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, {"resources": [QUEUE]})
    (stack.folder / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Failure, match="A run of scripts/up has docker-local, or was cut off"):
        live.export(stack, sealed=False)


def test_a_stack_that_the_backend_does_not_know_is_told_with_what_to_do(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def quiet(*_arguments: str, stack: str) -> str:
        raise Failure(f"pulumi stack failed: no stack named '{stack}' found")

    monkeypatch.setattr(engine, "quiet", quiet)
    with pytest.raises(Failure, match="docker-local is not in this backend"):
        live.export(stack, sealed=False)
