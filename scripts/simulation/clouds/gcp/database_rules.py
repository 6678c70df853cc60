"""What Cloud SQL needs of networks and keys, and what it refuses to change or to give up."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.simulation.clouds.fields import numbers, text
from scripts.simulation.clouds.gcp.network_rules import network_of
from scripts.simulation.clouds.gcp.service_rules import granted
from scripts.simulation.clouds.gcp.types import CONNECTION, INSTANCE, NETWORK
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, select
from scripts.simulation.world import Resource, World

_PRIVATE = "settings.ipConfiguration.privateNetwork"
_PRODUCERS = "servicenetworking.googleapis.com"
_AGENT = "gcp-sa-cloud-sql"


def instance(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The network is joined to private services before, the key is granted; disks only grow."""
    private = text(candidate.inputs, _PRIVATE)
    if private and not _joined(private, world):
        yield Problem(
            _PRIVATE,
            f"the network {private.rpartition('/')[2]} is not joined to private services; make a servicenetworking.Connection"
            " first, and let the instance depend on it",
        )
    key = text(candidate.inputs, "encryptionKeyName")
    if key:
        yield from granted("encryptionKeyName", key, _AGENT, "sqladmin.googleapis.com", world)
        location, region = _location(key), text(candidate.inputs, "region", candidate.place.region)
        if location and location != region:
            yield Problem("encryptionKeyName", f"the key is in {location}; an instance in {region} needs one there")
    if candidate.current is not None:
        yield from _changed(candidate)


def _location(key: str) -> str:
    parts = key.split("/")
    return parts[3] if len(parts) > 4 else ""


def _joined(private: str, world: World) -> bool:
    network = network_of(private, world)
    home = world.get(NETWORK, network)
    if home is None or not home.urn:
        return True  # somebody else's network, joined by somebody else
    return any(
        network_of(connection.inputs.get("network"), world) == network and connection.inputs.get("service") == _PRODUCERS
        for connection in world.of(CONNECTION)
    )


def _changed(candidate: Candidate) -> Iterator[Problem]:
    assert candidate.current is not None
    path = "settings.diskSize"
    before, after = (
        next((size for _, size in numbers(inputs, path)), None) for inputs in (candidate.current.inputs, candidate.inputs)
    )
    if before is not None and after is not None and after < before:
        yield Problem(path, f"a disk cannot shrink from {before} to {after} GiB: the provider would replace it with its data")
    old, new = text(candidate.current.inputs, _PRIVATE), text(candidate.inputs, _PRIVATE)
    if old and not new:
        yield Problem(_PRIVATE, "a network cannot be taken away: the provider would replace the instance with its data")


def release(resource: Resource, world: World) -> Iterator[Problem]:
    """Google's own flag holds whatever the provider's says."""
    flags = [value for _, value in select(resource.inputs, "settings.deletionProtectionEnabled")]
    if flags == [True]:
        yield Problem(
            "settings.deletionProtectionEnabled",
            f"keeps the {resource.label} from being deleted; set it to false, run up, and delete it then",
        )
    for replica in world.of(INSTANCE):
        if replica.inputs.get("masterInstanceName") in {resource.id, resource.outputs.get("name")}:
            yield Problem("", f"the {replica.label} is a replica of it; delete or promote that first")


def release_connection(resource: Resource, world: World) -> Iterator[Problem]:
    """Private services hold the connection while an instance is in the network."""
    if resource.inputs.get("deletionPolicy") in {"ABANDON", "REMOVE_PEERING"}:
        return
    home = network_of(resource.inputs.get("network"), world)
    for user in world.of(INSTANCE):
        private = text(user.inputs, _PRIVATE)
        if private and network_of(private, world) == home:
            yield Problem("", f"the {user.label} still uses it; delete that first, or set deletionPolicy to REMOVE_PEERING")


def association(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Standard backups and a plan exclude each other on one instance."""
    if candidate.inputs.get("resourceType") != "sqladmin.googleapis.com/Instance":
        return
    name = text(candidate.inputs, "resource").rpartition("/")[2]
    found = next((thing for thing in world.of(INSTANCE) if thing.outputs.get("name") == name), None)
    if found is None:
        yield Problem("resource", f"there is no instance {name}; give projects/<project>/instances/<name>")
        return
    enabled = [value for _, value in select(found.inputs, "settings.backupConfiguration.enabled")]
    if enabled == [True]:
        yield Problem("resource", f"the {found.label} has standard backups; turn those off, or leave the plan out")
