"""Commands of the engine: at once, within a time, and with nothing left running; `pulumi` is a script here."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from scripts.previews.run import Command, read, together
from scripts.toolchain.process import Failure


def command(folder: Path, script: str, phase: str = "preview") -> Command:
    programs = folder / phase
    programs.mkdir()
    program = programs / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return Command(phase, ["up"], folder, {"PATH": f"{programs}:{os.environ['PATH']}", "PIDS": str(folder / "pids")}, folder)


def test_each_has_its_code_text_and_events_in_the_order_given(tmp_path: Path) -> None:
    slow = command(tmp_path, "sleep 0.3; echo slow; exit 3", "slow")
    fast = command(tmp_path, 'echo \'{"sequence": 0, "cancelEvent": {}}\' > "$4"; echo fast', "fast")
    first, second = together([slow, fast], 20, lambda: None)
    assert (first.phase, first.code, first.text) == ("slow", 3, "slow\n")
    assert (second.code, second.events) == (0, [{"sequence": 0, "cancelEvent": {}}])
    assert 0.3 <= first.seconds < 5


def test_a_time_limit_ends_it_with_all_that_it_started(tmp_path: Path) -> None:
    script = 'sleep 60 & echo $! >> "$PIDS"; echo $$ >> "$PIDS"; wait'
    with pytest.raises(Failure, match="The preview took longer than 1 s and was ended"):
        together([command(tmp_path, script)], 1, lambda: None)
    assert_gone(tmp_path / "pids", 2)


def test_an_interruption_ends_it_too(tmp_path: Path) -> None:
    def interrupted() -> None:
        if (tmp_path / "pids").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        together([command(tmp_path, 'sleep 60 & echo $! > "$PIDS"; wait')], 20, interrupted)
    assert_gone(tmp_path / "pids", 1)


def assert_gone(file: Path, number: int) -> None:
    processes = file.read_text(encoding="utf-8").split()
    assert len(processes) == number
    until = time.monotonic() + 5
    while any(_runs(process) for process in processes) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [process for process in processes if _runs(process)]


def _runs(process: str) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False


def test_an_engine_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    missing = Command("preview", [], tmp_path, {"PATH": str(tmp_path)}, tmp_path)
    with pytest.raises(Failure, match=r"pulumi cannot be run .*: run scripts/setup"):
        together([missing], 5, lambda: None)


def test_events_without_the_sdks_own_notes_and_without_a_line_that_was_cut_off(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text('{"a": 1}\n{"diagnosticEvent": {"severity": "debug"}}\n{"b": ', encoding="utf-8")
    assert read(log) == [{"a": 1}]
    assert read(tmp_path / "none") == []
