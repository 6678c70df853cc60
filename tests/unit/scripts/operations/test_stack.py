"""Reading a stack's file: the shipped ones are good, and what is wrong with another is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.operations import stack
from scripts.operations.engine import _sentence
from scripts.toolchain.process import Failure

ROOT = Path(__file__).resolve().parents[4]


def _write(root: Path, text: str) -> None:
    (root / "stacks").mkdir()
    (root / "stacks" / "Pulumi.mine.yaml").write_text(text)


@pytest.mark.parametrize("name", stack.names())
def test_a_shipped_stack_can_be_deployed_and_holds_no_secret(name: str) -> None:
    read = stack.read(name)
    assert read.name == name
    assert "encryptionsalt" not in read.file.read_text()
    assert "secure:" not in read.file.read_text()


def test_a_bare_date_is_found_in_the_file(tmp_path: Path) -> None:
    text = (ROOT / "stacks" / "Pulumi.docker-local.yaml").read_text()
    _write(tmp_path, text.replace("command: [api]", "environment: { SINCE: 2026-12-31 }"))
    with pytest.raises(
        Failure, match=r'platform.services.api.environment.SINCE: a date needs quotes in YAML; write "2026-12-31"'
    ):
        stack.read("mine", tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("config: [", "is not valid YAML"),
        ("{}", "has no value penguinmails:platform"),
        ("config:\n  penguinmails:platform: 5\n", "platform: should be a mapping, not 5"),
    ],
)
def test_a_file_without_a_platform_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    _write(tmp_path, text)
    with pytest.raises(Failure, match=sentence):
        stack.read("mine", tmp_path)


def test_what_a_target_does_not_give_is_refused_before_anything_starts(tmp_path: Path) -> None:
    text = (ROOT / "stacks" / "Pulumi.docker-local.yaml").read_text()
    _write(tmp_path, text.replace("size: small", "size: small\n      high_availability: true"))
    with pytest.raises(Failure, match=r"platform.database.high_availability: is not given on docker yet"):
        stack.read("mine", tmp_path)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: incorrect passphrase", "The passphrase does not fit this stack"),
        ("error: the stack is currently locked by 1 lock(s)", "Another run has this stack"),
        ("write /x: no space left on device", "The disk is full"),
        ("error: something else", "pulumi up failed: something else"),
    ],
)
def test_an_error_of_the_engine_becomes_a_sentence(output: str, sentence: str) -> None:
    assert _sentence(output, "pulumi up failed").startswith(sentence)
