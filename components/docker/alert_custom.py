"""Alerts that the description asks for by itself (`alerts.custom`). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from components.docker import alert_data
from components.docker.alert_rules import Alert, Group
from components.spec import CustomAlarm, PlatformSpec

_REQUESTS: Final = 'sum(rate(haproxy_frontend_http_requests_total{job="edge",proxy="public"}[1m])) * 60'
_FREE: Final = "min(node_filesystem_avail_bytes) / 1073741824"


def _cpu(spec: PlatformSpec, of: str) -> str:
    return f'100 * avg(rate(process_cpu_seconds_total{{job="{of}"}}[1m])) / {spec.services[of].cpu:g}'


def _memory(spec: PlatformSpec, of: str) -> str:
    return f'100 * avg(process_resident_memory_bytes{{job="{of}"}}) / {spec.services[of].memory_mib * 1024 * 1024}'


_MEASURES: Final[Mapping[str, Callable[[PlatformSpec, str], str]]] = {
    "cpu_percent": _cpu,
    "memory_percent": _memory,
    "waiting_messages": lambda _, of: f'max(rabbitmq_detailed_queue_messages_ready{{queue="{of}"}})',
    "oldest_message_seconds": lambda _, of: f'max({alert_data.OLDEST}{{queue="{of}"}})',
    "database_connections": lambda _, __: "sum(pg_stat_activity_count)",
    "database_free_storage_gib": lambda _, __: _FREE,
    "requests_per_minute": lambda _, __: _REQUESTS,
}
"""Measure -> what it is now. All copies of a service are averaged. Free storage is that of the engine's disk, which the
database has no part of its own of. `log_matches_per_minute` has a counter for each alarm; `UNMEASURED` are refused."""

UNMEASURED: Final = ("database_cpu_percent",)
"""The processor time of a container is known to the engine only, and nobody asks it."""


def groups(spec: PlatformSpec) -> Sequence[Group]:
    alerts = list(_alerts(spec))
    return [Group("custom", alerts)] if alerts else []


def _alerts(spec: PlatformSpec) -> Iterator[Alert]:
    for name, asked in (spec.alerts.custom if spec.alerts is not None else {}).items():
        yield custom(spec, name, asked)


def custom(spec: PlatformSpec, name: str, asked: CustomAlarm) -> Alert:
    """The alarm `name`. No data counts as too little: where nothing is asked or written, there is none to measure."""
    if asked.measure == "log_matches_per_minute":
        now = f'sum(rate(penguinmails_log_matches_total{{alarm="{name}"}}[1m])) * 60'
    else:
        now = _MEASURES[asked.measure](spec, asked.of or "")
    limit = asked.above if asked.above is not None else asked.below
    if limit is None:
        raise ValueError("a custom alarm has above or below, which the description is checked for")
    is_above = asked.above is not None
    what = asked.measure.replace("_", " ") + (f" of {asked.of}" if asked.of is not None else "")
    said = f"{what} {'above' if is_above else 'below'} {limit:g} for {asked.minutes} minutes"
    return Alert(
        name=f"Custom-{name}",
        expression=f"{now} > {limit:g}" if is_above else f"({now} or vector(0)) < {limit:g}",
        minutes=asked.minutes,
        severity="ticket",
        says=f"{name}: {said}",
        runbook="alarms-of-your-own",
        do="An alarm of your own description, platform.alerts.custom.",
    )
