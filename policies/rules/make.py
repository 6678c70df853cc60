"""A rule from what it asks and what it accepts; which resources answer is the readers' business. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Required, TypedDict, TypeVar, Unpack, overload

from policies import readers
from policies.model import (
    AnyRule,
    Finding,
    Level,
    Resource,
    Rule,
    Severity,
    StackCheck,
    StackRule,
    Undecided,
    Values,
    Violation,
)
from policies.properties import Property, StackProperty
from policies.readers.model import Reading
from policies.settings import Setting, checked
from scripts.simulation.values import UNKNOWN, Value

_R = TypeVar("_R", Rule, StackRule, AnyRule)

Accepts = Callable[[Value, Values], bool]

READS: Final[dict[str, Property | StackProperty]] = {}
"""Name of a rule -> the property that it asks about."""


def holds(value: Value, _: Values) -> bool:
    """What is accepted where nothing else is said: that the property is true."""
    return value is True


class _Words(TypedDict, total=False):
    """What is the same for both kinds of rules."""

    controls: Required[tuple[str, ...]]
    remediation: Required[str]
    level: Level
    accepts: Accepts
    demand: str
    settings: tuple[Setting, ...]


@overload
def rule(name: str, description: str, severity: Severity, reads: Property, **words: Unpack[_Words]) -> Rule: ...
@overload
def rule(name: str, description: str, severity: Severity, reads: StackProperty, **words: Unpack[_Words]) -> StackRule: ...
def rule(
    name: str, description: str, severity: Severity, reads: Property | StackProperty, **words: Unpack[_Words]
) -> Rule | StackRule:
    """A `Rule`, or a `StackRule` for a property of a whole stack.

    `accepts`: which readings are right, those that are true if not given. `demand`: what to do where a reader says nothing
    itself; the rule's settings stand in it in braces.
    """
    READS[name] = reads
    settings, accepts, demand = words.get("settings", ()), words.get("accepts", holds), words.get("demand", "")
    described = _Described(
        name=name,
        description=description,
        severity=severity,
        level=words.get("level", "mandatory"),
        controls=words["controls"],
        remediation=words["remediation"],
        settings=settings,
        values={setting.name: setting.default for setting in settings},
    )
    if isinstance(reads, StackProperty):
        return StackRule(check=_stack_check(reads, accepts, demand), **described)
    found = readers.of(reads)

    def check(resource: Resource, values: Values) -> Iterator[Finding]:
        for reading in found[resource.token](resource):
            yield from _judged(reading, accepts, demand, values)

    return Rule(resources=tuple(found), check=check, **described)


class _Described(TypedDict):
    name: str
    description: str
    severity: Severity
    level: Level
    controls: tuple[str, ...]
    remediation: str
    settings: tuple[Setting, ...]
    values: Values


def _stack_check(reads: StackProperty, accepts: Accepts, demand: str) -> StackCheck:
    found = readers.of_stack(reads)

    def check(resources: Sequence[Resource], values: Values) -> Iterator[tuple[Resource, Finding]]:
        for reader in found:
            for resource, reading in reader(resources):
                for finding in _judged(reading, accepts, demand, values):
                    yield resource, finding

    return check


def _judged(reading: Reading, accepts: Accepts, demand: str, values: Values) -> Iterator[Finding]:
    if reading.value is UNKNOWN:
        yield Undecided(reading.path)
    elif not accepts(reading.value, values):
        yield Violation(reading.path, reading.fix or demand.format(**values))


def configured(one: _R, given: Mapping[str, Value]) -> _R:
    """A rule with values that an operator or a pack gives; what is not given keeps its default.

    Raises `BadConfiguration`.
    """
    return replace(one, values={**one.values, **checked(one.name, one.settings, given)})


def at_least(setting: str) -> Accepts:
    """A figure that does not fall below a setting."""
    return lambda value, values: bool(value >= values[setting])


def at_most(setting: str) -> Accepts:
    """A figure that does not rise above a setting."""
    return lambda value, values: bool(value <= values[setting])
