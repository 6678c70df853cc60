"""The simulated Docker as a whole: one engine in Swarm mode a host. What each part says is in the module of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.docker import (
    checks,
    defaults,
    ids,
    invokes,
    names,
    outputs,
    place,
    references,
    replacement,
    rules,
)
from scripts.simulation.clouds.model import Cloud
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place


def _defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
    return {**defaults.added(token, inputs), **names.defaults(token, name, inputs, old, seed)}


def _check(token: str, inputs: Properties, place: Place) -> Sequence[Problem]:  # noqa: ARG001  (one engine is like another)
    return checks.check(token, inputs)


CLOUD: Final = Cloud(
    package="docker",
    place=place.place,
    defaults=_defaults,
    check=_check,
    replaces=replacement.TABLE.get,
    references=lambda token: references.REFERENCES.get(token, ()),
    recognise=ids.recognise,
    admit=rules.admit,
    release=rules.release,
    identifier=ids.identifier,
    outputs=outputs.outputs,
    invoke=invokes.invoke,
    assumed=ids.assumed,
)
