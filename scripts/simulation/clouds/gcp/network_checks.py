"""What is wrong with networks, load balancers, zones and certificates by themselves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from scripts.simulation.clouds.fields import numbers, objects, texts
from scripts.simulation.clouds.gcp.catalogue import DEFAULT_RULE
from scripts.simulation.values import Problem, Properties, select, step

_LONGEST_STRING = 255


def subnetwork(inputs: Properties) -> Iterator[Problem]:
    """A range for machines, and further ones; the smallest is a /29."""
    if all(inputs.get(name) is None for name in ("ipCidrRange", "reservedInternalRange", "ipCollection")):
        yield Problem("ipCidrRange", "is missing; give a range such as 10.10.0.0/20")
    for pattern in ("ipCidrRange", "secondaryIpRanges[*].ipCidrRange"):
        for path, value in texts(inputs, pattern):
            try:
                network = ipaddress.ip_network(value)
            except ValueError:
                yield Problem(path, f"{value or 'an empty text'} is no range of addresses; write it as 10.10.0.0/20")
                continue
            if network.prefixlen > 29:
                yield Problem(path, f"{value} is too small; the smallest range is a /29")


def address(inputs: Properties) -> Iterator[Problem]:
    """A range for private services is internal and has a length and a network."""
    if inputs.get("purpose") != "VPC_PEERING":
        return
    if inputs.get("addressType") in {None, "EXTERNAL"}:
        yield Problem("addressType", "must be INTERNAL for the purpose VPC_PEERING")
    for field in ("prefixLength", "network"):
        if inputs.get(field) is None:
            yield Problem(field, "is missing; a range for private services needs it")
    for path, length in numbers(inputs, "prefixLength"):
        if not 8 <= length <= 24:
            yield Problem(path, f"/{length} is not possible; give 8 to 24, and 20 or less for Cloud SQL in several regions")


def nat(inputs: Properties) -> Iterator[Problem]:
    """Which subnetworks go out, and through which addresses."""
    listed = inputs.get("sourceSubnetworkIpRangesToNat") == "LIST_OF_SUBNETWORKS"
    if listed and inputs.get("subnetworks") is None:
        yield Problem("subnetworks", "is missing; LIST_OF_SUBNETWORKS needs the list")
    if inputs.get("natIpAllocateOption") == "MANUAL_ONLY" and inputs.get("natIps") is None:
        yield Problem("natIps", "is missing; MANUAL_ONLY needs addresses")
    if inputs.get("natIpAllocateOption") == "AUTO_ONLY" and inputs.get("natIps") is not None:
        yield Problem("natIps", "does not go with AUTO_ONLY; leave it out, or set natIpAllocateOption to MANUAL_ONLY")
    if inputs.get("enableDynamicPortAllocation") is True and inputs.get("enableEndpointIndependentMapping") is True:
        yield Problem("enableEndpointIndependentMapping", "does not go with enableDynamicPortAllocation; set one of the two")


def security_policy(inputs: Properties) -> Iterator[Problem]:
    """Rules have priorities of their own, and one of them is the default."""
    if inputs.get("rules") is None:
        return
    seen: dict[object, str] = {}
    items = [value for _, value in select(inputs, "rules[*]")]
    unknown = any(not isinstance(item, dict) or not isinstance(item.get("priority"), int) for item in items)
    for path, rule in objects(inputs, "rules[*]"):
        priority = rule.get("priority")
        if isinstance(priority, int) and seen.setdefault(priority, path) != path:
            yield Problem(step(path, "priority"), f"{priority} is taken by {seen[priority]}; give each rule its own")
    if seen and DEFAULT_RULE not in seen and not unknown:
        yield Problem("rules", f"has no default; add a rule with priority {DEFAULT_RULE} for the source range *")


def https_proxy(inputs: Properties) -> Iterator[Problem]:
    """Where certificates come from."""
    given = [name for name in _CERTIFICATES if inputs.get(name) is not None]
    if not given:
        yield Problem("certificateMap", "is missing; give certificateMap, sslCertificates or certificateManagerCertificates")
    for path, value in texts(inputs, "certificateMap"):
        if not value.startswith("//certificatemanager.googleapis.com/projects/"):
            yield Problem(path, f"{value} lacks its beginning; write //certificatemanager.googleapis.com/ before the map's id")


_CERTIFICATES = ("certificateMap", "sslCertificates", "certificateManagerCertificates", "serverTlsPolicy")


def zone(inputs: Properties) -> Iterator[Problem]:
    """A zone's name ends with a dot; a private one says who sees it."""
    for path, name in texts(inputs, "dnsName"):
        if not name.endswith("."):
            yield Problem(path, f"{name} has no dot at the end; write {name}.")
    private = inputs.get("visibility") == "private"
    if not private and inputs.get("privateVisibilityConfig") is not None:
        yield Problem("privateVisibilityConfig", "is for zones with visibility private; set that, or leave this out")
    if private and inputs.get("dnssecConfig") is not None:
        yield Problem("dnssecConfig", "is for public zones only; leave it out")


def record(inputs: Properties) -> Iterator[Problem]:
    """Names end with a dot; strings are quoted and not too long."""
    for path, name in texts(inputs, "name"):
        if not name.endswith("."):
            yield Problem(path, f"{name} has no dot at the end; write {name}.")
    if inputs.get("rrdatas") is None and inputs.get("routingPolicy") is None:
        yield Problem("rrdatas", "is missing; give the record's values")
    kind = inputs.get("type")
    for path, value in texts(inputs, "rrdatas[*]"):
        if kind == "TXT":
            yield from _text_record(path, value)
        elif kind in {"CNAME", "NS", "MX"} and not value.endswith("."):
            yield Problem(path, f"{value} has no dot at the end; write {value}.")


def _text_record(path: str, value: str) -> Iterator[Problem]:
    quoted = value.startswith('"') and value.endswith('"') and len(value) > 1
    if " " in value and not quoted:
        yield Problem(path, 'holds spaces but no quotes, so it would be several strings; put " before and after')
    parts = value[1:-1].split('" "') if quoted else [value]
    if any(len(part.encode()) > _LONGEST_STRING for part in parts):
        yield Problem(path, f'has a string of more than {_LONGEST_STRING} bytes; split it with " " between the parts')


def certificate(inputs: Properties) -> Iterator[Problem]:
    """One of managed and supplied."""
    given = [name for name in ("managed", "selfManaged") if inputs.get(name) is not None]
    if len(given) != 1:
        yield Problem("managed", "needs exactly one of managed and selfManaged")


def entry(inputs: Properties) -> Iterator[Problem]:
    """An entry of a map is for a name or for all others."""
    given = [name for name in ("hostname", "matcher") if inputs.get(name) is not None]
    if len(given) != 1:
        yield Problem("hostname", "needs exactly one of hostname and matcher")
    for path, matcher in texts(inputs, "matcher"):
        if matcher != "PRIMARY":
            yield Problem(path, f"{matcher} is not accepted; use PRIMARY")
