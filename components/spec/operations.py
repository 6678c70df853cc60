"""Logs, mail, alerts and backups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Self

from cronsim import CronSim, CronSimError
from pydantic import Field, model_validator

from components.spec.base import Cron, Domain, Email, Model, Name, WebhookUrl


class Telemetry(Model):
    """One place for the logs of all services."""

    log_retention_days: int = Field(default=30, ge=1, le=3653)


class Mail(Model):
    """Sending mail that authenticates (SPF, DKIM, DMARC)."""

    domain: Domain
    postmaster: Email = Field(description="Gets the reports of receivers (DMARC).")
    events_queue: Name | None = Field(
        default=None, description="The queue that bounces and complaints are put into; null: none."
    )


class Objectives(Model):
    """What the platform promises; alerts watch how fast the error budget of 30 days is used up."""

    availability_percent: float = Field(default=99.9, ge=90, le=99.99, description="Requests answered without a server error.")
    response_p95_milliseconds: int = Field(default=200, ge=10, le=60000, description="95 of 100 requests are answered within.")


class CustomAlarm(Model):
    """An alarm of the user's own on one part of the platform."""

    measure: Literal[
        "cpu_percent",
        "memory_percent",
        "log_matches_per_minute",
        "waiting_messages",
        "oldest_message_seconds",
        "database_cpu_percent",
        "database_connections",
        "database_free_storage_gib",
        "requests_per_minute",
    ]
    of: Name | None = Field(default=None, description="The service or the queue that is measured; null for database and edge.")
    pattern: str | None = Field(default=None, min_length=1, max_length=200, description="The text in log lines that counts.")
    above: float | None = Field(default=None, ge=0)
    below: float | None = Field(default=None, ge=0)
    minutes: int = Field(default=5, ge=1, le=60, description="For so long, minute by minute.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.above is None and self.below is None:
            raise ValueError("above: is missing; give above or below")
        if self.above is not None and self.below is not None:
            raise ValueError("below: above is given too; leave one of them out")
        if (self.measure == "log_matches_per_minute") != (self.pattern is not None):
            raise ValueError("pattern: belongs to log_matches_per_minute, which needs one")
        return self


class Alerts(Model):
    """Who is told, and about what."""

    emails: tuple[Email, ...] = ()
    webhooks: tuple[WebhookUrl, ...] = Field(default=(), description="Addresses that each alert is posted to.")
    slack: bool = Field(default=False, description="Each alert is posted to Slack, by the secret address alertsSlackUrl.")
    objectives: Objectives = Objectives()
    custom: dict[Name, CustomAlarm] = Field(default={}, description="Alarms of your own.")

    @model_validator(mode="after")
    def _tells_somebody(self) -> Self:
        if not (self.emails or self.webhooks or self.slack):
            raise ValueError("emails: nobody is told; give emails, webhooks or slack")
        return self


class Backup(Model):
    """Backups beyond the database's own, and drills that restore them."""

    retention_days: int = Field(default=30, ge=1, le=3650, description="Of the database's own backups too.")
    schedule: Cron | None = Field(default=None, description="When a backup is made, five fields of cron in UTC; null is daily.")
    drill_every_days: int | None = Field(
        default=None, ge=1, le=366, description="How often the newest backup is restored to prove it; null is every week."
    )

    @model_validator(mode="after")
    def _keeps_what_it_restores(self) -> Self:
        if self.schedule is not None and not _is_cron(self.schedule):
            raise ValueError(f'schedule: "{self.schedule}" is no schedule; write five fields of cron such as "30 2 * * *"')
        if self.drill_every_days is not None and self.retention_days < self.drill_every_days:
            raise ValueError(
                f"retention_days: {self.retention_days} is shorter than the {self.drill_every_days} days between drills"
            )
        return self


def _is_cron(text: str) -> bool:
    """Whether `text` has five fields that a day fits; one of a sixth field or of seconds is none."""
    try:
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        return False
    return len(text.split()) == 5
