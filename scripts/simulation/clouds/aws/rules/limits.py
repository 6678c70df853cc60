"""Single values against what CloudFormation's schemas allow: enumerations, numbers, lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.simulation.clouds.aws import cloudformation
from scripts.simulation.values import Problem, Properties, Unknown, Value, select

_SHOWN = 8
"""Values of an enumeration that a sentence lists."""

_EXCEPT = {
    ("aws:cloudwatch/logGroup:LogGroup", "retentionInDays"): (0,),
    ("aws:ecs/service:Service", "deploymentController.type"): (),
    ("aws:rds/instance:Instance", "performanceInsightsRetentionPeriod"): (0,),
}
"""Values that Terraform's provider takes besides: zero stands for "for ever" or "none"."""

_OTHERWISE = frozenset(
    {
        ("aws:lambda/function:Function", "code"),
        ("aws:servicediscovery/service:Service", "type"),
        ("aws:ssm/parameter:Parameter", "type"),
    }
)
"""Properties that mean something else in CloudFormation."""


def check(token: str, inputs: Properties) -> Iterator[Problem]:
    """What is wrong with values by themselves."""
    for pattern, limit in cloudformation.limits().get(token, {}).items():
        if (token, pattern) in _OTHERWISE:
            continue
        for path, value in select(inputs, pattern):
            if value in _EXCEPT.get((token, pattern), ()):
                continue
            reason = None if isinstance(value, Unknown) else _reason(value, limit)
            if reason:
                yield Problem(path, reason)


def _reason(value: Value, limit: Mapping[str, Any]) -> str | None:
    if isinstance(value, bool | Mapping):
        return None
    if isinstance(value, list):
        return _length(len(value), limit.get("minItems"), limit.get("maxItems"), "entries")
    if isinstance(value, str):
        return _allowed(value, limit) or _length(len(value), limit.get("minLength"), limit.get("maxLength"), "characters")
    if isinstance(value, int | float):
        return _allowed(value, limit) or _between(value, limit.get("minimum"), limit.get("maximum"))
    return None


def _allowed(value: str | float, limit: Mapping[str, Any]) -> str | None:
    allowed = [one for one in limit.get("enum", ()) if isinstance(one, str) == isinstance(value, str)]
    if not allowed or value in allowed:
        return None
    if isinstance(value, int | float):
        near = sorted(sorted(allowed, key=lambda one: abs(one - value))[:2])
        return f"{value} is not taken; use {' or '.join(map(str, near))}, or another of the {len(allowed)} allowed"
    shown = ", ".join(str(one) for one in allowed[:_SHOWN])
    return f"{value!r} is not one of {shown}{', ...' if len(allowed) > _SHOWN else ''}; use one of these"


def _length(found: int, least: int | None, most: int | None, unit: str) -> str | None:
    if (least is None or found >= least) and (most is None or found <= most):
        return None
    if most is None:
        return f"has {found} {unit}; give at least {least}"
    return f"has {found} {unit}; give {f'{least} to {most}' if least else f'at most {most}'}"


def _between(value: float, least: float | None, most: float | None) -> str | None:
    if (least is None or value >= least) and (most is None or value <= most):
        return None
    if most is None:
        return f"{value} is too small; use {least} or more"
    if least is None:
        return f"{value} is too large; use {most} or less"
    return f"{value} is out of range; use {least} to {most}"
