"""What is the same about processes on every target: users, capabilities, images, and what a variable may hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.model import is_given
from policies.readers.model import Reading, known
from scripts.simulation.values import UNKNOWN, Value

DIGEST: Final = re.compile(r"(^|@)sha256:[0-9a-f]{64}$")
_ROOT: Final = re.compile(r"^(root|0+)(:|$)")

IMAGE: Final = "name the image by its digest; a tag may lead elsewhere tomorrow"
USER: Final = "name a user other than root, by its number"
READ_ONLY: Final = "set it to true and mount what must be written"
DROPS: Final = "drop ALL capabilities"
ADDS: Final = "add single capabilities, not ALL"
MEMORY: Final = "set a limit; without one a leak takes the whole host"

_SECRET_WORDS: Final = frozenset({"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "CREDENTIALS", "PWD"})
_SECRET_ENDS: Final = ("APIKEY", "PRIVATEKEY", "SECRETKEY", "SIGNINGKEY", "ENCRYPTIONKEY", "ACCESSKEY", "MASTERKEY")
_REFERENCES: Final = frozenset(
    {"FILE", "PATH", "FOLDER", "DIR", "ARN", "ID", "NAME", "URL", "URI", "HOST", "SECONDS", "MINUTES", "HOURS", "TTL", "LENGTH"}
)
"""Last words of variables that say where a secret is, or how long one lasts."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_VALUE: Final = re.compile(r"://[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----")
"""A URL with a password in it, or a private key."""
_DATABASE: Final = re.compile(r"\bpostgres(?:ql)?://|\bsslmode=")
_MODE: Final = re.compile(r"\bsslmode=verify-full\b")

AS_SECRET: Final = "give it as a secret of the target, as NAME_FILE; variables can be read by everybody on the host"  # noqa: S105
HOLDS: Final = "holds a password or a key; give it as a secret of the target"
_VERIFY: Final = "use sslmode=verify-full; without it anybody can stand in for the database"


def is_ordinary(value: Value) -> bool:
    """Whether a user is named and not root."""
    return is_given(value) and not _ROOT.match(str(value))


def drops_all(value: Value) -> bool:
    """Whether a list of capabilities holds all of them."""
    return isinstance(value, list) and any(str(item).upper() in ("ALL", "CAP_ALL") for item in value)


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret itself, not where one is."""
    words = [word.upper() for word in _WORD.findall(name)]
    if not words or words[-1] in _REFERENCES or name == "PWD":
        return False
    return not _SECRET_WORDS.isdisjoint(words) or "".join(words).endswith(_SECRET_ENDS)


def holds_secret(text: str) -> bool:
    """Whether a text has a password or a private key in it, wherever that comes from."""
    return _SECRET_VALUE.search(text) is not None


def secret_in(path: str, name: str, value: Value) -> Iterator[Reading]:
    """Whether a plain variable holds no secret; by its name also where the value is not known."""
    if value is not UNKNOWN and not is_given(value):
        return
    if is_secret_name(name):
        yield Reading(path, False, AS_SECRET)
    else:
        yield Reading(path, known(value, lambda text: not holds_secret(str(text))), HOLDS)


def checks_server(path: str, value: Value) -> Iterator[Reading]:
    """Whether a variable or argument that leads to PostgreSQL has the server's certificate checked; nothing for others."""
    if value is UNKNOWN:
        yield Reading(path, UNKNOWN, _VERIFY)
    elif isinstance(value, str) and _DATABASE.search(value):
        yield Reading(path, bool(_MODE.search(value)), _VERIFY)
