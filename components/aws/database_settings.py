"""What differs between PostgreSQL and MySQL on RDS. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Engine:
    """`version`: the major one; RDS chooses the minor and keeps it patched. `parameters`: changes to the family's defaults.

    `pending`: parameters that come into force with the next start. `exports`: logs that RDS hands to CloudWatch.
    """

    version: str
    family: str
    port: int
    scheme: str
    verified: str
    owner_role: str
    app_role: str
    parameters: Mapping[str, str]
    pending: frozenset[str]
    exports: Sequence[str]


ENGINES: Mapping[str, Engine] = {
    "postgresql": Engine(
        version="17",
        family="postgres17",
        port=5432,
        scheme="postgresql",
        verified="sslmode=verify-full",
        owner_role="penguinmails_owner",
        app_role="penguinmails_app",
        parameters={
            "rds.force_ssl": "1",
            "log_min_duration_statement": "500",
            "log_connections": "1",
            "log_disconnections": "1",
            "log_lock_waits": "1",
            "idle_in_transaction_session_timeout": "60000",
        },
        pending=frozenset(),
        exports=("postgresql", "upgrade"),
    ),
    "mysql": Engine(
        version="8.4",
        family="mysql8.4",
        port=3306,
        scheme="mysql",
        verified="ssl-mode=VERIFY_IDENTITY",
        # RDS takes 16 characters for the first user of MySQL.
        owner_role="pm_owner",
        app_role="pm_app",
        parameters={
            "require_secure_transport": "ON",
            "slow_query_log": "1",
            "long_query_time": "0.5",
            "log_output": "FILE",
            "character_set_server": "utf8mb4",
        },
        pending=frozenset(),
        exports=("error", "slowquery"),
    ),
}
"""Engine of the description -> engine of RDS. Values from the RDS user guide; times of PostgreSQL in ms, of MySQL in s."""

RDS_NAMES = {"postgresql": "postgres", "mysql": "mysql"}
