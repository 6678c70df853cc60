"""The engine is run again when a service ended slowly, and for no other reason."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
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


def test_the_engine_works_behind_the_platform_in_a_session_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pulumi"
    program.write_text(f"#!/bin/sh\n{{ nice; ps -o sid= -p $$; echo $$; cat /proc/self/autogroup; }} > {tmp_path}/seen\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    engine.quiet("version", stack="a", folder=tmp_path)
    nice, session, process, *group = (tmp_path / "seen").read_text().split()
    assert (nice, session) == ("19", process)
    assert not group or group[-1] == "19"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Whoever starts the tests in the background has them ignore Ctrl+C, and all that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.timeout(30)
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_is_handed_on_to_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second ends it, as the second does in a terminal."""
    program = tmp_path / "pulumi"
    program.write_text(
        "#!/bin/bash\ntrap 'echo asked >> asked; [ $(wc -l < asked) -lt 2 ] || exit 1' INT\n"
        "touch began\nwhile true; do read -r -t 0.1 <> <(:); done\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def interrupt() -> None:
        for times in (1, 2):
            while not (tmp_path / "began").exists() or (times == 2 and not (tmp_path / "asked").exists()):
                time.sleep(0.05)
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(engine.CutOff, match="Interrupted"):
        engine.shown("up", stack="a", folder=tmp_path)
    thread.join()
    assert (tmp_path / "asked").read_text() == "asked\nasked\n"


def test_an_engine_whose_output_nobody_reads_was_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pulumi").write_text("#!/bin/sh\nkill -PIPE $$\n")
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(engine.CutOff, match=r"\(SIGPIPE\): run the same command again"):
        engine.shown("up", stack="a", folder=tmp_path, once_more=engine.SLOW_END)


def test_where_nothing_is_waited_for_there_is_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pulumi(tmp_path, monkeypatch, engine.SLOW_END, good=2)
    with pytest.raises(Failure):
        engine.shown("up", stack="a", folder=tmp_path)
    assert _runs(tmp_path) == 1
