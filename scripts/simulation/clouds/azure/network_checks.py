"""What is wrong with networks, endpoints and records by themselves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from scripts.simulation.clouds.fields import numbers, objects, text, texts
from scripts.simulation.values import Problem, Properties, select, step
from scripts.simulation.world import Place


def network(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A network: its ranges."""
    for pattern in ("addressSpace.addressPrefixes[*]", "subnets[*].addressPrefix"):
        for path, value in texts(inputs, pattern):
            yield from range_problems(path, value)
    if not any(True for _ in select(inputs, "addressSpace")):
        yield Problem("addressSpace", "is missing; give addressPrefixes such as 10.20.0.0/16")


def subnet(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A subnet: its range and one delegation at most."""
    for pattern in ("addressPrefix", "addressPrefixes[*]"):
        for path, value in texts(inputs, pattern):
            yield from range_problems(path, value, longest=29)
    if all(inputs.get(name) is None for name in ("addressPrefix", "addressPrefixes", "ipamPoolPrefixAllocations")):
        yield Problem("addressPrefix", "is missing; give a range inside the network's, such as 10.20.1.0/24")
    delegations = [path for path, _ in objects(inputs, "delegations[*]")]
    if len(delegations) > 1:
        yield Problem(delegations[1], "is a second delegation; a subnet has one at most")


def range_problems(path: str, value: str, longest: int = 32) -> Iterator[Problem]:
    """What is wrong with a range of IPv4 addresses; IPv6 is taken as it is."""
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        try:
            meant = ipaddress.ip_network(value, strict=False)
        except ValueError:
            yield Problem(path, f"{value or 'an empty text'} is no range of addresses; write it as 10.20.0.0/24")
            return
        yield Problem(path, f"{value} has bits set behind its prefix; write {meant}")
        return
    if network.version == 4 and network.prefixlen > longest:
        yield Problem(path, f"{value} is too small; the smallest range is a /{longest}")


def security_rules(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A security group: its rules, each with a priority of its own."""
    seen: dict[tuple[object, object], str] = {}
    for path, rule in objects(inputs, "securityRules[*]"):
        yield from _priority(path, rule)
        key = (rule.get("direction"), rule.get("priority"))
        if isinstance(key[0], str) and isinstance(key[1], int) and seen.setdefault(key, path) != path:
            yield Problem(step(path, "priority"), f"{key[1]} is taken by {seen[key]}; give each rule of a direction its own")


def security_rule(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A rule of a security group that stands by itself."""
    yield from _priority("", inputs)


def _priority(path: str, rule: Properties) -> Iterator[Problem]:
    priority = rule.get("priority")
    if isinstance(priority, int) and not 100 <= priority <= 4096:
        yield Problem(step(path, "priority"), f"{priority} is no priority; give a number from 100 to 4096")


def public_address(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A public address: its SKU and how it is given."""
    if text(inputs, "sku.name") == "Standard" and text(inputs, "publicIPAllocationMethod", "Static") != "Static":
        yield Problem("publicIPAllocationMethod", "Dynamic does not go with the Standard SKU; use Static")


def endpoint(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A private endpoint: what it leads to."""
    connections = [*objects(inputs, "privateLinkServiceConnections[*]")]
    manual = inputs.get("manualPrivateLinkServiceConnections")
    if inputs.get("privateLinkServiceConnections") is None and manual is None:
        yield Problem("privateLinkServiceConnections", "is missing; say what the endpoint leads to")
    for path, connection in connections:
        if connection.get("name") is None:
            yield Problem(step(path, "name"), "is missing; give the connection a name")
        if connection.get("privateLinkServiceId") is None:
            yield Problem(step(path, "privateLinkServiceId"), "is missing; give the id of what the endpoint leads to")


def record(inputs: Properties, _place: Place) -> Iterator[Problem]:
    """A set of records: what cannot stand where, and lengths."""
    kind, name = inputs.get("recordType"), inputs.get("relativeRecordSetName")
    if kind == "CNAME" and name == "@":
        yield Problem("relativeRecordSetName", "a CNAME cannot stand at the top of a zone; use targetResource on an A record")
    for path, value in texts(inputs, "txtRecords[*].value[*]"):
        if len(value.encode()) > 255:
            yield Problem(path, "is longer than 255 bytes; split it into a list of strings")
    for path, ttl in numbers(inputs, "ttl"):
        if not 1 <= ttl <= 2147483647:
            yield Problem(path, f"{ttl} is no time to live; give at least 1 second")
