"""The platform that the rules are tried on: everything in it that anything is alerted of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components import stackfile
from components.docker.alert_rules import Alert, Record
from components.docker.alerting import rule_groups
from components.spec import PlatformSpec
from tests.harness import targets

CUSTOM: Mapping[str, Any] = {
    "busy": {"measure": "cpu_percent", "of": "api", "above": 80},
    "large": {"measure": "memory_percent", "of": "worker", "above": 80, "minutes": 2},
    "bounced": {"measure": "log_matches_per_minute", "of": "worker", "pattern": "bounced", "above": 30},
    "waiting": {"measure": "waiting_messages", "of": "outbound", "above": 100},
    "late": {"measure": "oldest_message_seconds", "of": "outbound", "above": 120},
    "connected": {"measure": "database_connections", "above": 60},
    "room": {"measure": "database_free_storage_gib", "below": 30},
    "idle": {"measure": "requests_per_minute", "below": 10, "minutes": 30},
}


def description(**sections: Any) -> dict[str, Any]:
    found = targets.base("docker", backup={}, docker={"scrape_targets": {"gateway": "gateway.example.com:9154/metrics"}})
    found["services"]["api"]["scaling"] = {"min_replicas": 1, "max_replicas": 3}
    found["alerts"] = {"webhooks": ["https://hooks.example.com/x"], "custom": CUSTOM}
    return {**found, **sections}


ACME: Mapping[str, Any] = {
    "domain": "mail.example.com",
    "edge": {"certificate": "acme"},
    "docker": {"acme": {"email": "hostmaster@example.com", "agree_to_terms": True}},
}
"""What makes the certificate one that renews itself, which has alerts of its own."""


def platform(**sections: Any) -> PlatformSpec:
    return stackfile.parse(json.dumps(description(**sections)))


def records(spec: PlatformSpec) -> list[Record]:
    return [entry for group in rule_groups(spec) for entry in group.rules if isinstance(entry, Record)]


def alerts(spec: PlatformSpec) -> dict[str, Alert]:
    found = [entry for group in rule_groups(spec) for entry in group.rules if isinstance(entry, Alert)]
    names = {entry.name: entry for entry in found}
    assert len(names) == len(found), "two alerts have one name"
    return names
