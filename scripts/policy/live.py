"""What a live stack's own record of itself says to the rules, without the engine's program and without its clouds.

The inputs in the state are what rules read in a preview. A state that no whole run has left is not judged: what is half done
would be called right or wrong by chance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from policies.judging import Verdict, judge_all
from policies.model import AnyRule, Resource
from scripts.operations import engine
from scripts.operations.stack import Stack
from scripts.policy.events import Kind, PolicyFinding
from scripts.simulation.server.wire import SECRET
from scripts.simulation.values import SIGNATURE, UNKNOWN, Value
from scripts.toolchain.process import Failure

_KINDS: Final[Mapping[str, Kind]] = {"violation": "violation"}
_NOT_MADE_HERE: Final = ("external", "delete")
"""Marks of what is only read, and of what waits to be removed."""


def export(stack: Stack, *, sealed: bool) -> Sequence[Resource]:
    """The resources of a stack as its state has them. `sealed`: secrets stay encrypted, and are not known to the rules.

    Decrypted ones are in the memory of this process only. Raises `Failure` for a stack that is not there, has nothing, or
    whose last run did not come to its end.
    """
    if (stack.folder / "run.json").exists():
        raise Failure(f"A run of scripts/up has {stack.name}, or was cut off: wait for it, or run scripts/up {stack.name}.")
    try:
        text = engine.quiet("stack", "export", *(() if sealed else ("--show-secrets",)), stack=stack.name)
    except Failure as failure:
        if "no stack named" in str(failure):
            raise Failure(f"{stack.name} is not in this backend: name another, or run scripts/up {stack.name}.") from None
        raise
    deployment = json.loads(text).get("deployment") or {}
    _whole(stack, deployment)
    return resources(deployment)


def _whole(stack: Stack, deployment: Mapping[str, Any]) -> None:
    """Raises `Failure` unless the last run left all that it wanted."""
    if deployment.get("pending_operations"):
        raise Failure(f"The last run of {stack.name} was cut off: run scripts/up {stack.name} --recover, then this again.")
    if not deployment.get("resources"):
        raise Failure(f"Nothing of {stack.name} is deployed: run scripts/up {stack.name}, then this again.")
    history = json.loads(
        engine.quiet("stack", "history", "--output", "json", "--page-size", "1", "--page", "1", stack=stack.name)
    )
    last = history[0] if history else {}
    if last.get("result") != "succeeded":
        said = f"ended as {last['result']}" if last.get("result") else "is not known to the backend"
        raise Failure(
            f"The last {last.get('kind', 'run')} of {stack.name} {said}: run scripts/up {stack.name}, then this again."
        )


def resources(deployment: Mapping[str, Any]) -> list[Resource]:
    """What exists, by its inputs."""
    return [
        Resource(str(each["type"]), _plain(each.get("inputs") or {}), str(each["urn"]), _plain(each.get("outputs") or {}))
        for each in deployment.get("resources") or ()
        if not any(each.get(mark) for mark in _NOT_MADE_HERE)
    ]


def _plain(value: Any) -> Value:
    """Values as rules see them: secrets without their wrapping, encrypted ones UNKNOWN, whole numbers int."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return _plain(json.loads(value["plaintext"])) if "plaintext" in value else UNKNOWN
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def judged(rules: Iterable[AnyRule], found: Sequence[Resource]) -> list[PolicyFinding]:
    """What the rules say, as the engine's events would have it."""
    return [_finding(verdict) for verdict in judge_all(rules, found)]


def _finding(verdict: Verdict) -> PolicyFinding:
    message = f"{verdict.path}: {verdict.sentence}" if verdict.path else verdict.sentence
    kind = _KINDS.get(verdict.kind, "could_not_evaluate")
    return PolicyFinding("", verdict.rule.name, verdict.rule.level, verdict.urn, message, kind)
