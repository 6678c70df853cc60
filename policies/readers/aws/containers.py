"""Tasks and services on ECS, and functions.

Left out: no-new-privileges, which Fargate does not know, and limits of CPU, which a task on Fargate cannot be without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from policies.model import Resource, at, each, is_given, is_true, number
from policies.properties import Property
from policies.readers.aws.documents import DEFINITIONS, containers
from policies.readers.model import Reader, Readers, Reading, figure, flag, given, known
from policies.readers.processes import (
    ADDS,
    DIGEST,
    DROPS,
    IMAGE,
    MEMORY,
    READ_ONLY,
    USER,
    checks_server,
    drops_all,
    is_ordinary,
    secret_in,
)
from scripts.simulation.values import UNKNOWN, Value

TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE: Final = "aws:ecs/service:Service"
FUNCTION: Final = "aws:lambda/function:Function"
SCALED: Final = "aws:appautoscaling/target:Target"
TARGETS: Final = "aws:lb/targetGroup:TargetGroup"
_HEALTH: Final = "name a command that says whether it is well; otherwise requests go to a copy that hangs"


def _each(path: str, test: Callable[[Value], bool], fix: str) -> Reader:
    """Reads a property of every container of a task."""

    def read(resource: Resource) -> Iterator[Reading]:
        for place, definition in containers(resource):
            if definition is UNKNOWN:
                yield Reading(DEFINITIONS, UNKNOWN, fix)
            else:
                yield Reading(f"{place}.{path}", known(at(definition, path), test), fix)

    return read


def _unprivileged(resource: Resource) -> Iterator[Reading]:
    yield from _each("privileged", lambda value: not is_true(value), "set it to false; the container would own its host")(
        resource
    )
    yield from _each("linuxParameters.capabilities.drop", drops_all, DROPS)(resource)
    yield from _each("linuxParameters.capabilities.add", lambda value: not drops_all(value), ADDS)(resource)


def _memory(resource: Resource) -> Iterator[Reading]:
    """A task on Fargate has a limit as a whole; elsewhere each container needs its own."""
    whole = at(resource.properties, "memory")
    if whole is UNKNOWN or is_given(whole):
        yield Reading("memory", known(whole, lambda value: number(value) > 0), MEMORY)
    else:
        yield from _each("memory", lambda value: number(value) > 0, MEMORY)(resource)


def _grace(resource: Resource) -> Iterator[Reading]:
    for place, definition in containers(resource):
        seconds = at(definition, "stopTimeout")
        yield Reading(DEFINITIONS if definition is UNKNOWN else f"{place}.stopTimeout", known(seconds, number))


def _variables(resource: Resource) -> Iterator[tuple[str, str, Value]]:
    """Path, name and value of every plain variable; no name where none is known."""
    if resource.token == FUNCTION:
        found = at(resource.properties, "environment.variables")
        if found is UNKNOWN:
            yield "environment.variables", "", UNKNOWN
        for name, value in (found if isinstance(found, Mapping) else {}).items():
            yield f'environment.variables["{name}"]', str(name), value
        return
    for place, definition in containers(resource):
        if definition is UNKNOWN:
            yield DEFINITIONS, "", UNKNOWN
            continue
        for _, pair in each(definition, "environment"):
            name = at(pair, "name")
            yield f'{place}.environment["{name}"]', str(name or ""), at(pair, "value")


def _harmless(resource: Resource) -> Iterator[Reading]:
    for path, name, value in _variables(resource):
        yield from secret_in(path, name, value)


def _verified(resource: Resource) -> Iterator[Reading]:
    for path, _, value in _variables(resource):
        yield from checks_server(path, value)


def _no_host(resource: Resource) -> Iterator[Reading]:
    for path, volume in each(resource.properties, "volumes"):
        found = at(volume, "hostPath")
        yield Reading(f"{path}.hostPath", known(found, lambda value: not value), "mount no folder of the host")


def _rolls_back(resource: Resource) -> Iterator[Reading]:
    """A task that runs once and has no copy to go back to is stopped; every other service goes back."""
    yield from flag("deploymentCircuitBreaker.enable")(resource)
    if not runs_once(resource):
        yield from flag("deploymentCircuitBreaker.rollback")(resource)


def runs_once(resource: Resource) -> bool:
    """Whether a service is a migration, which may be gone between two releases."""
    return bool(at(resource.properties, "deploymentMinimumHealthyPercent") == 0)


def _copies(resource: Resource) -> Iterator[Reading]:
    if not runs_once(resource):
        yield from figure("desiredCount")(resource)


CONTAINERS: Final[Readers] = {
    Property.IMAGE_FIXED: {TASK: _each("image", lambda value: bool(DIGEST.search(str(value))), IMAGE)},
    Property.NOT_ROOT: {TASK: _each("user", is_ordinary, USER)},
    Property.ROOT_READ_ONLY: {TASK: _each("readonlyRootFilesystem", is_true, READ_ONLY)},
    Property.UNPRIVILEGED: {TASK: _unprivileged},
    Property.SOCKET_HIDDEN: {TASK: _no_host},
    Property.LIMITED: {TASK: _memory},
    Property.HEALTH_CHECKED: {
        TASK: _each("healthCheck.command", lambda value: is_given(value) and value != ["NONE"], _HEALTH),
        TARGETS: given("healthCheck.path", "name the path that says so"),
    },
    Property.GRACE_SECONDS: {TASK: _grace},
    Property.VARIABLE_HARMLESS: {TASK: _harmless, FUNCTION: _harmless},
    Property.SERVER_VERIFIED: {TASK: _verified},
    Property.LOGGED: {TASK: _each("logConfiguration", is_given, "name a log driver; what it says is lost otherwise")},
    Property.ROLLS_BACK: {SERVICE: _rolls_back},
    Property.COPIES: {SCALED: figure("minCapacity"), SERVICE: _copies},
    Property.LARGEST_COPIES: {SCALED: figure("maxCapacity")},
}
