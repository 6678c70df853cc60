"""What the program is told, by variables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from penguinmails_operations.acme.schedule import FIRST_PAUSE_SECONDS
from penguinmails_operations.serving import setting


@dataclass(frozen=True)
class Settings:
    """`authority_file`: certificates that the directory is verified with; None: the public authorities'. `edge_url`: port 80 of
    the edge, within the platform."""

    domain: str
    directory_url: str
    email: str
    edge_url: str
    account_folder: Path
    certificate_folder: Path
    authority_file: Path | None = None
    first_pause_seconds: float = FIRST_PAUSE_SECONDS


def read() -> Settings:
    """The fields in capitals; AUTHORITY_FILE and FIRST_PAUSE_SECONDS may be missing."""
    authority = setting("AUTHORITY_FILE", "")
    return Settings(
        domain=setting("DOMAIN"),
        directory_url=setting("DIRECTORY_URL"),
        email=setting("EMAIL"),
        edge_url=setting("EDGE_URL"),
        account_folder=Path(setting("ACCOUNT_FOLDER")),
        certificate_folder=Path(setting("CERTIFICATE_FOLDER")),
        authority_file=Path(authority) if authority else None,
        first_pause_seconds=float(setting("FIRST_PAUSE_SECONDS", str(FIRST_PAUSE_SECONDS))),
    )
