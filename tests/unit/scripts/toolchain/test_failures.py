"""What cannot be done is one sentence that says what to do; never a traceback."""

import io
import sys
from pathlib import Path

import pytest

from scripts.toolchain import __main__ as setup
from scripts.toolchain import apt, base_image, docker, engine, process, registry
from scripts.toolchain.process import Failure
from scripts.toolchain.progress import Progress
from scripts.toolchain.steps import Step

QUIET = Progress(io.StringIO(), quiet=True)


def test_a_failed_command_says_its_last_line_and_where_the_rest_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.paths, "log_dir", lambda: tmp_path)
    command = [sys.executable, "-c", "print('first'); print('the reason'); raise SystemExit(3)"]
    with pytest.raises(Failure) as failure:
        process.logged(command, "it", tick=lambda: None, explain="It failed")
    assert str(failure.value) == f"It failed: the reason (exit code 3; all of it is in {tmp_path / 'it.log'})."


def test_a_program_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.paths, "log_dir", lambda: tmp_path)
    with pytest.raises(Failure, match=r"It failed: /no/such cannot be run \(No such file or directory\)\."):
        process.logged(["/no/such"], "it", tick=lambda: None, explain="It failed")


def test_packages_are_named_where_they_cannot_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    with pytest.raises(Failure, match=r"Docker is missing and this is no Debian or Ubuntu: install .* docker\.io\."):
        apt.install(["docker.io"], QUIET, need="Docker")
    monkeypatch.setattr(apt.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(apt.os, "geteuid", lambda: 1000)
    with pytest.raises(Failure, match=r"run `sudo apt-get install docker\.io` and then scripts/setup again\."):
        apt.install(["docker.io"], QUIET, need="Docker")


def test_an_engine_elsewhere_is_not_started_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://host:2376")
    with pytest.raises(Failure, match=r"engine at tcp://host:2376 does not answer: start it, or unset DOCKER_HOST\."):
        engine._explain_unreachable()


def test_a_socket_that_one_may_not_use_is_told_from_one_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(engine, "SOCKET", tmp_path / "docker.sock")
    monkeypatch.setattr(engine.os, "geteuid", lambda: 1000)
    with pytest.raises(Failure, match=r"not running: start it as root"):
        engine._explain_unreachable()
    (tmp_path / "docker.sock").touch()
    monkeypatch.setattr(engine.os, "access", lambda path, mode: False)
    with pytest.raises(Failure, match=r"add yourself to the group docker"):
        engine._explain_unreachable()


@pytest.mark.parametrize(
    ("state", "control", "sentence"),
    [("locked", "false", "a Swarm that is locked"), ("active", "false", "worker of a Swarm")],
)
def test_an_existing_swarm_is_never_changed(state: str, control: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "swarm_state", lambda: state)
    monkeypatch.setattr(docker, "output", lambda *arguments, **_: control)
    monkeypatch.setattr(docker, "must", lambda *arguments, **_: pytest.fail("the Swarm was touched"))
    with pytest.raises(Failure, match=sentence):
        engine._join_swarm()


def test_the_base_image_needs_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_image.shutil, "which", lambda *_, **__: "/usr/sbin/debootstrap")
    monkeypatch.setattr(base_image, "KEYRING", Path(__file__))
    monkeypatch.setattr(base_image.os, "geteuid", lambda: 1000)
    with pytest.raises(Failure, match=r"sudo scripts/setup --only base-image"):
        base_image._bootstrap(QUIET)


def test_a_port_that_something_else_holds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(registry, "PORT", taken.getsockname()[1])
        with pytest.raises(Failure, match=r"is taken by something that is no registry: free it\."):
            registry._refuse_taken_port()


def step(missing: list[str | None], outcome: str | Exception) -> Step:
    def provide(_: Progress) -> str:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Step("one", "One thing", False, lambda: missing.pop(0), provide)


def test_setup_reports_a_failure_as_its_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PENGUINMAILS_STATE", str(tmp_path))
    monkeypatch.setattr(setup, "STEPS", (step(["absent"], Failure("It is missing: get it.")),))
    assert setup.main([]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "setup: It is missing: get it."


def test_check_changes_nothing_and_its_code_says_whether_all_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse = step(["absent", None], AssertionError("changed something"))
    monkeypatch.setattr(setup, "STEPS", (refuse,))
    assert setup.main(["--check"]) == 1
    assert "One thing: absent" in capsys.readouterr().err
    assert setup.main(["--check"]) == 0
