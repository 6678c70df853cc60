"""All rules over all resources without an engine, as for the exported state of a live stack. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.model import AnyRule, Judgement, Resource, Rule, StackRule, judge, judge_stack


@dataclass(frozen=True)
class Verdict:
    """One thing that a rule says of a resource.

    `urn`: the resource; empty where a rule of the whole stack failed. `path`: wire names, empty for the resource as a whole.
    `sentence`: what to do, or why the rule could not be evaluated; never a value.
    """

    rule: AnyRule
    urn: str
    kind: Literal["violation", "undecided", "failure"]
    path: str
    sentence: str

    @property
    def fails(self) -> bool:
        """A broken mandatory rule, and one that nobody could evaluate."""
        return self.rule.level == "mandatory"


def judge_all(rules: Iterable[AnyRule], resources: Sequence[Resource]) -> list[Verdict]:
    """What all rules say of all resources, in the order of the rules and then of the resources."""
    found = list[Verdict]()
    for rule in rules:
        if isinstance(rule, StackRule):
            for urn, judgement in judge_stack(rule, resources).items():
                found.extend(_verdicts(rule, urn, judgement))
        else:
            for resource in resources:
                found.extend(_verdicts(rule, resource.urn, judge(rule, resource)))
    return found


def _verdicts(rule: Rule | StackRule, urn: str, judgement: Judgement) -> Iterable[Verdict]:
    for violation in judgement.violations:
        yield Verdict(rule, urn, "violation", violation.path, violation.sentence)
    for path in judgement.undecided:
        yield Verdict(rule, urn, "undecided", path, "the value is not known")
    if judgement.failure:
        yield Verdict(rule, urn, "failure", "", f"the rule could not be evaluated: {judgement.failure}")
