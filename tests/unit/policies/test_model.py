from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.model import Check, Finding, Resource, Rule, Undecided, Values, Violation, at, each, judge, number
from scripts.simulation.values import UNKNOWN, Value

SECRET = "canary-51c0"


def rule(check: Check, token: str = "t") -> Rule:
    return Rule("r", "A rule.", "high", "mandatory", ("SOC 2 CC6.1",), "Mend it.", (token,), check)


def test_a_rule_is_asked_about_its_own_types_only() -> None:
    def check(_: Resource, values: Values) -> Iterator[Finding]:
        yield Violation("a", "do it")

    assert judge(rule(check), Resource("other", {})).violations == ()
    assert judge(rule(check), Resource("t", {})).violations == (Violation("a", "do it"),)


def test_what_was_found_before_an_unknown_value_or_an_exception_is_kept() -> None:
    def check(_: Resource, values: Values) -> Iterator[Finding]:
        yield Violation("a", "do it")
        yield Undecided("b")
        yield Undecided("b")
        raise KeyError(SECRET)

    found = judge(rule(check), Resource("t", {}))
    assert found.violations == (Violation("a", "do it"),)
    assert found.undecided == ("b",)
    assert found.failure.startswith("KeyError at test_model.py:")
    assert SECRET not in repr(found)


def test_using_an_unknown_value_as_a_condition_is_a_failure_and_no_answer() -> None:
    def check(resource: Resource, values: Values) -> Iterator[Finding]:
        if resource.properties["a"]:
            yield Violation("a", "do it")

    assert judge(rule(check), Resource("t", {"a": UNKNOWN})).failure.startswith("TypeError at ")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b[1].c", 3),
        ("a.b[7].c", None),
        ("a.x.y", None),
        ("a.b[0]", UNKNOWN),
        ("a.b[0].c.d", UNKNOWN),
        ("u.anything[0].at.all", UNKNOWN),
        ("a.b[1].c.d", None),
    ],
)
def test_values_at_paths(path: str, expected: Value) -> None:
    found = at({"a": {"b": [UNKNOWN, {"c": 3}]}, "u": UNKNOWN}, path)
    assert found is expected if expected is UNKNOWN else found == expected


def test_elements_with_their_paths() -> None:
    assert list(each({"a": {"b": [1, 2]}}, "a.b")) == [("a.b[0]", 1), ("a.b[1]", 2)]
    assert list(each({"a": UNKNOWN}, "a.b")) == [("a.b", UNKNOWN)]
    assert list(each({}, "a.b")) == []


@given(st.none() | st.booleans() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.integers()))
def test_anything_can_be_asked_for_a_number(value: Value) -> None:
    assert isinstance(number(value), int | float)


def test_numbers_as_text() -> None:
    assert number("7") == 7
    assert number(True) == 0
