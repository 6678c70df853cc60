"""Where personal data is kept, and that it is gone some day.

Left out: which rows of a database are whose, and their deletion on request, which is the application's.
"""

from __future__ import annotations

from typing import Final

from policies.model import Values
from policies.properties import Property
from policies.rules.make import rule
from policies.settings import Setting
from scripts.simulation.values import Value

EUROPE: Final = [
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-3",
]
"""Regions of AWS in member states of the Union. London and Zurich have decisions of adequacy, which may end."""


def _allowed(value: Value, values: Values) -> bool:
    return value in values["allowed_regions"]


def _ends(value: Value, values: Values) -> bool:
    return bool(0 < value <= values["maximum_days"])


RESIDENT: Final = rule(
    "data-stays-in-its-regions",
    "Data, its backups and their copies are kept in regions that are allowed.",
    "high",
    Property.REGION,
    controls=("GDPR Art. 30", "GDPR Art. 44"),
    remediation="Set aws.region and aws.backup_region in the stack file, or allow the region in the configuration of the pack.",
    accepts=_allowed,
    demand="use one of the regions that the pack allows",
    settings=(Setting("allowed_regions", "Regions that data may be kept in.", EUROPE, "common"),),
)

BACKUPS_END: Final = rule(
    "backups-end",
    "Backups are gone after a time; what was deleted comes back no more.",
    "medium",
    Property.BACKUP_END_DAYS,
    controls=("SOC 2 C1.2", "GDPR Art. 5(1)(e)", "CCPA 1798.100", "CCPA 1798.105"),
    remediation="Set backup.retention_days in the stack file.",
    accepts=_ends,
    demand="let backups end after {maximum_days} days at most",
    settings=(Setting("maximum_days", "Days that a backup is kept at most.", 400, "smaller", most=3650),),
)

VERSIONS_END: Final = rule(
    "deleted-objects-go",
    "What was deleted from a store of objects is gone after a time.",
    "medium",
    Property.OLD_VERSIONS_GO,
    controls=("SOC 2 C1.2", "GDPR Art. 5(1)(e)", "CCPA 1798.105"),
    remediation="Make buckets with components/aws/buckets.py, whose life cycle ends old versions.",
)

RULES: Final = (RESIDENT, BACKUPS_END, VERSIONS_END)
