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
@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "af-south-1", "ca-west-1", "sa-east-1", "us-gov-west-1"])
def test_a_class_is_offered(region: str, environment: Environment, engine: str) -> None:
    offered = catalogue.classes(engine, region)
    assert {sizing.database(size, identity(environment), region).name for size in Size} <= set(offered)


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
        (Environment.PRODUCTION, Backup(retention_days=400), 35),
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


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("size", Size)
@given(data=st.data())
def test_the_pooler_gets_what_is_asked_for_and_leaves_some(
    size: Size, environment: Environment, engine: str, data: st.DataObject
) -> None:
    chosen = sizing.database(size, identity(environment))
    asked = data.draw(st.integers(2, sizing.pool_room(chosen, engine)))
    percent = sizing.pool_percent(asked, chosen, engine)
    most = sizing.max_connections(chosen, engine)
    assert 1 <= percent <= 100
    assert percent * most >= 100 * asked
    assert (percent - 1) * most < 100 * asked


@pytest.mark.parametrize(
    ("memory_gib", "engine", "reported"),
    [(1, "postgresql", 81), (2, "postgresql", 189), (4, "postgresql", 405), (1, "mysql", 62), (8, "mysql", 648)],
)
def test_connections_are_reckoned_rather_too_few(memory_gib: float, engine: str, reported: int) -> None:
    """Against what servers of db.t3 and db.m5 were seen to take."""
    found = sizing.max_connections(sizing.DatabaseClass("db.test", 2, memory_gib), engine)
    assert 0.8 * reported <= found <= reported
