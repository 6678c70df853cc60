"""What becomes of findings and exceptions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.policy import reports
from scripts.policy.events import PolicyFinding, unasked
from scripts.policy.places import Places
from scripts.policy.reports import PolicyReport
from tests.unit.scripts.policy.examples import FILE, RULES, SAID, STACK_FILE, TODAY, WORKER, full, right, waivers


def test_exceptions_cover_expire_match_nothing_or_are_not_asked() -> None:
    assert [(each.state, each.covers, each.fails) for each in full().waivers] == [
        ("used", 1, False),
        ("unused", 0, False),
        ("expired", 1, True),
        ("not asked", 0, False),
    ]
    assert [each.place.line for each in full().waivers] == [19, 20, 21, 26]


def test_a_waived_violation_does_not_fail_and_one_that_could_not_be_evaluated_does() -> None:
    found = {(each.name, each.kind): each for each in full().findings if each.urn == WORKER}
    assert not found["kept", "violation"].fails
    assert found["kept", "could_not_evaluate"].fails
    assert found["kept", "could_not_evaluate"].waiver is None


def test_what_fails_comes_first_and_the_worst_of_it_before_the_rest() -> None:
    found = [(each.fails, each.severity) for each in full().findings]
    assert found == sorted(found, key=lambda each: (not each[0], reports.SEVERITIES.index(each[1])))


@pytest.mark.parametrize(
    ("said", "chosen", "ok"),
    [
        ([], [], True),
        (SAID[:1], [], True),
        (SAID[1:2], [], False),
        (SAID[2:3], [], False),
        (SAID[2:3], [0], True),
        (SAID[3:4], [0], False),
        (SAID[5:], [0], False),
        ([], [1], True),
        ([], [2], False),
    ],
)
def test_what_makes_a_stack_wrong(said: list[PolicyFinding], chosen: list[int], ok: bool) -> None:
    asked = [waivers()[index] for index in chosen]
    findings, judged = reports.weigh(said, RULES, asked, Places(FILE, STACK_FILE), TODAY)
    assert PolicyReport("test", FILE, ["a"], RULES, findings, judged).ok is ok


def test_a_waiver_holds_on_its_last_day_and_not_on_the_next() -> None:
    last = waivers()[2].until
    for day, state in ((last, "used"), (last.replace(day=last.day + 1), "expired")):
        _, [judged] = reports.weigh(SAID, RULES, waivers()[2:3], Places(FILE, STACK_FILE), day)
        assert judged.state == state


def test_an_error_beside_the_rules_is_never_right() -> None:
    assert right().ok
    assert not replace(right(), errors=full().errors).ok


def test_a_rule_that_the_engine_never_asked_could_not_be_evaluated() -> None:
    log = [
        {"policyAnalyzeSummaryEvent": {"passed": ["kept"], "failed": ["private"]}},
        {"policyAnalyzeStackSummaryEvent": {"passed": ["cheap"]}},
    ]
    found = unasked(log, [(rule.name, rule.level) for rule in RULES])
    assert [(each.rule, each.kind, each.fails) for each in found] == [("quiet", "could_not_evaluate", True)]
    assert len(unasked([], [(rule.name, rule.level) for rule in RULES])) == len(RULES)
