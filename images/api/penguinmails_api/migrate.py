"""The migration: brings the database to this image's schema, once, whoever else tries at the same time.

It alone connects as the owner and straight to the database: a pooler in transaction mode cannot hold the lock. A database
that is newer than this image is fine (releases only expand, and this is the old image after a rollback). With ``linger``
the process then becomes a shell that sleeps: Swarm runs no one-off jobs, and "healthy" is how the platform sees "done".
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import NoReturn

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, pool
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from penguinmails_api import logs, runtime
from penguinmails_api.app_role import ensure_role
from penguinmails_api.db import database_address, describe
from penguinmails_api.dialects import LockTimeoutError, grant_data_rights, migration_lock, prepare_migration
from penguinmails_api.iam import sign_if_refused, token_source
from penguinmails_api.schema import is_sufficient
from penguinmails_api.settings import MigrateSettings, load

log = logging.getLogger(__name__)

DONE_FILE = Path("/tmp/migrated")
RETRY_SECONDS = 1.0
# As process 1 a plain `sleep` would ignore SIGTERM: the kernel drops signals that process 1 has no handler for.
_LINGER = 'trap \'kill "$child"; exit 0\' TERM INT; sleep infinity & child=$!; wait "$child"'


class MigrationFailedError(Exception):
    """The sentence for the operator."""


def alembic_config() -> Config:
    """Alembic's configuration without a file: the scripts are inside the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def wait_for_database(engine: Engine, wait_seconds: float) -> Connection:
    """A connection, as soon as the database gives one."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if time.monotonic() >= deadline:
                sentence = f"the database did not answer within {wait_seconds:g} s ({describe(error)})"
                raise MigrationFailedError(sentence) from None
        time.sleep(RETRY_SECONDS)


def upgrade(connection: Connection) -> None:
    """Upgrade to this image's head, unless the database is there or beyond."""
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        if not is_sufficient(current):
            raise MigrationFailedError(f"the database is at revision {current}, which this image does not know")
        log.info("the database is newer than this image; nothing to do", extra={"revision": current, "head": head})
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
    log.info("schema is up to date", extra={"revision": head, "before": current})


def prepare_role(connection: Connection, role: str, settings: MigrateSettings) -> None:
    """The application's role with its rights; made here where the platform says how it logs in."""
    password = settings.database_app_password
    if settings.database_app_iam or password is not None:
        given = None if settings.database_app_iam or password is None else password.get_secret_value()
        ensure_role(connection, role, given)
    grant_data_rights(connection, role)


def migrate(settings: MigrateSettings) -> None:
    """The whole migration; MigrationFailedError."""
    address = database_address(settings.database_direct_url.get_secret_value(), settings.database_ca_file)
    engine = create_engine(address.url, poolclass=pool.NullPool, hide_parameters=True, connect_args=dict(address.arguments))
    if settings.database_iam_region is not None:
        sign_if_refused(engine, token_source(address.url, settings.database_iam_region))
    try:
        with (
            wait_for_database(engine, settings.migration_wait_seconds) as connection,
            migration_lock(connection, settings.migration_wait_seconds),
        ):
            prepare_migration(connection)
            upgrade(connection)
            if settings.database_app_role is not None:
                prepare_role(connection, settings.database_app_role, settings)
    except LockTimeoutError:
        raise MigrationFailedError("another migration has been running for the whole time of waiting") from None
    except SQLAlchemyError as error:
        raise MigrationFailedError(describe(error)) from None


def _linger() -> NoReturn:
    sys.stdout.flush()
    # Without an environment: what only sleeps has no use for secrets.
    os.execve("/bin/sh", ["sh", "-c", _LINGER], {"PATH": "/usr/bin:/bin"})  # noqa: S606  (no user input)


def run_migrate(*, linger: bool) -> int:
    """The migrate role."""
    DONE_FILE.unlink(missing_ok=True)
    settings = load(MigrateSettings)
    redact = logs.configure("migrate", settings.log_level, runtime.secrets_of(settings))
    try:
        migrate(settings)
    except MigrationFailedError as failure:
        print(redact(f"The migration failed: {failure}."), file=sys.stderr)
        return 1
    if linger:
        DONE_FILE.touch()
        _linger()
    return 0
