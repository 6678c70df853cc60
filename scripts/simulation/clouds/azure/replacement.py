"""The inputs whose change makes a new resource, and those that Azure refuses to change at all.

The provider replaces for every name in a path and for what Azure's specification says can only be set at creation
(`x-ms-mutability` without `update`, as it stands for every `location`); `_LISTED` adds those and the provider's own table
(pulumi-azure-native, `provider/pkg/gen/replacement.go`). For all else it shows an update, and where Azure knows none the
deployment fails: `FIXED`, from what terraform-provider-azurerm marks ForceNew.
"""

from __future__ import annotations

from typing import Final

from scripts.simulation.clouds import replacement
from scripts.simulation.clouds.azure.types import BY_TOKEN, PACKAGE

_LISTED: Final = replacement.table(
    PACKAGE,
    """
app:ContainerApp  environmentId managedEnvironmentId
app:Job  environmentId
authorization:RoleAssignment  principalId scope
communication:Domain  domainManagement
dbformysql:Server  administratorLogin createMode importSourceProperties restorePointInTime sourceServerResourceId
dbforpostgresql:Server  administratorLogin availabilityZone pointInTimeUTC sourceServerResourceId
network:PrivateEndpoint  subnet
network:PublicIPAddress  publicIPAddressVersion publicIPPrefix sku
servicebus:Queue  enablePartitioning requiresDuplicateDetection requiresSession
servicebus:Topic  enablePartitioning requiresDuplicateDetection
storage:StorageAccount  isHnsEnabled
""",
)


def _patterns(token: str) -> frozenset[str]:
    return frozenset({*BY_TOKEN[token].gaps, "location", *_LISTED.get(token, ())})


TABLE: Final = {token: _patterns(token) for token in BY_TOKEN}

FIXED: Final = replacement.table(
    PACKAGE,
    """
app:ManagedEnvironment  vnetConfiguration.infrastructureSubnetId vnetConfiguration.internal zoneRedundant
    infrastructureResourceGroup
app:ManagedCertificate  properties.subjectName properties.domainControlValidation
authorization:RoleAssignment  roleDefinitionId principalType delegatedManagedIdentityResourceId
applicationinsights:WebTest  syntheticMonitorId
communication:CommunicationService  dataLocation
communication:EmailService  dataLocation
containerregistry:Registry  zoneRedundancy
dataprotection:BackupInstance  properties.dataSourceInfo.resourceID
dataprotection:BackupVault  properties.storageSettings
dbformysql:Database  charset collation
dbformysql:Server  backup.geoRedundantBackup network.delegatedSubnetResourceId network.privateDnsZoneResourceId
dbforpostgresql:Database  charset collation
dbforpostgresql:Server  backup.geoRedundantBackup network.delegatedSubnetResourceId
keyvault:Key  properties.kty properties.keySize properties.curveName
network:NatGateway  sku.name zones
network:PrivateEndpoint  privateLinkServiceConnections[*].privateLinkServiceId privateLinkServiceConnections[*].groupIds
network:PublicIPAddress  zones
privatedns:VirtualNetworkLink  virtualNetwork.id
servicebus:Namespace  premiumMessagingPartitions
storage:StorageAccount  enableNfsV3 dnsEndpointType encryption.requireInfrastructureEncryption
""",
)
"""Inputs that Azure cannot change in place: the provider shows an update, which then fails."""
