"""Stand-ins for the secrets of a stack: a preview never has the passphrase, so it never sees what is encrypted.

One set serves a whole command, so that a revision and this checkout are given the same values. All of them, and private keys,
are taken out of every text that is shown: what is derived from a placeholder (a hash, an encoding) tells nobody anything.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from components.docker import pki

_MARK: Final = re.compile(r"placeholder-[0-9a-f]{28}")
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)
_WITHIN_ADDRESS: Final = re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+@")


@dataclass
class Placeholders:
    """Key of the configuration, without the project's prefix -> value, made when it is first asked for."""

    _values: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, kind: Literal["password", "authority", "supplied"] = "password") -> str:
        if name not in self._values:
            # 40 characters: RDS takes 41 at most for MySQL.
            self._values[name] = _authority() if kind == "authority" else f"placeholder-{secrets.token_hex(14)}"
        return self._values[name]


def redacted(text: str) -> str:
    """The text without placeholders, private keys, and passwords inside addresses."""
    text = _PRIVATE_KEY.sub("[secret]", text)
    return _WITHIN_ADDRESS.sub("[secret]@", _MARK.sub("[secret]", text))


def _authority() -> str:
    return pki.authority_bundle(pki.new_authority("PenguinMails preview", datetime.now(UTC)))
