"""What the provider adds to the inputs: names, and the defaults that its schema states (terraform-provider-google 7.45).

Top-level ones only. `deletionPolicy` has none there: a resource without it is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scripts.simulation.clouds.gcp import names
from scripts.simulation.clouds.gcp.types import PACKAGE
from scripts.simulation.values import Properties, Value

_DESCRIBED: Final[Mapping[str, Value]] = {"description": "Managed by Pulumi"}

_BY_NAME: Final[Mapping[str, Mapping[str, Value]]] = {
    "artifactregistry/repository:Repository": {"mode": "STANDARD_REPOSITORY"},
    "backupdisasterrecovery/backupVault:BackupVault": {
        "accessRestriction": "WITHIN_ORGANIZATION",
        "allowMissing": False,
        "forceDelete": False,
        "forceUpdate": False,
        "ignoreBackupPlanReferences": False,
        "ignoreInactiveDatasources": False,
    },
    "certificatemanager/certificate:Certificate": {"location": "global", "scope": "DEFAULT"},
    "certificatemanager/certificateIssuanceConfig:CertificateIssuanceConfig": {"location": "global"},
    "certificatemanager/dnsAuthorization:DnsAuthorization": {"location": "global"},
    "cloudrunv2/job:Job": {"deletionProtection": True},
    "cloudrunv2/service:Service": {"deletionProtection": True},
    "cloudrunv2/workerPool:WorkerPool": {"deletionProtection": True},
    "cloudscheduler/job:Job": {"attemptDeadline": "180s", "timeZone": "Etc/UTC"},
    "compute/address:Address": {"addressType": "EXTERNAL"},
    "compute/backendService:BackendService": {
        "connectionDrainingTimeoutSec": 300,
        "loadBalancingScheme": "EXTERNAL_MANAGED",
    },
    "compute/firewall:Firewall": {"priority": 1000},
    "compute/forwardingRule:ForwardingRule": {"loadBalancingScheme": "EXTERNAL"},
    "compute/globalAddress:GlobalAddress": {"addressType": "EXTERNAL"},
    "compute/globalForwardingRule:GlobalForwardingRule": {"loadBalancingScheme": "EXTERNAL_MANAGED"},
    "compute/healthCheck:HealthCheck": {
        "checkIntervalSec": 5,
        "healthyThreshold": 2,
        "timeoutSec": 5,
        "unhealthyThreshold": 2,
    },
    "compute/network:Network": {
        "autoCreateSubnetworks": True,
        "deleteDefaultRoutesOnCreate": False,
        "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
    },
    "compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": {"networkEndpointType": "SERVERLESS"},
    "compute/route:Route": {"priority": 1000},
    "compute/routerNat:RouterNat": {
        "icmpIdleTimeoutSec": 30,
        "tcpEstablishedIdleTimeoutSec": 1200,
        "tcpTimeWaitTimeoutSec": 120,
        "tcpTransitoryIdleTimeoutSec": 30,
        "type": "PUBLIC",
        "udpIdleTimeoutSec": 30,
    },
    "compute/sSLPolicy:SSLPolicy": {"minTlsVersion": "TLS_1_0", "profile": "COMPATIBLE"},
    "compute/targetHttpsProxy:TargetHttpsProxy": {"quicOverride": "NONE"},
    "dns/managedZone:ManagedZone": {**_DESCRIBED, "forceDestroy": False, "visibility": "public"},
    "dns/policy:Policy": _DESCRIBED,
    "kms/cryptoKey:CryptoKey": {"purpose": "ENCRYPT_DECRYPT"},
    "monitoring/alertPolicy:AlertPolicy": {"enabled": True},
    "monitoring/notificationChannel:NotificationChannel": {"enabled": True, "forceDelete": False},
    "monitoring/uptimeCheckConfig:UptimeCheckConfig": {"period": "300s"},
    "projects/iAMCustomRole:IAMCustomRole": {"stage": "GA"},
    "pubsub/subscription:Subscription": {"messageRetentionDuration": "604800s"},
    "secretmanager/secret:Secret": {"deletionProtection": False},
    "secretmanager/secretVersion:SecretVersion": {"enabled": True},
    "serviceaccount/account:Account": {"disabled": False},
    "serviceaccount/key:Key": {
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
        "publicKeyType": "TYPE_X509_PEM_FILE",
    },
    "sql/databaseInstance:DatabaseInstance": {"deletionProtection": True},
    "storage/bucket:Bucket": {"forceDestroy": False, "storageClass": "STANDARD"},
    "vpcaccess/connector:Connector": {"machineType": "e2-micro"},
}
STATED: Final = {f"{PACKAGE}:{token}": values for token, values in _BY_NAME.items()}


def defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
    """The additions to the inputs of one resource."""
    stated = {key: value for key, value in STATED.get(token, {}).items() if inputs.get(key) is None}
    return {**stated, **names.defaults(token, name, inputs, old, seed)}
