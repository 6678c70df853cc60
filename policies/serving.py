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
from typing import Any, Final, TypeVar

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from policies import packs, remembering
from policies.model import AnyRule, Judgement, Resource, Rule, StackRule, judge, judge_stack
from policies.rules.make import configured
from policies.settings import BadConfiguration
from scripts.simulation.values import UNKNOWN, Value

_R = TypeVar("_R", Rule, StackRule)

NOT_KNOWN = "is not known before deployment"
FAILED = "the rule could not be evaluated"


class NotKnownYet(UnknownValueError):
    """Makes the library report that a rule could not be run, with a sentence of ours."""

    def __init__(self, message: str) -> None:
        super().__init__(UNKNOWN_STRING_VALUE, [])
        self.message = message


def serve(name: str, chosen: Sequence[str], *, enforce: bool = True, configuration: packs.Configuration | None = None) -> None:
    """Serves the rules of the chosen packs to the engine under the name of one pack; returns when the engine is done.

    `configuration`: what an operator sets, as `packs.merged` takes it; what the engine is given by `--policy-pack-config` goes
    before it.
    """
    remembering.install()
    PolicyPack(
        name,
        [
            stack_policy(rule, enforce=enforce) if isinstance(rule, StackRule) else policy(rule, enforce=enforce)
            for rule in packs.merged(chosen, configuration)
        ],
    )


def policy(rule: Rule, *, enforce: bool) -> ResourceValidationPolicy:
    """A rule of one resource as the library knows it; its controls are tags."""
    return ResourceValidationPolicy(validate=_validation(rule), **_described(rule, enforce=enforce))


def stack_policy(rule: StackRule, *, enforce: bool) -> StackValidationPolicy:
    """A rule of a whole stack as the library knows it."""
    return StackValidationPolicy(validate=_stack_validation(rule), **_described(rule, enforce=enforce))


def _described(rule: AnyRule, *, enforce: bool) -> dict[str, Any]:
    return {
        "name": rule.name,
        "description": rule.description,
        "enforcement_level": EnforcementLevel(rule.level) if enforce else EnforcementLevel.ADVISORY,
        "severity": Severity(rule.severity),
        "config_schema": _schema(rule),
        "tags": list(rule.controls),
        "remediation_steps": rule.remediation,
    }


def _schema(rule: AnyRule) -> PolicyConfigSchema | None:
    """What can be set by `--policy-pack-config`; the default is what the chosen packs ask for."""
    if not rule.settings:
        return None
    return PolicyConfigSchema({one.name: {**one.schema, "default": rule.values[one.name]} for one in rule.settings})


def _validation(rule: Rule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type not in rule.resources:
            return
        asked = _as_set(rule, args.get_config(), report)
        if asked is None:
            return
        judgement = judge(asked, Resource(args.resource_type, _read(args.props), args.urn))
        _report(rule, judgement, report, None)
        if judgement.undecided:
            raise NotKnownYet(f"[{rule.level}] {', '.join(judgement.undecided)} {NOT_KNOWN}")

    return validate


def _stack_validation(rule: StackRule) -> Callable[[StackValidationArgs, ReportViolation], None]:
    """The library has one word for all that a rule of a stack could not decide: the paths begin with the resources' names."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        asked = _as_set(rule, args.get_config(), report)
        if asked is None:
            return
        resources = [Resource(each.resource_type, _read(each.props), each.urn) for each in args.resources]
        unknown = list[str]()
        for urn, judgement in judge_stack(asked, resources).items():
            _report(rule, judgement, report, urn or None)
            unknown.extend(f"{urn.rpartition('::')[2]} {path}".strip() for path in judgement.undecided)
        if unknown:
            raise NotKnownYet(f"[{rule.level}] {', '.join(unknown)} {NOT_KNOWN}")

    return validate


def _as_set(rule: _R, given: Mapping[str, Any], report: ReportViolation) -> _R | None:
    """A rule with the values that the engine was given; None, and a violation, for values that it does not take."""
    if not given:
        return rule
    try:
        return configured(rule, plain(given))
    except BadConfiguration as problem:
        report(f"[{rule.level}] {FAILED}: {problem}", None)
        return None


def _report(rule: AnyRule, judgement: Judgement, report: ReportViolation, urn: str | None) -> None:
    for violation in judgement.violations:
        report(f"[{rule.level}] {violation}", urn)
    if judgement.failure:
        report(f"[{rule.level}] {FAILED}: {judgement.failure}", urn)


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


_read: Final = remembering.remembered(plain)
