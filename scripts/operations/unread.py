"""What somebody changed by hand in Swarm and Pulumi's provider cannot see: found and put back before the engine works.

The provider reads some properties of a service only where they are described, and some not at all. Where such a one is not
described, anything but Swarm's default was changed by hand, and goes back to it. The engine, which refreshes, sees the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import typer

from scripts.operations import engine
from scripts.operations.stack import Stack
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

SERVICE = "docker:index/service:Service"
CONVERGE_SECONDS = 300
"""For Swarm to replace all copies of one service."""
Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Edit:
    """`service`: its name in Docker. `what`: in words. `undo`: arguments of `docker service update`."""

    service: str
    what: str
    undo: tuple[str, ...]


def put_back(stack: Stack) -> list[Edit]:
    """Finds such changes, says them and undoes them; returns them. Nothing for an engine elsewhere.

    Raises `Failure` when Docker does not take one back.
    """
    if not stack.is_here:
        return []
    edits = found(stack)
    services = {edit.service: [other for other in edits if other.service == edit.service] for edit in edits}
    for name, own in services.items():
        typer.echo(f"Changed by hand: {name} ({', '.join(edit.what for edit in own)}). Putting it back.", err=True)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(_undo, services.keys(), services.values()))
    return edits


def _undo(name: str, own: Sequence[Edit]) -> None:
    undo = [argument for edit in own for argument in edit.undo]
    explain = f"{name} was changed by hand and does not go back"
    docker.must("service", "update", "--quiet", *undo, name, explain=explain, timeout=CONVERGE_SECONDS)


def found(stack: Stack) -> list[Edit]:
    """All such changes of the stack's services."""
    services = docker.services(stack.name)
    if services is None:
        raise Failure("The services cannot be looked at: run this again.")
    if not services:
        return []
    running = {one["Spec"]["Name"]: one["Spec"]["TaskTemplate"] for one in services}
    described = _described(engine.state(stack.name))
    return [edit for name in sorted(running) if name in described for edit in edits(name, running[name], described[name])]


def edits(name: str, task: Spec, described: Spec) -> list[Edit]:
    """Of one service. `task`: its template in Docker; `described`: the same as the engine's state has it."""
    made = []
    for what, undo in _UNREAD.items():
        arguments = tuple(undo(task, described))
        if arguments:
            made.append(Edit(name, what, arguments))
    return made


def _described(state: Spec) -> dict[str, Spec]:
    """Name in Docker -> `taskSpec`, of all services that are not about to be removed."""
    resources = (state.get("deployment") or {}).get("resources") or []
    own = [one for one in resources if one["type"] == SERVICE and not one.get("delete")]
    return {str(one["inputs"]["name"]): one["inputs"]["taskSpec"] for one in own}


def _health(task: Spec, described: Spec) -> Iterator[str]:
    """An image brings its own; a service has one where it is described only."""
    asked = task["ContainerSpec"].get("Healthcheck") or {}
    if any(asked.values()) and not described["containerSpec"].get("healthcheck"):
        yield "--health-cmd="
        for word in ("interval", "timeout", "start-period"):
            yield f"--health-{word}=0s"
        yield "--health-retries=0"


def _names(task: Spec, described: Spec) -> Iterator[str]:
    if described["containerSpec"].get("dnsConfig"):
        return
    asked = task["ContainerSpec"].get("DNSConfig") or {}
    for field, word in (("Nameservers", "dns"), ("Search", "dns-search"), ("Options", "dns-option")):
        yield from _each(asked.get(field), f"--{word}-rm")


def _placement(task: Spec, described: Spec) -> Iterator[str]:
    """Constraints are read where one is described."""
    asked, given = task.get("Placement") or {}, described.get("placement") or {}
    if not given.get("constraints"):
        yield from _each(asked.get("Constraints"), "--constraint-rm")
    if not given.get("prefs"):
        spread = [f"spread={one['Spread']['SpreadDescriptor']}" for one in asked.get("Preferences") or []]
        yield from _each(spread, "--placement-pref-rm")


def _copies_a_node(task: Spec, described: Spec) -> Iterator[str]:
    if (task.get("Placement") or {}).get("MaxReplicas") and not (described.get("placement") or {}).get("maxReplicas"):
        yield "--replicas-max-per-node=0"


def _ulimits(task: Spec, _: Spec) -> Iterator[str]:
    yield from _each([one["Name"] for one in task["ContainerSpec"].get("Ulimits") or []], "--ulimit-rm")


def _terminal(task: Spec, _: Spec) -> Iterator[str]:
    if task["ContainerSpec"].get("TTY"):
        yield "--tty=false"


def _each(values: Sequence[str] | None, option: str) -> Iterator[str]:
    for value in values or []:
        yield f"{option}={value}"


_UNREAD: Mapping[str, Callable[[Spec, Spec], Iterator[str]]] = {
    "health check": _health,
    "DNS": _names,
    "placement": _placement,
    "copies a node": _copies_a_node,
    "ulimits": _ulimits,
    "terminal": _terminal,
}
