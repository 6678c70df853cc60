"""What must be so before a deployment."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.operations import keeper, preflight, stack
from scripts.toolchain import docker
from scripts.toolchain.process import Failure


@pytest.mark.parametrize("before", ["production", "staging"])
def test_a_platform_that_keeps_data_does_not_become_one_for_development_by_one_word(before: str) -> None:
    with pytest.raises(Failure, match=f"platform.environment: this platform is {before}.*--less-protection"):
        preflight.keeps_its_protection(stack.read("docker-local"), before)


@pytest.mark.parametrize(("name", "before"), [("docker-local", None), ("docker-local", "development")])
def test_what_never_kept_data_may_stay_so(name: str, before: str | None) -> None:
    preflight.keeps_its_protection(stack.read(name), before)


@pytest.mark.parametrize("before", [None, "development", "staging", "production"])
def test_more_protection_is_always_welcome(before: str | None) -> None:
    preflight.keeps_its_protection(stack.read("docker-production"), before)


GIB = 1024**3


@pytest.mark.parametrize(
    ("stored", "free", "wanted"),
    [([3, 9, 1], 12, ""), ([3, 9, 1], 10, "11.0"), ([], 8, ""), ([], 6, "7.0")],
    ids=["room for the largest", "none for it", "room for the first", "none for the first"],
)
def test_an_upgrade_needs_room_for_a_backup(
    stored: list[int], free: int, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As large as the largest of this disk, or as the database of 5 GiB; what lies elsewhere counts nothing."""

    def output(*arguments: str) -> str:
        return f"{5 * GIB // 1024}\t/data" if arguments[0] == "exec" else str(tmp_path)

    kept = [{"repository": 1, "stored_bytes": size * GIB} for size in stored]
    elsewhere = {"repository": 2, "stored_bytes": 99 * GIB}
    monkeypatch.setattr(docker, "output", output)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free * GIB))
    monkeypatch.setattr(keeper, "container", lambda _, role: role)
    monkeypatch.setattr(keeper, "ask", lambda *_: [*kept, elsewhere])
    preflight.room_for_a_backup(stack.read("docker-local"))
    if wanted:
        with pytest.raises(Failure, match=f"has {free}.0 GiB free and {wanted} are needed"):
            preflight.room_for_a_backup(stack.read("docker-production"))
    else:
        preflight.room_for_a_backup(stack.read("docker-production"))
