"""The pack for every platform: what no environment goes without."""

from __future__ import annotations

from typing import Final

from policies.model import AnyRule
from policies.rules import audit, availability, containers, durability, encryption, exposure, identity, ownership

RULES: Final[tuple[AnyRule, ...]] = (
    encryption.ENCRYPTED,
    encryption.KEYS_ROTATE,
    encryption.TLS_REQUIRED,
    encryption.TLS_VERSION,
    encryption.VERIFIED,
    encryption.STORE_TLS,
    *exposure.RULES,
    *identity.RULES,
    durability.ONE_WRITER,
    durability.PINNED,
    availability.ROLL_BACK,
    availability.DEAD_LETTERED,
    availability.BOUNDED,
    availability.GROWTH,
    audit.LOGGED,
    audit.LOG_PRIVATE,
    *ownership.RULES,
    *containers.RULES,
)
