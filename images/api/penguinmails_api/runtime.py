"""Small things that every serving role does at its start."""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import SecretStr

from penguinmails_api.settings import CommonSettings

log = logging.getLogger(__name__)

HEALTH_PORT_FILE = Path("/tmp/health-port")


def secrets_of(settings: CommonSettings) -> tuple[str, ...]:
    """Every secret value of ``settings``, for the log's redaction."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def announce_health_port(port: int, path: Path = HEALTH_PORT_FILE) -> None:
    """Tell the image's health check, which does not know the role, where to ask."""
    try:
        path.write_text(f"{port}\n", encoding="ascii")
    except OSError as error:
        log.warning("the health check's file cannot be written", extra={"path": str(path), "reason": error.strerror})
