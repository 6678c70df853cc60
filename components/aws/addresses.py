"""The address plan of a new network: three tiers in up to four zones, pure.

A range is cut into quarters, one a tier and one kept free; a quarter into four, one a zone. A zone that is added later takes
what was free, so that no subnet ever moves.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

DEFAULT = "10.20.0.0/16"
TIERS = ("private", "public", "isolated")
MAX_ZONES = 4
_BITS = 2
"""Of a quarter: 2 ** 2 parts."""


def plan(cidr: str, zones: int) -> Mapping[str, Sequence[str]]:
    """Tier -> range of its subnet in each zone.

    Raises `ValueError` for a range that is not canonical or smaller than /24, and for more than four zones.
    """
    network = ipaddress.IPv4Network(cidr)
    if not 1 <= zones <= MAX_ZONES:
        raise ValueError(f"{zones} zones: there is room for 1 to {MAX_ZONES}")
    if network.prefixlen > 24:
        raise ValueError(f"{cidr} is too small: AWS has no subnets below /28")
    quarters = list(network.subnets(prefixlen_diff=_BITS))
    return {
        tier: [str(part) for part in list(quarter.subnets(prefixlen_diff=_BITS))[:zones]]
        for tier, quarter in zip(TIERS, quarters, strict=False)
    }
