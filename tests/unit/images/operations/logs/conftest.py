"""A container's log and collectors that read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from penguinmails_operations.logs import collector as module
from penguinmails_operations.logs import discover
from penguinmails_operations.logs.collector import Collector, Limits

from tests.unit.images.operations.logs.engine import Engine

Make = Callable[..., Collector]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "containers")


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.setattr(module, "DISCOVER_SECONDS", 0.0)

    def build(root: Path | None = None, **more: Any) -> Collector:
        root = root or tmp_path / "containers"
        limits = Limits("test", more.pop("retention_days", 30), more.pop("maximum_bytes", 10**9), more.pop("alarms", ()))
        return Collector(root, tmp_path / "volume", more.pop("found", discover.from_folder(root)), limits)

    return build
