"""Database passwords that AWS's IAM stands behind: tokens, signed here with the task's own role.

Signing asks nobody, so a token is made for each connection and kept by no one; it lasts 15 minutes, and a connection that it
opened lasts longer. The role's credentials come from botocore's chain, which renews them. Only a process with
DATABASE_IAM_REGION loads the library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import OperationalError

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
