"""Services with data of their own on Docker: members of a database or broker, and the backups beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Resource, at, is_given, is_true, number
from policies.properties import Property
from policies.readers.docker.containers import DATA_FOLDERS, SERVICE, SPEC, component, mounts
from policies.readers.model import Reader, Readers, Reading, check, known, several
from scripts.simulation.values import UNKNOWN, Value

REPOSITORY: Final = "/var/lib/pgbackrest"
_ORDER: Final = "use stop-first; two containers on one volume spoil its data"


def holds_data(target: Value) -> bool:
    """Whether a folder in a container is one that a database or broker keeps its data in."""
    return isinstance(target, str) and target.startswith(DATA_FOLDERS)


def is_member(resource: Resource) -> bool:
    """A service with a mount below a database's folder, or with a volume and a host name of its own, as members have."""
    is_named = is_given(at(resource.properties, f"{SPEC}.hostname"))
    return any(holds_data(at(mount, "target")) or (is_named and at(mount, "type") == "volume") for _, mount in mounts(resource))


def _if_member(reader: Reader) -> Reader:
    return lambda resource: reader(resource) if is_member(resource) else iter(())


def _volumes(resource: Resource) -> Iterator[Reading]:
    """Volumes have names, and data is in none but volumes."""
    for path, mount in mounts(resource):
        kind, source, target = at(mount, "type"), at(mount, "source"), at(mount, "target")
        if UNKNOWN in (kind, target):
            yield Reading(path, UNKNOWN)
        elif kind == "volume":
            fix = "name the volume; one without a name is lost with its container"
            yield Reading(f"{path}.source", is_given(source), fix)
        elif kind == "tmpfs" and holds_data(target):
            fix = "mount a volume; a database or broker in memory is lost at every restart"
            yield Reading(f"{path}.type", False, fix)


def _apart(resource: Resource) -> Iterator[Reading]:
    """Backups are in a volume of their own, which stays when that of the database goes."""
    if component(resource) != "backup":
        return
    found = [(path, at(mount, "source"), at(mount, "target")) for path, mount in mounts(resource)]
    data = [source for _, source, target in found if holds_data(target)]
    for path, source, target in found:
        if isinstance(target, str) and target.startswith(REPOSITORY):
            fix = "keep backups in a volume of their own; they would go with the database"
            yield Reading(f"{path}.source", UNKNOWN if UNKNOWN in (source, *data) else source not in data, fix)


def _goes_back(resource: Resource) -> Iterator[Reading]:
    """A release that fails is taken back; of a member or a migration, which must not run twice, it stops."""
    stops = is_member(resource) or component(resource) == "migration"
    accepted = ("rollback", "pause") if stops else ("rollback",)
    path = "updateConfig.failureAction"
    right = known(at(resource.properties, path), lambda value: value in accepted)
    yield Reading(path, right, f"use {' or '.join(accepted)}; a bad release goes on otherwise")


MEMBERS: Final[Readers] = {
    Property.DELETION_REFUSED: {SERVICE: _volumes},
    Property.BACKUPS_OUTLIVE: {SERVICE: _apart},
    Property.ROLLS_BACK: {SERVICE: _goes_back},
    Property.ONE_WRITER: {
        SERVICE: _if_member(
            several(
                check("updateConfig.order", lambda value: value in (None, "stop-first"), _ORDER),
                check("rollbackConfig.order", lambda value: value in (None, "stop-first"), _ORDER),
                check("mode.global", lambda value: not is_true(value), "use replicated; a member is one container"),
                check(
                    "mode.replicated.replicas",
                    lambda value: value is None or number(value) <= 1,
                    "use 1; each member of a cluster is a service of its own",
                ),
            )
        )
    },
}
