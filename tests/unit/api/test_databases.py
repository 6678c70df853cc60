"""The workload against real servers: the migration makes the role and the schema, and the role may use the data and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from penguinmails_api import messages, migrate
from penguinmails_api.app_role import AWS_PLUGIN, mysql_statements
from penguinmails_api.db import Sessions, database_address, is_outage, make_engine, make_sessions, reading
from penguinmails_api.dialects import migration_lock
from penguinmails_api.health import Pulse, Readiness, database_check
from penguinmails_api.iam import sign_connections
from penguinmails_api.metrics import Metrics
from penguinmails_api.models import Message, aware
from penguinmails_api.outbox import Relay
from penguinmails_api.settings import MigrateSettings, load
from penguinmails_api.transport import RecordingTransport
from penguinmails_api.warm import warm_up
from penguinmails_api.worker import Worker
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from tests.unit.api import servers
from tests.unit.api.conftest import QUEUES, FakeConsumer, FakePublisher
from tests.unit.api.servers import Server

ROLE, PASSWORD = "pm_app", "app-pw's-0002"
DRAFT = messages.Draft("b@example.org", ["a@example.com"], "Grüße", "t" * 70_000, None)


@pytest.fixture(scope="module", params=[servers.postgresql, servers.mariadb], ids=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with request.param(tmp_path_factory.mktemp("server")) as server:
        if server is None:
            pytest.skip("the server's program is not installed")
        yield server


@pytest.fixture
def settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> MigrateSettings:
    """The migration's, with a password for the role."""
    monkeypatch.setenv("DATABASE_DIRECT_URL", server.url())
    monkeypatch.setenv("DATABASE_CA_FILE", str(server.ca_file))
    monkeypatch.setenv("DATABASE_APP_ROLE", ROLE)
    monkeypatch.setenv("DATABASE_APP_PASSWORD", PASSWORD)
    monkeypatch.setenv("MIGRATION_WAIT_SECONDS", "20")
    return load(MigrateSettings)


def app_engine(server: Server, token: str = PASSWORD) -> Engine:
    """As the role, whose URL has no password: it is given to each connection."""
    address = database_address(server.url(ROLE, None), server.ca_file)
    return make_engine(address, size=2, overflow=2, wait_seconds=2, token=lambda: token)


@pytest.fixture
def engine(server: Server, settings: MigrateSettings) -> Iterator[Engine]:
    """As the role, after two migrations."""
    migrate.migrate(settings)
    migrate.migrate(settings)
    engine = app_engine(server)
    yield engine
    engine.dispose()


@pytest.fixture
def owner(server: Server) -> Iterator[Engine]:
    address = database_address(server.url(), server.ca_file)
    engine = create_engine(address.url, connect_args=dict(address.arguments))
    yield engine
    engine.dispose()


def test_the_role_works_with_the_data_and_nothing_else(engine: Engine) -> None:
    for forbidden in ("CREATE TABLE mine (id INT)", "DROP TABLE outbox", "DELETE FROM alembic_version"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(forbidden))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
    assert Readiness((database_check(engine),)).report()[0]


def test_a_message_goes_from_the_api_to_the_end(engine: Engine, metrics: Metrics) -> None:
    sessions: Sessions = make_sessions(engine)
    message, _ = messages.accept(sessions, "c", DRAFT, "Key")
    again, is_new = messages.accept(sessions, "c", DRAFT, "Key")
    assert (again.id, is_new) == (message.id, False)
    # Another key, though it differs in case only.
    other, is_new = messages.accept(sessions, "c", DRAFT, "key")
    assert is_new
    publisher = FakePublisher()
    assert Relay(sessions, publisher, QUEUES, metrics).turn() == 0.5
    assert [identifier for _, _, identifier in publisher.published] == [str(message.id), str(other.id)]
    worker = Worker(sessions, consumer := FakeConsumer(), RecordingTransport(), metrics, Pulse(60), drain_seconds=1)
    for _ in range(2):
        worker.handle(consumer.delivery(publisher.published[0][1]))
    assert consumer.settled == ["ack", "ack"]
    with sessions() as session:
        kept = session.get_one(Message, message.id)
    assert (kept.status, kept.text, kept.subject, kept.recipients) == ("sent", "t" * 70_000, "Grüße", ["a@example.com"])
    assert aware(kept.created_at) == message.created_at


