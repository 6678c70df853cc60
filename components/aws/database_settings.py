"""What differs between PostgreSQL and MySQL on RDS. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

NAME = "penguinmails"
"""Of the database inside the server."""

CA_FILE = "/etc/penguinmails/rds-global-bundle.pem"
"""RDS's authorities (rsa2048 among them), part of the image on AWS. They verify instances, not the pooler."""

_PASSWORD_LEAST = 8
_PASSWORD_REFUSED = re.compile(r"[/@\" ]|[^\x21-\x7e]")


@dataclass(frozen=True)
class Engine:
    """`name`: as RDS calls it. `version`: the major one; RDS chooses the minor and keeps it patched. `verified`: a URL's query.

    `owner_role` is RDS's first user and cannot change without a new database. `password_most`: characters of its password.
    `parameters`: changes to the family's defaults. `pending`: those that RDS takes for the next start only; the group is there
    before the server, so they hold from the first start. `exports`: logs that RDS hands to CloudWatch. `owner_by_iam`: whether
    RDS stops taking the owner's password.
    """

    name: str
    version: str
    family: str
    port: int
    scheme: str
    verified: str
    owner_role: str
    app_role: str
    password_most: int
    parameters: Mapping[str, str]
    pending: frozenset[str]
    exports: Sequence[str]
    owner_by_iam: bool


ENGINES: Mapping[str, Engine] = {
    "postgresql": Engine(
        name="postgres",
        version="17",
        family="postgres17",
        port=5432,
        scheme="postgresql",
        verified="sslmode=verify-full",
        owner_role="penguinmails_owner",
        app_role="penguinmails_app",
        password_most=128,
        parameters={
            "rds.force_ssl": "1",
            # Values of statements are people's mail, and passwords where a role is made: neither belongs into a log. A slow
            # statement is logged as it was sent, so clients bind their values; one that fails is not, nor the row it names.
            "log_min_duration_statement": "500",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_statement": "none",
            "log_connections": "1",
            "log_disconnections": "1",
            "log_lock_waits": "1",
            "idle_in_transaction_session_timeout": "60000",
        },
        # Static in some families; for a value that is the family's default, another method would show as a change for ever.
        pending=frozenset({"rds.force_ssl"}),
        exports=("iam-db-auth-error", "postgresql", "upgrade"),
        # The owner makes the application's role, so that PostgreSQL from 16 on counts it as that role's member, and thereby as
        # one of rds_iam, "directly or indirectly by nested grant" (RDS user guide, "Database authentication").
        owner_by_iam=True,
    ),
    "mysql": Engine(
        name="mysql",
        version="8.4",
        family="mysql8.4",
        port=3306,
        scheme="mysql",
        verified="ssl-mode=VERIFY_IDENTITY",
        # RDS takes 16 characters for the first user of MySQL.
        owner_role="pm_owner",
        app_role="pm_app",
        password_most=41,
        # No slow query log: it has all values of a statement, also of a prepared one, and nothing leaves them out. What is
        # slow is seen in Performance Insights, outside development.
        # At the default level an insert of the API waits for gaps that the reader of the outbox locks.
        parameters={"require_secure_transport": "1", "local_infile": "0", "transaction_isolation": "READ-COMMITTED"},
        pending=frozenset(),
        exports=("error", "iam-db-auth-error"),
        # The way in is each user's own.
        owner_by_iam=False,
    ),
}
"""Engine of the description -> engine of RDS. Values from the RDS user guide and, for names and passwords, the API reference
(CreateDBInstance); times of PostgreSQL in ms."""


def owner_url(engine: Engine, host: str, password: str) -> str:
    """The owner's URL, which verifies the server's name and certificate; the reader adds the authorities' file."""
    return f"{engine.scheme}://{engine.owner_role}:{quote(password, safe='')}@{host}:{engine.port}/{NAME}?{engine.verified}"


def app_url(engine: Engine, host: str) -> str:
    """The URL of the application's role, which logs in with a token of IAM; it verifies as the owner's does."""
    return f"{engine.scheme}://{engine.app_role}@{host}:{engine.port}/{NAME}?{engine.verified}"


def password_misfit(engine: Engine, password: str) -> str | None:
    """Why RDS would refuse a password, without a character of it; None for one that it takes."""
    if not _PASSWORD_LEAST <= len(password) <= engine.password_most:
        return f"has {len(password)} characters; RDS for {engine.name} takes {_PASSWORD_LEAST} to {engine.password_most}"
    if _PASSWORD_REFUSED.search(password):
        return 'has a character that RDS refuses; leave out /, @, ", blanks and all beyond ASCII'
    return None
