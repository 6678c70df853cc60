"""The types of the simulated Google Cloud, and the form of each one's id.

A line is a token without the package's name and the id that the provider keeps (terraform-provider-google, `SetId` of each
resource). Gaps are inputs of the SDK, or made from the seed: `hex40`, `digits18`, `upper55`, `uuid`, `number` (the project's
number), and a few that `ids.py` fills. A type with the gap `name` is named by the provider where its name is left out.
Members, bindings and policies of access are no lines here: `iam.py` knows their form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

PACKAGE: Final = "gcp"

_TABLE: Final = """
artifactregistry/repository:Repository projects/{project}/locations/{location}/repositories/{repositoryId}
artifactregistry/rule:Rule projects/{project}/locations/{location}/repositories/{repositoryId}/rules/{ruleId}
backupdisasterrecovery/backupPlan:BackupPlan projects/{project}/locations/{location}/backupPlans/{backupPlanId}
backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation projects/{project}/locations/{location}/backupPlanAssociations/{backupPlanAssociationId}
backupdisasterrecovery/backupVault:BackupVault projects/{project}/locations/{location}/backupVaults/{backupVaultId}
certificatemanager/certificate:Certificate projects/{project}/locations/{location}/certificates/{name}
certificatemanager/certificateIssuanceConfig:CertificateIssuanceConfig projects/{project}/locations/{location}/certificateIssuanceConfigs/{name}
certificatemanager/certificateMap:CertificateMap projects/{project}/locations/global/certificateMaps/{name}
certificatemanager/certificateMapEntry:CertificateMapEntry projects/{project}/locations/global/certificateMaps/{map}/certificateMapEntries/{name}
certificatemanager/dnsAuthorization:DnsAuthorization projects/{project}/locations/{location}/dnsAuthorizations/{name}
certificatemanager/trustConfig:TrustConfig projects/{project}/locations/{location}/trustConfigs/{name}
cloudrunv2/job:Job projects/{project}/locations/{location}/jobs/{name}
cloudrunv2/service:Service projects/{project}/locations/{location}/services/{name}
cloudrunv2/workerPool:WorkerPool projects/{project}/locations/{location}/workerPools/{name}
cloudscheduler/job:Job projects/{project}/locations/{region}/jobs/{name}
cloudtasks/queue:Queue projects/{project}/locations/{location}/queues/{name}
compute/address:Address projects/{project}/regions/{region}/addresses/{name}
compute/backendBucket:BackendBucket projects/{project}/global/backendBuckets/{name}
compute/backendService:BackendService projects/{project}/global/backendServices/{name}
compute/disk:Disk projects/{project}/zones/{zone}/disks/{name}
compute/firewall:Firewall projects/{project}/global/firewalls/{name}
compute/forwardingRule:ForwardingRule projects/{project}/regions/{region}/forwardingRules/{name}
compute/globalAddress:GlobalAddress projects/{project}/global/addresses/{name}
compute/globalForwardingRule:GlobalForwardingRule projects/{project}/global/forwardingRules/{name}
compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup projects/{project}/global/networkEndpointGroups/{name}
compute/healthCheck:HealthCheck projects/{project}/global/healthChecks/{name}
compute/instance:Instance projects/{project}/zones/{zone}/instances/{name}
compute/instanceTemplate:InstanceTemplate projects/{project}/global/instanceTemplates/{name}
compute/managedSslCertificate:ManagedSslCertificate projects/{project}/global/sslCertificates/{name}
compute/network:Network projects/{project}/global/networks/{name}
compute/networkEndpointGroup:NetworkEndpointGroup projects/{project}/zones/{zone}/networkEndpointGroups/{name}
compute/networkFirewallPolicy:NetworkFirewallPolicy projects/{project}/global/firewallPolicies/{name}
compute/networkPeering:NetworkPeering {networkName}/{name}
compute/regionBackendService:RegionBackendService projects/{project}/regions/{region}/backendServices/{name}
compute/regionHealthCheck:RegionHealthCheck projects/{project}/regions/{region}/healthChecks/{name}
compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup projects/{project}/regions/{region}/networkEndpointGroups/{name}
compute/regionUrlMap:RegionUrlMap projects/{project}/regions/{region}/urlMaps/{name}
compute/resourcePolicy:ResourcePolicy projects/{project}/regions/{region}/resourcePolicies/{name}
compute/route:Route projects/{project}/global/routes/{name}
compute/router:Router projects/{project}/regions/{region}/routers/{name}
compute/routerInterface:RouterInterface {region}/{router}/{name}
compute/routerNat:RouterNat {project}/{region}/{router}/{name}
compute/sSLCertificate:SSLCertificate projects/{project}/global/sslCertificates/{name}
compute/sSLPolicy:SSLPolicy projects/{project}/global/sslPolicies/{name}
compute/securityPolicy:SecurityPolicy projects/{project}/global/securityPolicies/{name}
compute/serviceAttachment:ServiceAttachment projects/{project}/regions/{region}/serviceAttachments/{name}
compute/subnetwork:Subnetwork projects/{project}/regions/{region}/subnetworks/{name}
compute/targetHttpProxy:TargetHttpProxy projects/{project}/global/targetHttpProxies/{name}
compute/targetHttpsProxy:TargetHttpsProxy projects/{project}/global/targetHttpsProxies/{name}
compute/uRLMap:URLMap projects/{project}/global/urlMaps/{name}
dns/managedZone:ManagedZone projects/{project}/managedZones/{name}
dns/policy:Policy projects/{project}/policies/{name}
dns/recordSet:RecordSet projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}
dns/responsePolicy:ResponsePolicy projects/{project}/responsePolicies/{responsePolicyName}
dns/responsePolicyRule:ResponsePolicyRule projects/{project}/responsePolicies/{responsePolicy}/rules/{ruleName}
kms/cryptoKey:CryptoKey {keyRing}/cryptoKeys/{name}
kms/keyRing:KeyRing projects/{project}/locations/{location}/keyRings/{name}
logging/linkedDataset:LinkedDataset {parent}/locations/{location}/buckets/{bucket}/links/{linkId}
logging/logView:LogView {parent}/locations/{location}/buckets/{bucket}/views/{name}
logging/metric:Metric {name}
logging/projectBucketConfig:ProjectBucketConfig projects/{project}/locations/{location}/buckets/{bucketId}
logging/projectExclusion:ProjectExclusion projects/{project}/exclusions/{name}
logging/projectSink:ProjectSink projects/{project}/sinks/{name}
monitoring/alertPolicy:AlertPolicy projects/{project}/alertPolicies/{digits18}
monitoring/customService:CustomService projects/{number}/services/{serviceId}
monitoring/dashboard:Dashboard projects/{number}/dashboards/{uuid}
monitoring/genericService:GenericService projects/{project}/services/{serviceId}
monitoring/notificationChannel:NotificationChannel projects/{project}/notificationChannels/{digits18}
monitoring/slo:Slo projects/{number}/services/{service}/serviceLevelObjectives/{sloId}
monitoring/uptimeCheckConfig:UptimeCheckConfig projects/{project}/uptimeCheckConfigs/{slug}-{hex11}
networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy projects/{project}/locations/{location}/serviceConnectionPolicies/{name}
projects/apiKey:ApiKey projects/{project}/locations/global/keys/{name}
projects/iAMCustomRole:IAMCustomRole projects/{project}/roles/{roleId}
projects/service:Service {project}/{service}
projects/serviceIdentity:ServiceIdentity projects/{project}/services/{service}
pubsub/schema:Schema projects/{project}/schemas/{name}
pubsub/subscription:Subscription projects/{project}/subscriptions/{name}
pubsub/topic:Topic projects/{project}/topics/{name}
secretmanager/regionalSecret:RegionalSecret projects/{project}/locations/{location}/secrets/{secretId}
secretmanager/regionalSecretVersion:RegionalSecretVersion {secret}/versions/{version}
secretmanager/secret:Secret projects/{project}/secrets/{secretId}
secretmanager/secretVersion:SecretVersion projects/{number}/secrets/{secretName}/versions/{version}
serviceaccount/account:Account projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com
serviceaccount/key:Key projects/{project}/serviceAccounts/{accountEmail}/keys/{hex40}
servicenetworking/connection:Connection {networkUri}:{service}
servicenetworking/peeredDnsDomain:PeeredDnsDomain services/{service}/projects/{project}/global/networks/{networkName}/peeredDnsDomains/{name}
sql/database:Database projects/{project}/instances/{instance}/databases/{name}
sql/databaseInstance:DatabaseInstance {name}
sql/sourceRepresentationInstance:SourceRepresentationInstance projects/{project}/instances/{name}
sql/sslCert:SslCert projects/{project}/instances/{instance}/sslCerts/{hex40}
sql/user:User {name}/{host}/{instance}
storage/bucket:Bucket {name}
storage/bucketObject:BucketObject {bucket}-{name}
storage/folder:Folder {bucket}/{name}
storage/hmacKey:HmacKey projects/{project}/hmacKeys/GOOG1E{upper55}
storage/managedFolder:ManagedFolder {bucket}/{name}
storage/notification:Notification {bucket}/notificationConfigs/1
vpcaccess/connector:Connector projects/{project}/locations/{region}/connectors/{name}
"""  # noqa: E501  (one type a line)

_GAP: Final = re.compile(r"\{(\w+)\}")
_NAMED_BY_HAND: Final = frozenset({"dns/recordSet:RecordSet"})
"""Types whose name is part of what they say: it must be given."""


@dataclass(frozen=True)
class Kind:
    """A type and the form of its id."""

    token: str
    form: str

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        return tuple(_GAP.findall(self.form))

    @property
    def is_named(self) -> bool:
        """Whether the provider makes a name where none is given."""
        return "name" in self.gaps and self.token.removeprefix(f"{PACKAGE}:") not in _NAMED_BY_HAND


def _read() -> dict[str, Kind]:
    found = {}
    for line in _TABLE.split("\n"):
        if line:
            name, form = line.split()
            found[f"{PACKAGE}:{name}"] = Kind(f"{PACKAGE}:{name}", form)
    return found


BY_TOKEN: Final[Mapping[str, Kind]] = _read()


def _token(module: str, name: str) -> str:
    return f"{PACKAGE}:{module}/{name[0].lower()}{name[1:]}:{name}"


ADDRESS: Final = _token("compute", "GlobalAddress")
BACKEND: Final = _token("compute", "BackendService")
GROUP: Final = _token("compute", "RegionNetworkEndpointGroup")
NETWORK: Final = _token("compute", "Network")
SUBNETWORK: Final = _token("compute", "Subnetwork")
ROUTER: Final = _token("compute", "Router")
CONNECTION: Final = _token("servicenetworking", "Connection")
INSTANCE: Final = _token("sql", "DatabaseInstance")
DATABASE: Final = _token("sql", "Database")
USER: Final = _token("sql", "User")
TOPIC: Final = _token("pubsub", "Topic")
SUBSCRIPTION: Final = _token("pubsub", "Subscription")
RUN_SERVICE: Final = _token("cloudrunv2", "Service")
RUN_JOB: Final = _token("cloudrunv2", "Job")
WORKER_POOL: Final = _token("cloudrunv2", "WorkerPool")
SECRET: Final = _token("secretmanager", "Secret")
SECRET_VERSION: Final = _token("secretmanager", "SecretVersion")
KEY_RING: Final = _token("kms", "KeyRing")
KEY: Final = _token("kms", "CryptoKey")
ZONE: Final = _token("dns", "ManagedZone")
RECORD: Final = _token("dns", "RecordSet")
ACCOUNT: Final = _token("serviceaccount", "Account")
BUCKET: Final = _token("storage", "Bucket")
OBJECT: Final = _token("storage", "BucketObject")
SLO: Final = _token("monitoring", "Slo")
