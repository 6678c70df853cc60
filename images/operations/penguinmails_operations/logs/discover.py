"""Which containers belong to the platform.

The folder of the engine's logs may be passed through by the collector's group but not listed, so the gate before the engine
says which containers there are. Where the folder may be listed, it is, and the lines themselves say whose they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

TIMEOUT_SECONDS = 5
Discover = Callable[[], Mapping[str, str]]
"""Gives container id -> role; the role is empty where the lines have to tell. Raises `Unavailable`."""


class Unavailable(Exception):
    """Nobody could say which containers there are; those that are known are still read."""


def from_gate(url: str) -> Discover:
    """Asks `url` for a list of objects with `id` and `service`."""
    client = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False)

    def discover() -> Mapping[str, str]:
        try:
            answer = client.get(url)
            answer.raise_for_status()
            found = answer.json()
            return {str(item["id"]): str(item["service"]) for item in found}
        except (httpx.HTTPError, ValueError, TypeError, KeyError) as error:
            raise Unavailable(f"the gate does not say which containers there are ({type(error).__name__})") from None

    return discover


def from_folder(root: Path) -> Discover:
    """Lists the folder itself."""

    def discover() -> Mapping[str, str]:
        try:
            return {folder.name: "" for folder in sorted(root.iterdir()) if len(folder.name) == 64}
        except OSError as error:
            raise Unavailable(f"{root} cannot be listed ({error.strerror})") from None

    return discover