def test_two_relays_do_not_publish_the_same(engine: Engine, metrics: Metrics) -> None:
    sessions = make_sessions(engine)
    made = {str(messages.accept(sessions, "c", DRAFT, None)[0].id) for _ in range(6)}
    publishers = [FakePublisher(), FakePublisher()]
    threads = [
        threading.Thread(target=Relay(sessions, publisher, QUEUES, metrics, batch_size=3).turn) for publisher in publishers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    seen = [identifier for publisher in publishers for _, _, identifier in publisher.published]
    assert set(seen) == made
    assert len(seen) == len(made)


def test_a_read_needs_no_transaction_and_leaves_none_behind(engine: Engine) -> None:
    """The next user of the same connection has a transaction again."""
    sessions = make_sessions(engine)

    def commits_by_itself(session: Session) -> bool:
        driver: Any = session.connection().connection.driver_connection
        return bool(driver.autocommit if engine.dialect.name == "postgresql" else driver.get_autocommit())

    with reading(sessions) as session:
        assert commits_by_itself(session) == (engine.dialect.name == "postgresql")
    with sessions() as session:
        assert not commits_by_itself(session)


def test_a_connection_that_the_server_has_closed_is_not_used(server: Server, engine: Engine) -> None:
    """Nobody asks the database first, and yet a reader never meets a closed connection."""
    sessions = make_sessions(engine)
    message, _ = messages.accept(sessions, "c", DRAFT, None)
    with app_engine(server).begin() as connection:
        if engine.dialect.name == "postgresql":
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :role AND pid <> pg_backend_pid()"
            assert connection.execute(text(ended), {"role": ROLE}).all()
        else:
            listed = "SELECT id FROM information_schema.processlist WHERE user = :role AND id <> connection_id()"
            for (identifier,) in connection.execute(text(listed), {"role": ROLE}).all():
                connection.execute(text(f"KILL {identifier:d}"))
    time.sleep(0.5)
    found = messages.find(sessions, "c", message.id)
    assert found is not None
    assert found.id == message.id


def test_a_connection_that_was_lost_here_is_not_used(engine: Engine) -> None:
    """The driver has noticed that it is gone, and has no socket any more to look at."""
    sessions = make_sessions(engine)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
    if engine.dialect.name == "postgresql":
        driver.close()
    message, _ = messages.accept(sessions, "c", DRAFT, None)
    assert messages.find(sessions, "c", message.id) is not None


def test_one_migration_runs_at_a_time(owner: Engine, settings: MigrateSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGRATION_WAIT_SECONDS", "1")
    with owner.connect() as connection, migration_lock(connection, 1):
        with pytest.raises(migrate.MigrationFailedError, match="another migration"):
            migrate.migrate(load(MigrateSettings))
    migrate.migrate(settings)


def test_a_new_password_replaces_the_old(server: Server, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_APP_PASSWORD", "another-pw-0003")
    migrate.migrate(load(MigrateSettings))
    new = app_engine(server, "another-pw-0003")
    with new.connect():
        pass
    new.dispose()
    old = app_engine(server)
    with pytest.raises(OperationalError) as caught:
        old.connect()
    assert is_outage(caught.value)
    assert PASSWORD not in str(caught.value)
    old.dispose()


def test_another_authority_or_name_is_refused(server: Server, settings: MigrateSettings, tmp_path: Path) -> None:
    for ca_file, host in ((servers.certificate(tmp_path), "127.0.0.1"), (server.ca_file, "localhost")):
        address = database_address(server.url(host=host), ca_file)
        engine = create_engine(address.url, connect_args=dict(address.arguments))
        with pytest.raises(OperationalError, match=r"(?i)certificate"):
            engine.connect()


def test_the_server_never_sees_the_passwords_text(server: Server, engine: Engine) -> None:
    if server.scheme == "mysql":
        pytest.skip("MySQL is given it, and leaves it out of its logs")
    logged = (server.ca_file.parent / "server.log").read_text(encoding="utf-8")
    assert "PASSWORD 'SCRAM-SHA-256$" in logged
    assert PASSWORD not in logged
    assert PASSWORD.replace("'", "''") not in logged


def test_iam_and_password_replace_each_other(
    server: Server, owner: Engine, settings: MigrateSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server.scheme == "mysql":
        pytest.skip("only RDS has AWS's plugin")

    def members() -> list[str]:
        query = (
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE m.roleid = 'rds_iam'::regrole"
        )
        with owner.connect() as connection:
            return list(connection.execute(text(query)).scalars())

    monkeypatch.setenv("DATABASE_APP_IAM", "true")
    for _ in range(2):
        migrate.migrate(load(MigrateSettings))
        assert ROLE in members()
    migrate.migrate(settings)
    assert ROLE not in members()


def test_mysql_s_columns_keep_what_is_put_in(server: Server, owner: Engine, engine: Engine) -> None:
    if server.scheme != "mysql":
        pytest.skip("MySQL only")
    types = {column["name"]: str(column["type"]) for column in inspect(owner).get_columns("messages")}
    assert types["text"].startswith("MEDIUMTEXT")
    with owner.connect() as connection:
        created = "SELECT datetime_precision FROM information_schema.columns WHERE column_name = 'created_at'"
        assert set(connection.execute(text(created)).scalars()) == {6}


def test_mysql_s_user_for_iam_is_made_as_aws_says() -> None:
    statements: list[str] = []
    engine = create_engine("mysql+pymysql://o@h/d")
    for statement in mysql_statements(iam=True):
        compiled = text(statement).bindparams(role=ROLE).compile(dialect=engine.dialect)
        statements.append(str(compiled) % {"role": "'pm_app'"})
    assert statements == [
        f"CREATE USER IF NOT EXISTS 'pm_app'@'%' IDENTIFIED WITH {AWS_PLUGIN} AS 'RDS' REQUIRE SSL",
        f"ALTER USER 'pm_app'@'%' IDENTIFIED WITH {AWS_PLUGIN} AS 'RDS' REQUIRE SSL",
    ]


def test_each_connection_has_a_token_of_its_own() -> None:
    engine = create_engine("sqlite://")
    tokens = iter("abc")
    sign_connections(engine, lambda: next(tokens))
    seen: list[str] = []

    @event.listens_for(engine, "do_connect")
    def _see(_dialect: object, _record: object, _arguments: object, parameters: dict[str, str]) -> None:
        seen.append(parameters.pop("password"))

    for _ in range(3):
        engine.dispose()
        with engine.connect():
            pass
    assert seen == ["a", "b", "c"]


def test_a_copy_that_starts_has_its_connections_before_it_is_asked(engine: Engine) -> None:
    assert warm_up(engine, make_sessions(engine), 2)
    assert engine.pool.checkedin() == 2  # type: ignore[attr-defined]


def test_a_copy_starts_without_a_database() -> None:
    address = database_address("postgresql://pm@127.0.0.1:1/pm?sslmode=disable", None)
    gone = make_engine(address, size=2, overflow=0, wait_seconds=1)
    assert not warm_up(gone, make_sessions(gone), 2)
