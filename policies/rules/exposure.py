"""No database, broker or store is reachable from the internet; on Docker only the edge publishes ports.

Left out: whether a private network has a way in by other means (peering, a VPN), which no single resource shows.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.model import Finding, Resource, Rule, Undecided, Violation, at, each, is_true, number, require
from policies.rules.labels import label
from scripts.simulation.values import UNKNOWN, Value

DATA_PORTS: Final = frozenset(
    {1433, 2379, 2380, 3306, 4369, 5432, 5433, 5671, 5672, 6379, 6432, 8008, 9092, 9094, 9200, 11211, 15672, 25672, 27017}
)
"""Ports of SQL Server, etcd, MySQL, Erlang's port mapper, PostgreSQL, RabbitMQ, Redis, PgBouncer, Patroni, Kafka,
OpenSearch, Memcached and MongoDB."""

SHORTEST_PREFIX: Final = 8
"""Of a range that may reach a data port: a shorter one is a good part of all addresses, and two of /1 are all of them."""

_PUBLIC_FLAG: Final = (
    "aws:rds/instance:Instance",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:mq/broker:Broker",
)
_BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketAcl:BucketAcl")
_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_BLOCKED: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_POLICIES: Final = ("aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy")
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_OLD_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_SERVICE: Final = "docker:index/service:Service"
_CONTAINER: Final = "docker:index/container:Container"
_ALL_PROTOCOLS: Final = ("-1", "all")


def _check(resource: Resource) -> Iterator[Finding]:
    token = resource.token
    if token in _PUBLIC_FLAG:
        yield from require(resource, "publiclyAccessible", lambda value: not is_true(value), "set it to false")
    elif token in _BUCKETS:
        sentence = "use private; the store is not for everybody"
        yield from require(resource, "acl", lambda value: value in (None, "private", "log-delivery-write"), sentence)
    elif token == _BLOCK:
        for flag in _BLOCKED:
            yield from require(resource, flag, is_true, "set it to true")
    elif token in _POLICIES:
        yield from _policy(resource)
    elif token in (_SERVICE, _CONTAINER):
        yield from _docker(resource)
    else:
        yield from _group(resource)


def _policy(resource: Resource) -> Iterator[Finding]:
    """A policy that lets everybody in without a condition. One that denies everybody something is fine."""
    text = at(resource.properties, "policy")
    if text is UNKNOWN:
        yield Undecided("policy")
        return
    if not text:
        return
    try:
        document = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        yield Violation("policy", "is no JSON")
        return
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        if statement.get("Effect") == "Allow" and _everybody(statement.get("Principal")) and not statement.get("Condition"):
            yield Violation("policy", "name who may use the queue, or add a condition; everybody may")


def _everybody(principal: Any) -> bool:
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    return named == "*" or (isinstance(named, list) and "*" in named)


def _group(resource: Resource) -> Iterator[Finding]:
    properties = resource.properties
    if resource.token in (_GROUP, _DEFAULT_GROUP):
        for path, rule in each(properties, "ingress"):
            yield from _open(path, rule, "cidrBlocks", "ipv6CidrBlocks", "protocol")
    elif resource.token == _RULE:
        yield from _open("", properties, "cidrIpv4", "cidrIpv6", "ipProtocol")
    elif at(properties, "type") is UNKNOWN:
        yield Undecided("type")
    elif at(properties, "type") == "ingress":
        yield from _open("", properties, "cidrBlocks", "ipv6CidrBlocks", "protocol")


def _open(path: str, rule: Value, ipv4: str, ipv6: str, protocol: str) -> Iterator[Finding]:
    """A rule that lets every address reach a data port. What is known is enough when it already excludes that."""
    if rule is UNKNOWN:
        yield Undecided(path)
        return
    sources = [item for name in (ipv4, ipv6) for item in _listed(at(rule, name))]
    if not any(source is UNKNOWN or _is_anybody(source) for source in sources):
        return
    kind, low, high = at(rule, protocol), at(rule, "fromPort"), at(rule, "toPort")
    ends_known = low is not UNKNOWN and high is not UNKNOWN
    if ends_known and kind is not UNKNOWN and str(kind) not in _ALL_PROTOCOLS and not _reaches(low, high):
        return
    where = path or (ipv6 if any(_is_anybody(source) for source in _listed(at(rule, ipv6))) else ipv4)
    if UNKNOWN in (kind, low, high) or not any(_is_anybody(source) for source in sources):
        yield Undecided(where)
    else:
        yield Violation(where, "name the security group of the clients; every address reaches the port of a database or broker")


def _is_anybody(source: Value) -> bool:
    """Whether a range holds every address, or so many that it might as well; false for what is not known."""
    try:
        return ipaddress.ip_network(str(source), strict=False).prefixlen < SHORTEST_PREFIX
    except ValueError:
        return False


def _listed(value: Value) -> list[Value]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _reaches(low: Value, high: Value) -> bool:
    return any(number(low) <= port <= number(high) for port in DATA_PORTS)


def _docker(resource: Resource) -> Iterator[Finding]:
    properties = resource.properties
    component = label(resource, "component")
    ports, inside = ("endpointSpec.ports", "targetPort") if resource.token == _SERVICE else ("ports", "internal")
    for path, port in each(properties, ports):
        target = at(port, inside)
        if port is UNKNOWN or target is UNKNOWN or component is UNKNOWN:
            yield Undecided(path)
        elif number(target) in DATA_PORTS:
            yield Violation(path, "publish no port of a database or broker; clients reach it over the overlay network")
        elif component != "edge":
            yield Violation(path, "publish no port; only the edge does")
    if resource.token == _CONTAINER:
        yield from require(resource, "publishAllPorts", lambda value: not is_true(value), "set it to false")
        sentence = "use an overlay network; on the host's network every port is published"
        yield from require(resource, "networkMode", lambda value: value != "host", sentence)


PRIVATE: Final = Rule(
    name="data-is-private",
    description="No database, broker or store is reachable from the internet, and only the edge publishes ports.",
    severity="critical",
    level="mandatory",
    controls=("SOC 2 CC6.1", "SOC 2 CC6.6", "GDPR Art. 32(1)(b)", "GDPR Art. 25(2)"),
    remediation=(
        "Give the resource no public address and name the security group of its clients; on Docker "
        "publish ports at the edge only."
    ),
    resources=(
        *_PUBLIC_FLAG,
        *_BUCKETS,
        _BLOCK,
        *_POLICIES,
        _GROUP,
        _DEFAULT_GROUP,
        _OLD_RULE,
        _RULE,
        _SERVICE,
        _CONTAINER,
    ),
    check=_check,
)
