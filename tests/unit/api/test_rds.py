"""Releases on RDS: the first migration makes the application's role for IAM, and the next ones still get in as the owner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from penguinmails_api import migrate
from penguinmails_api.db import database_address, make_engine
from penguinmails_api.iam import sign_if_refused, token_source
from penguinmails_api.settings import MigrateSettings, load
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.unit.api import rds
from tests.unit.api.rds import Iam
from tests.unit.api.servers import OWNER, OWNER_PASSWORD, Server

ROLE, REGION = "pm_app", "eu-central-1"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[Server, Iam]]:
    """As RDS makes it, before the first release."""
    with rds.rds(tmp_path) as found:
        if found is None:
            pytest.skip("the server's program is not installed")
        yield found


def settings(server: Server, monkeypatch: pytest.MonkeyPatch, region: str = REGION) -> MigrateSettings:
    """The migration's as the platform gives them, with the rights of a task."""
    values = {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "DATABASE_DIRECT_URL": server.url(),
        "DATABASE_CA_FILE": str(server.ca_file),
        "DATABASE_APP_ROLE": ROLE,
        "DATABASE_APP_IAM": "true",
        "DATABASE_IAM_REGION": region,
        "MIGRATION_WAIT_SECONDS": "0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load(MigrateSettings)


@pytest.mark.parametrize("first", ["", REGION], ids=["without tokens before", "with tokens"])
def test_the_owner_gets_in_again_after_the_first_release(
    first: str, database: tuple[Server, Iam], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, iam = database
    migrate.migrate(settings(server, monkeypatch, first))
    assert iam.seen == []
    rds.join_maker(server, ROLE)
    with pytest.raises(migrate.MigrationFailedError, match="authentication failed"):
        migrate.migrate(settings(server, monkeypatch, ""))
    assert iam.seen == [(OWNER, OWNER_PASSWORD)]
    for _ in range(2):
        migrate.migrate(settings(server, monkeypatch))
        (refused, token) = iam.seen[-2:]
        assert refused == (OWNER, OWNER_PASSWORD)
        assert token[0] == OWNER
        assert f"DBUser={OWNER}&" in token[1]


def test_the_application_gets_in_with_tokens_only(database: tuple[Server, Iam], monkeypatch: pytest.MonkeyPatch) -> None:
    server, iam = database
    migrate.migrate(settings(server, monkeypatch))
    address = database_address(server.url(ROLE, None), server.ca_file)
    engine = make_engine(address, size=1, overflow=0, wait_seconds=1, token=token_source(address.url, REGION))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == ROLE
        assert connection.execute(text("SELECT count(*) FROM messages")).scalar_one() == 0
    engine.dispose()
    assert [user for user, _ in iam.seen] == [ROLE]


def test_where_both_fail_the_error_has_both_causes_and_no_secret(database: tuple[Server, Iam]) -> None:
    server, _ = database
    address = database_address(server.url(password="not-this-one"), server.ca_file)
    engine = create_engine(address.url, connect_args=dict(address.arguments))
    sign_if_refused(engine, lambda: "not-a-token")
    with pytest.raises(
        OperationalError, match=r"authentication failed.*; with a token of IAM: .*authentication failed"
    ) as caught:
        engine.connect()
    assert "not-" not in str(caught.value)


def test_without_credentials_of_aws_the_error_is_an_outage_that_says_so(database: tuple[Server, Iam]) -> None:
    server, _ = database
    address = database_address(server.url(password="not-this-one"), server.ca_file)
    engine = create_engine(address.url, connect_args=dict(address.arguments))

    def token() -> str:
        raise OperationalError("", {}, ValueError("no credentials"))

    sign_if_refused(engine, token)
    with pytest.raises(OperationalError, match=r"authentication failed.*with a token of IAM: no credentials"):
        engine.connect()
