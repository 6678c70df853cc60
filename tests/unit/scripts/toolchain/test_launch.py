"""Which commands let the platform's containers go first."""

import os
import runpy
import sys
from pathlib import Path

import pytest

from scripts.toolchain import launch


@pytest.mark.parametrize(
    ("module", "leader", "lowered"),
    [
        ("scripts.operations.up", True, True),
        ("scripts.operations.up", False, False),
        ("scripts.previews", True, False),
    ],
)
def test_an_operation_gives_way_where_it_has_a_session_to_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, leader: bool, lowered: bool
) -> None:
    weight, ran = tmp_path / "autogroup", []
    monkeypatch.setattr(launch, "AUTOGROUP", weight)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid() if leader else 1)
    monkeypatch.setattr(launch, "environment", lambda: dict(os.environ))
    monkeypatch.setattr(sys, "argv", ["launch", module, "--help"])
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: ran.append((name, weight.exists())))
    launch.main()
    assert ran == [(module, lowered)]


def test_a_system_without_such_sessions_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launch, "AUTOGROUP", tmp_path / "nowhere" / "autogroup")
    launch.give_way()
