"""What an engine refuses because of what else exists on it, beyond references.

Two rules are stricter than the engine. A host port that another service publishes on the same nodes is taken by the engine and
its task waits for ever; a range that overlaps another overlay's is taken, and the network never works. Both are refused.
A second volume of one name is the first: also refused, because destroying either would delete the other's data.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scripts.simulation.clouds.docker import catalogue, ids
from scripts.simulation.clouds.docker.catalogue import (
    CONFIG,
    CONTAINER,
    NETWORK,
    PLUGIN,
    REMOTE_IMAGE,
    SECRET,
    SERVICE,
    SPEC,
    VOLUME,
)
from scripts.simulation.clouds.fields import number, objects, text, texts
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, select, step
from scripts.simulation.world import Resource, World

_UNIQUE: Final = (CONFIG, CONTAINER, NETWORK, SECRET, SERVICE, VOLUME)
_PINNED: Final = re.compile(r"\s*node\.hostname\s*==\s*(\S+)\s*")


def admit(candidate: Candidate, world: World) -> Sequence[Problem]:
    """All that stands against making or changing this."""
    found = list(_name(candidate, world))
    match candidate.token:
        case catalogue.SERVICE:
            found += [*_networks(candidate, world), *_stored(candidate, world), *_mode(candidate), *_ports(candidate, world)]
        case catalogue.CONTAINER:
            found += [*_attachable(candidate, world), *_ports(candidate, world)]
        case catalogue.NETWORK:
            found += [*_driver(candidate, world, catalogue.NETWORK_DRIVERS), *_ranges(candidate, world)]
        case catalogue.VOLUME:
            found += _driver(candidate, world, catalogue.VOLUME_DRIVERS)
    return found


def release(resource: Resource, world: World) -> Sequence[Problem]:
    """Why an image cannot be removed: a container or service runs it."""
    inputs = resource.inputs
    if resource.token != REMOTE_IMAGE or inputs.get("keepLocally") is True or inputs.get("forceRemove") is True:
        return ()
    known = {resource.outputs.get(name) for name in ("imageId", "name", "repoDigest")}
    if any(other.id != resource.id and other.outputs.get("name") == inputs.get("name") for other in world.of(REMOTE_IMAGE)):
        return ()  # the image stays for the other one
    users = [
        user for user in (*world.of(SERVICE), *world.of(CONTAINER)) if _image(user) in known and _same_host(user, resource)
    ]
    named = ", ".join(user.label for user in users)
    reason = f"the image is still run by {named}; change or delete those first, or set keepLocally"
    return (Problem("name", reason),) if users else ()


def _image(user: Resource) -> str:
    return text(user.inputs, f"{SPEC}.image" if user.token == SERVICE else "image")


def _same_host(one: Resource | Candidate, other: Resource) -> bool:
    return one.place.account == other.place.account


def _others(candidate: Candidate, world: World, *tokens: str) -> Iterator[Resource]:
    """What else there is on the same engine."""
    own = candidate.current.id if candidate.current is not None else None
    for token in tokens:
        for other in world.of(token):
            if other.id != own and _same_host(candidate, other):
                yield other


def _name(candidate: Candidate, world: World) -> Iterator[Problem]:
    name = text(candidate.inputs, "name")
    if candidate.token == NETWORK and name in {*catalogue.PREDEFINED_NETWORKS, "ingress"}:
        yield Problem("name", f"{name} is a network that every engine has; choose another name")
    if candidate.token not in _UNIQUE:
        return
    for other in _others(candidate, world, candidate.token):
        if other.outputs.get("name") == name:
            kind = candidate.token.rsplit(":", 1)[-1]
            yield Problem("name", f"the {kind} {name} is there already ({other.label}); choose another name")
            return


def _networks(candidate: Candidate, world: World) -> Iterator[Problem]:
    for pattern in ("taskSpec.networksAdvanceds[*].id", "taskSpec.networksAdvanceds[*].name"):
        for path, value in texts(candidate.inputs, pattern):
            for network in _network(world, value):
                if network.outputs.get("scope") != "swarm":
                    yield Problem(path, f"the {network.label} is on one host only; services need one with driver overlay")


def _attachable(candidate: Candidate, world: World) -> Iterator[Problem]:
    for path, value in texts(candidate.inputs, "networksAdvanced[*].name"):
        for network in _network(world, value):
            if network.outputs.get("scope") == "swarm" and network.outputs.get("attachable") is not True:
                yield Problem(path, f"the {network.label} takes services only; set attachable on it")


def _network(world: World, value: str) -> list[Resource]:
    return [thing for thing in world.named(value) if thing.token == NETWORK]


def _stored(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A secret or config whose name is not that of the id beside it: Swarm looks at both."""
    for kind, token in (("secret", SECRET), ("config", CONFIG)):
        for path, reference in objects(candidate.inputs, f"{SPEC}.{kind}s[*]"):
            given, identifier = reference.get(f"{kind}Name"), reference.get(f"{kind}Id")
            stored = world.get(token, identifier) if isinstance(identifier, str) else None
            if stored is not None and given != stored.outputs.get("name"):
                wanted = stored.outputs.get("name")
                yield Problem(
                    step(path, f"{kind}Name"),
                    f"{given} is not the name of the {kind} {identifier}, which is {wanted}; give both of one",
                )


