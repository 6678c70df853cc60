"""Database passwords that AWS's IAM stands behind: tokens, signed here with the task's own role.

Signing asks nobody, so a token is made for each connection and kept by no one; it lasts 15 minutes, and a connection that it
opened lasts longer. The role's credentials come from botocore's chain, which renews them. Only a process with
DATABASE_IAM_REGION loads the library.

The application's role has nothing but tokens. The owner has a password that RDS may stop taking: see `sign_if_refused`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Dialect, Engine, event
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)

PORTS = {"postgresql": 5432, "mysql": 3306}


def token_source(url: URL, region: str) -> Callable[[], str]:
    """What makes a token for the host, port and user of ``url``. OperationalError while there are no credentials, so that
    everything waits as it does for a database that is away."""
    import botocore.session  # type: ignore[import-untyped,unused-ignore]
    from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped,unused-ignore]

    client: Any = botocore.session.get_session().create_client("rds", region_name=region)
    host, port, user = url.host, url.port or PORTS[url.get_backend_name()], url.username

    def token() -> str:
        try:
            made: str = client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user, Region=region)
        except BotoCoreError as error:
            raise OperationalError("", {}, error) from None
        return made

    return token


def sign_connections(engine: Engine, token: Callable[[], str]) -> None:
    """Give every new connection of ``engine`` a token for a password."""

    @event.listens_for(engine, "do_connect")
    def _give(_dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]) -> None:
        parameters["password"] = token()


def sign_if_refused(engine: Engine, token: Callable[[], str]) -> None:
    """Try each new connection of ``engine`` with the password of its address, and then with a token.

    For the owner. From PostgreSQL 16 on, who makes a role is a member of it for ever: only a superuser could end that, and RDS
    gives nobody one. So the owner is, through the application's role, a member of ``rds_iam``, and RDS takes tokens only from
    members, however indirect. Before the first migration, and on servers that see it otherwise, it takes the password.

    The token follows any failure, not only a refusal: a refusal that is slower than the time for connecting cannot be told
    from a server that is away, and there a token does no harm. The error, where both fail, has both causes.
    """

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Dialect, _record: object, arguments: tuple[Any, ...], parameters: dict[str, Any]) -> object:
        driver: Any = dialect.loaded_dbapi
        try:
            return dialect.connect(*arguments, **parameters)
        except driver.Error as error:
            refusal = error
        try:
            connection = dialect.connect(*arguments, **(parameters | {"password": token()}))
        except (driver.Error, OperationalError) as error:
            cause = error.orig if isinstance(error, OperationalError) else error
            raise driver.OperationalError(f"{refusal}; with a token of IAM: {cause}") from None
        log.info("logged in with a token of IAM, not with the password", extra={"reason": " ".join(str(refusal).split())})
        return connection
