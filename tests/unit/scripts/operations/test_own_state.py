"""The archive of a stack's own state: whole, for its owner alone, bounded in number, made again only when something differs."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.operations import engine, own_state, up
from scripts.operations.stack import Stack, read
from scripts.toolchain.process import Failure

PHRASE = "of the backups"
VARIABLE, FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"


class State:
    """What the engine exports: encrypted anew each time, with the time of the run."""

    def __init__(self) -> None:
        self.runs = 0
        self.port = 443

    def quiet(self, *arguments: str, stack: str) -> str:
        assert arguments == ("stack", "export")
        self.runs += 1
        secret = {own_state._MARK: "1b47", "ciphertext": f"v1:{self.runs}"}
        resources = [{"id": "a", "inputs": {"port": self.port, "password": secret}}]
        return json.dumps({"deployment": {"manifest": {"time": self.runs}, "resources": resources}})


class Clock:
    """A second passes with each look."""

    now_ = datetime(2026, 11, 24, tzinfo=UTC)

    def now(self, _: Any) -> datetime:
        self.now_ += timedelta(seconds=1)
        return self.now_


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    found = State()
    monkeypatch.setattr(engine, "quiet", found.quiet)
    monkeypatch.setattr(own_state, "datetime", Clock())
    monkeypatch.setattr(own_state, "ITERATIONS", 1000)
    return found


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setenv("PENGUINMAILS_STATE", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    phrase = tmp_path / "phrase"
    phrase.write_text("of the file\n")
    monkeypatch.setenv(FILE, str(phrase))
    found = read("docker-local")
    file = tmp_path / found.file.name
    file.write_text("encryptionsalt: v1:x\n")
    return replace(found, file=file)


def opened(archive: Path) -> dict[str, bytes]:
    command = own_state.opening(archive).split(" | ")[0].split()
    plain = subprocess.run([*command, "-pass", f"pass:{PHRASE}"], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def test_all_that_brings_the_stack_back_is_in_it(state: State, stack: Stack) -> None:
    archive = own_state.write(stack, PHRASE)
    assert archive.stat().st_mode & 0o077 == 0
    found = opened(archive)
    assert json.loads(found.pop("state.json"))["deployment"]["resources"][0]["id"] == "a"
    assert found == {f"stacks/{stack.file.name}": b"encryptionsalt: v1:x\n", "passphrase": b"of the file\n"}


def test_a_passphrase_in_a_variable_is_in_it_too(state: State, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "of the variable")  # the engine takes it first
    assert opened(own_state.write(stack, PHRASE))["passphrase"] == b"of the variable"


def test_a_passphrase_that_is_nowhere_is_said(state: State, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE, "/no/such/file")
    with pytest.raises(Failure, match="The engine's passphrase cannot be kept: set PULUMI_CONFIG_PASSPHRASE_FILE"):
        own_state.write(stack, PHRASE)
    stack.file.write_text("secretsprovider: awskms://x\n")
    assert "passphrase" not in opened(own_state.write(stack, PHRASE))


def test_only_a_change_makes_another_archive(state: State, stack: Stack) -> None:
    first = own_state.write_changed(stack, PHRASE)
    assert first is not None
    assert own_state.write_changed(stack, PHRASE) is None
    state.port = 8443
    second = own_state.write_changed(stack, PHRASE)
    assert second not in {None, first}
    stack.file.write_text("encryptionsalt: v1:x\nmore: 1\n")
    third = own_state.write_changed(stack, PHRASE)
    assert third is not None
    assert own_state.write(stack, PHRASE) != third  # asked for by a person
    assert own_state.write_changed(stack, PHRASE) is None
    for archive in third.parent.glob("*.enc"):
        archive.unlink()
    assert own_state.write_changed(stack, PHRASE) is not None


def test_their_number_is_bounded(state: State, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_state, "KEPT", 3)
    made = [own_state.write(stack, PHRASE) for _ in range(5)]
    assert sorted(made[0].parent.glob("*.enc")) == made[2:]
    assert all(file.stat().st_mode & 0o077 == 0 for file in made[0].parent.iterdir())


def test_up_keeps_it_where_there_are_backups(state: State, stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    without = replace(stack, spec=stack.spec.model_copy(update={"backup": None}))
    up._keep_own_state(without, {})
    assert state.runs == 0
    kept = replace(stack, spec=stack.spec.model_copy(update={"backup": object()}))
    up._keep_own_state(kept, {"backupPassphrase": PHRASE})
    assert len(own_state._archives(stack)) == 1
    up._keep_own_state(kept, {"backupPassphrase": ""})
    assert "The stack's own state was not backed up: The secret backupPassphrase is missing" in capsys.readouterr().err
