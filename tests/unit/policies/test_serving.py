from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel, PolicyCustomTimeouts, PolicyResourceOptions, ResourceValidationArgs
from pulumi_policy.proxy import UNKNOWN_NUMBER_VALUE, UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.model import Finding, Level, Resource, Rule, Undecided, Values, Violation
from policies.serving import plain, policy
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
