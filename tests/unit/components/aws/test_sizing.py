"""Sizes of AWS are never below the neutral ones, and figures stay inside what RDS takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws import sizing
from components.contract import Identity
from components.spec import Backup, Database, Environment, Size
from scripts.simulation.clouds.aws import catalogue

LEAST = {Size.SMALL: (1, 0.5), Size.MEDIUM: (2, 4), Size.LARGE: (4, 16)}


def identity(environment: Environment) -> Identity:
    return Identity("penguinmails", "test", environment)


@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("size", Size)
def test_a_class_is_never_smaller_than_asked(size: Size, environment: Environment) -> None:
    found = sizing.database(size, identity(environment))
    assert (found.vcpus, found.memory_gib) >= LEAST[size]
    assert found.memory_gib >= LEAST[size][1]


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "af-south-1", "ap-east-1", "sa-east-1", "us-gov-west-1"])
def test_a_class_is_offered(region: str, environment: Environment, engine: str) -> None:
    offered = catalogue.classes(engine, region)
    assert {sizing.database(size, identity(environment)).name for size in Size} <= set(offered)


def test_no_database_outside_development_is_too_small_for_its_figures() -> None:
    """Performance Insights for MySQL does not run on these."""
    for environment in (Environment.STAGING, Environment.PRODUCTION):
        for size in Size:
            assert not sizing.database(size, identity(environment)).name.endswith((".micro", ".small"))


@given(st.integers(20, 16384))
def test_storage_can_grow_by_a_tenth_at_least(storage_gib: int) -> None:
    assert 1.1 * storage_gib <= sizing.most_storage_gib(storage_gib) <= sizing.MAX_STORAGE_GIB


@pytest.mark.parametrize(
    ("environment", "backup", "days"),
    [
        (Environment.DEVELOPMENT, None, 7),
        (Environment.STAGING, None, 30),
        (Environment.PRODUCTION, None, 30),
        (Environment.DEVELOPMENT, Backup(), 30),
        (Environment.PRODUCTION, Backup(retention_days=14), 14),
    ],
)
def test_retention(environment: Environment, backup: Backup | None, days: int) -> None:
    assert sizing.retention_days(backup, identity(environment)) == days


@pytest.mark.parametrize("environment", Environment)
def test_a_standby_is_there_outside_development_or_as_asked(environment: Environment) -> None:
    where = identity(environment)
    assert sizing.has_standby(Database(), where) is (environment is not Environment.DEVELOPMENT)
    assert sizing.has_standby(Database(high_availability=True), where)
    assert not sizing.has_standby(Database(high_availability=False), where)
