"""Which inputs name other resources, beyond the group and the parents that a path is made of (`rules.py` checks those).

Ids of any other kind are checked wherever they stand (`ids.recognise`); the table says what may stand there and that it then
cannot be deleted. A scope is held by nothing: Azure deletes what lies in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from scripts.simulation.clouds.azure.types import BY_TOKEN, GROUP, PACKAGE
from scripts.simulation.clouds.model import Reference

_TABLE: Final = """
app:ContainerApp environmentId app:ManagedEnvironment
app:ContainerApp managedEnvironmentId app:ManagedEnvironment
app:ContainerApp identity.userAssignedIdentities[*] managedidentity:UserAssignedIdentity
app:ContainerApp configuration.registries[*].identity managedidentity:UserAssignedIdentity
app:ContainerApp configuration.secrets[*].identity managedidentity:UserAssignedIdentity
app:ContainerApp configuration.ingress.customDomains[*].certificateId app:ManagedCertificate app:Certificate
app:ContainerApp template.scale.rules[*].custom.identity managedidentity:UserAssignedIdentity
app:Job environmentId app:ManagedEnvironment
app:Job identity.userAssignedIdentities[*] managedidentity:UserAssignedIdentity
app:Job configuration.registries[*].identity managedidentity:UserAssignedIdentity
app:Job configuration.secrets[*].identity managedidentity:UserAssignedIdentity
app:ManagedEnvironment vnetConfiguration.infrastructureSubnetId network:Subnet
applicationinsights:Component workspaceResourceId operationalinsights:Workspace
cdn:AFDCustomDomain azureDnsZone.id dns:Zone
cdn:Route customDomains[*].id cdn:AFDCustomDomain
cdn:Route originGroup.id cdn:AFDOriginGroup
cdn:Route ruleSets[*].id cdn:RuleSet
cdn:SecurityPolicy parameters.wafPolicy.id cdn:Policy
cdn:SecurityPolicy parameters.associations[*].domains[*].id cdn:AFDEndpoint cdn:AFDCustomDomain
communication:CommunicationService linkedDomains[*] communication:Domain
dataprotection:BackupInstance properties.policyInfo.policyId dataprotection:BackupPolicy
dbformysql:Server network.delegatedSubnetResourceId network:Subnet
dbformysql:Server network.privateDnsZoneResourceId privatedns:PrivateZone
dbformysql:Server identity.userAssignedIdentities[*] managedidentity:UserAssignedIdentity
dbforpostgresql:Server network.delegatedSubnetResourceId network:Subnet
dbforpostgresql:Server network.privateDnsZoneArmResourceId privatedns:PrivateZone
dbforpostgresql:Server dataEncryption.primaryUserAssignedIdentityId managedidentity:UserAssignedIdentity
dbforpostgresql:Server dataEncryption.geoBackupUserAssignedIdentityId managedidentity:UserAssignedIdentity
monitor:DiagnosticSetting workspaceId operationalinsights:Workspace
monitor:DiagnosticSetting storageAccountId storage:StorageAccount
monitor:MetricAlert actions[*].actionGroupId monitor:ActionGroup
monitor:ScheduledQueryRule actions.actionGroups[*] monitor:ActionGroup
network:NatGateway publicIpAddresses[*].id network:PublicIPAddress
network:NatGateway publicIpPrefixes[*].id network:PublicIPPrefix
network:PrivateDnsZoneGroup privateDnsZoneConfigs[*].privateDnsZoneId privatedns:PrivateZone
network:PrivateEndpoint subnet.id network:Subnet
network:Subnet natGateway.id network:NatGateway
network:Subnet networkSecurityGroup.id network:NetworkSecurityGroup
network:Subnet routeTable.id network:RouteTable
network:VirtualNetworkPeering remoteVirtualNetwork.id network:VirtualNetwork
privatedns:VirtualNetworkLink virtualNetwork.id network:VirtualNetwork
servicebus:Queue forwardTo servicebus:Queue servicebus:Topic
servicebus:Queue forwardDeadLetteredMessagesTo servicebus:Queue servicebus:Topic
servicebus:Subscription forwardTo servicebus:Queue servicebus:Topic
servicebus:Subscription forwardDeadLetteredMessagesTo servicebus:Queue servicebus:Topic
"""

_NOT_AN_ID: Final[Mapping[str, tuple[str, ...]]] = {
    "app:ContainerApp": ("system",),
    "app:Job": ("system",),
}
"""Beginnings that need not exist: `system` is the app's own identity."""

_BY_NAME: Final = frozenset({"servicebus:Queue", "servicebus:Subscription"})
"""Types whose references are names, not ids."""


@cache
def of(token: str) -> tuple[Reference, ...]:
    """The references of a type: its parents by name, and the inputs of the table."""
    found = []
    short = token.removeprefix(f"{PACKAGE}:")
    for line in _TABLE.strip().splitlines():
        owner, path, *kinds = line.split()
        if owner == short:
            attributes = ("name",) if owner in _BY_NAME else ("id",)
            tokens = tuple(f"{PACKAGE}:{kind}" for kind in kinds)
            found.append(Reference(path, tokens, attributes, _NOT_AN_ID.get(owner, ())))
    return (*_parents(token), *found)


def _parents(token: str) -> tuple[Reference, ...]:
    kind = BY_TOKEN.get(token)
    found = []
    above = kind.parent if kind is not None else None
    while above is not None and above.token != GROUP:
        found.append(Reference(above.named_by, (above.token,), ("name",)))
        above = above.parent
    return tuple(reversed(found))
