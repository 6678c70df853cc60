"""Logs, mail, alerts and backups."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from components.spec.base import Domain, Email, Model, Name, WebhookUrl


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

    emails: tuple[Email, ...] = Field(min_length=1)
    webhooks: tuple[WebhookUrl, ...] = Field(default=(), description="Addresses that each alert is posted to.")
    objectives: Objectives = Objectives()
    custom: dict[Name, CustomAlarm] = Field(default={}, description="Alarms of your own.")


class Backup(Model):
    """Backups beyond the database's own, and drills that restore them."""

    retention_days: int = Field(default=30, ge=1, le=3650, description="Of the database's own backups too.")
