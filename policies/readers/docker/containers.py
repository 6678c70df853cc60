"""Services and containers on Docker.

Left out: no-new-privileges and limits on processes, which Docker's provider cannot set on a service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from policies.model import Resource, at, each, is_given, is_true, number
from policies.properties import Property
from policies.readers.labels import label, named, of_labels
from policies.readers.model import Reader, Readers, Reading, check, known, several, switched_off
from policies.readers.ports import DATA_PORTS
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

SERVICE: Final = "docker:index/service:Service"
CONTAINER: Final = "docker:index/container:Container"
NETWORK: Final = "docker:index/network:Network"
VOLUME: Final = "docker:index/volume:Volume"
SPEC: Final = "taskSpec.containerSpec"
LABELS: Final = "labels"

LABELLED: Final = tuple(
    f"docker:index/{name}"
    for name in (
        "container:Container",
        "network:Network",
        "secret:Secret",
        "service:Service",
        "serviceConfig:ServiceConfig",
        "volume:Volume",
    )
)
DATA_FOLDERS: Final = ("/var/lib/postgresql", "/var/lib/mysql", "/var/lib/rabbitmq", "/var/lib/etcd", "/var/lib/redis")
"""Where the images of databases and brokers keep their data."""

_SOCKET: Final = re.compile(r"(^|/)(docker|containerd|podman)\.sock/?$|^/(var/)?run/?$|^/$")
"""The engine's socket, or a folder of the host that holds it."""
_GATE: Final = {"label": "penguinmails.component", "value": "gate"}
"""The one part that may see the socket. It does as root without capabilities, because root owns the socket on every host."""
_OWN_IMAGE: Final = re.compile(r"(^|/)penguinmails/[a-z0-9-]+[@:]")
"""An image of the kit, each of which says itself how its health is checked."""
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def _both(service: str, container: str, test: Callable[[Value], bool], fix: str) -> Mapping[str, Reader]:
    """One property at its place in a service and in a container."""
    return {SERVICE: check(f"{SPEC}.{service}", test, fix), CONTAINER: check(container, test, fix)}


def component(resource: Resource) -> Value:
    """Which part a resource is, by its label."""
    return label(resource, LABELS, "component")


def _is_gate(resource: Resource) -> bool:
    """Whether it is the platform's gate to the engine, by its label, started from the kit's own image.

    A preview does not know the image of a service that is to be made; the `up` after it does.
    """
    labels = at(resource.properties, LABELS)
    image = at(resource.properties, f"{SPEC}.image")
    own = image is UNKNOWN or re.search(r"(^|/)penguinmails/operations[@:]", str(image)) is not None
    return resource.token == SERVICE and own and isinstance(labels, list) and _GATE in labels


def _unless_gate(reader: Reader) -> Reader:
    return lambda resource: iter(()) if _is_gate(resource) else reader(resource)


def mounts(resource: Resource) -> Iterator[tuple[str, Value]]:
    """The mounts of a service or container with their paths."""
    yield from each(resource.properties, f"{SPEC}.mounts" if resource.token == SERVICE else "mounts")


def _socket(resource: Resource) -> Iterator[Reading]:
    for path, mount in mounts(resource):
        source, kind = at(mount, "source"), at(mount, "type")
        if UNKNOWN in (mount, source, kind):
            yield Reading(path, UNKNOWN)
        elif kind == "bind":
            fix = "only the gate may see the engine's socket; who does owns the host"
            yield Reading(f"{path}.source", not _SOCKET.search(str(source)), fix)


def _health(resource: Resource) -> Iterator[Reading]:
    """A check of the service's own, or that of an image of the kit unless it is turned off."""
    path = f"{SPEC}.healthcheck.tests" if resource.token == SERVICE else "healthcheck.tests"
    image_path = f"{SPEC}.image" if resource.token == SERVICE else "image"
    tests, image = at(resource.properties, path), at(resource.properties, image_path)
    fix = "name a command that says whether it is well; otherwise requests go to a copy that hangs"
    if is_given(tests) and tests is not UNKNOWN:
        yield Reading(path, tests != ["NONE"], fix)
    else:
        yield Reading(path, UNKNOWN if UNKNOWN in (tests, image) else bool(_OWN_IMAGE.search(str(image))), fix)


