"""What a description may ask of alerts and backups and AWS does not give. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.spec import Alerts, AwsSection, PlatformSpec
from components.target import Unsupported

_UNREADABLE = re.compile(r"[^\x20-\x7e\u00a0-\uffff]")
"""What no line of a log holds: ends of lines and other signs that control."""


def operations_limits(spec: PlatformSpec) -> Iterator[Unsupported]:
    if spec.aws is None:
        return
    yield from _not_given(spec)
    yield from _findings(spec, spec.aws)
    yield from _backup_region(spec, spec.aws)
    if spec.alerts is not None:
        yield from _patterns(spec.alerts)


def _not_given(spec: PlatformSpec) -> Iterator[Unsupported]:
    if spec.alerts is not None and spec.alerts.slack:
        yield Unsupported("is not given on aws yet; use webhooks or emails", "platform.alerts.slack")
    if spec.backup is None:
        return
    if spec.backup.schedule is not None:
        reason = "is AWS Backup's own hour, an hour away from RDS's; leave it out"
        yield Unsupported(reason, "platform.backup.schedule")
    if spec.backup.drill_every_days is not None:
        yield Unsupported("is a week on aws; leave it out", "platform.backup.drill_every_days")


def _findings(spec: PlatformSpec, section: AwsSection) -> Iterator[Unsupported]:
    if spec.alerts is not None:
        return
    for field in ("guardduty", "cloudtrail"):
        if getattr(section, field) is not None:
            yield Unsupported("tells nobody without alerts; add platform.alerts, or leave it out", f"platform.aws.{field}")


def _backup_region(spec: PlatformSpec, section: AwsSection) -> Iterator[Unsupported]:
    second, field = section.backup_region, "platform.aws.backup_region"
    if second is None:
        return
    if spec.backup is None:
        yield Unsupported("has nothing to copy without backups; add platform.backup, or leave it out", field)
    if second == section.region:
        yield Unsupported(f"is {second}, where the platform is; name another region, or leave it out", field)
    elif _partition(second) != _partition(section.region):
        yield Unsupported(f"{second} cannot get copies from {section.region}; name a region of the same partition", field)


def _partition(region: str) -> str:
    """Accounts and keys end at a partition's border: the public regions, those of the US government, and each of the others."""
    return next((begin for begin in ("us-gov-", "cn-", "eusc-", "us-iso", "eu-iso") if region.startswith(begin)), "")


def _patterns(alerts: Alerts) -> Iterator[Unsupported]:
    for name, alarm in alerts.custom.items():
        if alarm.pattern is not None and _UNREADABLE.search(alarm.pattern):
            path = f"platform.alerts.custom.{name}.pattern"
            yield Unsupported("has an end of line or another sign that no line of a log holds; leave it out", path)
