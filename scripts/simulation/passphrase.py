"""Secrets of a stack file as the engine's passphrase provider encrypts them, without starting the engine for each.

The format is that of `sdk/go/common/resource/config/crypt.go` and `pkg/secrets/passphrase`: AES-256-GCM under a key that PBKDF2
(SHA-256, a million rounds) makes of the passphrase; a test holds it against the real engine. For stacks of a simulation only.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ROUNDS: Final = 1_000_000
_NONCE_BYTES: Final = 12


@dataclass(frozen=True)
class Passphrase:
    """`passphrase` and `salt` as a stack file and its environment have them."""

    passphrase: str
    salt: bytes

    @classmethod
    def new(cls) -> Self:
        """One that nobody else has."""
        return cls(os.urandom(16).hex(), os.urandom(8))

    @property
    def encryption_salt(self) -> str:
        """The value of `encryptionsalt`: the salt, and a text by which the engine knows the passphrase."""
        return f"v1:{_text(self.salt)}:{self.encrypt('pulumi')}"

    def encrypt(self, value: str) -> str:
        """A value for `secure:`."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(_key(self.passphrase, self.salt)).encrypt(nonce, value.encode(), None)
        return f"v1:{_text(nonce)}:{_text(sealed)}"


@cache
def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, _ROUNDS, 32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
