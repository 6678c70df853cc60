"""A run that was killed is noticed by its mark; what outlived it is ended, and a run that goes on is left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from scripts.operations import engine, recovery
from scripts.operations.stack import Stack, read
from scripts.toolchain import docker as docker_command
from scripts.toolchain.process import Failure


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setenv("PENGUINMAILS_STATE", str(tmp_path))
    return read("docker-local")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Commands that the engine and Docker would get."""
    commands: list[tuple[str, ...]] = []

    def quiet(*arguments: str, stack: str) -> str:
        commands.append(arguments)
        return json.dumps({"deployment": {"resources": [{"id": "known", "type": "x"}]}})

    def docker(*arguments: str) -> str:
        commands.append(arguments)
        if arguments[1] == "ls":
            return f"known {arguments[0]}-x" if arguments[0] in {"service", "secret"} else ""
        return "\n".join(arguments[4:]) if arguments[1] == "inspect" else arguments[-1]

    monkeypatch.setattr(engine, "quiet", quiet)
    monkeypatch.setattr(engine, "shown", quiet)
    monkeypatch.setattr(docker_command, "output", docker)
    return commands


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """A process of the run "a-run" that is called plugin, and one that is called pulumi."""
    children = []
    for name in ("plugin", "pulumi"):
        shutil.copy("/bin/sleep", tmp_path / name)
        children.append(subprocess.Popen([str(tmp_path / name), "60"], env={recovery.VARIABLE: f"run-of-{name}"}))
    yield children
    for child in children:
        child.kill()
        child.wait()


def _mark(stack: Stack, run: str, pid: int = 1, began: str | None = "0") -> Path:
    stack.folder.mkdir(parents=True)
    file = stack.folder / "run.json"
    file.write_text(json.dumps({"run": run, "pid": pid, "began": began}))
    return file


def test_a_run_leaves_no_mark_and_mends_nothing(stack: Stack, asked: list[tuple[str, ...]]) -> None:
    with recovery.run(stack) as mended:
        assert not mended
        assert (stack.folder / "run.json").exists()
        assert recovery.VARIABLE in os.environ
    assert list(stack.folder.iterdir()) == []
    assert asked == []


def test_a_killed_run_is_mended_and_what_nobody_knows_removed(
    stack: Stack, asked: list[tuple[str, ...]], sleeper: Sequence[subprocess.Popen[bytes]], capsys: pytest.CaptureFixture[str]
) -> None:
    _mark(stack, "run-of-plugin")
    with recovery.run(stack) as mended:
        assert mended
        assert sleeper[0].wait(5) != 0
        assert sleeper[1].poll() is None
    assert ("cancel", "--yes") in asked
    assert ("refresh", "--yes", "--skip-preview", "--clear-pending-creates") in asked
    removed = [command for command in asked if command[1] == "rm"]
    assert removed[0] == ("service", "rm", "service-x")
    assert removed[-1] == ("secret", "rm", "secret-x")
    assert "The last run was cut off" in capsys.readouterr().err
    assert not (stack.folder / "run.json").exists()


def test_an_engine_that_was_ended_is_mended_by_the_next_run(stack: Stack, asked: list[tuple[str, ...]]) -> None:
    with pytest.raises(engine.CutOff), recovery.run(stack):
        raise engine.CutOff("ended")
    assert recovery.VARIABLE not in os.environ
    left = json.loads((stack.folder / "run.json").read_text())
    (stack.folder / "run.json").write_text(json.dumps({**left, "pid": 1, "began": "0"}))
    with recovery.run(stack) as mended:
        assert mended
    assert ("cancel", "--yes") in asked
    assert list(stack.folder.iterdir()) == []


def test_a_run_that_fails_by_itself_leaves_no_mark(stack: Stack) -> None:
    with pytest.raises(Failure), recovery.run(stack):
        raise Failure("no such image")
    assert list(stack.folder.iterdir()) == []


def test_an_engine_that_still_works_is_left_alone(
    stack: Stack, asked: list[tuple[str, ...]], sleeper: Sequence[subprocess.Popen[bytes]]
) -> None:
    mark = _mark(stack, "run-of-pulumi")
    with pytest.raises(Failure, match="still works"), recovery.run(stack):
        pass
    assert sleeper[1].poll() is None
    assert mark.exists()
    assert asked == []


def test_another_run_is_waited_for(stack: Stack, sleeper: Sequence[subprocess.Popen[bytes]]) -> None:
    pid = sleeper[0].pid
    _mark(stack, "run-of-plugin", pid, recovery._began(pid))
    with pytest.raises(Failure, match=f"process {pid}"), recovery.run(stack):
        pass
    assert sleeper[0].poll() is None


def test_a_mark_that_was_half_written_is_one_of_a_killed_run(stack: Stack, asked: list[tuple[str, ...]]) -> None:
    _mark(stack, "x").write_text('{"run"')
    with recovery.run(stack) as mended:
        assert mended
