"""Rules as the engine asks them: the only module that knows `pulumi_policy`. `serve` blocks until the engine ends.

The library is used so that four things hold which it does not give by itself (1.21.0, each tried; see
`scripts/policy/events.py` for what the engine makes of them):

- A rule sees plain values with `UNKNOWN` in them, not a proxy that raises at the first unknown value, so that one unknown
  value does not hide what else is wrong.
- What could not be decided is said once a resource, with the level of the rule, which the library drops.
- A rule that raises is a violation of that rule. By itself the exception's text, which may hold a secret, would be the
  engine's error, without the rule's name, and no other rule would be asked.
- With `enforce=False` the engine is told that every rule is advisory, and the message begins with the rule's own level.
  Otherwise an `up` stops at the first violation, and what comes after is never judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from policies import packs
from policies.model import Resource, Rule, judge
from scripts.simulation.values import UNKNOWN, Value

NOT_KNOWN = "is not known before deployment"
FAILED = "the rule could not be evaluated"


class NotKnownYet(UnknownValueError):
    """Makes the library report that a rule could not be run, with a sentence of ours."""

    def __init__(self, message: str) -> None:
        super().__init__(UNKNOWN_STRING_VALUE, [])
        self.message = message


def serve(name: str, chosen: Sequence[str], *, enforce: bool = True) -> None:
    """Serves the rules of the chosen packs to the engine under the name of one pack; returns when the engine is done."""
    PolicyPack(name, [policy(rule, enforce=enforce) for rule in packs.merged(chosen)])


def policy(rule: Rule, *, enforce: bool) -> ResourceValidationPolicy:
    """A rule as the library knows it; its controls are tags."""
    level = EnforcementLevel(rule.level) if enforce else EnforcementLevel.ADVISORY
    return ResourceValidationPolicy(
        name=rule.name,
        description=rule.description,
        validate=_validation(rule),
        enforcement_level=level,
        tags=list(rule.controls),
    )


def _validation(rule: Rule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type not in rule.resources:
            return
        judgement = judge(rule, Resource(args.resource_type, plain(args.props)))
        for violation in judgement.violations:
            report(f"[{rule.level}] {violation}", None)
        if judgement.failure:
            report(f"[{rule.level}] {FAILED}: {judgement.failure}", None)
        if judgement.undecided:
            raise NotKnownYet(f"[{rule.level}] {', '.join(judgement.undecided)} {NOT_KNOWN}")

    return validate


def plain(value: Any) -> Value:
    """The library's proxies as plain values, with UNKNOWN where they would raise; whole numbers are int."""
    if isinstance(value, Mapping):
        return {key: _part(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_part(value, index) for index in range(len(value))]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _part(value: Any, key: str | int) -> Value:
    try:
        return plain(value[key])
    except UnknownValueError:
        return UNKNOWN
