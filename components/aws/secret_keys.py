"""The secrets of a stack's configuration on AWS.

Queues and the database have none for services, which are known by their role. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.spec import PlatformSpec
from components.target import SecretKey

_KEYS = (
    SecretKey("databaseOwnerPassword", "password", "the role that owns the schema and runs migrations"),
    SecretKey("apiKey", "password", "the first key of the API"),
)


def secret_keys(spec: PlatformSpec) -> Sequence[SecretKey]:
    """What must stand in the stack's configuration, encrypted, before this description can be deployed."""
    del spec
    return _KEYS
