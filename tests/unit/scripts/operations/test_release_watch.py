"""The watch over a release before a Docker of its own: it looks alone, outlives errors that pass, and tells those that last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from scripts.operations import engine, release, remains
from scripts.operations import release_source as source
from scripts.operations.release_source import Copy, Update
from scripts.operations.stack import Stack, read
from scripts.toolchain.process import Failure


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Two public services; looks that follow each other at once, and windows of a second."""
    for name, value in {"_LOOK_SECONDS": 0.01, "_PAUSE_SECONDS": 0.01, "WINDOW_SECONDS": 1, "UNSEEN_SECONDS": 30}.items():
        monkeypatch.setattr(release, name, value, raising=False)
    monkeypatch.setattr(source, "edge_log", lambda *_: nullcontext())
    monkeypatch.setattr(source, "engine_answers", lambda: True, raising=False)
    monkeypatch.setattr(source, "copies", lambda *_: [])
    monkeypatch.setattr(source, "roll_back", lambda *_: None)
    monkeypatch.setattr(remains, "remove", lambda _: [])
    monkeypatch.setattr(remains, "forget", lambda _: 0)
    monkeypatch.setattr(engine, "quiet", lambda *_, **__: "")
    local = read("docker-local")
    api = local.spec.services["api"]
    spec = local.spec.model_copy(update={"services": {"api": api, "site": api.model_copy(update={"public_path": "/site"})}})
    return Stack(local.name, local.file, spec)


def showing(monkeypatch: pytest.MonkeyPatch, look: Callable[[], list[Update]]) -> None:
    monkeypatch.setattr(source, "updates", lambda _, roles: look() if "edge" not in roles else [])


def updated(role: str) -> Update:
    return Update(role, "updating", datetime.now(UTC) + timedelta(seconds=1))


def test_no_two_look_at_once(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both would see the same bad copy, and the second rollback brings the bad release again."""
    free = threading.Lock()
    met: list[bool] = []

    def look() -> list[Update]:
        met.append(not free.acquire(blocking=False))
        time.sleep(0.2)
        if free.locked():
            free.release()
        return []

    showing(monkeypatch, look)
    release.deploy(stack, lambda: time.sleep(0.05), watch=True)
    assert met
    assert not any(met)


def test_the_window_is_that_of_the_youngest_copy_of_all(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    ages = {"api": now + timedelta(seconds=2), "site": now + timedelta(seconds=1)}
    monkeypatch.setattr(source, "copies", lambda _, role: [Copy(role, frozenset(), ages[role], "", "running", ages[role])])
    showing(monkeypatch, lambda: [Update(role, "completed", ages[role]) for role in ages])
    release.deploy(stack, lambda: None, watch=True)
    assert datetime.now(UTC) >= ages["api"] + timedelta(seconds=1)


def test_an_error_that_passes_ends_no_watch(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([KeyError("Spec"), Failure("busy")])

    def look() -> list[Update]:
        for error in looks:
            raise error
        return [updated("api")]

    showing(monkeypatch, look)
    monkeypatch.setattr(release.Watcher, "_reason", lambda *_: "bad")
    with pytest.raises(Failure, match=r"^Rolled back: api \(bad\)"):
        release.deploy(stack, lambda: None, watch=True)


def broken() -> list[Update]:
    raise KeyError("Spec")


@pytest.mark.parametrize(
    ("look", "answers", "why"),
    [(broken, True, "KeyError: 'Spec'"), (list, False, "Docker does not answer")],
    ids=["what Docker says cannot be read", "it says nothing"],
)
def test_a_release_that_cannot_be_watched_is_not_good(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, look: Callable[[], list[Update]], answers: bool, why: str
) -> None:
    showing(monkeypatch, look)
    monkeypatch.setattr(source, "engine_answers", lambda: answers, raising=False)
    monkeypatch.setattr(release, "UNSEEN_SECONDS", 1, raising=False)
    monkeypatch.setattr(release, "_undone", lambda *_: {})
    with pytest.raises(Failure, match=rf"could not be watched, so look how it does: {why}"):
        release.deploy(stack, lambda: None, watch=True)


def test_without_a_watch_over_requests_it_is_told_only(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looked = threading.Event()

    def look() -> list[Update]:
        looked.set()
        return broken()

    def run() -> None:
        assert looked.wait(30)

    showing(monkeypatch, look)
    monkeypatch.setattr(release, "_undone", lambda *_: {})
    release.deploy(stack, run, watch=False)
    assert "not watched to its end: KeyError: 'Spec'" in capsys.readouterr().err
