"""What cfn-lint's data becomes, and that a warm start does not pay for it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.simulation.clouds.aws import catalogue, cloudformation, types
from scripts.toolchain.paths import ROOT, VENV_PYTHON


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A cache with nothing in it."""
    monkeypatch.setattr("scripts.toolchain.paths.cache_dir", lambda: tmp_path)
    readers = (
        cloudformation._directory,
        cloudformation.regions,
        cloudformation.limits,
        cloudformation.fixed,
        cloudformation.engines,
    )
    for reader in readers:
        reader.cache_clear()
    yield tmp_path
    for reader in readers:
        reader.cache_clear()


def test_the_files_are_made_once_and_are_small(cold: Path) -> None:
    assert "eu-central-1" in cloudformation.regions()
    [entry] = (cold / "models").iterdir()
    assert entry.name.startswith("cfn-lint-")
    assert sum(file.stat().st_size for file in entry.iterdir()) < 1_000_000
    before = {file: file.stat().st_mtime_ns for file in entry.iterdir()}
    cloudformation.regions.cache_clear()
    cloudformation._directory.cache_clear()
    assert cloudformation.regions()
    assert {file: file.stat().st_mtime_ns for file in entry.iterdir()} == before


def test_another_process_that_was_faster_is_no_mistake(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(entry: Path, _: object) -> Path:
        entry.mkdir(parents=True)
        raise OSError("Directory not empty")

    monkeypatch.setattr(cloudformation, "fill", late)
    assert cloudformation._directory().is_dir()


def test_a_warm_start_takes_milliseconds_and_leaves_cfn_lint_alone() -> None:
    cloudformation.limits()
    code = (
        "import sys, time; from scripts.simulation.clouds.aws import cloudformation as c; start = time.perf_counter();"
        "c.regions(); c.limits(); c.fixed(); c.engines(); print(time.perf_counter() - start, 'cfnlint' in sys.modules)"
    )
    done = subprocess.run([VENV_PYTHON, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, loaded = done.stdout.split()
    assert loaded == "False"
    assert float(seconds) < 0.25


def test_spelling_of_properties() -> None:
    assert [types.wire_name(name) for name in ("DBName", "KMSKeyId", "VpcId", "EngineVersion", "Iops")] == [
        "dbName",
        "kmsKeyId",
        "vpcId",
        "engineVersion",
        "iops",
    ]


def test_versions_of_engines() -> None:
    assert catalogue.exists("postgres", "17")
    assert catalogue.exists("postgres", "17.6")
    assert not catalogue.exists("postgres", "17.99")
    assert catalogue.resolve("postgres", "17").startswith("17.")  # type: ignore[union-attr]
    assert catalogue.resolve("postgres", "9.6.1") is None, "no longer offered"
    assert catalogue.exists("postgres", "9.6.1")
    ordered = catalogue.versions("postgres")
    assert ordered.index("17.9") < ordered.index("17.10")


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("postgres", "17.6", "postgres17"),
        ("postgres", "9.6.1", "postgres9.6"),
        ("mysql", "8.4.5", "mysql8.4"),
        ("mariadb", "11.8.3", "mariadb11.8"),
        ("aurora-postgresql", "16.4", "aurora-postgresql16"),
    ],
)
def test_families(engine: str, version: str, family: str) -> None:
    assert catalogue.family(engine, version) == family


def test_classes_differ_by_region() -> None:
    assert "db.m8a.large" in catalogue.classes("postgres", "eu-central-1")
    assert "db.m8a.large" not in catalogue.classes("postgres", "eu-west-3")
    assert catalogue.classes("postgres", "mars-1") == ()


def test_reading_is_fast_when_warm() -> None:
    cloudformation.engines()
    start = time.perf_counter()
    for _ in range(1000):
        catalogue.classes("postgres", "eu-central-1")
    assert time.perf_counter() - start < 0.5
