"""What AWS refuses: `check` by the values alone, `admit` because of what else exists, `release` instead of deleting.

One module a concern; each lists its own rules in `CHECKS`, `ADMITS` and `RELEASES` by token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from scripts.simulation.clouds.aws import names, place
from scripts.simulation.clouds.aws.rules import (
    addresses,
    balancers,
    containers,
    database_neighbours,
    databases,
    documents,
    domains,
    endpoints,
    limits,
    messaging,
    monitoring,
    releases,
    retention,
    scaling,
    security_groups,
    storage,
    tags,
    vaults,
)
from scripts.simulation.clouds.aws.types import canonical
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, Resource, World

_MODULES: Sequence[Any] = (
    addresses,
    balancers,
    containers,
    database_neighbours,
    databases,
    documents,
    domains,
    endpoints,
    messaging,
    monitoring,
    releases,
    retention,
    scaling,
    security_groups,
    storage,
    vaults,
)


def _collected(table: str) -> dict[str, list[Callable[..., Iterable[Problem]]]]:
    found: dict[str, list[Callable[..., Iterable[Problem]]]] = {}
    for module in _MODULES:
        rules: Mapping[str, Sequence[Callable[..., Iterable[Problem]]]] = getattr(module, table, {})
        for token, functions in rules.items():
            found.setdefault(f"aws:{token}", []).extend(functions)
    return found


_CHECKS = _collected("CHECKS")
_ADMITS = _collected("ADMITS")
_RELEASES = _collected("RELEASES")


def check(token: str, inputs: Properties, where: Place) -> list[Problem]:
    """What is wrong with values whatever else exists."""
    region = place.region_problem("region", inputs.get("region"))
    if region is not None:
        return [region]
    own = canonical(token)
    found = [*names.problems(token, inputs), *tags.check(inputs), *limits.check(own, inputs)]
    for rule in _CHECKS.get(own, ()):
        found.extend(rule(inputs, where))
    return _once(found)


def admit(candidate: Candidate, world: World) -> list[Problem]:
    """What is refused because of what else exists."""
    return _once([problem for rule in _ADMITS.get(canonical(candidate.token), ()) for problem in rule(candidate, world)])


def release(resource: Resource, world: World) -> list[Problem]:
    """Why something cannot be deleted."""
    return [problem for rule in _RELEASES.get(canonical(resource.token), ()) for problem in rule(resource, world)]


def _once(found: Sequence[Problem]) -> list[Problem]:
    """One sentence a path: a value that breaks two rules is said once."""
    by_path: dict[str, Problem] = {}
    for problem in found:
        by_path.setdefault(problem.path, problem)
    return list(by_path.values())
