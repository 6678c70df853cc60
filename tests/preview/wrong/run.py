"""Runs wrong programs through the simulated providers, in this process."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from scripts.simulation.server.direct import Direct, Made
from scripts.simulation.server.faults import Fault
from scripts.simulation.server.provider import Refused
from scripts.simulation.values import Problem
from tests.preview.wrong.model import ABSENT, Delete, First, Make, Out, Replace, Set, Step, Wrong


def refused(wrong: Wrong) -> Sequence[Problem]:
    """What is said of the last step; empty when it is accepted.

    Raises `AssertionError` when a step before it is refused: then the case itself is wrong.
    """
    return _run(wrong, wrong.steps)


def accepted(wrong: Wrong) -> Sequence[Problem]:
    """What is still said after the one change: empty, for the table to be right."""
    return _run(wrong, _corrected(wrong))


def _run(wrong: Wrong, steps: Sequence[Step]) -> Sequence[Problem]:
    limits = []
    if wrong.most is not None and isinstance(last := wrong.steps[-1], Make):
        limits.append(Fault("create", last.token, "quota", limit=wrong.most))
    direct, made = Direct(faults=limits), dict[str, Made]()
    for step in steps[:-1]:
        try:
            _take(direct, made, step)
        except Refused as error:
            raise AssertionError(f"{wrong.case}: the program is refused before its mistake: {error}") from error
    try:
        _take(direct, made, steps[-1])
    except Refused as error:
        return error.problems
    return ()


def _take(direct: Direct, made: dict[str, Made], step: Step) -> None:
    if isinstance(step, Make):
        made[step.name] = direct.make(step.token, step.name, _resolved(step.inputs, made))
    elif isinstance(step, Delete):
        direct.delete(made.pop(step.name))
    elif isinstance(step, Replace):
        _replace(direct, made, step)
    else:
        made[step.name] = direct.change(made[step.name], _resolved(step.inputs, made))


def _replace(direct: Direct, made: dict[str, Made], step: Replace) -> None:
    old, inputs = made[step.name], _resolved(step.inputs, made)
    try:
        direct.change(old, inputs)
    except ValueError:
        direct.delete(old)
        made[step.name] = direct.make(old.token, step.name, inputs)
    else:
        raise AssertionError(f"the change of {step.name} happens in place; use Change")


def _resolved(value: Any, made: dict[str, Made]) -> Any:
    """The value with outputs in the place of `Out`."""
    if isinstance(value, Out):
        found = made[value.name]
        return found.id if value.attribute == "id" else found.outputs[value.attribute]
    if isinstance(value, dict):
        return {key: _resolved(item, made) for key, item in value.items()}
    return [_resolved(item, made) for item in value] if isinstance(value, list) else value


def _corrected(wrong: Wrong) -> Sequence[Step]:
    steps = list(wrong.steps)
    right = wrong.right
    if isinstance(right, First):
        return [*steps[:-1], right.step, steps[-1]]
    step = steps[right.of]
    assert not isinstance(step, Delete), f"{wrong.case}: a deletion has no inputs to set"
    inputs = copy.deepcopy(dict(step.inputs))
    _set(inputs, right)
    if isinstance(step, Make):
        steps[right.of] = Make(step.token, step.name, inputs)
    else:
        steps[right.of] = type(step)(step.name, inputs)
    return steps


def _set(inputs: dict[str, Any], right: Set) -> None:
    parts: list[Any] = [int(part[1:-1]) if part.startswith("[") else part for part in right.path.replace("[", ".[").split(".")]
    inner: Any = inputs
    for part in parts[:-1]:
        if isinstance(inner, dict) and part not in inner:
            inner[part] = {}
        inner = inner[part]
    last = parts[-1]
    if right.value is ABSENT:
        del inner[last]
    else:
        inner[last] = right.value
