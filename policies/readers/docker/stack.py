"""What only all resources of a stack on Docker together tell: rules of Prometheus, queues of RabbitMQ, the backup keeper.

Left out: an alarm that was made by hand in another Prometheus.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from policies.model import Resource, at, each, number
from policies.properties import StackProperty
from policies.readers.docker.containers import SERVICE, SPEC, component, is_workload, mounts, variable
from policies.readers.docker.members import holds_data, is_member
from policies.readers.docker.texts import ALERTMANAGER, CONFIG, DATA, DEFINITIONS, HAPROXY, RULES, SECRET, text_of
from policies.readers.model import Index, Reading, StackReader, StackReaders, known
from scripts.simulation.values import UNKNOWN, Value

_Found = Iterator[tuple[Resource, Reading]]
_RATE: Final = re.compile(r"^\s*http-request (?:return|deny)\b.*\bstatus 429\b.*\bsc_http_req_rate\(", re.MULTILINE)
_NAMES: Final = re.compile(r'service=~?"([^"]*)"')


def _texts(index: Index, token: str, kind: re.Pattern[str]) -> list[tuple[Resource, Value]]:
    """The files of a kind, and those that may be one."""
    found = [(one, text_of(one)) for one in index.of(token)]
    return [(one, text) for one, text in found if text is UNKNOWN or kind.search(text)]


def _any(texts: Sequence[tuple[Resource, Value]], right: Callable[[str], bool]) -> Value:
    """Whether one of several files is right; UNKNOWN where only one that is not known could be."""
    if any(text is not UNKNOWN and right(text) for _, text in texts):
        return True
    return UNKNOWN if any(text is UNKNOWN for _, text in texts) else False


def _has_folder(resource: Resource, *folders: str) -> bool:
    """Whether a service is a database or broker by its data; the backup keeper sees the data too."""
    targets = [at(mount, "target") for _, mount in mounts(resource)]
    mine = any(isinstance(target, str) and target.startswith(folders) for target in targets)
    return mine and component(resource) != "backup"


def _watched(is_one: Callable[[Resource], bool], watches: Callable[[Resource, str], bool], fix: str) -> StackReader:
    """Whether rules of Prometheus say something of each service of a kind."""

    def read(resources: Sequence[Resource]) -> _Found:
        index = Index(resources)
        rules = _texts(index, CONFIG, RULES)
        for one in index.of(SERVICE):
            if is_one(one):
                yield one, Reading("", _any(rules, partial(watches, one)), fix)

    return read


def _names_service(resource: Resource, text: str) -> bool:
    part = str(component(resource))
    return any(part in names.split("|") for names in _NAMES.findall(text))


def _dead_lettered(resources: Sequence[Resource]) -> _Found:
    """Each queue has a policy that names a queue for its dead letters, or is such a queue itself."""
    for one, text in _texts(Index(resources), SECRET, DEFINITIONS):
        if text is UNKNOWN:
            continue  # most secrets hold something else
        found = json.loads(text)
        policies = [(policy["pattern"], policy["definition"]) for policy in found.get("policies", [])]
        goals = {definition.get("dead-letter-routing-key") for _, definition in policies}
        for index, queue in enumerate(found.get("queues", [])):
            name = queue["name"]
            sent = any(re.search(pattern, name) and "dead-letter-exchange" in rest for pattern, rest in policies)
            fix = "give the queue a policy with dead-letter-exchange; a message that cannot be handled comes back for ever"
            yield one, Reading(f"{DATA}.queues[{index}]", sent or name in goals, fix)


def _rate_limited(resources: Sequence[Resource]) -> _Found:
    """A service that publishes ports serves what an edge lets through; the edge's configuration limits a client."""
    index = Index(resources)
    edges = _texts(index, CONFIG, HAPROXY)
    fix = "answer 429 above a rate of requests; one client can use up everything"
    for one in index.of(SERVICE):
        ports = [port for _, port in each(one.properties, "endpointSpec.ports")]
        if ports:
            limited = _any(edges, lambda text: bool(_RATE.search(text)))
            yield one, Reading("endpointSpec.ports", UNKNOWN if UNKNOWN in ports and limited is False else limited, fix)


