"""Days in which nothing is wrong wake nobody, each alert looked at as often as its windows need.

A window that holds fewer than two samples gives nothing, and an alert on nothing is silent whatever happens. So alerts on short
windows are tried minute by minute, over what a week brings: failures, backups, drills, counters that begin anew. Those on days
are tried over a month.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.docker.alert_rules import Alert
from tests.harness import promtool
from tests.unit.components.docker.alerts.quiet import quiet
from tests.unit.components.docker.alerts.series import DAY, Series, input_series, quickens
from tests.unit.components.docker.alerts.trial import ALERTS, looked_at, needed, write

WINDOW = re.compile(r"\[(\d+)([mhd])[\]:]")
MINUTES = {"m": 1, "h": 60, "d": DAY}
KEPT = [entry for entry in ALERTS.values() if not entry.name.startswith(("Custom-", "Watchdog"))]


@dataclass(frozen=True)
class Stretch:
    """`days` looked at every `interval` minutes; windows longer than `longest` minutes would take too long to read so often."""

    days: int
    interval: int
    longest: int

    def fits(self, alert: Alert) -> bool:
        found = windows(alert)
        return all(2 * self.interval <= minutes <= self.longest for minutes in found)


STRETCHES = (Stretch(days=8, interval=1, longest=360), Stretch(days=30, interval=30, longest=30 * DAY))


def windows(alert: Alert) -> list[int]:
    """Minutes of each window that an alert looks at, itself or by a record."""
    texts = [alert.expression, *(record.expression for record in needed([alert]))]
    return [int(number) * MINUTES[unit] for text in texts for number, unit in WINDOW.findall(text)]


def run(folder: Path, stretch: Stretch, alerts: Sequence[Alert], series: Series) -> tuple[bool, str]:
    """Whether nobody is told of anything, and promtool's words. Small files: its time grows with the series of one."""
    minutes = stretch.days * DAY
    query = f'count_over_time(ALERTS{{alertstate="firing"}}[{minutes}m])'
    files = []
    for number, alert in enumerate(alerts):
        rules = [*needed([alert]), alert]
        test = {
            "interval": f"{stretch.interval}m",
            "input_series": input_series(looked_at(series, rules), minutes, stretch.interval),
            "promql_expr_test": [{"expr": query, "eval_time": f"{minutes}m", "exp_samples": []}],
        }
        files.append(write(folder, f"{number}-{alert.name}", rules, test, stretch.interval))
    done = promtool.run("promtool", "test", "rules", *files, folder=folder)
    return done.returncode == 0, (done.stdout + done.stderr)[-6000:]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: f"{stretch.days} days")
def test_quiet_days_wake_nobody(stretch: Stretch, tmp_path: Path) -> None:
    fitting = [alert for alert in KEPT if stretch.fits(alert)]
    is_quiet, said = run(tmp_path, stretch, fitting, quiet())
    assert is_quiet, said


def test_every_alert_is_tried_where_its_windows_hold_samples() -> None:
    assert [alert.name for alert in KEPT if not any(stretch.fits(alert) for stretch in STRETCHES)] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("alert", "wrong"),
    [
        ("CrashLoop", {'penguinmails_service_failures_total{job="gate",service="worker"}': quickens(0, 0.5, 7 * DAY)}),
        ("SecurityEvents", {'penguinmails_security_events_total{kind="key_misuse"}': quickens(0, 20, 7 * DAY)}),
        (
            "AvailabilityMedium",
            {'haproxy_frontend_http_responses_total{job="edge",proxy="public",code="5xx"}': quickens(0, 300, 7 * DAY)},
        ),
        ("HostBusy", {'node_cpu_seconds_total{cpu="0",mode="idle"}': quickens(24, 0, 7 * DAY)}),
    ],
)
def test_a_week_that_ends_badly_is_not_quiet(alert: str, wrong: Series, tmp_path: Path) -> None:
    """The test above can fail, by windows of minutes and by what begins late."""
    assert not run(tmp_path, STRETCHES[0], [ALERTS[alert]], {**quiet(), **wrong})[0]
    assert run(tmp_path, STRETCHES[0], [ALERTS[alert]], quiet())[0]


def test_a_week_holds_what_seldom_happens() -> None:
    """Counters that go up once in days do so within the days that are looked at minute by minute, so that windows see it."""
    seldom = {
        name: value for name, value in quiet().items() if name.partition("{")[0].endswith(("failures_total", "deadlocks"))
    }
    last = STRETCHES[0].days * DAY
    moving = {name.partition("{")[0] for name, value in seldom.items() if value(0) != value(last)}
    assert moving >= {
        "penguinmails_service_failures_total",
        "penguinmails_archive_failures_total",
        "pg_stat_database_deadlocks",
    }
