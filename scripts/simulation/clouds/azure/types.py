"""The types of the simulated Azure and where each lies in the resource manager's tree.

A line is a token without the package's name and the path of the type after `/subscriptions/{subscription}/resourceGroups/
{resourceGroupName}/providers/`; a path that begins with `{` or `/` is written from its beginning. Gaps are the inputs of the
SDK. The provider names a resource by the last gap: by chance where the path has one gap in its last namespace, by the
logical name where it has more, by a GUID where Azure wants one (pulumi-azure-native, AutoNamer). `=` after a gap is the one
value that it may have. Types that are not listed get an id of the same form and no name of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

PACKAGE: Final = "azure-native"

_GROUP: Final = "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}"

_TABLE: Final = """
alertsmanagement:PrometheusRuleGroup Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}
alertsmanagement:SmartDetectorAlertRule Microsoft.AlertsManagement/smartDetectorAlertRules/{alertRuleName}
app:Certificate Microsoft.App/managedEnvironments/{environmentName}/certificates/{certificateName}
app:ContainerApp Microsoft.App/containerApps/{containerAppName}
app:ContainerAppsAuthConfig Microsoft.App/containerApps/{containerAppName}/authConfigs/{authConfigName}
app:DaprComponent Microsoft.App/managedEnvironments/{environmentName}/daprComponents/{componentName}
app:HttpRouteConfig Microsoft.App/managedEnvironments/{environmentName}/httpRouteConfigs/{httpRouteName}
app:Job Microsoft.App/jobs/{jobName}
app:ManagedCertificate Microsoft.App/managedEnvironments/{environmentName}/managedCertificates/{managedCertificateName}
app:ManagedEnvironment Microsoft.App/managedEnvironments/{environmentName}
app:ManagedEnvironmentsStorage Microsoft.App/managedEnvironments/{environmentName}/storages/{storageName}
applicationinsights:Component Microsoft.Insights/components/{resourceName}
applicationinsights:WebTest Microsoft.Insights/webtests/{webTestName}
applicationinsights:Workbook Microsoft.Insights/workbooks/{resourceName}
authorization:ManagementLockAtResourceGroupLevel Microsoft.Authorization/locks/{lockName}
authorization:ManagementLockByScope {scope}/providers/Microsoft.Authorization/locks/{lockName}
authorization:RoleAssignment {scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}
authorization:RoleDefinition {scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}
cdn:AFDCustomDomain Microsoft.Cdn/profiles/{profileName}/customDomains/{customDomainName}
cdn:AFDEndpoint Microsoft.Cdn/profiles/{profileName}/afdEndpoints/{endpointName}
cdn:AFDOrigin Microsoft.Cdn/profiles/{profileName}/originGroups/{originGroupName}/origins/{originName}
cdn:AFDOriginGroup Microsoft.Cdn/profiles/{profileName}/originGroups/{originGroupName}
cdn:Policy Microsoft.Cdn/cdnWebApplicationFirewallPolicies/{policyName}
cdn:Profile Microsoft.Cdn/profiles/{profileName}
cdn:Route Microsoft.Cdn/profiles/{profileName}/afdEndpoints/{endpointName}/routes/{routeName}
cdn:Rule Microsoft.Cdn/profiles/{profileName}/ruleSets/{ruleSetName}/rules/{ruleName}
cdn:RuleSet Microsoft.Cdn/profiles/{profileName}/ruleSets/{ruleSetName}
cdn:Secret Microsoft.Cdn/profiles/{profileName}/secrets/{secretName}
cdn:SecurityPolicy Microsoft.Cdn/profiles/{profileName}/securityPolicies/{securityPolicyName}
communication:CommunicationService Microsoft.Communication/communicationServices/{communicationServiceName}
communication:Domain Microsoft.Communication/emailServices/{emailServiceName}/domains/{domainName}
communication:EmailService Microsoft.Communication/emailServices/{emailServiceName}
communication:SenderUsername Microsoft.Communication/emailServices/{emailServiceName}/domains/{domainName}/senderUsernames/{senderUsername}
communication:SmtpUsername Microsoft.Communication/communicationServices/{communicationServiceName}/smtpUsernames/{smtpUsername}
containerregistry:CacheRule Microsoft.ContainerRegistry/registries/{registryName}/cacheRules/{cacheRuleName}
containerregistry:Registry Microsoft.ContainerRegistry/registries/{registryName}
containerregistry:Replication Microsoft.ContainerRegistry/registries/{registryName}/replications/{replicationName}
dataprotection:BackupInstance Microsoft.DataProtection/backupVaults/{vaultName}/backupInstances/{backupInstanceName}
dataprotection:BackupPolicy Microsoft.DataProtection/backupVaults/{vaultName}/backupPolicies/{backupPolicyName}
dataprotection:BackupVault Microsoft.DataProtection/backupVaults/{vaultName}
dataprotection:ResourceGuard Microsoft.DataProtection/resourceGuards/{resourceGuardsName}
dbformysql:Configuration Microsoft.DBforMySQL/flexibleServers/{serverName}/configurations/{configurationName}
dbformysql:Database Microsoft.DBforMySQL/flexibleServers/{serverName}/databases/{databaseName}
dbformysql:FirewallRule Microsoft.DBforMySQL/flexibleServers/{serverName}/firewallRules/{firewallRuleName}
dbformysql:Server Microsoft.DBforMySQL/flexibleServers/{serverName}
dbforpostgresql:Administrator Microsoft.DBforPostgreSQL/flexibleServers/{serverName}/administrators/{objectId}
dbforpostgresql:Backup Microsoft.DBforPostgreSQL/flexibleServers/{serverName}/backups/{backupName}
dbforpostgresql:Configuration Microsoft.DBforPostgreSQL/flexibleServers/{serverName}/configurations/{configurationName}
dbforpostgresql:Database Microsoft.DBforPostgreSQL/flexibleServers/{serverName}/databases/{databaseName}
dbforpostgresql:FirewallRule Microsoft.DBforPostgreSQL/flexibleServers/{serverName}/firewallRules/{firewallRuleName}
dbforpostgresql:Server Microsoft.DBforPostgreSQL/flexibleServers/{serverName}
dbforpostgresql:VirtualEndpoint Microsoft.DBforPostgreSQL/flexibleServers/{serverName}/virtualendpoints/{virtualEndpointName}
dns:DnssecConfig Microsoft.Network/dnszones/{zoneName}/dnssecConfigs/default
dns:RecordSet Microsoft.Network/dnszones/{zoneName}/{recordType}/{relativeRecordSetName}
dns:Zone Microsoft.Network/dnszones/{zoneName}
keyvault:Key Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}
keyvault:Secret Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}
keyvault:Vault Microsoft.KeyVault/vaults/{vaultName}
managedidentity:FederatedIdentityCredential Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}
managedidentity:UserAssignedIdentity Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}
monitor:ActionGroup Microsoft.Insights/actionGroups/{actionGroupName}
monitor:ActivityLogAlert Microsoft.Insights/activityLogAlerts/{activityLogAlertName}
monitor:AutoscaleSetting Microsoft.Insights/autoscaleSettings/{autoscaleSettingName}
monitor:AzureMonitorWorkspace Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}
monitor:DataCollectionEndpoint Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}
monitor:DataCollectionRule Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}
monitor:DataCollectionRuleAssociation {resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}
monitor:DiagnosticSetting {resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}
monitor:MetricAlert Microsoft.Insights/metricAlerts/{ruleName}
monitor:ScheduledQueryRule Microsoft.Insights/scheduledQueryRules/{ruleName}
monitor:Sli /providers/Microsoft.Management/serviceGroups/{serviceGroupName}/providers/Microsoft.Monitor/slis/{sliName}
network:NatGateway Microsoft.Network/natGateways/{natGatewayName}
network:NetworkSecurityGroup Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}
network:PrivateDnsZoneGroup Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}
network:PrivateEndpoint Microsoft.Network/privateEndpoints/{privateEndpointName}
network:PublicIPAddress Microsoft.Network/publicIPAddresses/{publicIpAddressName}
network:PublicIPPrefix Microsoft.Network/publicIPPrefixes/{publicIpPrefixName}
network:Route Microsoft.Network/routeTables/{routeTableName}/routes/{routeName}
network:RouteTable Microsoft.Network/routeTables/{routeTableName}
network:SecurityRule Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}
network:Subnet Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}
network:VirtualNetwork Microsoft.Network/virtualNetworks/{virtualNetworkName}
network:VirtualNetworkPeering Microsoft.Network/virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}
operationalinsights:SavedSearch Microsoft.OperationalInsights/workspaces/{workspaceName}/savedSearches/{savedSearchId}
operationalinsights:Table Microsoft.OperationalInsights/workspaces/{workspaceName}/tables/{tableName}
operationalinsights:Workspace Microsoft.OperationalInsights/workspaces/{workspaceName}
privatedns:PrivateRecordSet Microsoft.Network/privateDnsZones/{privateZoneName}/{recordType}/{relativeRecordSetName}
privatedns:PrivateZone Microsoft.Network/privateDnsZones/{privateZoneName}
privatedns:VirtualNetworkLink Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}
resources:Deployment Microsoft.Resources/deployments/{deploymentName}
resources:ResourceGroup /subscriptions/{subscription}/resourceGroups/{resourceGroupName}
servicebus:Namespace Microsoft.ServiceBus/namespaces/{namespaceName}
servicebus:NamespaceAuthorizationRule Microsoft.ServiceBus/namespaces/{namespaceName}/AuthorizationRules/{authorizationRuleName}
servicebus:NamespaceNetworkRuleSet Microsoft.ServiceBus/namespaces/{namespaceName}/networkRuleSets/default
servicebus:Queue Microsoft.ServiceBus/namespaces/{namespaceName}/queues/{queueName}
servicebus:QueueAuthorizationRule Microsoft.ServiceBus/namespaces/{namespaceName}/queues/{queueName}/authorizationRules/{authorizationRuleName}
servicebus:Rule Microsoft.ServiceBus/namespaces/{namespaceName}/topics/{topicName}/subscriptions/{subscriptionName}/rules/{ruleName}
servicebus:Subscription Microsoft.ServiceBus/namespaces/{namespaceName}/topics/{topicName}/subscriptions/{subscriptionName}
servicebus:Topic Microsoft.ServiceBus/namespaces/{namespaceName}/topics/{topicName}
servicebus:TopicAuthorizationRule Microsoft.ServiceBus/namespaces/{namespaceName}/topics/{topicName}/authorizationRules/{authorizationRuleName}
storage:BlobContainer Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}
storage:BlobContainerImmutabilityPolicy Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}/immutabilityPolicies/{immutabilityPolicyName=default}
storage:BlobServiceProperties Microsoft.Storage/storageAccounts/{accountName}/blobServices/{blobServicesName=default}
storage:FileShare Microsoft.Storage/storageAccounts/{accountName}/fileServices/default/shares/{shareName}
storage:ManagementPolicy Microsoft.Storage/storageAccounts/{accountName}/managementPolicies/{managementPolicyName=default}
storage:Queue Microsoft.Storage/storageAccounts/{accountName}/queueServices/default/queues/{queueName}
storage:StorageAccount Microsoft.Storage/storageAccounts/{accountName}
"""  # noqa: E501  (one type a line)

_GAP: Final = re.compile(r"\{(\w+)(?:=(\w+))?\}")

Naming = Literal["random", "copy", "uuid", "fixed", "none"]

_RANDOM: Final = frozenset({"endpointName", "customDomainName"})
"""Gaps that are named by chance although their type lies under another: their names are part of a public address."""

_GUIDS: Final = frozenset({"roleAssignmentName", "roleDefinitionId"})
_GIVEN: Final = frozenset({"objectId"})
"""Last gaps that are no name but must be given."""


@dataclass(frozen=True)
class Kind:
    """A type. `path`: with gaps, from the root."""

    token: str
    path: str

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """The inputs that the path is made of, in order, without the subscription."""
        return tuple(found[1] for found in _GAP.finditer(self.path) if found[1] != "subscription")

    @cached_property
    def fixed(self) -> Mapping[str, str]:
        """Gaps that have one value only."""
        return {found[1]: found[2] for found in _GAP.finditer(self.path) if found[2]}

    @cached_property
    def named_by(self) -> str:
        """The input that holds the name; empty for a type whose name is always the same."""
        last = _GAP.fullmatch(self.path.rpartition("/")[2])
        return last[1] if last else ""

    @cached_property
    def naming(self) -> Naming:
        """How the provider names it where the name is left out."""
        name = self.named_by
        if not name or name in _GIVEN:
            return "none"
        if name in self.fixed:
            return "fixed"
        if name in _GUIDS:
            return "uuid"
        inner = self.path.lower().rpartition("microsoft.")[2]
        alone = inner.count("{") == 1 or "microsoft." not in self.path.lower()
        return "random" if alone or name in _RANDOM else "copy"

    @cached_property
    def kind(self) -> str:
        """The type as the resource manager names it: `Microsoft.Network/virtualNetworks/subnets`."""
        namespace, _, rest = self.path.rpartition("/providers/")[2].partition("/")
        if self.token.endswith(":ResourceGroup"):
            return "Microsoft.Resources/resourceGroups"
        return "/".join([namespace, *rest.split("/")[::2]])

    @cached_property
    def parent_path(self) -> str:
        """The path of what this lies in: another type or the resource group; empty for a type that has a scope."""
        above = self.path.rpartition("/")[0].rpartition("/")[0]
        while above and above not in _PATHS and "/providers/" in above:
            head, _, _ = above.rpartition("/")
            above = head.rpartition("/")[0] if not head.endswith("/providers") else head.removesuffix("/providers")
        return above if above in _PATHS else ""

    @property
    def parent(self) -> Kind | None:
        """The type that this lies in; None for a resource group and for what has a scope."""
        return BY_TOKEN[_PATHS[self.parent_path]] if self.parent_path else None

    @property
    def scope(self) -> str:
        """The input that names the resource that this belongs to, `scope` or `resourceUri`; empty for most types."""
        found = _GAP.match(self.path)
        return found[1] if found else ""


def _read() -> dict[str, Kind]:
    found = {}
    for line in _TABLE.split("\n"):
        if line:
            name, path = line.split()
            whole = path if path[0] in "{/" else f"{_GROUP}/providers/{path}"
            found[f"{PACKAGE}:{name}"] = Kind(f"{PACKAGE}:{name}", whole)
    return found


BY_TOKEN: Final[Mapping[str, Kind]] = _read()
_PATHS: Final[Mapping[str, str]] = {kind.path: token for token, kind in BY_TOKEN.items()}

GROUP: Final = f"{PACKAGE}:resources:ResourceGroup"
SUBNET: Final = f"{PACKAGE}:network:Subnet"
NETWORK: Final = f"{PACKAGE}:network:VirtualNetwork"
PRIVATE_ENDPOINT: Final = f"{PACKAGE}:network:PrivateEndpoint"
PRIVATE_ZONE: Final = f"{PACKAGE}:privatedns:PrivateZone"
ZONE_LINK: Final = f"{PACKAGE}:privatedns:VirtualNetworkLink"
POSTGRESQL: Final = f"{PACKAGE}:dbforpostgresql:Server"
MYSQL: Final = f"{PACKAGE}:dbformysql:Server"
ENVIRONMENT: Final = f"{PACKAGE}:app:ManagedEnvironment"
CONTAINER_APP: Final = f"{PACKAGE}:app:ContainerApp"
JOB: Final = f"{PACKAGE}:app:Job"
NAMESPACE: Final = f"{PACKAGE}:servicebus:Namespace"
QUEUE: Final = f"{PACKAGE}:servicebus:Queue"
TOPIC: Final = f"{PACKAGE}:servicebus:Topic"
VAULT: Final = f"{PACKAGE}:keyvault:Vault"
SECRET: Final = f"{PACKAGE}:keyvault:Secret"
KEY: Final = f"{PACKAGE}:keyvault:Key"
STORAGE: Final = f"{PACKAGE}:storage:StorageAccount"
REGISTRY: Final = f"{PACKAGE}:containerregistry:Registry"
IDENTITY: Final = f"{PACKAGE}:managedidentity:UserAssignedIdentity"
WORKSPACE: Final = f"{PACKAGE}:operationalinsights:Workspace"
LOCKS: Final = (
    f"{PACKAGE}:authorization:ManagementLockByScope",
    f"{PACKAGE}:authorization:ManagementLockAtResourceGroupLevel",
)
ASSIGNMENT: Final = f"{PACKAGE}:authorization:RoleAssignment"
