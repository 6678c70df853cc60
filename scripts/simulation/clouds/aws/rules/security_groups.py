"""Security groups and their rules: ports, protocols, sources, and characters of descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.addresses import network
from scripts.simulation.clouds.aws.rules.reading import Rules, items, missing, named, number, others, strings, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place, World

_DESCRIPTION = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_LONGEST = 255
_PROTOCOLS = {"tcp", "udp", "icmp", "icmpv6", "-1", "all"}
_WITH_PORTS = {"tcp", "udp", "6", "17"}
_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_MOST_RULES = 60
"""Rules a group and direction by default: "Amazon VPC quotas"."""


def _description(path: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, str):
        return
    if len(value) > _LONGEST:
        yield Problem(path, f"has {len(value)} characters; use at most {_LONGEST}")
    elif not _DESCRIPTION.fullmatch(value):
        yield Problem(path, "has characters that EC2 refuses; use letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*")


def check_group(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _description("description", inputs.get("description"))
    if inputs.get("description") == "":
        yield Problem("description", "is empty; describe the group, or leave it out")
    for direction in ("ingress", "egress"):
        for path, rule in items(inputs, direction):
            yield from _ports(rule, "protocol", f"{path}.")
            yield from _description(f"{path}.description", rule.get("description"))
            for at, value in strings(rule, "cidrBlocks[*]"):
                wrong = network(f"{path}.{at}", value)
                if wrong:
                    yield wrong
            if not any(rule.get(key) for key in ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups", "self")):
                yield Problem(path, "names no source; give cidrBlocks, securityGroups, prefixListIds or self")


def check_rule(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _ports(inputs, "ipProtocol", "")
    yield from _description("description", inputs.get("description"))
    given = [key for key in _SOURCES if not missing(inputs, key)]
    if len(given) > 1:
        yield Problem(given[1], f"is given besides {given[0]}; write one rule for each")
    if not given:
        yield Problem("cidrIpv4", f"is missing; give one of {', '.join(_SOURCES)}")
    wrong = network("cidrIpv4", inputs.get("cidrIpv4"))
    if wrong:
        yield wrong


def check_old_rule(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _ports(inputs, "protocol", "")
    yield from _description("description", inputs.get("description"))
    if text(inputs, "type") not in {None, "ingress", "egress"}:
        yield Problem("type", f"{inputs['type']!r} is not a direction; use ingress or egress")
    for path, value in strings(inputs, "cidrBlocks[*]"):
        wrong = network(path, value)
        if wrong:
            yield wrong


def _ports(rule: Properties, key: str, before: str) -> Iterator[Problem]:
    protocol = text(rule, key)
    if protocol is None:
        return
    if protocol.lower() not in _PROTOCOLS and not (protocol.isdigit() and int(protocol) <= 255):
        yield Problem(f"{before}{key}", f"{protocol!r} is no protocol; use tcp, udp, icmp, icmpv6, -1 for all, or a number")
        return
    low, high = number(rule, "fromPort"), number(rule, "toPort")
    if protocol.lower() in {"-1", "all"}:
        yield from _all_ports(rule, key, before)
    elif protocol.lower() in _WITH_PORTS:
        for name, port in (("fromPort", low), ("toPort", high)):
            if missing(rule, name):
                yield Problem(f"{before}{name}", f"is missing; give a port from 0 to 65535 with {protocol}")
            elif port is not None and not 0 <= port <= 65535:
                yield Problem(f"{before}{name}", f"{int(port)} is no port; use 0 to 65535")
        if low is not None and high is not None and low > high:
            yield Problem(f"{before}toPort", f"{int(high)} is below fromPort {int(low)}; exchange the two")


def _all_ports(rule: Properties, key: str, before: str) -> Iterator[Problem]:
    """All protocols mean all ports: separate rules take none at all, rules within a group take zeros."""
    for name in ("fromPort", "toPort"):
        port = rule.get(name)
        if key == "ipProtocol" and port is not None and not isinstance(port, Unknown):
            yield Problem(f"{before}{name}", "is given with protocol -1, which means all ports; leave it out")
        elif key == "protocol" and port not in {None, 0, -1} and not isinstance(port, Unknown):
            yield Problem(f"{before}{name}", f"is {port} with protocol -1, which means all ports; use 0")


def admit_group(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A name is taken once in a VPC."""
    name = candidate.inputs.get("name")
    for other in others(world, "ec2/securityGroup:SecurityGroup", candidate):
        if name and other.outputs.get("name") == name and other.outputs.get("vpcId") == candidate.inputs.get("vpcId"):
            yield Problem("name", f"{name} is taken in this VPC by the {other.label}; use another name")


def admit_rule(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A rule stands once in a group, groups belong to one VPC, and a group takes so many rules."""
    inputs = candidate.inputs
    kind = candidate.token.removeprefix("aws:")
    own = named(world, "ec2/securityGroup:SecurityGroup", inputs.get("securityGroupId"))
    source = named(world, "ec2/securityGroup:SecurityGroup", inputs.get("referencedSecurityGroupId"))
    if own is not None and source is not None and own.outputs.get("vpcId") != source.outputs.get("vpcId"):
        yield Problem("referencedSecurityGroupId", f"the {source.label} is in another VPC than the {own.label}; use one VPC")
    count = 0
    for other in others(world, kind, candidate):
        if other.inputs.get("securityGroupId") != inputs.get("securityGroupId"):
            continue
        count += 1
        if all(_same(other.inputs.get(key), inputs.get(key)) for key in ("ipProtocol", "fromPort", "toPort", *_SOURCES)):
            yield Problem("", f"the same rule exists already as {other.label}; leave one of the two out")
    if count >= _MOST_RULES:
        yield Problem("securityGroupId", f"has {count} rules in this direction already; a group takes {_MOST_RULES}")


def _same(one: object, other: object) -> bool:
    return (str(one).lower() if one is not None else None) == (str(other).lower() if other is not None else None)


CHECKS: Rules = {
    "ec2/defaultSecurityGroup:DefaultSecurityGroup": (check_group,),
    "ec2/securityGroup:SecurityGroup": (check_group,),
    "ec2/securityGroupRule:SecurityGroupRule": (check_old_rule,),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": (check_rule,),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": (check_rule,),
}

ADMITS: Rules = {
    "ec2/securityGroup:SecurityGroup": (admit_group,),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": (admit_rule,),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": (admit_rule,),
}