def _drilled(resources: Sequence[Resource]) -> _Found:
    for one in Index(resources).of(SERVICE):
        if component(one) == "backup":
            fix = "say every how many days; a backup is what has been restored"
            path = f'{SPEC}.env["DRILL_EVERY_DAYS"]'
            yield one, Reading(path, known(variable(one, "DRILL_EVERY_DAYS"), lambda value: number(value) > 0), fix)


def _backed_up(resources: Sequence[Resource]) -> _Found:
    services = Index(resources).of(SERVICE)
    kept = {at(mount, "source") for one in services if component(one) == "backup" for _, mount in mounts(one)}
    for one in services:
        if _has_folder(one, "/var/lib/postgresql", "/var/lib/mysql"):
            sources = [at(mount, "source") for _, mount in mounts(one) if holds_data(at(mount, "target"))]
            fix = "give the platform a backup; nothing brings the database back"
            yield one, Reading("", all(source in kept for source in sources), fix)


def _heard(resources: Sequence[Resource]) -> _Found:
    """The receiver that alarms go to when nothing else is said has an address."""
    index = Index(resources)
    managers = _texts(index, CONFIG, ALERTMANAGER)
    fix = "give alerts an address in the stack file"
    for one, text in _texts(index, CONFIG, RULES):
        if text is not UNKNOWN:
            yield one, Reading("", _any(managers, _tells_somebody), fix)


def _tells_somebody(text: str) -> bool:
    chosen = re.search(r"^route:\n(?:  .*\n)*?  receiver: (\S+)", text, re.MULTILINE)
    if chosen is None:
        return False
    block = re.search(rf"^- name: {re.escape(chosen[1])}\n((?:  .*\n|\n)*)", text, re.MULTILINE)
    return block is not None and "_configs:" in block[1]


def _pinned(resources: Sequence[Resource]) -> _Found:
    """A swarm of one host needs no pin; where one service names a host, there are others."""
    services = Index(resources).of(SERVICE)
    path = "taskSpec.placement.constraints"
    pinned = [known(at(one.properties, path), _is_pin) for one in services]
    if True in pinned:
        for one, state in zip(services, pinned, strict=True):
            if is_member(one):
                yield one, Reading(path, state, _PIN)


def _is_pin(value: Value) -> bool:
    return any(re.match(r"node\.(hostname|id)\s*==", str(item)) for item in value or ())


_PIN: Final = "name the host that has the volume with node.hostname; elsewhere the service would begin with an empty one"

STACK: Final[StackReaders] = {
    StackProperty.DATABASE_WATCHED: _watched(
        lambda one: _has_folder(one, "/var/lib/postgresql", "/var/lib/mysql"),
        lambda _, text: "pg_up" in text or "mysql_up" in text,
        "give Prometheus a rule for it; that it is down is seen by nobody",
    ),
    StackProperty.QUEUE_WATCHED: _watched(
        lambda one: _has_folder(one, "/var/lib/rabbitmq"),
        lambda _, text: "rabbitmq_detailed_queue_messages" in text,
        "give Prometheus a rule for its messages; one that waits for days is seen by nobody",
    ),
    StackProperty.SERVICE_WATCHED: _watched(
        is_workload,
        _names_service,
        "give Prometheus a rule that names it; that it is gone is seen by nobody",
    ),
    StackProperty.DEAD_LETTERED: _dead_lettered,
    StackProperty.RATE_LIMITED: _rate_limited,
    StackProperty.DRILLED: _drilled,
    StackProperty.BACKED_UP: _backed_up,
    StackProperty.ALARM_HEARD: _heard,
    StackProperty.PINNED: _pinned,
}
