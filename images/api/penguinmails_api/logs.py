"""The workload's logs: in the form that all programs of the kit share, without what its libraries say of messages."""

from __future__ import annotations

import penguinmails_logs
from penguinmails_logs import Redactor

QUIET = ("amqp", "kombu", "boto3", "botocore", "urllib3", "sqlalchemy", "alembic.runtime.migration")
"""Below WARNING these print frames of the protocol, what they sign, or statements with their values."""


def configure(role: str, level: str, secrets: tuple[str, ...]) -> Redactor:
    """Send every logger of the process to standard output as JSON; returns the redactor in use."""
    return penguinmails_logs.configure(role, level, secrets, QUIET)