def _mode(candidate: Candidate) -> Iterator[Problem]:
    if candidate.current is None:
        return
    before, after = (_everywhere(inputs) for inputs in (candidate.current.inputs, candidate.inputs))
    if before != after:
        yield Problem("mode", "Swarm cannot change it; give the service another name, so that it is replaced")


def _everywhere(inputs: Properties) -> bool:
    return any(value is True for _, value in select(inputs, "mode.global"))


@dataclass(frozen=True)
class _Published:
    """A port that something takes. `node`: the one host that it is pinned to; None where it may run anywhere."""

    path: str
    number: int
    protocol: str
    address: str
    ingress: bool
    node: str | None


def _ports(candidate: Candidate, world: World) -> Iterator[Problem]:
    wanted = list(_published(candidate.token, candidate.inputs))
    if not wanted:
        return
    taken = [
        (port, other)
        for other in _others(candidate, world, SERVICE, CONTAINER)
        for port in _published(other.token, other.inputs)
    ]
    for mine in wanted:
        holder = next((other for theirs, other in taken if _collide(mine, theirs)), None)
        if holder is not None:
            yield Problem(mine.path, f"{mine.number}/{mine.protocol} is taken by the {holder.label}; publish another port")


def _published(token: str, inputs: Properties) -> Iterator[_Published]:
    field, name = ("endpointSpec.ports", "publishedPort") if token == SERVICE else ("ports", "external")
    pins = [found[1] for _, value in texts(inputs, "taskSpec.placement.constraints[*]") if (found := _PINNED.fullmatch(value))]
    for path, port in objects(inputs, f"{field}[*]"):
        given = number(port.get(name))
        if given:
            ingress = token == SERVICE and port.get("publishMode", "ingress") == "ingress"
            address = str(port.get("ip") or "0.0.0.0")
            node = pins[0] if pins else None
            yield _Published(step(path, name), int(given), str(port.get("protocol") or "tcp"), address, ingress, node)


def _collide(mine: _Published, theirs: _Published) -> bool:
    if (mine.number, mine.protocol) != (theirs.number, theirs.protocol):
        return False
    if mine.ingress or theirs.ingress:
        return True
    apart = mine.node is not None and theirs.node is not None and mine.node != theirs.node
    everywhere = {"0.0.0.0", "::"}
    return not apart and (mine.address == theirs.address or bool({mine.address, theirs.address} & everywhere))


def _driver(candidate: Candidate, world: World, built_in: Sequence[str]) -> Iterator[Problem]:
    for path, driver in texts(candidate.inputs, "driver"):
        plugins = {other.outputs.get(name) for other in _others(candidate, world, PLUGIN) for name in ("alias", "name")}
        if driver not in built_in and not catalogue.is_plugin(driver) and not {driver, ids.tagged(driver)} & plugins:
            known = ", ".join(built_in)
            yield Problem(path, f"no driver {driver} is there; use {known}, or install a plugin with docker.Plugin")


def _ranges(candidate: Candidate, world: World) -> Iterator[Problem]:
    for path, subnet in texts(candidate.inputs, "ipamConfigs[*].subnet"):
        mine = ipaddress.ip_network(subnet, strict=False)
        for other in _others(candidate, world, NETWORK):
            for _, theirs in texts(other.inputs, "ipamConfigs[*].subnet"):
                if mine.overlaps(ipaddress.ip_network(theirs, strict=False)):
                    yield Problem(path, f"{subnet} overlaps {theirs} of the {other.label}; choose a free range")
