"""The pack for the California Consumer Privacy Act (Civil Code 1798.100 and following): every rule that serves a section."""

from __future__ import annotations

from typing import Final

from policies.model import AnyRule
from policies.rules import serving

RULES: Final[tuple[AnyRule, ...]] = serving("CCPA")
