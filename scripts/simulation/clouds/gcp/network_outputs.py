"""Computed outputs of networks, load balancers, zones and certificates."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Final

from scripts.simulation.clouds.fields import text
from scripts.simulation.clouds.gcp.ids import digits
from scripts.simulation.clouds.gcp.types import PACKAGE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

MOMENT: Final = "2026-01-01T00:00:00.000-08:00"


def _count(seed: str, below: int) -> int:
    return int(digits("hex", 8, seed), 16) % below


def public_address(seed: str) -> str:
    """An IPv4 address out of a range that Google announces."""
    return f"34.{_count(f'{seed}/2', 128) + 64}.{_count(f'{seed}/3', 250) + 1}.{_count(f'{seed}/4', 250) + 1}"


def _made(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"creationTimestamp": MOMENT}


def _numbered(field: str) -> Callable[[Candidate, str], Mapping[str, Value]]:
    def made(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
        number = _count(identifier, 2**31) + 10**9
        return {field: number, "creationTimestamp": MOMENT, "fingerprint": f"{digits('upper', 11, identifier)}="}

    return made


def _network(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    ident = f"{_count(identifier, 10**9) + 10**9}{_count(f'{identifier}/low', 10**9):09d}"
    return {"gatewayIpv4": "", "networkId": ident, "numericId": ident}


def _subnetwork(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    found: dict[str, Value] = {
        "creationTimestamp": MOMENT,
        "fingerprint": f"{digits('upper', 11, identifier)}=",
        "ipv6CidrRange": "",
        "ipv6GceEndpoint": "",
        "state": "READY",
        "subnetworkId": _count(identifier, 2**31) + 10**9,
    }
    try:
        found["gatewayAddress"] = str(ipaddress.ip_network(text(candidate.inputs, "ipCidrRange"))[1])
    except ValueError:
        found["gatewayAddress"] = ""
    return found


def _address(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    length = candidate.inputs.get("prefixLength")
    internal = text(candidate.inputs, "addressType", "EXTERNAL") == "INTERNAL"
    chosen = public_address(identifier)
    if internal and isinstance(length, int):
        start = int(ipaddress.ip_address(f"10.{_count(identifier, 100) + 100}.0.0"))
        chosen = str(ipaddress.ip_network((start, length), strict=False).network_address)
    elif internal:
        chosen = f"10.{_count(identifier, 100) + 100}.0.2"
    return {"address": chosen, "creationTimestamp": MOMENT, "labelFingerprint": "42WmSpB8rSM="}


def _rule(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {
        "baseForwardingRule": "",
        "forwardingRuleId": _count(identifier, 2**31) + 10**9,
        "ipAddress": public_address(identifier),
        "ipProtocol": "TCP",
        "labelFingerprint": "42WmSpB8rSM=",
        "pscConnectionId": "",
        "pscConnectionStatus": "",
        "networkTier": "PREMIUM",
        "portRange": text(candidate.inputs, "portRange"),
    }


def _policy(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"fingerprint": f"{digits('upper', 11, identifier)}=", "labelFingerprint": "42WmSpB8rSM="}


def _ssl_policy(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"creationTimestamp": MOMENT, "enabledFeatures": [], "fingerprint": f"{digits('upper', 11, identifier)}="}


def _zone(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    letter = "abcde"[_count(identifier, 5)]
    return {
        "creationTime": MOMENT,
        "managedZoneId": _count(identifier, 2**31) + 10**9,
        "nameServers": [f"ns-cloud-{letter}{index}.googledomains.com." for index in range(1, 5)],
    }


def _authorization(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    domain = text(candidate.inputs, "domain")
    data = f"{digits('hex', 32, identifier)}.{_count(identifier, 30) + 1}.authorize.certificatemanager.goog."
    name = f"_acme-challenge.{domain}."
    if text(candidate.inputs, "type") == "PER_PROJECT_RECORD":
        name = f"_acme-challenge_{digits('hex', 16, candidate.place.account)}.{domain}."
    return {"dnsResourceRecords": [{"data": data, "name": name, "type": "CNAME"}]}


def _map(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"gclbTargets": []}


def _entry(_candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"state": "ACTIVE"}


def _connection(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"peering": text(candidate.inputs, "service", "servicenetworking.googleapis.com").replace(".", "-")}


def _nat(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    ports = candidate.inputs.get("minPortsPerVm")
    return {"minPortsPerVm": 0 if ports is None else ports, "natIpAllocateOption": "AUTO_ONLY"}


def _connector(candidate: Candidate, _identifier: str) -> Mapping[str, Value]:
    return {"connectedProjects": [], "state": "READY", "project": candidate.place.account}


OUTPUTS: Final[Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]]] = {
    f"{PACKAGE}:{token}": make
    for token, make in {
        "certificatemanager/certificateMap:CertificateMap": _map,
        "certificatemanager/certificateMapEntry:CertificateMapEntry": _entry,
        "certificatemanager/dnsAuthorization:DnsAuthorization": _authorization,
        "compute/backendBucket:BackendBucket": _made,
        "compute/backendService:BackendService": _numbered("generatedId"),
        "compute/firewall:Firewall": _made,
        "compute/globalAddress:GlobalAddress": _address,
        "compute/globalForwardingRule:GlobalForwardingRule": _rule,
        "compute/healthCheck:HealthCheck": _made,
        "compute/network:Network": _network,
        "compute/router:Router": _made,
        "compute/routerNat:RouterNat": _nat,
        "compute/sSLPolicy:SSLPolicy": _ssl_policy,
        "compute/securityPolicy:SecurityPolicy": _policy,
        "compute/subnetwork:Subnetwork": _subnetwork,
        "compute/targetHttpProxy:TargetHttpProxy": _numbered("proxyId"),
        "compute/targetHttpsProxy:TargetHttpsProxy": _numbered("proxyId"),
        "compute/uRLMap:URLMap": _numbered("mapId"),
        "dns/managedZone:ManagedZone": _zone,
        "servicenetworking/connection:Connection": _connection,
        "vpcaccess/connector:Connector": _connector,
    }.items()
}
