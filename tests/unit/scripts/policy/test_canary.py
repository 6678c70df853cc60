"""No report says a value: whatever rules see, hold, or raise with, no format has it.

Every rule of every pack is asked about resources of each type that it reads whose properties all hold the canaries, in several
shapes, as plain values and as secrets: the answers go into events as the engine writes them, and from there into every format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from policies import packs
from policies.judging import Verdict, judge_all
from policies.model import AnyRule, Resource, Rule
from scripts.policy import formats, reports
from scripts.policy.events import verdicts
from scripts.policy.formats import Format
from scripts.policy.places import Places
from scripts.policy.reports import PolicyReport
from scripts.policy.settings import Waiver
from scripts.simulation.server.wire import SECRET
from scripts.simulation.values import SIGNATURE, UNKNOWN
from tests.unit.scripts.policy.examples import FILE, STACK_FILE, urn

PLAIN, HIDDEN = "canary-plain-51c0", "canary-secret-8f2d"
TODAY = date(2026, 11, 25)
ASKED = packs.merged(packs.names())


class Everything(Mapping[str, Any]):
    """An object that has every key, each with a value of one shape."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getitem__(self, key: str) -> Any:
        return self._value

    def get(self, key: str, default: Any = None) -> Any:
        return self._value

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(("DB_PASSWORD", "Statement", "name"))

    def __len__(self) -> int:
        return 3


def shapes() -> Iterator[Mapping[str, Any]]:
    for text in (PLAIN, HIDDEN, f"amqps://{PLAIN}:{HIDDEN}@host/", json.dumps([{"Effect": "Allow", "Principal": HIDDEN}])):
        yield Everything(text)
        yield Everything([text])
        yield Everything({SIGNATURE: SECRET, "plaintext": json.dumps(text)})
        inner: Any = Everything(text)
        for _ in range(3):
            yield Everything(inner)
            yield Everything([inner])
            inner = Everything(inner)
        yield Everything([UNKNOWN, text])


def tokens(rule: AnyRule) -> list[str]:
    return list(rule.resources) if isinstance(rule, Rule) else []


TOKENS = sorted({token for rule in ASKED for token in tokens(rule)})


def said() -> list[Verdict]:
    found = []
    for number, shape in enumerate(shapes()):
        resources = [Resource(token, shape, urn("Database", f"r-{number}", token)) for token in TOKENS]
        found += judge_all(ASKED, resources)
    return found


def events(found: list[Verdict]) -> Iterator[dict[str, Any]]:
    """As the engine would write them, and what a pack that is not this kit's would add."""
    yield {"policyLoadEvent": {}}
    yield {"preludeEvent": {"config": {"penguinmails:platform": PLAIN}}}
    for verdict in found:
        text = f"{verdict.path}: {verdict.sentence}" if verdict.path else verdict.sentence
        event = {"resourceUrn": verdict.urn, "policyName": verdict.rule.name, "policyPackName": "penguinmails"}
        level = f"[{verdict.rule.level}] "
        message = f"{verdict.rule.description}\n{level}{text}\n"
        if verdict.kind == "undecided":
            message = f"can't run policy '{verdict.rule.name}' from policy pack 'p@v1' during preview: {level}{text}\n"
        yield {"policyEvent": {**event, "message": message, "enforcementLevel": "advisory"}}
        yield {"policyAnalyzeSummaryEvent": {**event, "failed": [verdict.rule.name]}}
    foreign = {
        "resourceUrn": urn("Edge", "e"),
        "policyName": "foreign",
        "policyPackName": "foreign",
        "enforcementLevel": "mandatory",
    }
    yield {"policyEvent": {**foreign, "message": f"A rule.\n{PLAIN} and {HIDDEN}\n"}}
    raised = f"failed to run policy: Exception calling application: {HIDDEN} {PLAIN}"
    yield {"diagnosticEvent": {"severity": "error", "urn": urn("Edge", "e"), "message": raised}}
    yield {"cancelEvent": {}}


@pytest.fixture(scope="module")
def report() -> PolicyReport:
    log = [{"sequence": number, **event} for number, event in enumerate(events(said()))]
    facts = reports.facts(packs.names(), ASKED)
    waiver = Waiver(rule=facts[0].name, resource="r-*", reason="a", owner="b", expires="2027-01-31")
    findings, waivers = reports.weigh(verdicts(log), facts, [waiver], Places(FILE, STACK_FILE), TODAY)
    return PolicyReport("test", FILE, packs.names(), facts, findings, waivers)


def test_the_rules_see_the_canaries_and_say_something_of_every_kind(report: PolicyReport) -> None:
    """Otherwise the test below would show nothing."""
    assert {found.kind for found in report.findings} == {"violation", "could_not_evaluate", "error"}
    speaking = {found.name for found in report.findings}
    assert len(speaking & {rule.name for rule in ASKED}) > len(ASKED) / 2
    assert any(PLAIN in json.dumps(event) for event in events([]))


@pytest.mark.parametrize("form", list(Format))
def test_no_format_holds_a_value(report: PolicyReport, form: Format) -> None:
    text = formats.write(form, [report])
    assert report.findings[0].message
    assert "canary-" not in text
