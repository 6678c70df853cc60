"""Digits and GUIDs that depend on a text alone."""

from __future__ import annotations

import hashlib

from scripts.simulation.clouds.azure.names import guid


def digits(text: str, count: int = 32) -> str:
    """`count` hexadecimal digits, at most 64."""
    return hashlib.sha256(text.lower().encode()).hexdigest()[:count]


def guid_of(text: str) -> str:
    """A GUID."""
    return guid(digits(text))


def number(text: str, below: int) -> int:
    """A number from 0 to `below` - 1."""
    return int(digits(text, 12), 16) % below


def public_address(text: str) -> str:
    """An IPv4 address out of a range that Azure announces."""
    return f"20.{number(f'{text}/2', 200) + 30}.{number(f'{text}/3', 250) + 1}.{number(f'{text}/4', 250) + 1}"


TENANT = guid_of("tenant")
"""The directory that everything belongs to."""
