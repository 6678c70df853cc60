"""Alerts on backups and drills, and on what watches the platform itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from components.docker.alert_rules import SHOWN, Alert, Group
from components.spec import PlatformSpec

ARCHIVE_SECONDS: Final = 900
"""The log of the database is archived every minute; this is what may be lost before somebody is woken."""

SERIES: Final = 150_000
"""More than twice what the memory of Prometheus is meant for."""

WATCHDOG: Final = "Watchdog"


def groups(spec: PlatformSpec) -> Sequence[Group]:
    found = [Group("monitoring", list(_monitoring(spec)))]
    if spec.backup is not None:
        found.append(Group("backup", [*_archive(), *_backup(), *_drill()]))
    return found


def _archive() -> Iterator[Alert]:
    yield Alert(
        name="ArchivingStopped",
        expression=f"time() - max(penguinmails_archive_last_success_timestamp_seconds) > {ARCHIVE_SECONDS}",
        minutes=5,
        severity="page",
        says=f"Changes of the last {SHOWN.duration} are on the database's disk only",
        do="If that disk is lost, so are they; and it fills. One repository that cannot be reached is enough, since none gets "
        "ahead of the other. See the logs of the services backup and database.",
        topic="archive",
        after=("database",),
    )
    yield Alert(
        name="ArchivingFails",
        expression="sum(increase(penguinmails_archive_failures_total[15m])) >= 3",
        minutes=0,
        severity="ticket",
        says="The database's log was not archived at the first try, several times",
        do="It is tried again, and until every repository takes it none gets more. See the logs of the services backup and "
        "database: room, network, keys of the second repository?",
        topic="archive",
        after=("database",),
    )


def _backup() -> Iterator[Alert]:
    last = "max(penguinmails_backup_last_success_timestamp_seconds)"
    interval = "max(penguinmails_backup_interval_seconds)"
    never = f'(absent({last}) and on () max(up{{job="backup"}}) == 1)'
    yield Alert(
        name="BackupOverdue",
        expression=f"(time() - {last} > 1.25 * {interval} + 3600) or {never}",
        minutes=60,
        severity="ticket",
        says="A backup is overdue",
        do="None has succeeded since it should have. See GET /backups of the service backup, and its log.",
        topic="backup",
    )
    yield Alert(
        name="BackupMissing",
        expression=f"time() - {last} > 3 * {interval} + 3600",
        minutes=60,
        severity="page",
        says=f"The newest backup is {SHOWN.duration} old",
        do="Several in a row did not come about. See GET /backups of the service backup, and its log.",
        topic="backup",
    )
    yield Alert(
        name="BackupFailed",
        expression="sum(increase(penguinmails_backup_failures_total[1h])) > 0",
        minutes=0,
        severity="ticket",
        says="A backup failed",
        do="It is tried again. See GET /backups of the service backup, and its log.",
        topic="backup",
    )


def _drill() -> Iterator[Alert]:
    yield Alert(
        name="DrillFailed",
        expression="max(penguinmails_drill_passed) == 0",
        minutes=0,
        severity="ticket",
        says="The newest backup could not be restored, or not to what it should hold",
        do="Until a drill passes, nobody knows what the backups are worth. See GET /drills of the service backup.",
    )
    last = "max(penguinmails_drill_last_success_timestamp_seconds)"
    interval = "max(penguinmails_drill_interval_seconds)"
    never = f'(absent({last}) and on () max(up{{job="backup"}}) == 1)'
    yield Alert(
        name="DrillOverdue",
        expression=f"(time() - {last} > 1.25 * {interval} + 3600) or ({never} and on () max_over_time({interval}[7d:1h]) > 0)",
        minutes=1440,
        severity="ticket",
        says="A drill is overdue",
        do="None has passed since it should have. See GET /drills of the service backup, and its log.",
    )


def _monitoring(spec: PlatformSpec) -> Iterator[Alert]:
    yield Alert(
        name=WATCHDOG,
        expression="vector(1)",
        minutes=0,
        severity="none",
        says="Alerts are evaluated and told",
        do="Always there. Whoever stops getting it knows that nobody would be told of anything.",
    )
    yield Alert(
        name="RulesFail",
        expression="sum(increase(prometheus_rule_evaluation_failures_total[15m])) > 0 "
        "or sum(increase(prometheus_rule_group_iterations_missed_total[15m])) > 2",
        minutes=5,
        severity="ticket",
        says="Prometheus could not evaluate rules, or not in time",
        do="Alerts may be missing. See the log of the service prometheus.",
    )
    yield Alert(
        name="PrometheusStorage",
        expression=" or ".join(
            f"(sum(increase(prometheus_tsdb_{what}_total[1h])) > 0)"
            for what in ("compactions_failed", "reloads_failures", "wal_corruptions", "wal_writes_failed")
        ),
        minutes=5,
        severity="ticket",
        says="Prometheus cannot write what it gathers",
        do="Is the disk full? See the log of the service prometheus.",
    )
    yield Alert(
        name="TooManySeries",
        expression=f"max(prometheus_tsdb_head_series) > {SERIES}",
        minutes=60,
        severity="ticket",
        says=f"Prometheus holds {SHOWN.number} series",
        do="Its memory may not suffice. Which part gives so many (a label that has a value for each client)?",
    )
    yield Alert(
        name="AlertsNotTold",
        expression="sum(increase(prometheus_notifications_errors_total[5m])) > 0 "
        "or sum(increase(prometheus_notifications_dropped_total[5m])) > 0 "
        "or sum(increase(alertmanager_notifications_failed_total[5m])) > 0",
        minutes=10,
        severity="page",
        says="Alerts do not reach anybody, or not by every way",
        do="See the log of the service alertmanager: does the mail server take mail, Slack and the webhooks messages?",
    )
    if spec.alerts is not None and spec.alerts.webhooks:
        yield Alert(
            name="WebhooksFail",
            expression='sum by (address) (increase(penguinmails_notifications_total{result!="sent"}[15m])) > 0',
            minutes=0,
            severity="ticket",
            says=f"Webhook number {SHOWN.label('address')} of the description did not take an alert",
            do="It was posted again for a quarter of an hour. See the log of the service notifier.",
        )
