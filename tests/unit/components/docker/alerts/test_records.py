"""What the status page and the dashboards read of 30 days is recorded as it goes, on every platform, and comes out right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from penguinmails_operations.status import queries

from components.docker.alert_rules import Alert
from components.docker.alerting import rule_groups
from components.docker.dashboards import DASHBOARDS
from components.spec import Objectives
from tests.harness import promtool
from tests.harness.metric_names import named
from tests.unit.components.docker.alerts.platform import platform, records
from tests.unit.components.docker.alerts.quiet import quiet
from tests.unit.components.docker.alerts.series import DAY, input_series
from tests.unit.components.docker.alerts.trial import SPEC, looked_at, write

PAGE = {**queries.instant(queries.Objectives()), **queries.slow(), **queries.ranges()}
PANELS = {
    f"{name}: {title} {number}": query.text
    for name, made in DASHBOARDS.items()
    for number, (title, query) in enumerate(made(Objectives()).queries())
}
LONG = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{[^}]*\})?\[(?:[2-9]|\d\d+)d\]")


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in {**PAGE, **PANELS}.items()])
def test_days_are_read_from_what_was_recorded(text: str) -> None:
    """A month of the histograms of all copies takes longer to read than the page waits."""
    assert [name for name in LONG.findall(text) if ":" not in name] == []


def test_what_is_read_is_recorded_without_alerts_too() -> None:
    bare = platform(alerts=None)
    assert [entry for group in rule_groups(bare) for entry in group.rules if isinstance(entry, Alert)] == []
    wanted = {name for text in (*PAGE.values(), *PANELS.values()) for name in named(text) if ":" in name}
    assert "penguinmails:timed_buckets:rate5m" in wanted
    for spec in (bare, SPEC):
        assert wanted <= {record.name for record in records(spec)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (PAGE["errors_30d"], 0.00049, 0.00051),
        (PAGE["p95_30d"], 0.149, 0.151),
        (PAGE["burn_6h"], 0.49, 0.51),
        (PAGE["requests"], 9.9, 10.1),
        *((text, 0.149, 0.151) for name, text in PANELS.items() if name.startswith("platform: 95 of 100 requests within")),
        *((text, 0.999, 0.9996) for name, text in PANELS.items() if name.startswith("platform: Availability")),
    ],
)
def test_days_are_measured_as_they_were(text: str, least: float, most: float, tmp_path: Path) -> None:
    """Over days in which counters begin anew, 5 of 10,000 answers are errors and 95 of 100 take at most 0.15 s."""
    used = [record for record in records(SPEC) if record.name in named(text)]
    minutes = 4 * DAY
    query = f"(({text}) > bool {least}) * (({text}) < bool {most})"
    test = {
        "interval": "1m",
        "input_series": input_series(looked_at(quiet(), used), minutes, 1),
        "promql_expr_test": [{"expr": query, "eval_time": f"{minutes}m", "exp_samples": [{"labels": "{}", "value": 1}]}],
    }
    file = write(tmp_path, "month", used, test, 1)
    done = promtool.run("promtool", "test", "rules", file, folder=tmp_path)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
