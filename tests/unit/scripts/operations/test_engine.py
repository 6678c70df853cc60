"""The engine is run again when a service ended slowly, and for no other reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.operations import engine
from scripts.toolchain.process import Failure

PULUMI = """#!/bin/bash
echo run >> "{folder}/runs"
while [ $# -gt 0 ]; do [ "$1" = --event-log ] && events=$2; shift; done
[ -n "$events" ] && [ "$PULUMI_DEBUG_COMMANDS" = true ] && echo "{event}" > "$events"
[ "$(wc -l < "{folder}/runs")" -ge {good} ]
"""


def _pulumi(folder: Path, monkeypatch: pytest.MonkeyPatch, event: str, good: int) -> None:
    program = folder / "pulumi"
    program.write_text(PULUMI.format(folder=folder, event=event, good=good))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def _runs(folder: Path) -> int:
    return len((folder / "runs").read_text().splitlines())


def test_a_service_that_ends_slowly_costs_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pulumi(tmp_path, monkeypatch, engine.SLOW_END, good=3)
    engine.shown("destroy", stack="a", folder=tmp_path, once_more=engine.SLOW_END)
    assert _runs(tmp_path) == 3


@pytest.mark.parametrize(("event", "runs"), [("something else", 1), (engine.SLOW_END, engine.ATTEMPTS)])
def test_other_failures_are_told_at_once_and_slow_ends_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: str, runs: int
) -> None:
    _pulumi(tmp_path, monkeypatch, event, good=99)
    with pytest.raises(Failure, match="pulumi up failed"):
        engine.shown("up", stack="a", folder=tmp_path, once_more=engine.SLOW_END)
    assert _runs(tmp_path) == runs


def test_where_nothing_is_waited_for_there_is_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pulumi(tmp_path, monkeypatch, engine.SLOW_END, good=2)
    with pytest.raises(Failure):
        engine.shown("up", stack="a", folder=tmp_path)
    assert _runs(tmp_path) == 1
