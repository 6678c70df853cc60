import configparser
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.docker.pgbouncer_ini import PoolSettings, pgbouncer_ini, userlist

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs"]), min_size=1)


def parsed(settings: PoolSettings) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(pgbouncer_ini(settings))
    return parser


def test_both_sides_speak_tls_and_the_server_is_verified() -> None:
    pool = parsed(PoolSettings(database="mail"))["pgbouncer"]
    assert pool["client_tls_sslmode"] == "require"
    assert pool["server_tls_sslmode"] == "verify-full"
    assert pool["auth_type"] == "scram-sha-256"


def test_a_new_address_of_the_database_is_found_within_seconds() -> None:
    pool = parsed(PoolSettings(database="mail"))["pgbouncer"]
    assert int(pool["dns_max_ttl"]) <= 2
    assert int(pool["server_login_retry"]) == 1
    assert int(pool["query_wait_timeout"]) >= 30


def test_the_pool_is_bounded_over_all_users() -> None:
    settings = PoolSettings(database="mail", host="leader", port=5433, server_connections=7, client_connections=70)
    found = parsed(settings)
    assert found["databases"]["mail"] == "host=leader port=5433 dbname=mail"
    assert found["pgbouncer"]["max_db_connections"] == "7"
    assert found["pgbouncer"]["max_client_conn"] == "70"
    assert found["pgbouncer"]["max_prepared_statements"] == "200"


def test_nobody_administers_and_one_user_may_read_figures() -> None:
    assert parsed(PoolSettings(database="mail"))["pgbouncer"]["stats_users"] == ""
    pool = parsed(PoolSettings(database="mail", stats_user="metrics"))["pgbouncer"]
    assert (pool["admin_users"], pool["stats_users"]) == ("", "metrics")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"database": "a b"}, "database"),
        ({"database": "pgbouncer"}, "database"),
        ({"stats_user": "a,b"}, "stats_user"),
        ({"host": "a user=postgres"}, "host"),
        ({"port": 0}, "port"),
        ({"server_connections": 1}, "server_connections"),
        ({"client_connections": 3}, "client_connections"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(change: dict[str, str], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        PoolSettings(**{"database": "mail", **change})  # type: ignore[arg-type]


def test_the_user_list_is_sorted_and_quotes_are_doubled() -> None:
    assert userlist({"b": "x", "a": 'p"q'}) == '"a" "p""q"\n"b" "x"\n'


@given(st.dictionaries(PRINTABLE, PRINTABLE, max_size=4))
def test_any_password_is_read_back(entries: dict[str, str]) -> None:
    rows = [re.fullmatch(r'"((?:[^"]|"")+)" "((?:[^"]|"")+)"', line) for line in userlist(entries).split("\n")[:-1]]
    assert all(rows)
    assert {row[1].replace('""', '"'): row[2].replace('""', '"') for row in rows if row} == entries


@pytest.mark.parametrize("password", ["", "a\nb", "a\0b"])
def test_a_password_that_would_break_the_file_is_refused_without_showing_it(password: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        userlist({"a": password})
