"""Certificates as an authority would give them, made here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from components.docker import pki

DOMAIN = "mail.example.com"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
AUTHORITY = pki.new_authority("test", NOW - timedelta(days=400))


def pair(begins: datetime = NOW, days: float = 90, domain: str = DOMAIN, number: int = 0) -> tuple[str, str]:
    """Chain and key, in PEM; another `number` makes another key."""
    leaf = pki.issue(AUTHORITY, f"{domain}-{number}", [domain], [], begins, begins + timedelta(days=days))
    return leaf.certificate_pem, leaf.key_pem
