"""The inputs whose change makes a new resource.

`TABLE` is what terraform-provider-google 7.45 marks ForceNew in the schema of each type, under the SDK's names.
By more than the schema it replaces for a smaller disk of Cloud SQL, for a range of a subnetwork that does not hold the old one
and for the way back from a private network: `rules.py` refuses those. Left out: `tags`, which only bind at creation.
For types that are not listed, Google's own description of its API says which properties are immutable (`discovery.py`).
"""

from __future__ import annotations

from scripts.simulation.clouds import replacement
from scripts.simulation.clouds.gcp import discovery, iam
from scripts.simulation.clouds.gcp.types import PACKAGE

_MARKED = """
artifactregistry/repository:Repository  format kmsKeyName location mavenConfig.allowSnapshotOverwrites
    mavenConfig.versionPolicy mode project remoteRepositoryConfig repositoryId
artifactregistry/rule:Rule  location project repositoryId ruleId
backupdisasterrecovery/backupPlan:BackupPlan  backupPlanId backupVault location logRetentionDays project
backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation  project
backupdisasterrecovery/backupVault:BackupVault  backupVaultId location project
certificatemanager/certificate:Certificate  location managed name project scope
certificatemanager/certificateIssuanceConfig:CertificateIssuanceConfig  certificateAuthorityConfig description
    keyAlgorithm lifetime location name project rotationWindowPercentage
certificatemanager/certificateMap:CertificateMap  name project
certificatemanager/certificateMapEntry:CertificateMapEntry  hostname map matcher name project
certificatemanager/dnsAuthorization:DnsAuthorization  domain location name project type
certificatemanager/trustConfig:TrustConfig  location name project
cloudrunv2/job:Job  location name project
cloudrunv2/service:Service  location name project
cloudrunv2/workerPool:WorkerPool  location name project template.containers[*].dependsOns
cloudscheduler/job:Job  name project region
cloudtasks/queue:Queue  location name project
compute/address:Address  address addressType description ipCollection ipVersion ipv6EndpointType name network
    networkTier prefixLength project purpose region subnetwork
compute/backendBucket:BackendBucket  name params project
compute/backendService:BackendService  name params project
compute/firewall:Firewall  direction name params project
compute/forwardingRule:ForwardingRule  allPorts backendService description ipAddress ipCollection ipProtocol ipVersion
    isMirroringCollector loadBalancingScheme name network networkTier noAutomateDnsZone portRange ports project region
    serviceDirectoryRegistrations serviceLabel sourceIpRanges subnetwork
compute/globalAddress:GlobalAddress  address addressType description ipVersion name network prefixLength project purpose
compute/globalForwardingRule:GlobalForwardingRule  description ipAddress ipProtocol ipVersion metadataFilters name
    network networkTier noAutomateDnsZone portRange project serviceDirectoryRegistrations sourceIpRanges subnetwork
compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup  defaultPort description name networkEndpointType project
compute/healthCheck:HealthCheck  name project
compute/instance:Instance  advancedMachineFeatures.enableUefiNetworking attachedDisks[*].forceAttach bootDisk
    confidentialInstanceConfig guestAccelerators hostname instanceEncryptionKey keyRevocationActionType name
    networkInterfaces networkPerformanceConfig params project reservationAffinity scheduling.localSsdRecoveryTimeout
    scheduling.maxRunDuration scheduling.onInstanceStopAction scheduling.preemptible scheduling.provisioningModel
    scheduling.terminationTime scratchDisks workloadIdentityConfig.identity
    workloadIdentityConfig.identityCertificateEnabled zone
compute/instanceTemplate:InstanceTemplate  advancedMachineFeatures canIpForward confidentialInstanceConfig description
    disks guestAccelerators instanceDescription keyRevocationActionType machineType metadata metadataStartupScript
    minCpuPlatform name namePrefix networkInterfaces networkPerformanceConfig project region reservationAffinity
    resourceManagerTags resourcePolicies scheduling serviceAccount shieldedInstanceConfig workloadIdentityConfig
compute/managedSslCertificate:ManagedSslCertificate  description managed name project type
compute/network:Network  autoCreateSubnetworks description internalIpv6Range name networkProfile params project
compute/networkEndpointGroup:NetworkEndpointGroup  defaultPort description name network networkEndpointType project
    subnetwork zone
compute/networkFirewallPolicy:NetworkFirewallPolicy  name policyType project
compute/networkPeering:NetworkPeering  exportSubnetRoutesWithPublicIp importSubnetRoutesWithPublicIp name network
    peerNetwork
compute/regionBackendService:RegionBackendService  haPolicy.fastIpMove loadBalancingScheme name network params project
compute/regionHealthCheck:RegionHealthCheck  name project region
compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup  appEngine cloudFunction cloudRun description name network
    networkEndpointType project pscData pscTargetService region subnetwork
compute/regionUrlMap:RegionUrlMap  name project
compute/resourcePolicy:ResourcePolicy  diskConsistencyGroupPolicy.enabled groupPlacementPolicy.gpuTopology project
    region workloadPolicy.acceleratorTopology workloadPolicy.maxTopologyDistance workloadPolicy.type
compute/route:Route  description destRange name network nextHopGateway nextHopIlb nextHopInstance nextHopInstanceZone
    nextHopIp nextHopVpnTunnel params priority project
compute/router:Router  encryptedInterconnectRouter name nccGateway network params project region
compute/routerInterface:RouterInterface  interconnectAttachment ipRange ipVersion name privateIpAddress project
    redundantInterface region router subnetwork vpnTunnel
compute/routerNat:RouterNat  endpointTypes initialNatIps name project region router type
compute/sSLCertificate:SSLCertificate  certificate description name namePrefix privateKey privateKeyWoVersion project
compute/sSLPolicy:SSLPolicy  description name project
compute/securityPolicy:SecurityPolicy  name project type
compute/serviceAttachment:ServiceAttachment  domainNames name project region
compute/subnetwork:Subnetwork  description externalIpv6Prefix internalIpv6Prefix name network params project region
    reservedInternalRange resolveSubnetMask
compute/targetHttpProxy:TargetHttpProxy  description httpKeepAliveTimeoutSec name project proxyBind
compute/targetHttpsProxy:TargetHttpsProxy  description httpKeepAliveTimeoutSec name project proxyBind tlsEarlyData
compute/uRLMap:URLMap  name project
dns/managedZone:ManagedZone  dnsName name project visibility
dns/policy:Policy  dns64Config name project
dns/recordSet:RecordSet  managedZone name project routingPolicy.healthCheck
dns/responsePolicy:ResponsePolicy  project responsePolicyName
dns/responsePolicyRule:ResponsePolicyRule  project ruleName
kms/cryptoKey:CryptoKey  cryptoKeyBackend destroyScheduledDuration importOnly keyRing name purpose
    versionTemplate.protectionLevel
kms/keyRing:KeyRing  location name project
logging/linkedDataset:LinkedDataset  bucket description linkId location parent
logging/logView:LogView  bucket location name parent
logging/metric:Metric  metricDescriptor.labels[*].key metricDescriptor.labels[*].valueType project
logging/projectBucketConfig:ProjectBucketConfig
logging/projectSink:ProjectSink
monitoring/alertPolicy:AlertPolicy  project
monitoring/customService:CustomService  project serviceId
monitoring/dashboard:Dashboard  project
monitoring/genericService:GenericService  basicService project serviceId
monitoring/notificationChannel:NotificationChannel  project
monitoring/slo:Slo  project service sloId
monitoring/uptimeCheckConfig:UptimeCheckConfig  checkerType httpCheck.requestMethod monitoredResource project
    resourceGroup syntheticMonitor
networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy  location name network project serviceClass
projects/apiKey:ApiKey  name project serviceAccountEmail
projects/iAMCustomRole:IAMCustomRole  project roleId
pubsub/schema:Schema  name project
pubsub/subscription:Subscription  enableMessageOrdering filter name project topic
pubsub/topic:Topic  name project
secretmanager/regionalSecret:RegionalSecret  location project secretId
secretmanager/regionalSecretVersion:RegionalSecretVersion  isSecretDataBase64 secret secretData
secretmanager/secret:Secret  project replication secretId
secretmanager/secretVersion:SecretVersion  isSecretDataBase64 project secret secretData secretDataWoVersion
serviceaccount/account:Account  accountId project
serviceaccount/key:Key  keepers keyAlgorithm privateKeyType publicKeyData publicKeyType serviceAccountId
servicenetworking/connection:Connection  network service
servicenetworking/peeredDnsDomain:PeeredDnsDomain  dnsSuffix name network project service
sql/database:Database  instance name project
sql/databaseInstance:DatabaseInstance  encryptionKeyName masterInstanceName name project region
    replicaConfiguration.caCertificate
    replicaConfiguration.clientCertificate replicaConfiguration.clientKey replicaConfiguration.connectRetryInterval
    replicaConfiguration.dumpFilePath replicaConfiguration.failoverTarget replicaConfiguration.masterHeartbeatPeriod
    replicaConfiguration.password replicaConfiguration.sslCipher replicaConfiguration.username
    replicaConfiguration.verifyServerCertificate settings.collation
sql/sourceRepresentationInstance:SourceRepresentationInstance  caCertificate clientCertificate clientKey databaseVersion
    dumpFilePath host name password port project region username
sql/sslCert:SslCert  commonName instance project
sql/user:User  host instance name project type
storage/bucket:Bucket  customPlacementConfig.dataLocations enableObjectRetention hierarchicalNamespace location name
    project
storage/bucketObject:BucketObject  bucket cacheControl contentDisposition contentEncoding contentLanguage contentType
    customerEncryption.encryptionAlgorithm customerEncryption.encryptionKey forceEmptyContentType kmsKeyName metadata
    name source storageClass
storage/folder:Folder  bucket name
storage/hmacKey:HmacKey  project serviceAccountEmail
storage/managedFolder:ManagedFolder  bucket name
vpcaccess/connector:Connector  ipCidrRange maxThroughput minThroughput name network project region subnet
projects/service:Service  project service
projects/serviceIdentity:ServiceIdentity  project service
"""

TABLE = replacement.table(PACKAGE, _MARKED)


def of(token: str) -> frozenset[str] | None:
    """The patterns of a type; None where nothing is known of it."""
    found = TABLE.get(token)
    if found is not None:
        return found
    access = iam.of(token)
    return access.replaces if access is not None else discovery.immutable(token)
