"""Small things that every serving role does at its start."""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from penguinmails_api.db import database_address, make_engine
from penguinmails_api.iam import token_source
from penguinmails_api.settings import CommonSettings, ServingSettings

log = logging.getLogger(__name__)

HEALTH_PORT_FILE = Path("/tmp/health-port")


def secrets_of(settings: CommonSettings) -> tuple[str, ...]:
    """Every secret value of ``settings``, for the log's redaction; of several in one, each."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(line for value in values if isinstance(value, SecretStr) for line in value.get_secret_value().split("\n"))


def engines(settings: ServingSettings, *, size: int, overflow: int) -> tuple[Engine, Engine]:
    """The role's engine, and the readiness check's own with one connection; neither has opened one."""
    address = database_address(settings.database_url.get_secret_value(), settings.database_ca_file)
    region = settings.database_iam_region
    token = token_source(address.url, region) if region is not None else None
    wait_seconds = settings.database_pool_wait_seconds
    return (
        make_engine(address, size=size, overflow=overflow, wait_seconds=wait_seconds, token=token),
        make_engine(address, size=1, overflow=0, wait_seconds=1.0, token=token),
    )


def announce_health_port(port: int, path: Path = HEALTH_PORT_FILE) -> None:
    """Tell the image's health check, which does not know the role, where to ask."""
    try:
        path.write_text(f"{port}\n", encoding="ascii")
    except OSError as error:
        log.warning("the health check's file cannot be written", extra={"path": str(path), "reason": error.strerror})
