"""Which inputs name other resources. Most take an id, a self link or a name; the table says which.

A secret may stand by its short name, which the world does not know: `service_rules.py` looks for it, and here it is only held.
Ids that stand anywhere else are checked as well (`ids.recognise`), and accounts by their address (`rules.py`).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from scripts.simulation.clouds.gcp import iam
from scripts.simulation.clouds.gcp.types import PACKAGE, SECRET
from scripts.simulation.clouds.model import Reference

_TABLE: Final = """
artifactregistry/repository:Repository kmsKeyName id kms/cryptoKey:CryptoKey
backupdisasterrecovery/backupPlan:BackupPlan backupVault id backupdisasterrecovery/backupVault:BackupVault
backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation backupPlan id,name backupdisasterrecovery/backupPlan:BackupPlan
certificatemanager/certificate:Certificate managed.dnsAuthorizations[*] id certificatemanager/dnsAuthorization:DnsAuthorization
certificatemanager/certificateMapEntry:CertificateMapEntry map name,id certificatemanager/certificateMap:CertificateMap
certificatemanager/certificateMapEntry:CertificateMapEntry certificates[*] id certificatemanager/certificate:Certificate
cloudrunv2/job:Job template.template.vpcAccess.networkInterfaces[*].network id,selfLink,name compute/network:Network
cloudrunv2/job:Job template.template.vpcAccess.networkInterfaces[*].subnetwork id,selfLink,name compute/subnetwork:Subnetwork
cloudrunv2/job:Job template.template.vpcAccess.connector id,selfLink vpcaccess/connector:Connector
cloudrunv2/service:Service template.vpcAccess.networkInterfaces[*].network id,selfLink,name compute/network:Network
cloudrunv2/service:Service template.vpcAccess.networkInterfaces[*].subnetwork id,selfLink,name compute/subnetwork:Subnetwork
cloudrunv2/service:Service template.vpcAccess.connector id,selfLink vpcaccess/connector:Connector
cloudrunv2/service:Service template.encryptionKey id kms/cryptoKey:CryptoKey
cloudrunv2/workerPool:WorkerPool template.vpcAccess.networkInterfaces[*].network id,selfLink,name compute/network:Network
cloudrunv2/workerPool:WorkerPool template.vpcAccess.networkInterfaces[*].subnetwork id,selfLink,name compute/subnetwork:Subnetwork
compute/backendService:BackendService backends[*].group id,selfLink compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup compute/networkEndpointGroup:NetworkEndpointGroup compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup
compute/backendService:BackendService healthChecks id,selfLink compute/healthCheck:HealthCheck
compute/backendService:BackendService securityPolicy id,selfLink,name compute/securityPolicy:SecurityPolicy
compute/firewall:Firewall network id,selfLink,name compute/network:Network
compute/globalAddress:GlobalAddress network id,selfLink compute/network:Network
compute/globalForwardingRule:GlobalForwardingRule target id,selfLink compute/targetHttpsProxy:TargetHttpsProxy compute/targetHttpProxy:TargetHttpProxy
compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup cloudRun.service name,id cloudrunv2/service:Service cloudrun/service:Service
compute/route:Route network id,selfLink,name compute/network:Network
compute/router:Router network id,selfLink,name compute/network:Network
compute/routerNat:RouterNat router name,id compute/router:Router
compute/routerNat:RouterNat natIps[*] id,selfLink compute/address:Address
compute/routerNat:RouterNat subnetworks[*].name id,selfLink compute/subnetwork:Subnetwork
compute/subnetwork:Subnetwork network id,selfLink,name compute/network:Network
compute/targetHttpProxy:TargetHttpProxy urlMap id,selfLink compute/uRLMap:URLMap
compute/targetHttpsProxy:TargetHttpsProxy urlMap id,selfLink compute/uRLMap:URLMap
compute/targetHttpsProxy:TargetHttpsProxy sslPolicy id,selfLink,name compute/sSLPolicy:SSLPolicy
compute/targetHttpsProxy:TargetHttpsProxy sslCertificates[*] id,selfLink,name compute/managedSslCertificate:ManagedSslCertificate compute/sSLCertificate:SSLCertificate
compute/uRLMap:URLMap defaultService id,selfLink compute/backendService:BackendService compute/backendBucket:BackendBucket
compute/uRLMap:URLMap pathMatchers[*].defaultService id,selfLink compute/backendService:BackendService compute/backendBucket:BackendBucket
compute/uRLMap:URLMap pathMatchers[*].pathRules[*].service id,selfLink compute/backendService:BackendService compute/backendBucket:BackendBucket
dns/managedZone:ManagedZone privateVisibilityConfig.networks[*].networkUrl id,selfLink compute/network:Network
dns/policy:Policy networks[*].networkUrl id,selfLink compute/network:Network
dns/recordSet:RecordSet managedZone name dns/managedZone:ManagedZone
kms/cryptoKey:CryptoKey keyRing id kms/keyRing:KeyRing
monitoring/alertPolicy:AlertPolicy notificationChannels[*] name,id monitoring/notificationChannel:NotificationChannel
pubsub/subscription:Subscription topic name,id pubsub/topic:Topic
pubsub/subscription:Subscription deadLetterPolicy.deadLetterTopic id pubsub/topic:Topic
pubsub/topic:Topic kmsKeyName id kms/cryptoKey:CryptoKey
secretmanager/secretVersion:SecretVersion secret id,name secretmanager/secret:Secret
servicenetworking/connection:Connection network id,selfLink,name compute/network:Network
servicenetworking/connection:Connection reservedPeeringRanges[*] name compute/globalAddress:GlobalAddress
serviceaccount/key:Key serviceAccountId name,id serviceaccount/account:Account
sql/database:Database instance name,id sql/databaseInstance:DatabaseInstance
sql/databaseInstance:DatabaseInstance masterInstanceName name,id sql/databaseInstance:DatabaseInstance
sql/databaseInstance:DatabaseInstance settings.ipConfiguration.privateNetwork id,selfLink compute/network:Network
sql/databaseInstance:DatabaseInstance settings.ipConfiguration.allocatedIpRange name compute/globalAddress:GlobalAddress
sql/databaseInstance:DatabaseInstance encryptionKeyName id kms/cryptoKey:CryptoKey
sql/databaseInstance:DatabaseInstance clone.sourceInstanceName name,id sql/databaseInstance:DatabaseInstance
sql/user:User instance name,id sql/databaseInstance:DatabaseInstance
storage/bucketObject:BucketObject bucket name,id storage/bucket:Bucket
vpcaccess/connector:Connector network name,id,selfLink compute/network:Network
"""  # noqa: E501  (one reference a line)


@cache
def of(token: str) -> tuple[Reference, ...]:
    """The references of a type."""
    access = iam.of(token)
    if access is not None:
        owned = (access.owner,) if access.owner else ()
        unseen = ("",) if access.owner == SECRET else ()
        return (Reference(access.field, owned, ("id", "name", "secretId", "selfLink"), unseen),) if owned else ()
    found = []
    for line in _TABLE.strip().splitlines():
        owner, path, attributes, *kinds = line.split()
        if f"{PACKAGE}:{owner}" == token:
            tokens = tuple(f"{PACKAGE}:{kind}" for kind in kinds)
            found.append(Reference(path, tokens, tuple(attributes.split(","))))
    return tuple(found)
