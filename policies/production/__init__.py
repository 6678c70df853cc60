"""The pack for platforms in real use: data that cannot be lost, alarms that somebody hears, logs that are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from policies.model import AnyRule
from policies.rules import audit, availability, durability, encryption

RULES: Final[tuple[AnyRule, ...]] = (
    encryption.OWN_KEY,
    encryption.DELETION_WAITS,
    *durability.RULES,
    availability.ZONES,
    availability.COPIES,
    availability.ROLL_BACK,
    availability.DATABASE_WATCHED,
    availability.QUEUE_WATCHED,
    availability.SERVICE_WATCHED,
    availability.HEARD,
    availability.DEAD_LETTERED,
    replace(availability.BOUNDED, level="mandatory"),
    replace(availability.GROWTH, level="mandatory"),
    *audit.RULES,
)
