"""What Azure refuses because of what else exists, beyond references.

Left out: quota, permissions, and names of what was deleted. A vault's name stays taken after deletion (the provider neither
purges nor recovers); the world keeps nothing of what is gone, so a vault that is replaced under one name is refused on change
of its location or group only by the provider's own order (delete before create).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.azure import database_rules, ids, names, network_rules, replacement, service_rules
from scripts.simulation.clouds.azure.types import ASSIGNMENT, BY_TOKEN, GROUP, LOCKS, PACKAGE
from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.server.differences import compare
from scripts.simulation.values import Problem
from scripts.simulation.world import Resource, World

Rule = Callable[[Candidate, World], Iterator[Problem]]


def admit(candidate: Candidate, world: World) -> Sequence[Problem]:
    """All that stands against making or changing this."""
    lies = list(_lies(candidate, world))
    if lies:
        return lies
    own = _OWN.get(candidate.token)
    return [
        *_taken(candidate, world),
        *_fixed(candidate),
        *_assigned(candidate, world),
        *(own(candidate, world) if own is not None else ()),
    ]


def release(resource: Resource, world: World) -> Sequence[Problem]:
    """Why this cannot be deleted: a lock on it, on its parent or on its group."""
    if resource.token in LOCKS:
        return ()
    inside = f"{resource.id.lower()}/"
    for token in LOCKS:
        for lock in world.of(token):
            scope = lock.id.lower().rpartition("/providers/microsoft.authorization/locks/")[0]
            if inside.startswith(f"{scope}/") or (resource.token != ASSIGNMENT and f"{scope}/".startswith(inside)):
                return (Problem("", f"the {lock.label} keeps the {resource.label} from being deleted; delete the lock first"),)
    return service_rules.release(resource)


def _lies(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The group and the parent must be there."""
    group = candidate.inputs.get("resourceGroupName")
    if isinstance(group, str) and candidate.token != GROUP:
        wanted = f"/subscriptions/{candidate.place.account}/resourceGroups/{group}"
        if not _has_group(wanted, world):
            yield Problem("resourceGroupName", f"there is no resource group {group}; give the name of one that exists")
            return
    kind, wanted_parent = BY_TOKEN.get(candidate.token), ids.parent(candidate)
    above = kind.parent if kind is not None else None
    if above is None or wanted_parent is None or above.token == GROUP or _exists(above.token, wanted_parent, world):
        return
    path = above.named_by
    name = candidate.inputs.get(path)
    what = above.token.rsplit(":", 1)[-1]
    other = next((thing for thing in world.of(above.token) if thing.outputs.get("name") == name), None)
    if other is not None:
        group = ids.group(other.id).rpartition("/")[2]
        yield Problem(path, f"the {what} {name} lies in the resource group {group}; give the same resourceGroupName here")
    else:
        yield Problem(path, f"there is no {what} {name}; give the name of one that exists")


def _has_group(wanted: str, world: World) -> bool:
    """Whether a group exists, or is there because something in it was assumed to be."""
    if _exists(GROUP, wanted, world):
        return True
    return any(not thing.urn and ids.group(thing.id).lower() == wanted.lower() for thing in world)


def _exists(token: str, identifier: str, world: World) -> bool:
    if world.get(token, identifier) is not None:
        return True
    return any(thing.id.lower() == identifier.lower() for thing in world.of(token))


def _taken(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Another of the same name, which Azure compares without case: anywhere, or in the same place."""
    kind = BY_TOKEN.get(candidate.token)
    name = candidate.inputs.get(kind.named_by) if kind is not None and candidate.current is None else None
    if kind is None or not isinstance(name, str):
        return
    mine = ids.identifier(candidate).lower()
    for other in world.of(candidate.token):
        everywhere = candidate.token in names.GLOBAL and str(other.outputs.get("name")).lower() == name.lower()
        if everywhere or other.id.lower() == mine:
            where = "anywhere in Azure" if candidate.token in names.GLOBAL else "here"
            yield Problem(kind.named_by, f"{name} is taken by the {other.label}, and can be there once {where}; choose another")
            return


def _fixed(candidate: Candidate) -> Iterator[Problem]:
    """Changes for which Azure knows no update."""
    patterns = replacement.FIXED.get(candidate.token)
    if patterns is None or candidate.current is None:
        return
    changed = compare(candidate.current.inputs, candidate.inputs, patterns)
    for path in sorted(changed.replacing):
        yield Problem(
            path,
            "Azure cannot change it on what exists; give the resource another logical name, so that a new one is made, and move"
            " what it holds",
        )


def _assigned(candidate: Candidate, world: World) -> Iterator[Problem]:
    if candidate.token != ASSIGNMENT:
        return
    own = candidate.current.id if candidate.current is not None else None
    mine = [text(candidate.inputs, field).lower() for field in _ASSIGNMENT]
    for other in world.of(ASSIGNMENT):
        if other.id != own and [text(other.inputs, field).lower() for field in _ASSIGNMENT] == mine:
            yield Problem("", f"the principal has this role on this scope already ({other.label}); leave one of the two out")
            return


_ASSIGNMENT: Final = ("principalId", "roleDefinitionId", "scope")

_OWN: Final[Mapping[str, Rule]] = {
    f"{PACKAGE}:{token}": rule
    for token, rule in {
        "app:ContainerApp": service_rules.container_app,
        "app:Job": service_rules.job,
        "app:ManagedCertificate": service_rules.managed_certificate,
        "app:ManagedEnvironment": network_rules.environment,
        "dbformysql:Server": database_rules.mysql,
        "dbforpostgresql:Configuration": database_rules.configuration,
        "dbforpostgresql:Server": database_rules.postgresql,
        "dns:DnssecConfig": service_rules.dnssec,
        "dns:RecordSet": service_rules.record_set,
        "keyvault:Vault": service_rules.vault,
        "network:PrivateEndpoint": network_rules.private_endpoint,
        "network:SecurityRule": network_rules.security_rule,
        "network:Subnet": network_rules.subnet,
        "network:VirtualNetwork": network_rules.network,
        "network:VirtualNetworkPeering": network_rules.peering,
        "privatedns:VirtualNetworkLink": network_rules.link,
        "servicebus:Namespace": service_rules.namespace,
        "servicebus:Queue": service_rules.queue,
        "servicebus:Topic": service_rules.topic,
    }.items()
}
