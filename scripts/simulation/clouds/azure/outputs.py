"""Computed outputs. What is given as an input is given back as it was; objects that the cloud completes get their parts added.

Everything depends on the id, the inputs and the place alone, so that an update gives the same values again.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scripts.simulation.clouds.azure import communication_outputs, network_outputs, service_outputs
from scripts.simulation.clouds.azure.forms import TENANT, guid_of
from scripts.simulation.clouds.azure.place import normal
from scripts.simulation.clouds.azure.service_outputs import identity_of
from scripts.simulation.clouds.azure.types import BY_TOKEN, PACKAGE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

Make = Callable[[Candidate, str], Mapping[str, Value]]

LOCATION: Final = "westeurope"
"""Where something is that says no location under a provider that says none: the real provider takes its group's."""

_WITH_STATE: Final = """
app:ContainerApp app:Job app:ManagedEnvironment applicationinsights:Component applicationinsights:WebTest
cdn:AFDCustomDomain cdn:AFDEndpoint cdn:AFDOrigin cdn:AFDOriginGroup cdn:Policy cdn:Profile cdn:Route cdn:Rule cdn:RuleSet
cdn:Secret cdn:SecurityPolicy communication:CommunicationService communication:Domain communication:EmailService
communication:SenderUsername containerregistry:CacheRule containerregistry:Registry containerregistry:Replication
dns:DnssecConfig dns:RecordSet monitor:AzureMonitorWorkspace monitor:DataCollectionEndpoint monitor:DataCollectionRule
monitor:DataCollectionRuleAssociation network:NatGateway network:NetworkSecurityGroup network:PrivateDnsZoneGroup
network:PrivateEndpoint network:PublicIPAddress network:PublicIPPrefix network:Route network:RouteTable network:SecurityRule
network:Subnet network:VirtualNetwork network:VirtualNetworkPeering operationalinsights:Table operationalinsights:Workspace
privatedns:PrivateZone privatedns:VirtualNetworkLink servicebus:Namespace storage:StorageAccount
"""
_PROVISIONED: Final = frozenset(f"{PACKAGE}:{token}" for token in _WITH_STATE.split())
"""Types with a top-level `provisioningState`."""

_NO_NAME: Final = frozenset({f"{PACKAGE}:monitor:DiagnosticSetting"})
_NO_TYPE: Final = frozenset({f"{PACKAGE}:network:PrivateDnsZoneGroup", f"{PACKAGE}:network:Route"})
_NAMED_APART: Final = frozenset(
    {
        f"{PACKAGE}:network:{name}"
        for name in ("PrivateDnsZoneGroup", "SecurityRule", "Subnet", "VirtualNetworkPeering", "Route")
    }
)
"""Types with an input `name` beside the one that the path is made of."""

_SECRET: Final = {f"{PACKAGE}:keyvault:Secret": ("value",), f"{PACKAGE}:app:Certificate": ("value", "password")}
"""Members of `properties` that Azure never gives back."""

_BY_TOKEN: Final[Mapping[str, Make]] = {
    **network_outputs.OUTPUTS,
    **service_outputs.OUTPUTS,
    **communication_outputs.OUTPUTS,
}


def outputs(candidate: Candidate, identifier: str) -> dict[str, Value]:
    """The computed outputs of something that is made or changed."""
    token, inputs = candidate.token, candidate.inputs
    kind = BY_TOKEN.get(token)
    found: dict[str, Value] = {"azureApiVersion": _version(token)}
    if kind is None:
        return {**found, "name": identifier.rpartition("/")[2]}
    if token not in _NO_NAME and inputs.get("name") is None:
        found["name"] = identifier.rpartition("/")[2]
    if token not in _NO_TYPE:
        found["type"] = kind.kind.replace("{recordType}", str(inputs.get("recordType")))
    if token in _PROVISIONED:
        found["provisioningState"] = "Succeeded"
    if "location" in inputs or token in _PLACED:
        found["location"] = inputs.get("location") or where(candidate)
    properties, hidden = inputs.get("properties"), _SECRET.get(token)
    if hidden and isinstance(properties, Mapping):
        found["properties"] = {key: value for key, value in properties.items() if key not in hidden}
    identity = inputs.get("identity")
    if isinstance(identity, Mapping):
        found["identity"] = _identity(identity, identifier)
    more = _BY_TOKEN.get(token)
    return {**found, **(more(candidate, identifier) if more is not None else {})}


def _identity(given: Mapping[str, Value], identifier: str) -> dict[str, Value]:
    """Who a resource is: its own principal, and those that were assigned, by id with what Azure knows of them."""
    assigned = given.get("userAssignedIdentities") or ()
    found = {**given, "userAssignedIdentities": {str(one): identity_of(str(one)) for one in assigned}}
    if "SystemAssigned" in str(given.get("type")):
        found |= {"principalId": guid_of(f"{identifier}/principal"), "tenantId": TENANT}
    return found if assigned else {key: value for key, value in found.items() if key != "userAssignedIdentities"}


_WITH_LOCATION: Final = """
app:ContainerApp app:Job app:ManagedCertificate app:ManagedEnvironment applicationinsights:Component
containerregistry:Registry dataprotection:BackupVault dbformysql:Server dbforpostgresql:Server keyvault:Vault
managedidentity:UserAssignedIdentity monitor:AzureMonitorWorkspace monitor:ScheduledQueryRule network:NatGateway
network:NetworkSecurityGroup network:PrivateEndpoint network:PublicIPAddress network:PublicIPPrefix network:RouteTable
network:VirtualNetwork operationalinsights:Workspace resources:ResourceGroup servicebus:Namespace storage:StorageAccount
"""
_PLACED: Final = frozenset(f"{PACKAGE}:{token}" for token in _WITH_LOCATION.split())
"""Types that lie in a location of their group where they name none."""


def where(candidate: Candidate) -> str:
    """The location of a resource, as Azure writes it."""
    given = candidate.inputs.get("location")
    return normal(given) if isinstance(given, str) else candidate.place.region or LOCATION


@cache
def _version(token: str) -> str:
    """The version of Azure's API that the SDK states for a type, from the text of its module."""
    spec = importlib.util.find_spec("pulumi_azure_native")
    _, module, name = token.split(":")
    for root in (spec.submodule_search_locations or ()) if spec is not None else ():
        source = Path(root) / module / f"{_file(name)}.py"
        if source.exists():
            found = re.search(r"REST API version (\S+?)\.\s", source.read_text(encoding="utf-8"))
            return found[1] if found else ""
    return ""


def _file(name: str) -> str:
    """The file that a class is in: `PublicIPAddress` -> `public_ip_address`."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name))
    return apart.lower()
