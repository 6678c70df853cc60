"""The secrets of a stack's configuration on Docker, and what is derived from them. Pure.

Everything that the broker's users need is derived from one secret by HMAC-SHA-256, so that a service can be added without
a new secret, and one service's password says nothing about another's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from components.spec import PlatformSpec
from components.target import SecretKey

_KEYS = (
    SecretKey("databaseOwnerPassword", "password", "the role that owns the schema and runs migrations"),
    SecretKey("databaseAppPassword", "password", "the role of the services, through the pooler"),
    SecretKey("brokerSecret", "password", "every service's password at the broker is derived from it"),
    SecretKey("apiKey", "password", "the first key of the API"),
    SecretKey("certificateAuthority", "authority", "signs the certificates of the platform's parts"),
)


def secret_keys(spec: PlatformSpec) -> Sequence[SecretKey]:
    """What must stand in the stack's configuration, encrypted, before this description can be deployed."""
    del spec
    return _KEYS


def derive(secret: str, purpose: str) -> str:
    """A password of 256 bits for `purpose`, in letters, digits, hyphen and underscore."""
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
