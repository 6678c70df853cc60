"""Alarms that the description asks for by itself (`alerts.custom`). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pulumi import Input

from components import spec
from components.aws.alarms import ABOVE, BELOW, GIB, Alarm, Metric, at_entry, in_database, in_queue, in_service, single


@dataclass(frozen=True)
class Named:
    """What monitoring knows the parts by. `matches`: name of a custom alarm -> the metric of the lines that it counts."""

    cluster: Input[str]
    entry: Input[str]
    database: Input[str]
    services: Mapping[str, Input[str]]
    queues: Mapping[str, Input[str]]
    matches: Mapping[str, Metric]


_METRICS: Final[Mapping[str, Callable[[Named, str], Metric]]] = {
    "cpu_percent": lambda named, of: in_service("CPUUtilization", named.cluster, named.services[of], "Average"),
    "memory_percent": lambda named, of: in_service("MemoryUtilization", named.cluster, named.services[of], "Average"),
    "waiting_messages": lambda named, of: in_queue("ApproximateNumberOfMessagesVisible", named.queues[of]),
    "oldest_message_seconds": lambda named, of: in_queue("ApproximateAgeOfOldestMessage", named.queues[of]),
    "database_cpu_percent": lambda named, _: in_database("CPUUtilization", named.database),
    "database_connections": lambda named, _: in_database("DatabaseConnections", named.database, "Maximum"),
    "database_free_storage_gib": lambda named, _: in_database("FreeStorageSpace", named.database, "Minimum"),
    "requests_per_minute": lambda named, _: at_entry("RequestCount", named.entry),
}
"""Measure -> metric, a minute at a time; `log_matches_per_minute` has a metric of its own."""

_UNITS: Final[Mapping[str, int]] = {"database_free_storage_gib": GIB}
"""Measure -> how many of the metric's units are one of the measure's."""


def custom(name: str, asked: spec.CustomAlarm, named: Named) -> Alarm:
    """The alarm `name`. No data counts as too little: where nothing is asked or written, there is none to measure."""
    is_log = asked.measure == "log_matches_per_minute"
    metric = named.matches[name] if is_log else _METRICS[asked.measure](named, asked.of or "")
    limit = asked.above if asked.above is not None else asked.below
    if limit is None:
        raise ValueError("a custom alarm has above or below, which the description is checked for")
    is_above = asked.above is not None
    what = asked.measure.replace("_", " ") + (f" of {asked.of}" if asked.of is not None else "")
    return Alarm(
        f"custom-{name}",
        f"{name}: {what} {'above' if is_above else 'below'} {limit:g} for {asked.minutes} minutes.",
        single(metric),
        ABOVE if is_above else BELOW,
        limit * _UNITS.get(asked.measure, 1),
        asked.minutes,
        silence="notBreaching" if is_above else "breaching",
    )


def quoted(text: str) -> str:
    """The pattern of CloudWatch Logs for lines that hold `text` as it is, in this case of letters; none of its signs is read
    as syntax ("Filter pattern syntax for metric filters", exact phrases)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
