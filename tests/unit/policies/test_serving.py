from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_NUMBER_VALUE, UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies import packs
from policies.model import Finding, Level, Resource, Rule, StackRule, Undecided, Values, Violation
from policies.serving import plain, policy, stack_policy
from policies.settings import Setting
from scripts.simulation.values import UNKNOWN

SECRET = "canary-77ab"
OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)


def check(resource: Resource, values: Values) -> Iterator[Finding]:
    yield Violation("a", "give it")
    if resource.properties.get("b") is UNKNOWN:
        yield Undecided("b")
        yield Undecided("c[0]")
    if "boom" in resource.properties:
        raise ValueError(resource.properties["boom"])


def rule(level: Level = "mandatory") -> Rule:
    return Rule("r", "A rule.", "high", level, ("SOC 2 CC6.1",), "Mend it.", ("t",), check)


def asked(properties: dict[str, Any], token: str = "t", level: Level = "mandatory", enforce: bool = True) -> list[str]:
    said: list[str] = []
    args = ResourceValidationArgs(token, unknown_checking_proxy(properties), "urn", "name", OPTIONS, None, None)

    def report(message: str, urn: str | None = None) -> None:
        said.append(message)

    policy(rule(level), enforce=enforce).validate(args, report)
    return said


def test_proxies_become_plain_values_with_unknown_in_them() -> None:
    proxy = unknown_checking_proxy(
        {"a": [1.0, 2.5, UNKNOWN_NUMBER_VALUE], "b": {"c": UNKNOWN_STRING_VALUE, "d": "x"}, "e": None}
    )
    assert plain(proxy) == {"a": [1, 2.5, UNKNOWN], "b": {"c": UNKNOWN, "d": "x"}, "e": None}


def test_other_types_are_not_looked_at() -> None:
    assert asked({"b": UNKNOWN_STRING_VALUE}, token="other") == []


@pytest.mark.parametrize("level", ["mandatory", "advisory"])
def test_a_message_begins_with_the_level_of_its_rule(level: Level) -> None:
    assert asked({}, level=level) == [f"[{level}] a: give it"]


def test_an_unknown_value_is_told_as_the_library_does_with_level_and_all_paths() -> None:
    with pytest.raises(UnknownValueError) as raised:
        asked({"b": UNKNOWN_STRING_VALUE})
    assert raised.value.message == "[mandatory] b, c[0] is not known before deployment"


def test_a_rule_that_raises_is_a_violation_without_the_text_of_the_exception() -> None:
    first, second = asked({"boom": SECRET})
    assert first == "[mandatory] a: give it"
    assert second.startswith("[mandatory] the rule could not be evaluated: ValueError at test_serving.py:")
    assert SECRET not in second


@pytest.mark.parametrize(
    ("level", "enforce", "expected"),
    [
        ("mandatory", True, EnforcementLevel.MANDATORY),
        ("advisory", True, EnforcementLevel.ADVISORY),
        ("mandatory", False, EnforcementLevel.ADVISORY),
    ],
)
def test_what_the_engine_is_told_to_enforce(level: Level, enforce: bool, expected: EnforcementLevel) -> None:
    assert policy(rule(level), enforce=enforce).enforcement_level is expected


def stack_check(resources: Sequence[Resource], values: Values) -> Iterator[tuple[Resource, Finding]]:
    for resource in resources:
        yield resource, Undecided("b") if resource.properties.get("b") is UNKNOWN else Violation("", f"say {values['days']}")
        if "boom" in resource.properties:
            raise ValueError(SECRET)


DAYS = Setting("days", "Days.", 7, "larger", most=9)


def whole(*resources: dict[str, Any], config: dict[str, Any] | None = None) -> list[tuple[str, str | None]]:
    """What a rule of a stack says of resources u0, u1, ..., and the message with which it ends."""
    said: list[tuple[str, str | None]] = []
    found = [
        PolicyResource("t", unknown_checking_proxy(one), f"u::{index}", "n", OPTIONS, None, None, [], {})
        for index, one in enumerate(resources)
    ]
    rule = StackRule(
        "r", "A rule.", "high", "mandatory", ("SOC 2 CC6.1",), "Mend it.", stack_check, settings=(DAYS,), values={"days": 7}
    )

    def report(message: str, urn: str | None = None) -> None:
        said.append((message, urn))

    try:
        stack_policy(rule, enforce=True).validate(StackValidationArgs(found, config), report)
    except UnknownValueError as error:
        said.append((error.message, None))
    return said


def test_a_rule_of_a_stack_speaks_of_each_resource_and_says_which_it_could_not_decide() -> None:
    assert whole({"a": 1}, {"b": UNKNOWN_STRING_VALUE}, {}) == [
        ("[mandatory] say 7", "u::0"),
        ("[mandatory] say 7", "u::2"),
        ("[mandatory] 1 b is not known before deployment", None),
    ]


def test_a_rule_of_a_stack_that_raises_is_a_violation_without_the_text_of_the_exception() -> None:
    *_, (last, urn) = whole({"boom": "x"})
    assert last.startswith("[mandatory] the rule could not be evaluated: ValueError at test_serving.py:")
    assert urn is None


def test_what_the_engine_is_configured_with_is_what_the_rule_sees_and_a_bad_value_is_told_with_its_field() -> None:
    assert whole({}, config={"days": 9.0}) == [("[mandatory] say 9", "u::0")]
    [(sentence, _)] = whole({}, config={"days": 10})
    assert sentence == "[mandatory] the rule could not be evaluated: r.days: give a whole number from 1 to 9."


def test_the_library_gets_the_schema_of_a_rules_settings() -> None:
    for rule in packs.merged(packs.names()):
        made = stack_policy(rule, enforce=True) if isinstance(rule, StackRule) else policy(rule, enforce=True)
        known = made.config_schema.properties if made.config_schema else {}
        assert set(known) == {setting.name for setting in rule.settings}
        assert made.remediation_steps == rule.remediation
