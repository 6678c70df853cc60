"""Whole sections, right in themselves, that make a small base description of AWS into a platform for real use (hypothesis).

Fields drawn one by one hardly ever meet: mail needs a zone that holds its domain, an alarm what it measures, scaling room to
scale. What is drawn here fits together as far as one section can know, so that most of it is deployed and not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st

from tests.harness.fields import REQUIRED

Draw = Callable[[st.SearchStrategy[Any]], Any]
_OF_SERVICES: Final = ("cpu_percent", "memory_percent", "log_matches_per_minute")
_OF_QUEUES: Final = ("waiting_messages", "oldest_message_seconds")
_OF_NOTHING: Final = ("database_cpu_percent", "database_connections", "database_free_storage_gib", "requests_per_minute")
_DAYS: Final = (1, 7, 30, 90, 365, 3653)


def _database(draw: Draw, description: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "engine": draw(st.sampled_from(["postgresql", "mysql"])),
        "size": draw(st.sampled_from(["small", "medium", "large"])),
        "storage_gib": draw(st.integers(20, 600)),
        "high_availability": draw(st.sampled_from([None, True, False])),
        "read_replicas": draw(st.integers(0, 3)),
        "pooling": {"client_connections": draw(st.integers(60, 5000)), "database_connections": draw(st.integers(5, 60))},
    }


def _mail(draw: Draw, description: Mapping[str, Any]) -> dict[str, Any]:
    queue = draw(st.sampled_from([None, *description["queues"]]))
    return {"domain": description["domain"], "postmaster": "postmaster@example.com", "events_queue": queue}


def _alerts(draw: Draw, description: Mapping[str, Any]) -> dict[str, Any]:
    measures = st.lists(st.sampled_from([*_OF_SERVICES, *_OF_QUEUES, *_OF_NOTHING]), max_size=4)
    custom = {f"own-{number}": _alarm(draw, measure, description) for number, measure in enumerate(draw(measures))}
    return {
        "emails": ["operations@example.com"],
        "webhooks": draw(st.sampled_from([[], ["https://hooks.example.com/penguinmails"]])),
        "objectives": {
            "availability_percent": draw(st.sampled_from([95.0, 99.0, 99.9, 99.99])),
            "response_p95_milliseconds": draw(st.integers(10, 60000)),
        },
        "custom": custom,
    }


def _alarm(draw: Draw, measure: str, description: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"measure": measure, "minutes": draw(st.integers(1, 60))}
    found[draw(st.sampled_from(["above", "below"]))] = draw(st.integers(0, 100)) / 1
    if measure in _OF_SERVICES:
        found["of"] = draw(st.sampled_from(sorted(description["services"])))
    if measure in _OF_QUEUES:
        found["of"] = draw(st.sampled_from(sorted(description["queues"])))
    if measure == "log_matches_per_minute":
        found["pattern"] = draw(st.sampled_from(["slow", 'quoted " and \\', "Traceback (most recent call last)", "?a -b [c]"]))
    return found


def _scaling(draw: Draw, service: Mapping[str, Any]) -> dict[str, Any]:
    low = draw(st.integers(1, 5))
    found: dict[str, Any] = {"min_replicas": low, "max_replicas": low + draw(st.integers(1, 10))}
    if draw(st.booleans()):
        found["cpu_percent"] = draw(st.integers(10, 90))
    if "public_path" in service and draw(st.booleans()):
        found["requests_per_minute_per_replica"] = draw(st.integers(1, 100000))
    if service.get("consumes") and draw(st.booleans()):
        found["messages_per_replica"] = draw(st.integers(1, 10000))
    return found


def _aws(draw: Draw, description: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"region": "eu-central-1", "backup_region": draw(st.sampled_from([None, "eu-west-1", "us-east-1"]))}
    network = draw(st.sampled_from(["new", "own range", "two zones", "existing"]))
    if network == "existing":
        found["existing_network"] = dict(REQUIRED["aws.existing_network"])
    elif network == "own range":
        found["cidr"] = draw(st.sampled_from(["10.77.0.0/16", "172.20.16.0/20", "192.168.0.0/22"]))
    elif network == "two zones":
        found["zones"] = 2
    return found


def add(draw: Draw, description: dict[str, Any]) -> None:
    """Adds or replaces some sections of a description of AWS, each as often as not."""
    description["environment"] = draw(st.sampled_from(["development", "staging", "production"]))
    for service in description["services"].values():
        if draw(st.booleans()):
            service["scaling"] = _scaling(draw, service)
    if draw(st.booleans()):
        description["telemetry"] = {"log_retention_days": draw(st.sampled_from(_DAYS))}
    if draw(st.booleans()):
        description["backup"] = {"retention_days": draw(st.sampled_from(_DAYS[:-1]))}
    if draw(st.booleans()):
        parent = description["domain"].split(".", 1)[1]
        description["dns"] = draw(st.sampled_from([{}, {"zone": parent}, {"zone": parent, "create_zone": False}]))
    for name, section in (("database", _database), ("mail", _mail), ("alerts", _alerts), ("aws", _aws)):
        if draw(st.booleans()):
            description[name] = section(draw, description)
    if "backup" not in description:
        description["aws"].pop("backup_region", None)
