"""URLs that verify, and passwords that RDS takes."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.database_settings import ENGINES, app_url, owner_url, password_misfit

ENGINE_NAMES = sorted(ENGINES)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@given(password=st.text(min_size=1, max_size=60))
def test_a_url_carries_any_password(engine: str, password: str) -> None:
    found = urlsplit(owner_url(ENGINES[engine], "db.example.com", password))
    assert unquote(found.password or "") == password
    assert (found.username, found.hostname, found.port) == (ENGINES[engine].owner_role, "db.example.com", ENGINES[engine].port)
    assert found.query in {"sslmode=verify-full", "ssl-mode=VERIFY_IDENTITY"}


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_the_applications_url_has_no_password_and_verifies_as_the_owners(engine: str) -> None:
    found = urlsplit(app_url(ENGINES[engine], "db.example.com"))
    assert (found.username, found.password, found.port) == (ENGINES[engine].app_role, None, ENGINES[engine].port)
    assert found.query == urlsplit(owner_url(ENGINES[engine], "db.example.com", "x")).query


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize(
    "password", ["short", "a" * 200, "with/slash-1", 'with"quote-1', "with@sign-1", "with blank-1", "umläut-1234"]
)
def test_a_password_that_rds_refuses_is_refused_without_being_said(engine: str, password: str) -> None:
    problem = password_misfit(ENGINES[engine], password)
    assert problem is not None
    assert password not in problem


def test_mysql_takes_fewer_characters() -> None:
    assert password_misfit(ENGINES["mysql"], "a" * 42) == "has 42 characters; RDS for mysql takes 8 to 41"
    assert password_misfit(ENGINES["mysql"], "a" * 41) is None
    assert password_misfit(ENGINES["postgresql"], "a" * 42) is None


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_roles_fit_the_engine(engine: str) -> None:
    assert len(ENGINES[engine].owner_role) <= (16 if engine == "mysql" else 63)
    assert len(ENGINES[engine].app_role) <= 32


def test_logs_of_postgresql_hold_no_values_of_failed_statements() -> None:
    """A row that is there already is told with its key, and CREATE ROLE that fails with its password."""
    parameters = ENGINES["postgresql"].parameters
    assert parameters["log_min_error_statement"] == "panic"
    assert parameters["log_error_verbosity"] == "terse"
    assert parameters["log_parameter_max_length"] == parameters["log_parameter_max_length_on_error"] == "0"


def test_logs_of_mysql_hold_no_statements() -> None:
    """Its slow query log has the values of statements, also of prepared ones, and nothing leaves them out."""
    mysql = ENGINES["mysql"]
    assert list(mysql.exports) == ["error", "iam-db-auth-error"]
    assert not {"general_log", "slow_query_log"} & set(mysql.parameters)
