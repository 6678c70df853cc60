"""What a Flexible Server needs of its network, and what it refuses to change."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.simulation.clouds.azure import ids, network_rules
from scripts.simulation.clouds.azure.types import IDENTITY, POSTGRESQL, PRIVATE_ZONE, SUBNET, ZONE_LINK
from scripts.simulation.clouds.fields import numbers, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, select
from scripts.simulation.world import Resource, World

_POOLER = "pgbouncer."


def postgresql(candidate: Candidate, world: World) -> Iterator[Problem]:
    """PostgreSQL: its subnet, its zone, its source; storage and version only grow."""
    yield from _placed(
        candidate,
        world,
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "network.privateDnsZoneArmResourceId",
        ".postgres.database.azure.com",
    )
    yield from _grown(candidate)
    yield from _identities(candidate, world)


def mysql(candidate: Candidate, world: World) -> Iterator[Problem]:
    """MySQL: its subnet, its zone, its source; storage and version only grow."""
    yield from _placed(
        candidate,
        world,
        "Microsoft.DBforMySQL/flexibleServers",
        "network.privateDnsZoneResourceId",
        ".mysql.database.azure.com",
    )
    yield from _grown(candidate)
    yield from _identities(candidate, world)


def _placed(candidate: Candidate, world: World, service: str, path: str, ending: str) -> Iterator[Problem]:
    subnet_path = "network.delegatedSubnetResourceId"
    subnet_id, zone_id = text(candidate.inputs, subnet_path), text(candidate.inputs, path)
    if subnet_id:
        yield from network_rules.delegated(subnet_path, subnet_id, service, world)
    zone = world.get(PRIVATE_ZONE, zone_id)
    if zone is None:
        return
    name = str(zone.outputs.get("name"))
    server = text(candidate.inputs, "serverName")
    if not f".{name}".endswith(ending):
        yield Problem(path, f"the zone {name} does not end in {ending}; give its privateZoneName that ending")
    elif name == f"{server}{ending}":
        yield Problem(path, f"the zone {name} has the server's own name; put another word before {ending}")
    elif subnet_id and zone.urn and not _linked(zone, subnet_id, world):
        network = subnet_id.rpartition("/subnets/")[0].rpartition("/")[2]
        yield Problem(
            path,
            f"the zone {name} is not linked to the network {network}; make the VirtualNetworkLink first (depends_on)",
        )


def _linked(zone: Resource, subnet_id: str, world: World) -> bool:
    network = subnet_id.lower().rpartition("/subnets/")[0]
    return any(
        str(ids.parent(link)).lower() == zone.id.lower() and text(link.inputs, "virtualNetwork.id").lower() == network
        for link in world.of(ZONE_LINK)
    ) or not any(thing.id.lower() == subnet_id.lower() and thing.urn for thing in world.of(SUBNET))


def _grown(candidate: Candidate) -> Iterator[Problem]:
    if candidate.current is None:
        return
    path = "storage.storageSizeGB"
    before, after = (
        next((size for _, size in numbers(inputs, path)), None) for inputs in (candidate.current.inputs, candidate.inputs)
    )
    if before is not None and after is not None and after < before:
        yield Problem(path, f"storage cannot shrink from {before} to {after} GiB; keep {before}, or restore into a new server")
    old, new = (text(inputs, "version") for inputs in (candidate.current.inputs, candidate.inputs))
    if old and new and _version(new) < _version(old):
        yield Problem("version", f"cannot go back from {old} to {new}; keep {old}")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _identities(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Identities are the keys of an object, which the table of references cannot name."""
    for path, identities in select(candidate.inputs, "identity.userAssignedIdentities"):
        for identity in identities if isinstance(identities, dict) else ():
            if world.get(IDENTITY, identity) is None:
                yield Problem(path, f"there is no identity {identity}; give the id of a UserAssignedIdentity")


def configuration(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The built-in pooler is there for the larger tiers only."""
    name = text(candidate.inputs, "configurationName")
    if not name.startswith(_POOLER):
        return
    server = next((thing for thing in world.of(POSTGRESQL) if thing.id == ids.parent(candidate)), None)
    if server is not None and text(server.inputs, "sku.tier") == "Burstable":
        yield Problem(
            "configurationName",
            f"{name} is not possible: the {server.label} has the tier Burstable, which has no PgBouncer; use GeneralPurpose",
        )
