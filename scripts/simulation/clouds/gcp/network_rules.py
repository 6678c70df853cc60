"""Ranges, load balancers, zones and certificates: what Google refuses because of what else is there."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from scripts.simulation.clouds.fields import objects, text, texts
from scripts.simulation.clouds.gcp.types import ADDRESS, BACKEND, CONNECTION, GROUP, NETWORK, PACKAGE, RECORD, SUBNETWORK, ZONE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Resource, World

Range = ipaddress.IPv4Network | ipaddress.IPv6Network

AUTOMATIC = ipaddress.IPv4Network("10.128.0.0/9")
"""Where a network with automatic subnetworks has them (Google's documentation, "Auto mode IPv4 ranges")."""

_ANSWER = "//certificatemanager.googleapis.com/"
_MAP = f"{PACKAGE}:certificatemanager/certificateMap:CertificateMap"
_AUTHORIZATION = f"{PACKAGE}:certificatemanager/dnsAuthorization:DnsAuthorization"
_NAT = f"{PACKAGE}:compute/routerNat:RouterNat"


def others(candidate: Candidate, world: World, token: str) -> Iterator[Resource]:
    """All other resources of a type."""
    own = candidate.current.id if candidate.current is not None else None
    for thing in world.of(token):
        if thing.id != own:
            yield thing


def network_of(value: object, world: World) -> str:
    """A network by its id, whether it is named by id, self link or name; the value itself where there is none."""
    named = world.named(value) if isinstance(value, str) else []
    found = next((thing for thing in named if thing.token == NETWORK), None)
    return found.id if found is not None else str(value)


def ranges(inputs: Properties) -> list[tuple[str, Range]]:
    """The ranges of a subnetwork, with the path of each."""
    found = []
    for pattern in ("ipCidrRange", "secondaryIpRanges[*].ipCidrRange"):
        for path, value in texts(inputs, pattern):
            try:
                found.append((path, ipaddress.ip_network(value)))
            except ValueError:
                continue
    return found


def _automatic(candidate: Candidate, network: Resource | None) -> Iterator[Problem]:
    """A network with automatic subnetworks leaves only the addresses outside of theirs."""
    if network is None or not network.urn or network.inputs.get("autoCreateSubnetworks") is not True:
        return
    for path, block in ranges(candidate.inputs):
        if block.version == AUTOMATIC.version and block.overlaps(AUTOMATIC):
            sentence = f"the {network.label} makes its own subnetworks in {AUTOMATIC}; set its autoCreateSubnetworks to false"
            yield Problem(path, sentence)


def subnetwork(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Ranges of one network are apart in all regions; a range only grows."""
    home = network_of(candidate.inputs.get("network"), world)
    network = world.get(NETWORK, home)
    yield from _automatic(candidate, network)
    mine = ranges(candidate.inputs)
    for other in others(candidate, world, SUBNETWORK):
        if network_of(other.inputs.get("network"), world) != home:
            continue
        for path, one in mine:
            theirs = next((theirs for _, theirs in ranges(other.inputs) if theirs.overlaps(one)), None)
            if theirs is not None:
                yield Problem(path, f"{one} overlaps {theirs} of the {other.label}; choose a free range")
    for path, one in mine:
        for name, reserved in _reserved(home, world):
            if reserved.overlaps(one):
                yield Problem(
                    path, f"{one} overlaps {reserved} of the {name}, which private services have; choose a free range"
                )
    if candidate.current is not None:
        before = text(candidate.current.inputs, "ipCidrRange")
        after = text(candidate.inputs, "ipCidrRange")
        if before and after and before != after and not _holds(after, before):
            yield Problem("ipCidrRange", f"{after} does not hold {before}, so all in it would have to go; only widen a range")


def _holds(outer: str, inner: str) -> bool:
    one, other = ipaddress.ip_network(outer), ipaddress.ip_network(inner)
    return one.version == other.version and other.subnet_of(one)  # type: ignore[arg-type]  # same version


def _reserved(network: str, world: World) -> Iterator[tuple[str, Range]]:
    """Ranges for private services in a network that were given by address."""
    for address in world.of(ADDRESS):
        start, length = address.inputs.get("address"), address.inputs.get("prefixLength")
        if isinstance(start, str) and isinstance(length, int) and network_of(address.inputs.get("network"), world) == network:
            yield address.label, ipaddress.ip_network(f"{start}/{length}", strict=False)


def connection(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A network is joined to private services once, by ranges that were reserved for that."""
    home = network_of(candidate.inputs.get("network"), world)
    for path, name in texts(candidate.inputs, "reservedPeeringRanges[*]"):
        address = next((thing for thing in world.of(ADDRESS) if thing.outputs.get("name") == name), None)
        if address is not None and address.urn and address.inputs.get("purpose") != "VPC_PEERING":
            yield Problem(path, f"the {address.label} is not for private services; set its purpose to VPC_PEERING")
        elif address is not None and address.urn and network_of(address.inputs.get("network"), world) != home:
            yield Problem(path, f"the {address.label} belongs to another network; reserve one in this network")
    for other in others(candidate, world, CONNECTION):
        same = other.inputs.get("service") == candidate.inputs.get("service")
        if same and network_of(other.inputs.get("network"), world) == home:
            yield Problem("network", f"the {other.label} joins this network already; add the range to that one")


def nat(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A router takes all subnetworks out once."""
    whole = "ALL_SUBNETWORKS_ALL_IP_RANGES"
    for other in others(candidate, world, _NAT):
        same = other.inputs.get("router") == candidate.inputs.get("router")
        wide = {inputs.get("sourceSubnetworkIpRangesToNat") for inputs in (candidate.inputs, other.inputs)}
        if same and whole in wide:
            yield Problem(
                "router", f"the {other.label} takes the subnetworks of this router out already; leave one of the two out"
            )


def _serverless(backend: Properties, world: World) -> Resource | None:
    """The group behind a backend where it leads to Cloud Run."""
    for _, value in texts(backend, "backends[*].group"):
        for thing in world.named(value):
            if thing.token == GROUP and thing.inputs.get("networkEndpointType", "SERVERLESS") == "SERVERLESS":
                return thing
    return None


def backend(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Backends that lead to Cloud Run have no health checks, timeouts or names of ports."""
    group = _serverless(candidate.inputs, world)
    if group is None:
        return
    for field in ("healthChecks", "timeoutSec", "portName"):
        if candidate.inputs.get(field) is not None:
            yield Problem(field, f"does not go with the {group.label}, which is serverless; leave it out")
    for path, item in objects(candidate.inputs, "backends[*]"):
        if item.get("maxUtilization"):
            yield Problem(f"{path}.maxUtilization", "does not go with a serverless group; leave it out")


def forwarding_rule(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The scheme of a rule is that of the backends behind it."""
    mine = candidate.inputs.get("loadBalancingScheme", "EXTERNAL")
    for service in _behind(text(candidate.inputs, "target"), world):
        theirs = service.inputs.get("loadBalancingScheme", "EXTERNAL")
        if theirs != mine:
            yield Problem("loadBalancingScheme", f"{mine} is not that of the {service.label}, {theirs}; give both the same")
    address = text(candidate.inputs, "ipAddress")
    for thing in world.named(address):
        if thing.token == ADDRESS and thing.urn and thing.inputs.get("addressType", "EXTERNAL") == "INTERNAL":
            yield Problem("ipAddress", f"the {thing.label} is internal; reserve one with addressType EXTERNAL")


def _behind(target: str, world: World) -> Iterator[Resource]:
    for proxy in world.named(target):
        for url_map in world.named(text(proxy.inputs, "urlMap")):
            for service in world.named(text(url_map.inputs, "defaultService")):
                if service.token == BACKEND and service.urn:
                    yield service


def https_proxy(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The map of certificates must be there."""
    for path, value in texts(candidate.inputs, "certificateMap"):
        identifier = value.removeprefix(_ANSWER)
        if world.get(_MAP, identifier) is None:
            yield Problem(path, f"there is no map {identifier}; give {_ANSWER} and the id of a CertificateMap")


def certificate(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Each domain of a certificate by DNS has an authorization; a wildcard shares that of its base."""
    given = [value for _, value in texts(candidate.inputs, "managed.dnsAuthorizations[*]")]
    if not given:
        return
    found = [world.get(_AUTHORIZATION, value) for value in given]
    proved = {str(thing.inputs.get("domain")) for thing in found if thing is not None}
    if any(thing is not None and not thing.urn for thing in found):
        return
    for path, domain in texts(candidate.inputs, "managed.domains[*]"):
        if domain.removeprefix("*.") not in proved:
            yield Problem(path, f"no dnsAuthorization is for {domain.removeprefix('*.')}; make one, and list it here")


def record(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A record lies in its zone; a CNAME stands alone and not at the top."""
    zone_name = text(candidate.inputs, "managedZone").rpartition("/")[2]
    zone = next((thing for thing in world.of(ZONE) if thing.outputs.get("name") == zone_name), None)
    name, kind = text(candidate.inputs, "name"), text(candidate.inputs, "type")
    apex = text(zone.inputs, "dnsName") if zone is not None and zone.urn else ""
    if apex and name != apex and not name.endswith(f".{apex}"):
        yield Problem("name", f"{name} lies outside the zone {apex}; let it end in .{apex}")
    if apex and kind == "CNAME" and name == apex:
        yield Problem("type", "a CNAME cannot stand at the top of a zone; use A and AAAA")
    for other in others(candidate, world, RECORD):
        if text(other.inputs, "managedZone").rpartition("/")[2] != zone_name or other.inputs.get("name") != name:
            continue
        theirs = text(other.inputs, "type")
        if theirs != kind and "CNAME" in {kind, theirs}:
            yield Problem("name", f"{name} has a {theirs} record ({other.label}); a CNAME stands alone")
