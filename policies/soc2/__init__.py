"""The pack for SOC 2: every rule that serves a trust services criterion (TSP section 100, 2017, points of focus of 2022)."""

from __future__ import annotations

from typing import Final

from policies.model import AnyRule
from policies.rules import serving

RULES: Final[tuple[AnyRule, ...]] = serving("SOC 2")
