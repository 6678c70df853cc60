"""Neutral sizes and environments of the description -> SKUs and figures of AWS, never smaller than asked. Pure.

Figures of instance classes: the RDS user guide, "Hardware specifications for DB instance classes". For both engines db.m6g is
offered in every region that cfn-lint knows and db.t4g in all but ca-west-1, which gets the next larger; db.m7g is missing in
five.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from components.contract import Identity
from components.spec import Backup, Database, Size

MAX_STORAGE_GIB = 65536
"""The largest gp3 volume of RDS (user guide, "Amazon RDS DB instance storage")."""

MAX_RETENTION_DAYS = 35
"""The longest that RDS keeps automated backups (user guide, "Backup retention period")."""

RETENTION_DAYS, RETENTION_DAYS_IN_DEVELOPMENT = 30, 7
"""Of automated backups, and so how far back a point in time can be restored, where the description does not say."""


@dataclass(frozen=True)
class DatabaseClass:
    name: str
    vcpus: int
    memory_gib: float


_M6G_LARGE = DatabaseClass("db.m6g.large", vcpus=2, memory_gib=8)
_M6G_XLARGE = DatabaseClass("db.m6g.xlarge", vcpus=4, memory_gib=16)
_DEVELOPMENT = {
    Size.SMALL: DatabaseClass("db.t4g.micro", vcpus=2, memory_gib=1),
    Size.MEDIUM: DatabaseClass("db.t4g.medium", vcpus=2, memory_gib=4),
    Size.LARGE: DatabaseClass("db.t4g.xlarge", vcpus=4, memory_gib=16),
}
_ELSEWHERE = {
    Size.SMALL: DatabaseClass("db.t4g.medium", vcpus=2, memory_gib=4),
    Size.MEDIUM: _M6G_LARGE,
    Size.LARGE: _M6G_XLARGE,
}
"""The smallest with Performance Insights for both engines (not on db.t4g.micro and small for MySQL), and from medium on with a
processor of their own: about 0.07, 0.16 and 0.32 dollars an hour in one zone, twice that with a standby."""

_INSTEAD: Mapping[str, Mapping[str, DatabaseClass]] = {
    "ca-west-1": {"db.t4g.micro": _M6G_LARGE, "db.t4g.medium": _M6G_LARGE, "db.t4g.xlarge": _M6G_XLARGE}
}
"""Region -> class that is not offered there -> the smallest that is."""

_BYTES_PER_CONNECTION = {"postgresql": 9_531_392, "mysql": 12_582_880}
_MOST_CONNECTIONS = {"postgresql": 5_000, "mysql": 16_000}
"""RDS's default of `max_connections` is `DBInstanceClassMemory` by the first figure, up to the second (user guide, "Maximum
number of database connections")."""

RESERVED_CONNECTIONS = 15
"""For RDS itself, the owner (migrations) and a person who looks: the pooler does not get these."""


def database(size: Size, identity: Identity, region: str = "") -> DatabaseClass:
    """The class of a size; `region` where it matters which are offered."""
    chosen = (_ELSEWHERE if identity.keeps_data else _DEVELOPMENT)[size]
    return _INSTEAD.get(region, {}).get(chosen.name, chosen)


def max_connections(chosen: DatabaseClass, engine: str) -> int:
    """What the server takes by RDS's own formula, rather too few than too many.

    The formula's memory is what RDS and the operating system leave, which AWS does not tell. Reckoned here with 92 % of the
    class less 0.2 GiB, which is below what people report of db.t3 and db.m5 (a db.t3.micro with PostgreSQL takes 81 to 87).
    """
    left = (0.92 * chosen.memory_gib - 0.2) * 2**30
    return min(int(left / _BYTES_PER_CONNECTION[engine]), _MOST_CONNECTIONS[engine])


def pool_room(chosen: DatabaseClass, engine: str) -> int:
    """The most connections that the pooler may hold."""
    return max_connections(chosen, engine) - RESERVED_CONNECTIONS


def pool_percent(connections: int, chosen: DatabaseClass, engine: str) -> int:
    """`connections` in per cent of all that the server takes, 1 to 100: RDS Proxy knows no number. Never fewer than asked."""
    return max(1, min(100, math.ceil(100 * connections / max_connections(chosen, engine))))


def most_storage_gib(storage_gib: int) -> int:
    """Up to where storage grows by itself: twice what was asked for. RDS wants at least a tenth more than there is."""
    return min(2 * storage_gib, MAX_STORAGE_GIB)


def has_standby(database: Database, identity: Identity) -> bool:
    """Whether a second instance waits in another zone: as asked, else everywhere but in development."""
    return identity.keeps_data if database.high_availability is None else database.high_availability


def retention_days(backup: Backup | None, identity: Identity) -> int:
    """How long automated backups are kept, and so how far back a point in time can be restored: what is asked for, as far as
    RDS goes. Snapshots in the backup vault last longer."""
    if backup is not None:
        return min(backup.retention_days, MAX_RETENTION_DAYS)
    return RETENTION_DAYS if identity.keeps_data else RETENTION_DAYS_IN_DEVELOPMENT
