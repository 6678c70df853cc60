"""A restore stops the platform and starts it again, whatever fails between; what an earlier one left is believed no longer than
it is true."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.operations import keeper, reach, restore
from scripts.operations.stack import Stack, read
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

RUNNING = {"autoscaler": 1, "edge": 1, "api": 2, "worker": 1, "migration": 1, "pooler": 1, "database": 1}


class Swarm:
    """Copies of services; one in `stuck` does not stop."""

    def __init__(self, stack: Stack) -> None:
        self.copies = dict(RUNNING)
        self.stuck: set[str] = set()
        self.waited: list[float] = []
        self._roles = {keeper.service(stack, role): role for role in RUNNING}

    def must(self, *arguments: str, explain: str) -> str:
        for name, count in (wanted.split("=") for wanted in arguments[3:]):
            role = self._roles[name]
            if role not in self.stuck or count != "0":
                self.copies[role] = int(count)
        return ""

    def output(self, *arguments: str) -> str | None:
        if arguments[0] == "service":
            role = self._roles.get(arguments[-1])
            return None if role is None else str(self.copies[role])
        role = arguments[-1].rpartition("=")[2]
        return "Up 5 seconds\n" * self.copies[role]

    def wait(self, condition: Any, seconds: float) -> bool:
        self.waited.append(seconds)
        return bool(condition())


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setenv("PENGUINMAILS_STATE", str(tmp_path))
    return read("docker-local")


@pytest.fixture
def swarm(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Swarm:
    found = Swarm(stack)
    monkeypatch.setattr(docker, "must", found.must)
    monkeypatch.setattr(docker, "output", found.output)
    monkeypatch.setattr(reach, "wait", found.wait)
    monkeypatch.setattr(keeper, "say", lambda _: None)
    monkeypatch.setattr(keeper, "ask", lambda _, command, *__: {"trouble": None, "command": command})
    return found


def test_all_that_was_stopped_runs_again(stack: Stack, swarm: Swarm) -> None:
    counts = restore.Counts(stack)
    assert restore._down_and_up(stack, counts, "latest", [])["command"] == "restore"
    assert swarm.copies == RUNNING
    assert not (stack.folder / "restore.json").exists()


@pytest.mark.parametrize("role", ["api", "pooler", "database"])
def test_what_does_not_stop_keeps_nothing_stopped(stack: Stack, swarm: Swarm, role: str) -> None:
    swarm.stuck.add(role)
    with pytest.raises(Failure, match=role):
        restore._down_and_up(stack, restore.Counts(stack), "latest", [])
    assert swarm.copies == RUNNING


def test_a_keeper_that_refuses_keeps_nothing_stopped(stack: Stack, swarm: Swarm, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Failure("A drill runs already.")

    monkeypatch.setattr(keeper, "ask", busy)
    with pytest.raises(Failure, match="A drill runs already"):
        restore._down_and_up(stack, restore.Counts(stack), "latest", [])
    assert swarm.copies == RUNNING


def test_both_reasons_are_said_when_something_does_not_start_either(
    stack: Stack, swarm: Swarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale = restore._scale

    def scaled(stack: Stack, counts: Mapping[str, int]) -> None:
        scale(stack, counts)
        if counts.get("pooler"):
            raise Failure("The pooler does not start.")

    monkeypatch.setattr(restore, "_scale", scaled)
    swarm.stuck.add("api")
    with pytest.raises(Failure, match=r"api.*The pooler does not start\."):
        restore._down_and_up(stack, restore.Counts(stack), "latest", [])
    assert (stack.folder / "restore.json").exists()


def test_a_service_may_take_its_whole_grace_period(stack: Stack, swarm: Swarm) -> None:
    services = dict(stack.spec.services)
    services["api"] = services["api"].model_copy(update={"grace_period_seconds": 120})
    patient = replace(stack, spec=stack.spec.model_copy(update={"services": services}))
    restore._scale(patient, {"api": 0})
    assert swarm.waited[-1] > 120


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ({}, {}),  # brought up again by another run since
        ({"api": 5}, {"api": 5}),  # scaled since
        ({"api": 0, "worker": 0}, {"api": 3, "worker": 4}),  # cut off: as many as ran before
    ],
)
def test_what_an_earlier_restore_left(stack: Stack, swarm: Swarm, now: dict[str, int], wanted: dict[str, int]) -> None:
    stack.folder.mkdir(parents=True)
    (stack.folder / "restore.json").write_text(json.dumps({**RUNNING, "api": 3, "worker": 4, "gone": 1}))
    swarm.copies.update(now)
    assert restore.Counts(stack).roles == {**RUNNING, **wanted}


def test_what_cannot_be_shipped_is_said_before_anybody_agrees(
    stack: Stack, swarm: Swarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(keeper, "say", said.append)
    monkeypatch.setattr(keeper, "stack_with_backups", lambda _: stack)
    monkeypatch.setattr(keeper, "ask", lambda *_: {"trouble": "No way to it.", "target": "latest"})
    with pytest.raises(Failure, match="is not the stack's name; nothing was changed"):
        restore.restore(stack.name, "latest", "another", None)
    assert said == ["What was not shipped yet cannot be: No way to it."]


def test_a_file_that_was_cut_off_is_of_no_use(stack: Stack, swarm: Swarm) -> None:
    stack.folder.mkdir(parents=True)
    (stack.folder / "restore.json").write_text('{"api": 3, "wor')
    assert restore.Counts(stack).roles == RUNNING