def seconds(value: Value) -> float:
    """A duration as Docker writes it, such as `1m30s`; 0 for anything else."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", value) if isinstance(value, str) else []
    return sum(float(amount) * _UNITS[unit] for amount, unit in parts)


def _grace(resource: Resource) -> Iterator[Reading]:
    path = f"{SPEC}.stopGracePeriod"
    yield Reading(path, known(at(resource.properties, path), seconds))


def variables(resource: Resource) -> Iterator[tuple[str, str, Value]]:
    """Path, name and value of every plain variable; no name where none is known."""
    if resource.token == CONTAINER:
        for path, pair in each(resource.properties, "envs"):
            name, _, value = ("", "", UNKNOWN) if pair is UNKNOWN else str(pair).partition("=")
            yield f'{path}["{name}"]' if name else path, name, value
        return
    path = f"{SPEC}.env"
    found = at(resource.properties, path)
    if found is UNKNOWN:
        yield path, "", UNKNOWN
    for name, value in (found if isinstance(found, Mapping) else {}).items():
        yield f'{path}["{name}"]', str(name), value


def variable(resource: Resource, name: str) -> Value:
    """One plain variable of a service; None where it is not there."""
    found = at(resource.properties, f"{SPEC}.env")
    return found if found is UNKNOWN else at(found, name)


def _harmless(resource: Resource) -> Iterator[Reading]:
    for path, name, value in variables(resource):
        yield from secret_in(path, name, value)


def _verified(resource: Resource) -> Iterator[Reading]:
    for path, _, value in variables(resource):
        yield from checks_server(path, value)
    for path, value in each(resource.properties, f"{SPEC}.args"):
        yield from checks_server(path, value)


def _secret_files(resource: Resource) -> Iterator[Reading]:
    for path, secret in each(resource.properties, f"{SPEC}.secrets"):
        mode = known(at(secret, "fileMode"), lambda value: value is not None and int(number(value)) & 0o077 == 0)
        yield Reading(f"{path}.fileMode", mode, "use 0400; others in the container need not read it")


def _ports(resource: Resource) -> Iterator[tuple[str, Value]]:
    path, inside = ("endpointSpec.ports", "targetPort") if resource.token == SERVICE else ("ports", "internal")
    for place, port in each(resource.properties, path):
        yield place, UNKNOWN if port is UNKNOWN else at(port, inside)


def _data_closed(resource: Resource) -> Iterator[Reading]:
    fix = "publish no port of a database or broker; clients reach it over the overlay network"
    for path, port in _ports(resource):
        yield Reading(path, known(port, lambda value: number(value) not in DATA_PORTS), fix)


def _edge_only(resource: Resource) -> Iterator[Reading]:
    part = component(resource)
    for path, port in _ports(resource):
        if UNKNOWN in (port, part):
            yield Reading(path, UNKNOWN)
        elif number(port) not in DATA_PORTS:
            yield Reading(path, part == "edge", "publish no port; only the edge does")


def _network_closed(resource: Resource) -> Iterator[Reading]:
    """The network for data, by the kit's name, is internal."""
    name = at(resource.properties, "name")
    if name is UNKNOWN or str(name).endswith("-data"):
        internal = known(at(resource.properties, "internal"), is_true)
        yield Reading("internal", UNKNOWN if name is UNKNOWN else internal, "set it to true; data needs no way out")


def _days(part: str, name: str) -> Reader:
    """A number of days that a variable of one part says."""

    def read(resource: Resource) -> Iterator[Reading]:
        if component(resource) == part:
            yield Reading(f'{SPEC}.env["{name}"]', known(variable(resource, name), number))

    return read


def _limits(position: int) -> Reader:
    """The smallest or the greatest numbers of copies that the gate lets the autoscaler set, [smallest, greatest] of each."""

    def read(resource: Resource) -> Iterator[Reading]:
        if not _is_gate(resource):
            return
        path = f'{SPEC}.env["LIMITS"]'
        found = variable(resource, "LIMITS")
        if found is UNKNOWN:
            yield Reading(path, UNKNOWN)
        for name, both in json.loads(found).items() if isinstance(found, str) else ():
            yield Reading(f"{path}.{name}[{position}]", number(both[position]))

    return read


