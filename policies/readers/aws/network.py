"""Who reaches what on AWS: security groups, public addresses, policies that let everybody in, listeners.

Left out: whether a private network has a way in by other means (peering, a VPN), which no single resource shows.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policies.model import Resource, at, each, number
from policies.properties import Property
from policies.readers.aws.documents import everybody, listed, of_policy
from policies.readers.model import Reader, Readers, Reading, check, flag, known, several, switched_off
from policies.readers.ports import DATA_PORTS, ENTRY_PORTS
from scripts.simulation.values import UNKNOWN, Value

SHORTEST_PREFIX: Final = 8
"""Of a range that may reach a data port: a shorter one is a good part of all addresses, and two of /1 are all of them."""

SUBNET: Final = "aws:ec2/subnet:Subnet"
BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
LISTENER: Final = "aws:lb/listener:Listener"
BUCKET_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"
_TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_OLD_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_BLOCKED: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_ALL_PROTOCOLS: Final = ("-1", "all")
_MODERN: Final = re.compile(r"TLS13-1-[23]|TLS-1-2|FS-1-2")


@dataclass(frozen=True)
class _Opening:
    """An ingress rule. `anybody`: whether it is for every address; `data`, `entry`: what its ports are. Any may be UNKNOWN."""

    path: str
    anybody: Value
    data: Value
    entry: Value


def _openings(resource: Resource) -> Iterator[_Opening]:
    properties = resource.properties
    if resource.token in (_GROUP, _DEFAULT_GROUP):
        for path, rule in each(properties, "ingress"):
            yield _opening(path, rule, "cidrBlocks", "ipv6CidrBlocks", "protocol")
    elif resource.token == _RULE:
        yield _opening("", properties, "cidrIpv4", "cidrIpv6", "ipProtocol")
    elif at(properties, "type") is UNKNOWN:
        yield _Opening("type", UNKNOWN, UNKNOWN, UNKNOWN)
    elif at(properties, "type") == "ingress":
        yield _opening("", properties, "cidrBlocks", "ipv6CidrBlocks", "protocol")


def _opening(path: str, rule: Value, ipv4: str, ipv6: str, protocol: str) -> _Opening:
    if rule is UNKNOWN:
        return _Opening(path, UNKNOWN, UNKNOWN, UNKNOWN)
    sources = [item for name in (ipv4, ipv6) for item in listed(at(rule, name))]
    anybody = any(_is_anybody(source) for source in sources) or (UNKNOWN if UNKNOWN in sources else False)
    where = path or (ipv6 if at(rule, ipv6) is UNKNOWN or any(map(_is_anybody, listed(at(rule, ipv6)))) else ipv4)
    kind, low, high = at(rule, protocol), at(rule, "fromPort"), at(rule, "toPort")
    if kind is not UNKNOWN and str(kind) in _ALL_PROTOCOLS:
        return _Opening(where, anybody, data=True, entry=False)
    if UNKNOWN in (low, high):
        return _Opening(where, anybody, UNKNOWN, UNKNOWN)
    data = any(number(low) <= port <= number(high) for port in DATA_PORTS)
    entry = low == high and number(low) in ENTRY_PORTS
    if kind is UNKNOWN:
        return _Opening(where, anybody, data or UNKNOWN, entry if entry is False else UNKNOWN)
    return _Opening(where, anybody, data, entry)


def _both(left: Value, right: Value) -> Value:
    """`and` that knows UNKNOWN."""
    if left is False or right is False:
        return False
    return UNKNOWN if UNKNOWN in (left, right) else bool(left and right)


def _negated(value: Value) -> Value:
    return UNKNOWN if value is UNKNOWN else not value


def _data_closed(resource: Resource) -> Iterator[Reading]:
    fix = "name the security group of the clients; every address reaches the port of a database or broker"
    for one in _openings(resource):
        yield Reading(one.path, _negated(_both(one.anybody, one.data)), fix)


def _entry_only(resource: Resource) -> Iterator[Reading]:
    fix = "name the addresses or the security group of the clients; the internet needs ports 80 and 443 of the entry only"
    for one in _openings(resource):
        yield Reading(one.path, _negated(_both(one.anybody, _both(_negated(one.data), _negated(one.entry)))), fix)


def _is_anybody(source: Value) -> bool:
    """Whether a range holds every address, or so many that it might as well; false for what is not known."""
    try:
        return ipaddress.ip_network(str(source), strict=False).prefixlen < SHORTEST_PREFIX
    except ValueError:
        return False


def _nobody_else(found: Sequence[Mapping[str, Any]]) -> bool:
    """No statement lets everybody in without a condition. One that denies everybody something is fine."""
    return not any(
        one.get("Effect") == "Allow" and everybody(one.get("Principal")) and not one.get("Condition") for one in found
    )


def _demands_tls(found: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        one.get("Effect") == "Deny"
        and everybody(one.get("Principal"))
        and str(one.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")).lower() == "false"
        for one in found
    )


def _policy_names(path: str = "policy") -> Reader:
    return of_policy(path, "name who may use it, or add a condition; everybody may", _nobody_else)


_POLICY_TLS: Final = of_policy("policy", "deny everybody without aws:SecureTransport; TLS is not optional", _demands_tls)
_ACL: Final = check(
    "acl",
    lambda value: value in (None, "private", "log-delivery-write"),
    "use private; the store is not for everybody",
)


def _if_https(reader: Reader) -> Reader:
    def read(resource: Resource) -> Iterator[Reading]:
        protocol = at(resource.properties, "protocol")
        if protocol is UNKNOWN:
            yield Reading("protocol", UNKNOWN)
        elif protocol in ("HTTPS", "TLS"):
            yield from reader(resource)

    return read


def _listener(resource: Resource) -> Iterator[Reading]:
    """A listener speaks TLS or does no more than send clients to one that does."""
    protocol = at(resource.properties, "protocol")
    fix = "use HTTPS; in plain HTTP do no more than redirect to it"
    if protocol in ("HTTPS", "TLS"):
        return
    if protocol is UNKNOWN:
        yield Reading("protocol", UNKNOWN, fix)
        return
    for path, action in each(resource.properties, "defaultActions"):
        target = at(action, "redirect.protocol")
        yield Reading(f"{path}.redirect.protocol", known(target, lambda value: value == "HTTPS"), fix)


def _count(path: str, least: int, fix: str) -> Reader:
    def enough(value: Value) -> bool:
        return isinstance(value, list) and len(value) >= least

    return check(path, enough, fix)


def _no_rules(resource: Resource) -> Iterator[Reading]:
    for path in ("ingress", "egress"):
        yield Reading(path, known(at(resource.properties, path), lambda value: not value), "give the default group no rules")


_GROUPS: Final = (_GROUP, _DEFAULT_GROUP, _OLD_RULE, _RULE)
_FLAGS: Final = ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance", "aws:mq/broker:Broker")
_POLICIES: Final[tuple[str, ...]] = (BUCKET_POLICY, _QUEUE_POLICY, _TOPIC_POLICY)
_TWO: Final = "give subnets of two zones at least"
_TLS_POLICY: Final[Callable[[Value], bool]] = lambda value: isinstance(value, str) and bool(_MODERN.search(value))  # noqa: E731

NETWORK: Final[Readers] = {
    Property.DATA_PRIVATE: {
        **dict.fromkeys(_FLAGS, switched_off("publiclyAccessible")),
        **dict.fromkeys(_GROUPS, _data_closed),
    },
    Property.ENTRY_ONLY: dict.fromkeys(_GROUPS, _entry_only),
    Property.OPEN_TO_NAMED: {
        "aws:s3/bucket:Bucket": _ACL,
        "aws:s3/bucketAcl:BucketAcl": _ACL,
        BLOCK: several(*(flag(name) for name in _BLOCKED)),
        "aws:sqs/queue:Queue": _policy_names(),
        "aws:kms/key:Key": _policy_names(),
        **dict.fromkeys(_POLICIES, _policy_names()),
    },
    Property.NO_PUBLIC_ADDRESS: {
        SUBNET: switched_off("mapPublicIpOnLaunch", "set it to false; what is public asks for its address itself"),
        "aws:ecs/service:Service": switched_off("networkConfiguration.assignPublicIp"),
        "aws:ec2/instance:Instance": switched_off("associatePublicIpAddress"),
    },
    Property.NETWORK_CLOSED: {_DEFAULT_GROUP: _no_rules},
    Property.TLS_REQUIRED: {
        **dict.fromkeys(_POLICIES, _POLICY_TLS),
        LISTENER: _listener,
        "aws:sesv2/configurationSet:ConfigurationSet": check(
            "deliveryOptions.tlsPolicy", lambda value: value == "REQUIRE", "use REQUIRE; mail is sent over TLS or not at all"
        ),
        "aws:sns/topicSubscription:TopicSubscription": check(
            "protocol", lambda value: value != "http", "use https; alarms name hosts and figures"
        ),
    },
    Property.TLS_VERSION: {
        LISTENER: _if_https(check("sslPolicy", _TLS_POLICY, "use a policy of TLS 1.2 and newer")),
    },
    Property.SURVIVES_ZONE: {
        BALANCER: _count("subnets", 2, _TWO),
        "aws:rds/proxy:Proxy": _count("vpcSubnetIds", 2, _TWO),
        "aws:ecs/service:Service": _count("networkConfiguration.subnets", 2, _TWO),
    },
    Property.LOGGED: {BALANCER: flag("accessLogs.enabled", "set it to true and name a bucket")},
    Property.LOG_PRIVATE: {
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": lambda resource: iter(
            [
                Reading(
                    "redactedFields",
                    known(
                        at(resource.properties, "redactedFields"),
                        lambda value: any(at(one, "singleHeader.name") == "authorization" for one in value or ()),
                    ),
                    "redact the header authorization; it holds passwords and keys",
                )
            ]
        )
    },
}
