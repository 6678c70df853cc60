"""All rules of a platform, in the order of the documentation. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from components.docker import alert_custom, alert_data, alert_objectives, alert_operations, alert_services
from components.docker.alert_rules import Group
from components.docker.scrape_jobs import jobs
from components.spec import PlatformSpec


def rule_groups(spec: PlatformSpec) -> Sequence[Group]:
    """Records on every platform, and alerts, each once, on one whose description asks for them."""
    records = alert_objectives.recorded(spec)
    if spec.alerts is None:
        return records
    return [
        *records,
        *alert_objectives.groups(spec),
        *alert_services.groups(spec, jobs(spec)),
        *alert_data.groups(spec),
        *alert_operations.groups(spec),
        *alert_custom.groups(spec),
    ]
