"""Every alert by promtool: an outage fires it, with the right labels and not before its time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from penguinmails_api.metrics import REQUEST_BUCKETS

from components.docker import alert_objectives
from components.docker.alert_rules import RUNBOOK, Alert, rule, rules_yml
from components.docker.alerting import rule_groups
from tests.harness import promtool
from tests.harness.metric_names import named
from tests.unit.components.docker.alerts.cases import CASES, Case
from tests.unit.components.docker.alerts.platform import platform, records
from tests.unit.components.docker.alerts.quiet import quiet
from tests.unit.components.docker.alerts.series import input_series
from tests.unit.components.docker.alerts.trial import ALERTS, SPEC, looked_at, needed, write

ROOT = Path(__file__).resolve().parents[5]


def timing(case: Case) -> tuple[int, int]:
    """The minutes of silence and of the alert, on the clock of the test."""
    minutes = ALERTS[case.alert].minutes
    silent = case.silent if case.silent is not None else minutes - 1
    fires = case.fires if case.fires is not None else minutes + 1
    return case.begins + silent, case.begins + fires


def fired(case: Case) -> dict[str, str]:
    own = dict(rule(ALERTS[case.alert])["labels"])
    return {"__name__": "ALERTS", "alertname": case.alert, "alertstate": "firing", **own, **case.labels}


def expected(labels: dict[str, str]) -> list[dict[str, Any]]:
    name = labels.pop("__name__")
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return [{"labels": f"{name}{{{inside}}}", "value": 1}]


def test_of(case: Case) -> dict[str, Any]:
    silent, fires = timing(case)
    query = f'ALERTS{{alertname="{case.alert}",alertstate="firing"}}'
    asked = [{"expr": query, "eval_time": f"{fires}m", "exp_samples": expected(fired(case))}]
    if silent >= 0 and case.alert != "Watchdog":
        asked.insert(0, {"expr": query, "eval_time": f"{silent}m", "exp_samples": []})
    series = looked_at({**quiet(), **case.wrong}, [*needed([ALERTS[case.alert]]), ALERTS[case.alert]])
    return {
        "interval": f"{case.interval}m",
        "input_series": input_series(series, fires + case.interval, case.interval),
        "promql_expr_test": asked,
    }


test_of.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.timeout(300)
def test_each_alert_fires_in_its_time_and_not_before(tmp_path: Path) -> None:
    files = [
        write(
            tmp_path,
            f"{number}-{case.alert}",
            [*needed([ALERTS[case.alert]]), ALERTS[case.alert]],
            test_of(case),
            case.interval,
        )
        for number, case in enumerate(CASES)
    ]
    done = promtool.run("promtool", "test", "rules", *files, folder=tmp_path)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def test_the_test_can_fail(tmp_path: Path) -> None:
    """An outage that ends too soon fires nothing, and promtool says so."""
    case = next(case for case in CASES if case.alert == "DiskFull")
    harmless = Case(case.alert, {}, fires=case.fires)
    file = write(tmp_path, "harmless", [ALERTS[case.alert]], test_of(harmless), 1)
    assert promtool.run("promtool", "test", "rules", file, folder=tmp_path).returncode == 1


def test_every_alert_has_an_outage() -> None:
    assert {case.alert for case in CASES} == set(ALERTS)


def test_the_quiet_month_has_every_metric_that_an_alert_looks_at() -> None:
    """A metric that nobody gives would keep its alert silent for ever."""
    given = {name.partition("{")[0] for name in quiet()} | {record.name for record in records(SPEC)}
    expressions = {entry.name: entry.expression for entry in records(SPEC)}
    expressions |= {name: entry.expression for name, entry in ALERTS.items()}
    assert {name: named(expression) - given for name, expression in expressions.items() if named(expression) - given} == {}


def test_an_alert_on_a_certificate_says_on_which() -> None:
    """That of the edge and those inside have alerts of their own."""
    for name, entry in ALERTS.items():
        assert entry.expression.count("probe_ssl_earliest_cert_expiry") == entry.expression.count(
            'probe_ssl_earliest_cert_expiry{job="'
        ), name


def test_every_alert_has_a_chapter_in_the_documentation() -> None:
    headings = re.findall(r"^#+ (.+)$", (ROOT / RUNBOOK).read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {heading.strip().lower().replace(" ", "-") for heading in headings}
    for entry in ALERTS.values():
        file, _, anchor = rule(entry)["annotations"]["runbook"].partition("#")
        assert file == RUNBOOK
        assert anchor in anchors, entry.name


@pytest.mark.parametrize("entry", ALERTS.values(), ids=lambda entry: entry.name)
def test_texts_are_short_and_name_only_labels_that_are_there(entry: Alert) -> None:
    assert entry.severity in {"page", "ticket", "none"}
    assert len(entry.says) <= 120, entry.says
    assert entry.do.endswith((".", "?"))
    named = set(re.findall(r"\$labels\.(\w+)", entry.says + entry.do))
    told = [set(case.labels) for case in CASES if case.alert == entry.name]
    assert all(named <= labels for labels in told), named


def test_rules_are_the_same_at_every_run() -> None:
    assert rules_yml(rule_groups(platform())) == rules_yml(rule_groups(platform()))


def test_the_buckets_are_those_of_the_workload() -> None:
    assert alert_objectives.BUCKETS == REQUEST_BUCKETS


def test_promtool_takes_the_rules(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(rules_yml(rule_groups(SPEC)))
    done = promtool.run("promtool", "check", "rules", "--lint-fatal", "rules.yml", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