def is_workload(resource: Resource) -> bool:
    """Whether it is a service of the stack file, API or worker, which all know the platform's address."""
    return is_given(variable(resource, "PUBLIC_URL"))


def _copies(resource: Resource) -> Iterator[Reading]:
    path = "mode.replicated.replicas"
    if is_workload(resource):
        yield Reading(path, known(at(resource.properties, path), number))


def _scheduled(resource: Resource) -> Iterator[Reading]:
    if component(resource) == "backup":
        path = f'{SPEC}.env["SCHEDULE"]'
        yield Reading(path, known(variable(resource, "SCHEDULE"), is_given), "say when; otherwise nothing is backed up")


CONTAINERS: Final[Readers] = {
    Property.IMAGE_FIXED: _both("image", "image", lambda value: bool(DIGEST.search(str(value))), IMAGE),
    Property.NOT_ROOT: {token: _unless_gate(reader) for token, reader in _both("user", "user", is_ordinary, USER).items()},
    Property.ROOT_READ_ONLY: _both("readOnly", "readOnly", is_true, READ_ONLY),
    Property.UNPRIVILEGED: {
        SERVICE: several(
            check(f"{SPEC}.capDrops", drops_all, DROPS), check(f"{SPEC}.capAdds", lambda value: not drops_all(value), ADDS)
        ),
        CONTAINER: several(
            check("capabilities.drops", drops_all, DROPS),
            check("capabilities.adds", lambda value: not drops_all(value), ADDS),
            switched_off("privileged"),
        ),
    },
    Property.SOCKET_HIDDEN: {SERVICE: _unless_gate(_socket), CONTAINER: _socket},
    Property.LIMITED: {
        SERVICE: check("taskSpec.resources.limits.memoryBytes", lambda value: number(value) > 0, MEMORY),
        CONTAINER: check("memory", lambda value: number(value) > 0, MEMORY),
    },
    Property.HEALTH_CHECKED: {SERVICE: _health, CONTAINER: _health},
    Property.GRACE_SECONDS: {SERVICE: _grace},
    Property.VARIABLE_HARMLESS: {SERVICE: _harmless, CONTAINER: _harmless},
    Property.SERVER_VERIFIED: {SERVICE: _verified},
    Property.SECRET_FILE_PRIVATE: {SERVICE: _secret_files},
    Property.DATA_PRIVATE: {SERVICE: _data_closed, CONTAINER: _data_closed},
    Property.ENTRY_ONLY: {SERVICE: _edge_only, CONTAINER: _edge_only},
    Property.NO_PUBLIC_ADDRESS: {
        CONTAINER: several(
            switched_off("publishAllPorts"),
            check(
                "networkMode", lambda value: value != "host", "use an overlay network; on the host's every port is published"
            ),
        ),
        SERVICE: check(
            "taskSpec.networksAdvanceds",
            lambda value: is_given(value) and not any(at(one, "name") == "host" for one in value),
            "use overlay networks; on the host's network every port is published",
        ),
    },
    Property.NETWORK_CLOSED: {NETWORK: _network_closed},
    Property.LOGGED: {
        SERVICE: check(
            "taskSpec.logDriver.name", lambda value: value is not None and value != "none", "name a driver; its log is lost"
        )
    },
    Property.GROWTH_BOUNDED: {
        SERVICE: check(
            "taskSpec.logDriver.options.max-size", is_given, "give a size; a log without an end fills the host's disk"
        )
    },
    Property.LOG_DAYS_KEPT: {SERVICE: _days("logs", "RETENTION_DAYS")},
    Property.BACKUP_DAYS: {SERVICE: _days("backup", "RETENTION_DAYS")},
    Property.BACKUP_END_DAYS: {SERVICE: _days("backup", "RETENTION_DAYS")},
    Property.BACKUPS_SCHEDULED: {SERVICE: _scheduled},
    Property.COPIES: {SERVICE: several(_copies, _limits(0))},
    Property.LARGEST_COPIES: {SERVICE: _limits(1)},
    Property.LABELLED: dict.fromkeys(LABELLED, of_labels(LABELS)),
    Property.NAMED: dict.fromkeys((SERVICE, NETWORK, VOLUME), named("name", LABELS)),
}
