"""Files that a service on Docker gets: configurations and secrets, which the provider keeps in base64. Pure.

What a file is for is told by what it holds besides the guarded values, not by its name.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from policies.model import Resource, at
from policies.readers.model import Reader, Reading
from scripts.simulation.values import UNKNOWN, UNREADABLE, Value

CONFIG: Final = "docker:index/serviceConfig:ServiceConfig"
SECRET: Final = "docker:index/secret:Secret"  # noqa: S105
DATA: Final = "data"

POSTGRESQL: Final = re.compile(r"^hba_file\s*=", re.MULTILINE)
ACCESS: Final = re.compile(r"^local\s+all\s+postgres\b", re.MULTILINE)
RABBITMQ: Final = re.compile(r"^cluster_name\s*=.*\n(?:.*\n)*?ssl_options\.|^load_definitions\s*=", re.MULTILINE)
PGBOUNCER: Final = re.compile(r"^\[pgbouncer\]", re.MULTILINE)
HAPROXY: Final = re.compile(r"^frontend ", re.MULTILINE)
ALERTMANAGER: Final = re.compile(r"^receivers:", re.MULTILINE)
RULES: Final = re.compile(r"^\s*- alert: ", re.MULTILINE)
PGBACKREST: Final = re.compile(r"^pg1-path=", re.MULTILINE)
DEFINITIONS: Final = re.compile(r'^\{.*"vhosts":', re.DOTALL)


@lru_cache(maxsize=512)
def _decoded(data: str) -> str:
    try:
        return base64.b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def text_of(resource: Resource) -> Value:
    """The text of a configuration or secret; UNKNOWN where it is not known or was encrypted where it came from."""
    found = at(resource.properties, DATA)
    if found is UNKNOWN or found == UNREADABLE:
        return UNKNOWN
    return _decoded(found) if isinstance(found, str) else ""


def in_file(kind: re.Pattern[str], where: str, right: Callable[[str], bool], fix: str) -> Reader:
    """Reads whether a file of a kind is right; nothing of other files. `where`: the setting, for the path."""

    def read(resource: Resource) -> Iterator[Reading]:
        text = text_of(resource)
        if text is UNKNOWN:
            yield Reading(DATA, UNKNOWN, fix)
        elif kind.search(text):
            yield Reading(f'{DATA}["{where}"]', right(text), fix)

    return read


def line(name: str, *values: str, absent: bool = False) -> Callable[[str], bool]:
    """Whether a file of `name = value` lines has one of the values; `absent`: what a file without the line is."""

    def right(text: str) -> bool:
        found = re.search(rf"^{re.escape(name)}\s*=[ \t]*(.*?)\s*$", text, re.MULTILINE)
        return absent if found is None else found[1].strip("'") in values

    return right
