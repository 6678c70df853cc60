"""Rules over a list of resources, without an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.judging import judge_all
from policies.model import Finding, Resource, Rule, StackRule, Undecided, Values, Violation


def one(resource: Resource, values: Values) -> Iterator[Finding]:
    yield Violation("a", "give it")
    yield Undecided("b")
    if resource.urn == "u2":
        raise KeyError("secret")


def all_of_them(resources: Sequence[Resource], values: Values) -> Iterator[tuple[Resource, Finding]]:
    yield resources[-1], Violation("", "watch it")
    raise KeyError("secret")


RULES = (
    Rule("one", "A rule.", "low", "advisory", (), "Mend it.", ("t",), one),
    StackRule("all", "A rule.", "high", "mandatory", (), "Mend it.", all_of_them),
)


def test_all_that_rules_say_of_all_resources_with_failures_named_and_without_values() -> None:
    found = judge_all(RULES, [Resource("t", {}, "u1"), Resource("other", {}, "u3"), Resource("t", {}, "u2")])
    assert [(each.rule.name, each.urn, each.kind, each.path) for each in found] == [
        ("one", "u1", "violation", "a"),
        ("one", "u1", "undecided", "b"),
        ("one", "u2", "violation", "a"),
        ("one", "u2", "undecided", "b"),
        ("one", "u2", "failure", ""),
        ("all", "u2", "violation", ""),
        ("all", "", "failure", ""),
    ]
    assert "secret" not in repr([each.sentence for each in found])
    assert [each.fails for each in found] == [False] * 5 + [True] * 2
