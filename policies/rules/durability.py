"""Data outlives a mistake: protected from deletion, backed up, and the backups are restored for practice.

Left out: whether a restore gave back the right data, which the drill's own report says.
"""

from __future__ import annotations

from typing import Final

from policies.properties import Property, StackProperty
from policies.rules.make import at_least, rule
from policies.settings import Setting

KEPT: Final = rule(
    "deletion-is-refused",
    "A mistake deletes no database, store or backup, and data is in volumes that have names.",
    "critical",
    Property.DELETION_REFUSED,
    controls=("SOC 2 A1.2", "SOC 2 CC7.5", "GDPR Art. 5(1)(f)", "GDPR Art. 32(1)(b)", "GDPR Art. 32(1)(c)"),
    remediation="Set environment in the stack file to production; the components then refuse to delete data.",
)

BACKUPS_KEPT: Final = rule(
    "backups-are-kept",
    "Backups are kept for some days at least.",
    "high",
    Property.BACKUP_DAYS,
    controls=("SOC 2 A1.2", "SOC 2 CC7.5", "GDPR Art. 32(1)(c)"),
    remediation="Set backup.retention_days in the stack file.",
    accepts=at_least("minimum_days"),
    demand="keep backups for {minimum_days} days at least",
    settings=(Setting("minimum_days", "Days that a backup is kept at least.", 7, "larger", most=3650),),
)

BACKUPS_OUTLIVE: Final = rule(
    "backups-outlive-the-database",
    "Backups stay when their database is deleted.",
    "critical",
    Property.BACKUPS_OUTLIVE,
    controls=("SOC 2 A1.2", "SOC 2 CC7.5", "GDPR Art. 32(1)(c)"),
    remediation="Set environment in the stack file to production; backups have a volume or a retention of their own.",
)

SCHEDULED: Final = rule(
    "backups-have-a-schedule",
    "Backups are taken by a schedule, not by hand.",
    "high",
    Property.BACKUPS_SCHEDULED,
    controls=("SOC 2 A1.2", "GDPR Art. 32(1)(c)"),
    remediation="Give the stack file a backup section; its schedule has a default.",
)

BACKED_UP: Final = rule(
    "databases-are-backed-up",
    "A backup apart from the database's own covers every database.",
    "critical",
    StackProperty.BACKED_UP,
    controls=("SOC 2 A1.2", "SOC 2 CC7.5", "GDPR Art. 32(1)(b)", "GDPR Art. 32(1)(c)"),
    remediation="Give the stack file a backup section.",
)

DRILLED: Final = rule(
    "backups-are-drilled",
    "A drill restores what every backup keeps, at intervals.",
    "high",
    StackProperty.DRILLED,
    controls=("SOC 2 A1.3", "SOC 2 CC7.5", "GDPR Art. 32(1)(c)", "GDPR Art. 32(1)(d)"),
    remediation="Leave backup.drill_every_days in the stack file at its default, or set a number of days.",
)

ELSEWHERE: Final = rule(
    "backups-have-a-copy-elsewhere",
    "A second place has a copy of every backup.",
    "high",
    Property.COPY_ELSEWHERE,
    controls=("SOC 2 A1.2", "SOC 2 CC9.1", "GDPR Art. 32(1)(c)"),
    remediation="Set aws.backup_region in the stack file, or name a second repository for backups on Docker.",
)

LOCKED: Final = rule(
    "backups-are-locked",
    "Nobody deletes a backup before its time, whoever has taken over the account.",
    "high",
    StackProperty.BACKUPS_LOCKED,
    controls=("SOC 2 A1.2", "SOC 2 CC6.1", "GDPR Art. 32(1)(b)"),
    remediation="Lock every vault (components/aws/backup.py does).",
)

DURABLE: Final = rule(
    "writes-are-durable",
    "A write that was acknowledged is on disk and on its way to the archive.",
    "high",
    Property.WRITES_DURABLE,
    controls=("SOC 2 A1.2", "SOC 2 PI1.5", "GDPR Art. 5(1)(f)", "GDPR Art. 32(1)(c)"),
    remediation="Leave fsync and full_page_writes on; a backup section in the stack file turns archiving on.",
)

VERSIONED: Final = rule(
    "objects-have-versions",
    "The store of the platform's objects keeps what is overwritten or deleted for a while.",
    "medium",
    StackProperty.STORE_VERSIONED,
    controls=("SOC 2 A1.2", "GDPR Art. 32(1)(c)"),
    remediation="Set environment in the stack file to production, for which versioning is on.",
)

ONE_WRITER: Final = rule(
    "volumes-have-one-writer",
    "A volume with data has one container at a time, during a release too.",
    "critical",
    Property.ONE_WRITER,
    controls=("SOC 2 A1.2", "SOC 2 PI1.5", "GDPR Art. 32(1)(b)"),
    remediation="Make a member of a database or broker a service of its own, with one copy and stop-first.",
)

PINNED: Final = rule(
    "members-are-pinned",
    "Where services name their hosts, one with data of its own names the host that has its volume.",
    "medium",
    StackProperty.PINNED,
    controls=("SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Name the host of every member in the stack file.",
)

RULES: Final = (
    KEPT,
    BACKUPS_KEPT,
    BACKUPS_OUTLIVE,
    SCHEDULED,
    BACKED_UP,
    DRILLED,
    ELSEWHERE,
    LOCKED,
    DURABLE,
    VERSIONED,
    ONE_WRITER,
    PINNED,
)
