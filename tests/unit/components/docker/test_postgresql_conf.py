import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.docker.postgresql_conf import DatabaseSize, pg_hba, postgresql_conf

SMALL = DatabaseSize(memory_mib=512, cpus=0.5, max_connections=100, storage_gib=10)
ROLES = {"owner_role": "mail_owner", "app_role": "mail_app", "monitor_role": "mail_monitor"}


def settings(text: str) -> dict[str, str]:
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = [(row.split(" = ", 1)[0], row.split(" = ", 1)[1]) for row in rows]
    assert len({name for name, _ in pairs}) == len(pairs), "a setting is there twice"
    return dict(pairs)


def mebibytes(value: str) -> int:
    matched = re.fullmatch(r"(\d+)MB", value)
    assert matched, value
    return int(matched[1])


def test_nothing_that_keeps_data_is_off() -> None:
    found = settings(postgresql_conf(SMALL))
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert found[name] == "on"
    assert found["wal_level"] == "replica"
    assert found["password_encryption"] == "scram-sha-256"
    assert found["ssl_min_protocol_version"] == "'TLSv1.2'"
    assert postgresql_conf(SMALL).endswith("\ninclude_if_exists = '/run/certificate/server.conf'\n")


def test_no_parameter_of_a_statement_is_logged() -> None:
    found = settings(postgresql_conf(SMALL))
    assert found["log_parameter_max_length"] == found["log_parameter_max_length_on_error"] == "0"
    assert found["log_statement"] == "none"


def test_no_failed_statement_is_logged() -> None:
    found = settings(postgresql_conf(SMALL))
    assert found["log_min_error_statement"] == "panic"
    assert found["log_error_verbosity"] == "terse"


def test_the_figures_of_a_small_database() -> None:
    found = settings(postgresql_conf(SMALL))
    assert found["shared_buffers"] == "128MB"
    assert found["work_mem"] == "2MB"
    assert found["max_wal_size"] == "1024MB"
    assert found["max_parallel_workers_per_gather"] == "0"


@given(
    memory=st.integers(256, 1_000_000),
    cpus=st.floats(0.1, 128),
    connections=st.integers(10, 5000),
    storage=st.integers(1, 60_000),
)
def test_sizes_stay_inside_the_container(memory: int, cpus: float, connections: int, storage: int) -> None:
    size = DatabaseSize(memory_mib=memory, cpus=cpus, max_connections=connections, storage_gib=storage)
    found = settings(postgresql_conf(size))
    buffers = mebibytes(found["shared_buffers"])
    assert buffers + 3 * mebibytes(found["autovacuum_work_mem"]) + size.shared_memory_mib < memory
    assert buffers <= mebibytes(found["effective_cache_size"]) <= memory or buffers == 8192
    assert 32 <= mebibytes(found["min_wal_size"]) < mebibytes(found["max_wal_size"]) <= max(256, storage * 1024 // 4)
    assert int(found["max_parallel_workers"]) <= int(found["max_worker_processes"])
    assert int(found["max_connections"]) == connections


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"memory_mib": 255}, "memory_mib"),
        ({"cpus": 0}, "cpus"),
        ({"max_connections": 9}, "max_connections"),
        ({"storage_gib": 0}, "storage_gib"),
    ],
)
def test_a_size_that_cannot_work_is_refused(change: dict[str, int], field: str) -> None:
    good: dict[str, int] = {"memory_mib": 512, "cpus": 1, "max_connections": 100, "storage_gib": 10}
    with pytest.raises(ValueError, match=field):
        DatabaseSize(**{**good, **change})


def test_only_three_roles_reach_one_database_and_only_over_tls() -> None:
    text = pg_hba(database="mail", **ROLES)
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    assert rows == [
        ["local", "all", "postgres", "peer"],
        ["hostssl", '"mail"', '"mail_owner"', "all", "scram-sha-256"],
        ["hostssl", '"mail"', "+mail_app", "all", "scram-sha-256"],
        ["hostssl", '"mail"', '"mail_monitor"', "all", "scram-sha-256"],
    ]


@pytest.mark.parametrize("name", ["postgres", "pg_monitor", 'a"b', "all users", "Mail", "", "x" * 64, "a\nlocal"])
def test_a_name_that_could_open_more_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="app_role"):
        pg_hba(database="mail", **{**ROLES, "app_role": name})


@pytest.mark.parametrize("role", ["app_role", "monitor_role"])
def test_each_role_is_its_own(role: str) -> None:
    with pytest.raises(ValueError, match=f"{role}: should differ from owner_role"):
        pg_hba(database="mail", **{**ROLES, role: "mail_owner"})
