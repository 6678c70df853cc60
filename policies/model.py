"""What a rule is: data, and a function from one resource to what is wrong with it. Pure; nothing here serves anything.

In a preview some values are not known yet. A rule never guesses: it says `Undecided` with the path, goes on with what it
knows, and is asked again when the value is there (a simulated or a real `up`).

A sentence is written by hand and never holds a value of the resource: rules see secrets in plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar

from policies.settings import Setting
from scripts.simulation.values import UNKNOWN, Properties, Value, step

_A = TypeVar("_A")
_T = TypeVar("_T")

Level = Literal["mandatory", "advisory"]
Severity = Literal["critical", "high", "medium", "low"]

STRICTNESS: Final[Mapping[Level, int]] = {"advisory": 0, "mandatory": 1}


@dataclass(frozen=True)
class Resource:
    """A resource as the engine is about to make it. `token`: its type. `properties`: its inputs, by wire name.

    `urn`: its name for the engine; rules of one resource do not look at it. `outputs`: what came of it, as far as it is known;
    only rules of a whole stack look at it, to see which resource another one names.
    """

    token: str
    properties: Properties
    urn: str = ""
    outputs: Properties = field(default_factory=dict)

    @property
    def facts(self) -> Properties:
        """Inputs, and what is known besides them."""
        return {**self.outputs, **self.properties}


@dataclass(frozen=True)
class Violation:
    """What is wrong. `path`: wire names, empty for the resource as a whole. `sentence`: what to do, without any value."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


@dataclass(frozen=True)
class Undecided:
    """The value at `path` is not known yet, and the rule depends on it."""

    path: str


Finding = Violation | Undecided
Values = Mapping[str, Value]
"""What an operator has set for a rule: name of a setting -> value."""

Check = Callable[[Resource, Values], Iterator[Finding]]
StackCheck = Callable[[Sequence[Resource], Values], Iterator[tuple[Resource, Finding]]]
"""Of all resources of a stack; each finding with the resource that it is about, which is one of them."""


@dataclass(frozen=True)
class Described:
    """What people are told of a rule.

    `severity`: how bad it is when it is broken. `level`: whether that stops a deployment. `controls`: the controls of
    frameworks that it serves. `remediation`: one paragraph, what to change in the stack file or in a component.
    `settings`: what an operator may set; `values`: what is set now, every setting with a value.
    """

    name: str
    description: str
    severity: Severity
    level: Level
    controls: tuple[str, ...]
    remediation: str
    _: KW_ONLY
    settings: tuple[Setting, ...] = ()
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Rule(Described):
    """A rule that one resource can break. `resources`: the types that it looks at."""

    resources: tuple[str, ...]
    check: Check


@dataclass(frozen=True)
class StackRule(Described):
    """A rule that only all resources of a stack together can break, such as a database that no alarm watches."""

    check: StackCheck


AnyRule = Rule | StackRule


@dataclass(frozen=True)
class Judgement:
    """All that a rule says of a resource. `failure`: why it could not judge, though it knew every value; empty if it could."""

    violations: tuple[Violation, ...] = ()
    undecided: tuple[str, ...] = ()
    failure: str = ""


def judge(rule: Rule, resource: Resource) -> Judgement:
    """Asks a rule. A rule that raises is a mistake in the rule; of the exception only its kind and place are kept."""
    if resource.token not in rule.resources:
        return Judgement()
    findings, failure = _asked(rule.check, resource, rule.values)
    return _judgement(findings, failure)


def judge_stack(rule: StackRule, resources: Sequence[Resource]) -> Mapping[str, Judgement]:
    """Asks a rule of a whole stack: URN -> what it says of that resource, and of the stack itself where it failed, as ""."""
    findings, failure = _asked(rule.check, resources, rule.values)
    found = dict[str, list[Finding]]()
    for resource, finding in findings:
        found.setdefault(resource.urn, []).append(finding)
    said = {urn: _judgement(of, "") for urn, of in found.items()}
    return said | {"": Judgement(failure=failure)} if failure else said


def _asked(check: Callable[[_A, Values], Iterator[_T]], about: _A, values: Values) -> tuple[list[_T], str]:
    """What was found before the end or an exception, and where that was raised."""
    found = list[_T]()
    try:
        found.extend(check(about, values))
    except Exception as error:  # noqa: BLE001 whatever a rule raises may hold a secret in its text
        return found, f"{type(error).__name__} at {_place(error)}"
    return found, ""


def _judgement(findings: Sequence[Finding], failure: str) -> Judgement:
    return Judgement(
        violations=tuple(finding for finding in findings if isinstance(finding, Violation)),
        undecided=tuple(dict.fromkeys(finding.path for finding in findings if isinstance(finding, Undecided))),
        failure=failure,
    )


def _place(error: Exception) -> str:
    """File and line of the innermost frame."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame is not None else "an unknown place"


def at(value: Value, path: str) -> Value:
    """The value at a path such as `ports[0].targetPort`; None when it is absent, UNKNOWN when it or its surroundings are."""
    for part in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return UNKNOWN if value is UNKNOWN else None
    return value


def each(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """The elements of the list at a path, each with its own path; the list itself where it is UNKNOWN."""
    found = at(value, path)
    if found is UNKNOWN:
        yield path, UNKNOWN
    elif isinstance(found, list):
        for index, item in enumerate(found):
            yield step(path, index), item


def is_true(value: Value) -> bool:
    """Providers take a boolean as text too."""
    return value is True or value == "true"


def is_given(value: Value) -> bool:
    """Whether there is a value; one that is not known yet is given."""
    return value is not None and value not in ("", [], {})


def number(value: Value) -> float:
    """A number, also one that is given as text; 0 for anything else."""
    try:
        return 0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return 0
