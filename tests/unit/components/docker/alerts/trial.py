"""What promtool is given to try rules on: the rules, the records that they look at, and the series that either looks at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.docker.alert_rules import Alert, Group, Record, rules_yml
from tests.harness.metric_names import named
from tests.unit.components.docker.alerts.platform import ACME, alerts, platform, records
from tests.unit.components.docker.alerts.series import Series

SPEC = platform()
ALERTS = {**alerts(platform(**ACME)), **alerts(SPEC)}


def needed(rules: Sequence[Alert]) -> list[Record]:
    """The records that alerts look at."""
    words = {word for entry in rules for word in named(entry.expression)}
    return [record for record in records(SPEC) if record.name in words]


def looked_at(series: Series, rules: Sequence[Alert | Record]) -> Series:
    words = {word for entry in rules for word in named(entry.expression)}
    return {name: value for name, value in series.items() if name.partition("{")[0] in words}


def write(folder: Path, name: str, rules: Sequence[Alert | Record], test: dict[str, Any], interval: int) -> str:
    """A file of rules and a file of tests; the records are evaluated before the alerts that look at them."""
    groups = [
        Group("records", [entry for entry in rules if isinstance(entry, Record)]),
        Group("alerts", [entry for entry in rules if isinstance(entry, Alert)]),
    ]
    (folder / f"{name}.rules.yml").write_text(rules_yml(groups))
    content = {
        "rule_files": [f"{name}.rules.yml"],
        "evaluation_interval": f"{interval}m",
        "group_eval_order": ["records", "alerts"],
        "tests": [test],
    }
    (folder / f"{name}.test.yml").write_text(json.dumps(content))
    return f"{name}.test.yml"
