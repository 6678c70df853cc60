"""Events as engine 3.259.0 wrote them, shortened to what is read."""

from __future__ import annotations

from typing import Any

from scripts.policy.events import PolicyFinding, verdicts

SECRET = "canary-1b9d"
URN = "urn:pulumi:t::tiny::aws:sqs/queue:Queue::a"
DESCRIPTION = "Queues are encrypted."
CANNOT = "can't run policy 'encrypted' from policy pack 'penguinmails@v0.0.1' during preview: "
PRELUDE: tuple[dict[str, Any], ...] = ({"policyLoadEvent": {}}, {"preludeEvent": {"config": {}}})
END: tuple[dict[str, Any], ...] = ({"cancelEvent": {}},)


def log(*events: dict[str, Any], started: bool = True) -> list[dict[str, Any]]:
    """A log from its first event to its last."""
    whole = [*(PRELUDE if started else PRELUDE[:1]), *events, *END]
    return [{"sequence": number, "timestamp": 1, **event} for number, event in enumerate(whole)]


def policy(message: str, level: str = "mandatory", rule: str = "encrypted", urn: str = URN) -> dict[str, Any]:
    event = {"resourceUrn": urn, "message": message + "\n", "color": "never", "policyName": rule}
    return {"policyEvent": {**event, "policyPackName": "penguinmails", "enforcementLevel": level}}


def summary(passed: tuple[str, ...] = (), failed: tuple[str, ...] = (), urn: str = URN) -> dict[str, Any]:
    found: dict[str, Any] = {"resourceUrn": urn, "policyPackName": "penguinmails"}
    return {
        "policyAnalyzeSummaryEvent": {
            **found,
            **({"passed": passed} if passed else {}),
            **({"failed": failed} if failed else {}),
        }
    }


UNKNOWN = policy(f"{CANNOT}[mandatory] kmsMasterKeyId is not known before deployment", "advisory")
PREVIEW = log(UNKNOWN, summary(failed=("encrypted",)))


def test_a_violation_with_level_place_and_sentence_but_without_the_description() -> None:
    found = verdicts(log(policy(f"{DESCRIPTION}\n[mandatory] encrypted: set it"), summary(failed=("encrypted",))))
    assert found == [PolicyFinding("penguinmails", "encrypted", "mandatory", URN, "encrypted: set it", "violation")]
    assert found[0].fails


def test_the_level_of_a_rule_that_is_not_enforced_is_its_own() -> None:
    [mandatory, advisory] = verdicts(
        log(policy(f"{DESCRIPTION}\n[mandatory] a: b", "advisory"), policy(f"{DESCRIPTION}\n[advisory] c: d", "advisory"))
    )
    assert (mandatory.level, mandatory.fails) == ("mandatory", True)
    assert (advisory.level, advisory.fails) == ("advisory", False)


def test_a_mandatory_rule_that_met_an_unknown_value_fails_although_the_engine_calls_it_advisory() -> None:
    [found] = verdicts(PREVIEW)
    assert (found.kind, found.level, found.fails) == ("could_not_evaluate", "mandatory", True)
    assert found.message == "kmsMasterKeyId is not known before deployment"


def test_a_rule_of_another_pack_that_met_an_unknown_value_is_taken_as_mandatory() -> None:
    [found] = verdicts(log(policy(f"{CANNOT}string value at .a can't be known during preview", "advisory")))
    assert (found.kind, found.level) == ("could_not_evaluate", "mandatory")


def test_the_up_settles_what_the_preview_could_not() -> None:
    assert verdicts([*PREVIEW, *log(summary(passed=("encrypted",)))]) == []


def test_the_up_says_what_is_wrong_where_the_preview_could_not() -> None:
    up = log(policy(f"{DESCRIPTION}\n[mandatory] a: b"), summary(failed=("encrypted",)))
    assert [found.kind for found in verdicts([*PREVIEW, *up])] == ["violation"]


def test_an_up_that_did_not_get_there_or_could_not_either_settles_nothing() -> None:
    other = log(summary(passed=("encrypted",), urn=URN + "2"))
    another_rule = log(summary(passed=("other",)))
    for up in (other, another_rule, PREVIEW, log()):
        assert [found.kind for found in verdicts([*PREVIEW, *up])] == ["could_not_evaluate"]


def test_runs_are_told_apart_although_one_was_killed() -> None:
    assert verdicts([*PREVIEW[:-1], *log(summary(passed=("encrypted",)))]) == []


def test_the_same_finding_of_two_runs_is_told_once() -> None:
    run = log(policy(f"{DESCRIPTION}\n[mandatory] a: b"), summary(failed=("encrypted",)))
    assert len(verdicts([*run, *run])) == 1


def test_a_rule_of_this_kit_that_raised_could_not_be_evaluated_in_an_up_either() -> None:
    raised = policy(f"{DESCRIPTION}\n[mandatory] the rule could not be evaluated: KeyError at encryption.py:20")
    [found] = verdicts([*log(raised, summary(failed=("encrypted",))), *log(raised, summary(failed=("encrypted",)))])
    assert (found.kind, found.fails) == ("could_not_evaluate", True)
    assert found.message == "the rule could not be evaluated: KeyError at encryption.py:20"


def test_what_another_packs_rule_says_is_left_out() -> None:
    [found] = verdicts(log(policy(f"{DESCRIPTION}\nthe password is {SECRET}")))
    assert (found.kind, found.rule, found.fails) == ("violation", "encrypted", True)
    assert SECRET not in repr(found)


def test_another_packs_rule_that_raised_is_an_error_without_its_text() -> None:
    message = f"failed to run policy: Exception calling application: '{SECRET}'\n"
    [found] = verdicts(log({"diagnosticEvent": {"urn": URN, "message": message, "severity": "error"}}))
    assert (found.kind, found.urn, found.fails) == ("error", URN, True)
    assert SECRET not in repr(found)


def test_a_pack_that_did_not_start_is_an_error_with_the_kind_of_its_exception() -> None:
    lines = ["Traceback (most recent call last):\n\n", f"ModuleNotFoundError: no {SECRET}\n\n"]
    events = [{"diagnosticEvent": {"message": line, "severity": "info#err"}} for line in lines]
    [found] = verdicts(log(*events, started=False))
    assert (found.kind, found.message, found.fails) == ("error", "no policy pack was started: ModuleNotFoundError", True)


def test_a_run_without_packs_and_other_errors_say_nothing() -> None:
    events = log({"diagnosticEvent": {"urn": URN, "message": "it is too long\n", "severity": "error"}})
    assert verdicts(events[1:]) == []
    assert verdicts([]) == []


def stack_summary(*failed: str) -> dict[str, Any]:
    return {"policyAnalyzeStackSummaryEvent": {"policyPackName": "penguinmails", "passed": ["other"], "failed": failed}}


def test_a_rule_of_a_whole_stack_is_decided_by_the_run_that_knew_every_value() -> None:
    preview = log(UNKNOWN, stack_summary("encrypted"))
    assert [each.kind for each in verdicts(preview)] == ["could_not_evaluate"]
    assert verdicts([*preview, *log(stack_summary("encrypted"))]) == []
    other = "urn:pulumi:t::tiny::pulumi:pulumi:Stack::t"
    again = log({"policyEvent": {**UNKNOWN["policyEvent"], "resourceUrn": other}}, stack_summary("encrypted"))
    assert [each.kind for each in verdicts([*preview, *again])] == ["could_not_evaluate"] * 2
