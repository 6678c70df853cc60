"""The migration: up and down, the same as the models, and right about databases that are newer or foreign."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from penguinmails_api import migrate, schema
from penguinmails_api.cli import main
from penguinmails_api.ids import new_id
from penguinmails_api.models import Base
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_up_is_the_models_and_down_is_nothing(connection: Connection) -> None:
    migrate.upgrade(connection)
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []
    config = migrate.alembic_config()
    config.attributes["connection"] = connection
    command.downgrade(config, "base")
    assert inspect(connection).get_table_names() == ["alembic_version"]


def test_up_twice_is_up_once(connection: Connection) -> None:
    migrate.upgrade(connection)
    migrate.upgrade(connection)


def test_names_of_constraints_are_those_of_the_models(connection: Connection) -> None:
    migrate.upgrade(connection)
    seen = inspect(connection)
    for table in Base.metadata.sorted_tables:
        names = {index["name"] for index in seen.get_indexes(table.name)}
        names |= {unique["name"] for unique in seen.get_unique_constraints(table.name)}
        names |= {key["name"] for key in seen.get_foreign_keys(table.name)} | {seen.get_pk_constraint(table.name)["name"]}
        expected = {str(index.name) for index in table.indexes} | {str(item.name) for item in table.constraints}
        assert names == expected


def test_the_code_needs_the_newest_revision_and_revisions_count() -> None:
    script = ScriptDirectory.from_config(migrate.alembic_config())
    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert revisions[-1] == schema.REQUIRED_REVISION


def test_a_newer_database_is_left_alone(connection: Connection) -> None:
    migrate.upgrade(connection)
    connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    connection.commit()
    migrate.upgrade(connection)
    assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0999"


def test_a_foreign_revision_is_refused(connection: Connection) -> None:
    migrate.upgrade(connection)
    connection.execute(text("UPDATE alembic_version SET version_num = 'abcdef'"))
    connection.commit()
    with pytest.raises(migrate.MigrationFailedError, match="abcdef"):
        migrate.upgrade(connection)


def test_an_event_happens_once(connection: Connection) -> None:
    migrate.upgrade(connection)
    values = {"message_id": new_id().hex}
    insert = (
        "INSERT INTO message_events (message_id, kind, detail, occurred_at) VALUES (:message_id, 'sent', '{}', '2026-01-01')"
    )
    connection.execute(text(insert), values)
    with pytest.raises(IntegrityError):
        connection.execute(text(insert), values)


def test_a_failure_is_one_sentence_and_no_done_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    done = tmp_path / "migrated"
    done.touch()
    monkeypatch.setattr(migrate, "DONE_FILE", done)
    monkeypatch.setenv("DATABASE_DIRECT_URL", "postgresql://owner:s3cretpw@127.0.0.1:9/penguinmails")
    monkeypatch.setenv("MIGRATION_WAIT_SECONDS", "0")
    assert main(["migrate", "--linger"]) == 1
    shown = capfd.readouterr()
    assert shown.err.startswith("The migration failed: the database did not answer")
    assert shown.err.count("\n") == 1
    assert "s3cretpw" not in shown.err + shown.out
    assert not done.exists()


def test_lingering_ends_at_once_on_a_signal() -> None:
    process = subprocess.Popen(["/bin/sh", "-c", migrate._LINGER])
    time.sleep(0.2)
    assert process.poll() is None
    process.terminate()
    assert process.wait(2) == 0


def test_identifiers_sort_by_time_and_are_version_7() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {identifier.version for identifier in made} == {7}
