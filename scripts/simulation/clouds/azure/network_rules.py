"""Ranges, delegations, links and endpoints: what a network refuses because of what else is in it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from scripts.simulation.clouds.azure import catalogue, ids
from scripts.simulation.clouds.azure.types import (
    BY_TOKEN,
    ENVIRONMENT,
    MYSQL,
    NAMESPACE,
    NETWORK,
    PACKAGE,
    POSTGRESQL,
    REGISTRY,
    SUBNET,
    ZONE_LINK,
)
from scripts.simulation.clouds.fields import objects, text, texts
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Resource, World

Range = ipaddress.IPv4Network | ipaddress.IPv6Network

APPS = "Microsoft.App/environments"


def ranges(inputs: Properties, *patterns: str) -> list[tuple[str, Range]]:
    """The ranges of addresses at patterns, with the path of each."""
    found = []
    for pattern in patterns:
        for path, value in texts(inputs, pattern):
            try:
                found.append((path, ipaddress.ip_network(value)))
            except ValueError:
                continue
    return found


def subnet_ranges(inputs: Properties) -> list[tuple[str, Range]]:
    return ranges(inputs, "addressPrefix", "addressPrefixes[*]")


def within(inner: Range, outer: Range) -> bool:
    """Whether a range lies inside another, whatever their versions are."""
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # same version


def others(candidate: Candidate, world: World, token: str) -> Iterator[Resource]:
    """All other resources of a type."""
    own = candidate.current.id if candidate.current is not None else None
    for thing in world.of(token):
        if thing.id != own:
            yield thing


def subnet(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A subnet lies in its network's ranges, apart from its siblings; what uses it keeps its delegation and range."""
    parent = ids.parent(candidate)
    home = next((thing for thing in world.of(NETWORK) if thing.id.lower() == str(parent).lower()), None)
    whole = ranges(home.inputs, "addressSpace.addressPrefixes[*]") if home is not None else []
    for path, mine in subnet_ranges(candidate.inputs):
        if home is not None and whole and not any(within(mine, outer) for _, outer in whole):
            spaces = ", ".join(str(outer) for _, outer in whole)
            yield Problem(path, f"{mine} lies outside the ranges of the {home.label} ({spaces}); choose one inside")
            continue
        for other in others(candidate, world, SUBNET):
            if str(ids.parent(other)).lower() != str(parent).lower():
                continue
            theirs = next((theirs for _, theirs in subnet_ranges(other.inputs) if theirs.overlaps(mine)), None)
            if theirs is not None:
                yield Problem(path, f"{mine} overlaps {theirs} of the {other.label}; choose a free range")
    if candidate.current is not None:
        yield from _subnet_in_use(candidate, world)


def _subnet_in_use(candidate: Candidate, world: World) -> Iterator[Problem]:
    assert candidate.current is not None
    before, after = (
        {text(item, "serviceName") for _, item in objects(inputs, "delegations[*]")}
        for inputs in (candidate.current.inputs, candidate.inputs)
    )
    moved = [str(one) for _, one in subnet_ranges(candidate.current.inputs)] != [
        str(one) for _, one in subnet_ranges(candidate.inputs)
    ]
    user = next(_users(candidate.current.id, world), None)
    if user is not None and before - after:
        yield Problem("delegations", f"the {user.label} uses the subnet as {', '.join(before - after)}; delete that first")
    if user is not None and moved:
        yield Problem("addressPrefix", f"the {user.label} uses the subnet, so its range is fixed; delete that first")


def _users(subnet_id: str, world: World) -> Iterator[Resource]:
    for token, pattern in _USERS.items():
        for thing in world.of(token):
            if text(thing.inputs, pattern).lower() == subnet_id.lower():
                yield thing


_USERS = {
    POSTGRESQL: "network.delegatedSubnetResourceId",
    MYSQL: "network.delegatedSubnetResourceId",
    ENVIRONMENT: "vnetConfiguration.infrastructureSubnetId",
    f"{PACKAGE}:network:PrivateEndpoint": "subnet.id",
}


