"""The report for a person and for a program."""

from __future__ import annotations

import json
import re

from scripts.policy import formats
from scripts.policy.events import Kind, Level
from scripts.policy.places import Place
from scripts.policy.reports import Finding, RuleFacts
from scripts.previews import report
from scripts.previews.events import Action, Change, Trouble
from scripts.previews.report import Against, StackReport, as_json, as_text
from tests.unit.scripts.policy.examples import full as full_policies

ROOT = "urn:pulumi:test::penguinmails::penguinmails:index:Platform::penguinmails"
DATABASE = "urn:pulumi:test::penguinmails::penguinmails:index:Platform$penguinmails:aws:Database::penguinmails-database"
INSTANCE = f"{DATABASE.rsplit('::', 1)[0]}$aws:rds/instance:Instance::penguinmails-database-instance"


def change(urn: str, token: str, parent: str, action: Action, lost: str = "", *, counted: bool = True) -> Change:
    return Change(urn, token, urn.rsplit("::", 1)[-1], parent, action, ("engine",), ("engine",), lost, counted)


def finding(level: Level, kind: Kind, urn: str = "") -> Finding:
    rule = RuleFacts("kept", "It is kept.", level, "high", "Keep it.", ("SOC 2 A1.2",), ("baseline",))
    return Finding(rule, level, kind, urn, "is not known", Place("stacks/Pulumi.test.yaml", 7, "platform.database"))


def full() -> StackReport:
    found = StackReport("test", "aws", "production", Against("main", "0" * 40, is_new=False))
    found.changes = [
        change(ROOT, "penguinmails:index:Platform", "", "create", counted=False),
        change(DATABASE, "penguinmails:aws:Database", ROOT, "same", counted=False),
        change(INSTANCE, "aws:rds/instance:Instance", DATABASE, "replace", "its rows"),
        change(f"{DATABASE}-alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", DATABASE, "create"),
        change(f"{DATABASE}-subnets", "aws:rds/subnetGroup:SubnetGroup", DATABASE, "same"),
    ]
    found.errors = [Trouble("data", INSTANCE, "", "is replaced because of engine, which loses its rows")]
    found.policies = [finding("mandatory", "could_not_evaluate", INSTANCE)]
    found.waivers = full_policies().waivers
    found.unknown_replacement = {"aws:x/y:Y": 2}
    found.seconds = {"preview": 1.234}
    return found


def test_components_have_counts_and_resources_are_shown_where_they_matter() -> None:
    text = as_text(full(), verbose=False)
    assert "    Database penguinmails-database: 1 to create, 1 to replace, 1 unchanged" in text
    assert "      ± aws:rds/instance:Instance penguinmails-database-instance (engine); this loses its rows" in text
    assert "MetricAlarm" not in text
    assert "      + aws:cloudwatch/metricAlarm:MetricAlarm penguinmails-database-alarm" in as_text(full(), verbose=True)


def test_what_is_wrong_is_told_with_its_place() -> None:
    text = as_text(full(), verbose=False)
    place = "aws:rds/instance:Instance penguinmails-database-instance"
    assert f"✗ {place}: is replaced because of engine, which loses its rows [data]" in text
    assert f"✗ {place}: could not be evaluated: is not known [mandatory: kept of baseline; high]" in text
    assert "It is not known which changes replace these types; they are shown as changed in place: aws:x/y:Y (2)" in text
    assert "1 error and 1 broken mandatory rule and 1 expired waiver (preview 1.2 s)" in text


def test_an_advisory_finding_is_no_failure_and_an_unevaluated_mandatory_rule_is() -> None:
    found = StackReport("test", policies=[finding("advisory", "violation")])
    assert found.ok
    found.policies = [finding("mandatory", "could_not_evaluate")]
    assert not found.ok


def test_the_object_has_exactly_the_keys_that_are_documented() -> None:
    found = json.loads(as_json([full()], 1.0))
    stack = found["stacks"][0]
    documented = set(re.findall(r"[a-z_]+", f"{report.__doc__} {formats.json.__doc__}"))
    keys = {*found, *stack, *stack["counts"], *stack["against"]}
    for entries in (stack["changes"], stack["errors"], stack["policies"], stack["waivers"]):
        assert entries
        keys |= set(entries[0])
    assert keys <= documented
    assert found["ok"] is False
    assert [each["name"] for each in stack["changes"]] == ["penguinmails-database-instance", "penguinmails-database-alarm"]


def test_the_object_is_one_line() -> None:
    assert "\n" not in as_json([full(), StackReport("other")], 1.0)


def test_a_provider_is_shown_only_when_something_is_lost_with_it() -> None:
    def text(lost: str) -> str:
        found = StackReport("test", changes=[change("u::host", "pulumi:providers:docker", "", "update", lost, counted=False)])
        return as_text(found, verbose=True)

    assert "~ pulumi:providers:docker host (engine); this loses all of it" in text("all of it")
    assert "providers" not in text("")
