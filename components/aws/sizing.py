"""Neutral sizes of the description -> SKUs of AWS that exist in every region with three zones, never smaller than asked. Pure.

Figures of instance classes: the RDS user guide, "Hardware specifications for DB instance classes".
"""

from __future__ import annotations

from dataclasses import dataclass

from components.spec import Size

MAX_STORAGE_GIB = 65536
"""The largest gp3 volume of RDS (user guide, "Amazon RDS DB instance storage")."""


@dataclass(frozen=True)
class DatabaseClass:
    """`insights`: whether Performance Insights runs on it with every engine."""

    name: str
    vcpus: int
    memory_gib: float
    insights: bool


_DATABASE = {
    Size.SMALL: DatabaseClass("db.t4g.micro", vcpus=2, memory_gib=1, insights=False),
    Size.MEDIUM: DatabaseClass("db.m7g.large", vcpus=2, memory_gib=8, insights=True),
    Size.LARGE: DatabaseClass("db.m7g.xlarge", vcpus=4, memory_gib=16, insights=True),
}


def database(size: Size) -> DatabaseClass:
    return _DATABASE[size]


def most_storage_gib(storage_gib: int) -> int:
    """Up to where storage grows by itself: twice what was asked for. RDS wants at least a tenth more than there is."""
    return min(2 * storage_gib, MAX_STORAGE_GIB)
