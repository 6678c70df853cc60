"""The rules, one module for each concern. A pack lists those that it wants."""

from __future__ import annotations

from typing import Final

from policies.model import AnyRule
from policies.rules import audit, availability, containers, durability, encryption, exposure, identity, ownership, privacy

ALL: Final[tuple[AnyRule, ...]] = (
    *encryption.RULES,
    *exposure.RULES,
    *identity.RULES,
    *durability.RULES,
    *availability.RULES,
    *audit.RULES,
    *privacy.RULES,
    *ownership.RULES,
    *containers.RULES,
)


def serving(framework: str) -> tuple[AnyRule, ...]:
    """The rules that serve a control of a framework such as `SOC 2`."""
    return tuple(rule for rule in ALL if any(control.startswith(f"{framework} ") for control in rule.controls))
