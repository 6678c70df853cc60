"""Neutral sizes and environments of the description -> SKUs and figures of AWS, never smaller than asked. Pure.

Figures of instance classes: the RDS user guide, "Hardware specifications for DB instance classes". For both engines db.m6g is
offered in every region that cfn-lint knows and db.t4g in all but ca-west-1; db.m7g is missing in five.
"""

from __future__ import annotations

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


_DEVELOPMENT = {
    Size.SMALL: DatabaseClass("db.t4g.micro", vcpus=2, memory_gib=1),
    Size.MEDIUM: DatabaseClass("db.t4g.medium", vcpus=2, memory_gib=4),
    Size.LARGE: DatabaseClass("db.t4g.xlarge", vcpus=4, memory_gib=16),
}
_ELSEWHERE = {
    Size.SMALL: DatabaseClass("db.t4g.medium", vcpus=2, memory_gib=4),
    Size.MEDIUM: DatabaseClass("db.m6g.large", vcpus=2, memory_gib=8),
    Size.LARGE: DatabaseClass("db.m6g.xlarge", vcpus=4, memory_gib=16),
}
"""The smallest with Performance Insights for both engines (not on db.t4g.micro and small for MySQL), and from medium on with a
processor of their own: about 0.07, 0.16 and 0.32 dollars an hour in one zone, twice that with a standby."""


def database(size: Size, identity: Identity) -> DatabaseClass:
    return (_ELSEWHERE if identity.keeps_data else _DEVELOPMENT)[size]


def most_storage_gib(storage_gib: int) -> int:
    """Up to where storage grows by itself: twice what was asked for. RDS wants at least a tenth more than there is."""
    return min(2 * storage_gib, MAX_STORAGE_GIB)


def has_standby(database: Database, identity: Identity) -> bool:
    """Whether a second instance waits in another zone: as asked, else everywhere but in development."""
    return identity.keeps_data if database.high_availability is None else database.high_availability


def retention_days(backup: Backup | None, identity: Identity) -> int:
    """How long automated backups are kept. More than `MAX_RETENTION_DAYS` is refused in `limits.py`."""
    if backup is not None:
        return backup.retention_days
    return RETENTION_DAYS if identity.keeps_data else RETENTION_DAYS_IN_DEVELOPMENT