def network(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A network's ranges are apart from each other and still hold its subnets."""
    mine = ranges(candidate.inputs, "addressSpace.addressPrefixes[*]")
    for index, (path, one) in enumerate(mine):
        if any(one.overlaps(other) for _, other in mine[:index]):
            yield Problem(path, f"{one} overlaps another range of this network; leave one out")
    if candidate.current is None:
        return
    for child in world.of(SUBNET):
        if str(ids.parent(child)).lower() != candidate.current.id.lower():
            continue
        for _, theirs in subnet_ranges(child.inputs):
            if mine and not any(within(theirs, outer) for _, outer in mine):
                yield Problem(
                    "addressSpace.addressPrefixes", f"none holds {theirs} of the {child.label} any more; keep its range"
                )


def peering(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Networks that are joined have no addresses in common."""
    ends = [str(ids.parent(candidate)), text(candidate.inputs, "remoteVirtualNetwork.id")]
    found = [next((thing for thing in world.of(NETWORK) if thing.id.lower() == end.lower()), None) for end in ends]
    mine, theirs = (ranges(end.inputs, "addressSpace.addressPrefixes[*]") if end is not None else [] for end in found)
    for _, one in mine:
        clash = next((other for _, other in theirs if one.overlaps(other)), None)
        if clash is not None:
            yield Problem("remoteVirtualNetwork.id", f"{clash} there overlaps {one} here; networks that are joined must differ")


def link(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A zone is linked to a network once."""
    target = text(candidate.inputs, "virtualNetwork.id").lower()
    for other in others(candidate, world, ZONE_LINK):
        same = str(ids.parent(other)).lower() == str(ids.parent(candidate)).lower()
        if same and text(other.inputs, "virtualNetwork.id").lower() == target:
            yield Problem("virtualNetwork.id", f"the {other.label} links this zone to this network already; leave one out")


def security_rule(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A priority is there once in each direction."""
    mine = [candidate.inputs.get(field) for field in ("direction", "priority")]
    for other in others(candidate, world, candidate.token):
        same = ids.parent(other) == ids.parent(candidate)
        if same and [other.inputs.get(field) for field in ("direction", "priority")] == mine:
            yield Problem("priority", f"{mine[1]} is taken by the {other.label}; choose another number")


def private_endpoint(candidate: Candidate, world: World) -> Iterator[Problem]:
    """What an endpoint leads to takes one: its tier, its own network and the name of the part."""
    for path, connection in objects(candidate.inputs, "privateLinkServiceConnections[*]"):
        target = str(connection.get("privateLinkServiceId"))
        token = ids.recognise(target)
        found = next((thing for thing in world.named(target) if thing.token == token), None)
        if token is None or found is None:
            continue
        yield from _sub_resource(path, connection, token)
        where = f"{path}.privateLinkServiceId"
        if not found.urn:
            continue
        if token in {NAMESPACE, REGISTRY} and text(found.inputs, "sku.name", "Standard") != "Premium":
            yield Problem(where, f"the {found.label} is not of the SKU Premium, which alone takes private endpoints")
        if token in {POSTGRESQL, MYSQL} and text(found.inputs, "network.delegatedSubnetResourceId"):
            yield Problem(
                where, f"the {found.label} lies in a subnet of its own and takes no private endpoint; use that subnet"
            )
    yield from _not_delegated(candidate, world)


def _sub_resource(path: str, connection: Properties, token: str) -> Iterator[Problem]:
    known = catalogue.PRIVATE_LINK_GROUPS.get(BY_TOKEN[token].kind)
    given = [value for _, value in texts(connection, "groupIds[*]")]
    if known is None:
        return
    if len(given) != 1:
        yield Problem(f"{path}.groupIds", f"names {len(given)} parts; name one of {', '.join(known)}")
    elif given[0] not in known:
        yield Problem(f"{path}.groupIds", f"{given[0]} is no part of it; use {', '.join(known)}")


def _not_delegated(candidate: Candidate, world: World) -> Iterator[Problem]:
    home = world.get(SUBNET, text(candidate.inputs, "subnet.id"))
    if home is not None:
        for _, item in objects(home.inputs, "delegations[*]"):
            yield Problem("subnet.id", f"the {home.label} belongs to {text(item, 'serviceName')}; use another subnet")


def delegated(path: str, subnet_id: str, service: str, world: World) -> Iterator[Problem]:
    """What is wrong with a subnet that a service wants for itself; nothing of one that was there before."""
    home = next((thing for thing in world.of(SUBNET) if thing.id.lower() == subnet_id.lower()), None)
    if home is None or not home.urn:
        return
    given = [text(item, "serviceName") for _, item in objects(home.inputs, "delegations[*]")]
    if service not in given:
        has = f"it belongs to {given[0]}" if given else "it has none"
        yield Problem(path, f"the {home.label} needs the delegation {service} ({has}); add it to the subnet's delegations")
        return
    longest = catalogue.SUBNET_SMALLEST[service]
    for _, mine in subnet_ranges(home.inputs):
        if mine.version == 4 and mine.prefixlen > longest:
            yield Problem(path, f"{mine} of the {home.label} is too small; {service} needs a /{longest} or larger")


def environment(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The subnet of an environment is its own, delegated where it has workload profiles, and large enough."""
    path = "vnetConfiguration.infrastructureSubnetId"
    subnet_id = text(candidate.inputs, path)
    if not subnet_id:
        return
    for other in others(candidate, world, ENVIRONMENT):
        if text(other.inputs, path).lower() == subnet_id.lower():
            yield Problem(path, f"the {other.label} has this subnet for itself; use another one")
    if candidate.inputs.get("workloadProfiles"):
        yield from delegated(path, subnet_id, APPS, world)
        return
    home = world.get(SUBNET, subnet_id)
    if home is None or not home.urn:
        return
    if any(True for _ in objects(home.inputs, "delegations[*]")):
        yield Problem(path, f"the {home.label} is delegated; an environment without workloadProfiles needs one that is not")
    for _, mine in subnet_ranges(home.inputs):
        if mine.version == 4 and mine.prefixlen > catalogue.WITHOUT_PROFILES:
            longest = catalogue.WITHOUT_PROFILES
            yield Problem(path, f"{mine} of the {home.label} is too small without workloadProfiles; use a /{longest} or larger")
