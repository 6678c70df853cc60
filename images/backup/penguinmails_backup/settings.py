"""What the keeper is told by its environment, and where things lie in its container."""

from __future__ import annotations

from pathlib import Path

from cronsim import CronSim
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

CONFIG_FILE = Path("/run/secrets/pgbackrest.conf")
PASSPHRASE_FILE = Path("/run/secrets/passphrase")
STANZA = "main"
DATABASE_VOLUME = Path("/var/lib/postgresql")
DATA = DATABASE_VOLUME / "17" / "main"
SOCKETS = Path("/run/postgresql")
FOLDER = Path("/var/lib/pgbackrest")
DRILLS = FOLDER / "drills"
OBJECTS = Path("/var/lib/penguinmails/objects")
OBJECT_BACKUPS = FOLDER / "objects"
SCRATCH = Path("/var/lib/penguinmails/drill")
FULL_EVERY_DAYS = 7
ARCHIVE_TIMEOUT_SECONDS = 45
"""The server's own archive_timeout: after so long a segment that is not full is shipped."""


class Settings(BaseSettings):
    """`schedule`: five fields of cron, in UTC. `repositories`: 1, or 2 with one elsewhere."""

    stack: str
    database_name: str
    schedule: str
    retention_days: int = Field(ge=1)
    drill_every_days: int = Field(ge=1)
    repositories: int = Field(default=1, ge=1, le=2)
    port: int = 9400

    @field_validator("schedule")
    @classmethod
    def _is_cron(cls, value: str) -> str:
        from datetime import UTC, datetime

        CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
        return value


def passphrase() -> str:
    return PASSPHRASE_FILE.read_text(encoding="utf-8").strip()
