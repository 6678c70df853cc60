"""The address plan of a new network: three tiers in up to four zones, pure.

A range is cut into quarters, one a tier and one kept free; a quarter into four, one a zone. A zone that is added later takes
what was free, so that no subnet ever moves. Of each subnet AWS keeps five addresses: a /16 leaves 4091 in each, a /22 59.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

DEFAULT = "10.20.0.0/16"
TIERS = ("private", "public", "isolated")
MAX_ZONES = 4
SMALLEST_PREFIX = 24
"""So that a subnet is a /28, the smallest that AWS has."""

PRIVATE = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""

_BITS = 2
"""Of a quarter: 2 ** 2 parts."""


def plan(cidr: str, zones: int) -> Mapping[str, Sequence[str]]:
    """Tier -> range of its subnet in each zone.

    Raises `ValueError` for a range that does not begin at its first address or is smaller than a /24, and for more than four
    zones.
    """
    network = ipaddress.IPv4Network(cidr)
    if not 1 <= zones <= MAX_ZONES:
        raise ValueError(f"{zones} zones: there is room for 1 to {MAX_ZONES}")
    if network.prefixlen > SMALLEST_PREFIX:
        raise ValueError(f"{cidr} is too small: AWS has no subnets below /28")
    quarters = list(network.subnets(prefixlen_diff=_BITS))
    return {
        tier: [str(part) for part in list(quarter.subnets(prefixlen_diff=_BITS))[:zones]]
        for tier, quarter in zip(TIERS, quarters, strict=False)
    }


def misfit(cidr: str) -> str | None:
    """Why a range cannot be a network's, in words that follow its field; None for one that can."""
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        return f"{cidr} is not the first address of a range; use one such as {DEFAULT}"
    if not any(network.subnet_of(block) for block in PRIVATE):
        return f"{cidr} is not private; use a part of {PRIVATE[0]}, {PRIVATE[1]} or {PRIVATE[2]}"
    return None
