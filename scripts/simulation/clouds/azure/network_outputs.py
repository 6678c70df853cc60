"""Computed outputs of networks, zones and what connects them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.simulation.clouds.azure.forms import digits, guid_of, number, public_address
from scripts.simulation.clouds.azure.types import PACKAGE
from scripts.simulation.clouds.fields import text, texts
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value


def _with_guid(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"etag": _etag(identifier), "resourceGuid": guid_of(identifier)}


def _with_etag(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"etag": _etag(identifier)}


def _etag(identifier: str) -> str:
    return f'W/"{guid_of(f"{identifier}/etag")}"'


def _public_address(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    found = dict(_with_guid(candidate, identifier))
    if text(candidate.inputs, "publicIPAllocationMethod") == "Static" and candidate.inputs.get("ipAddress") is None:
        found["ipAddress"] = public_address(identifier)
    label = text(candidate.inputs, "dnsSettings.domainNameLabel")
    if label:
        given = dict(candidate.inputs["dnsSettings"])
        location = text(candidate.inputs, "location", candidate.place.region)
        found["dnsSettings"] = {**given, "fqdn": f"{label}.{location}.cloudapp.azure.com"}
    return found


def _prefix(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    length = candidate.inputs.get("prefixLength")
    network = ipaddress.ip_network(f"{public_address(identifier)}/{length or 28}", strict=False)
    return {**_with_guid(candidate, identifier), "ipPrefix": str(network)}


def _endpoint(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    group, name = identifier.rpartition("/providers/")[0], identifier.rpartition("/")[2]
    card = f"{group}/providers/Microsoft.Network/networkInterfaces/{name}.nic.{guid_of(identifier)}"
    targets = [value for _, value in texts(candidate.inputs, "privateLinkServiceConnections[*].privateLinkServiceId")]
    configs = [
        {"fqdn": f"{target.rpartition('/')[2]}.privatelink.invalid", "ipAddresses": [f"10.0.0.{number(identifier, 250) + 4}"]}
        for target in targets
    ]
    found: dict[str, Any] = {"etag": _etag(identifier), "networkInterfaces": [{"id": card}]}
    if candidate.inputs.get("customDnsConfigs") is None:
        found["customDnsConfigs"] = configs
    return found


def _zone(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    batch = f"{number(identifier, 40) + 1:02d}"
    endings = ("com", "net", "org", "info")
    return {
        "etag": guid_of(f"{identifier}/etag"),
        "nameServers": [f"ns{index}-{batch}.azure-dns.{ending}." for index, ending in enumerate(endings, 1)],
        "maxNumberOfRecordSets": 10000,
        "numberOfRecordSets": 2,
    }


def _record(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    zone = text(candidate.inputs, "zoneName") or text(candidate.inputs, "privateZoneName")
    relative = identifier.rpartition("/")[2]
    return {"etag": guid_of(f"{identifier}/etag"), "fqdn": f"{zone}." if relative == "@" else f"{relative}.{zone}."}


def _private_record(candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {**_record(candidate, identifier), "isAutoRegistered": False}


def _private_zone(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {
        "etag": guid_of(f"{identifier}/etag"),
        "maxNumberOfRecordSets": 25000,
        "maxNumberOfVirtualNetworkLinks": 1000,
        "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        "numberOfRecordSets": 1,
        "numberOfVirtualNetworkLinks": 0,
        "numberOfVirtualNetworkLinksWithRegistration": 0,
    }


def _link(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    return {"etag": guid_of(f"{identifier}/etag"), "virtualNetworkLinkState": "Completed"}


def _dnssec(_candidate: Candidate, identifier: str) -> Mapping[str, Value]:
    """One key that signs keys, with what belongs at the parent zone, and one that signs the zone."""
    tag = number(identifier, 65000)
    digest = digits(f"{identifier}/ds", 64).upper()
    signer = {
        "delegationSignerInfo": [
            {"digestAlgorithmType": 2, "digestValue": digest, "record": f"{tag} 13 2 {digest}"},
        ],
        "flags": 257,
        "keyTag": tag,
        "protocol": 3,
        "publicKey": digits(f"{identifier}/public", 64),
        "securityAlgorithmType": 13,
    }
    zone = {**signer, "delegationSignerInfo": [], "flags": 256, "keyTag": number(f"{identifier}/zone", 65000)}
    zone["publicKey"] = digits(f"{identifier}/zone/public", 64)
    return {"etag": guid_of(f"{identifier}/etag"), "signingKeys": [signer, zone]}


OUTPUTS: Final[Mapping[str, Callable[[Candidate, str], Mapping[str, Value]]]] = {
    f"{PACKAGE}:{token}": make
    for token, make in {
        "dns:DnssecConfig": _dnssec,
        "dns:RecordSet": _record,
        "dns:Zone": _zone,
        "network:NatGateway": _with_guid,
        "network:NetworkSecurityGroup": _with_guid,
        "network:PrivateDnsZoneGroup": _with_etag,
        "network:PrivateEndpoint": _endpoint,
        "network:PublicIPAddress": _public_address,
        "network:PublicIPPrefix": _prefix,
        "network:Route": _with_etag,
        "network:RouteTable": _with_guid,
        "network:SecurityRule": _with_etag,
        "network:Subnet": _with_etag,
        "network:VirtualNetwork": _with_guid,
        "privatedns:PrivateRecordSet": _private_record,
        "privatedns:PrivateZone": _private_zone,
        "privatedns:VirtualNetworkLink": _link,
    }.items()
}
