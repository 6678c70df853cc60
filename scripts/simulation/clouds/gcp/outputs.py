"""Computed outputs. What is given as an input is given back as it was.

Everything depends on the id, the inputs and the place alone, so that an update gives the same values again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scripts.simulation.clouds.gcp import network_outputs, service_outputs
from scripts.simulation.clouds.gcp.ids import digits, link
from scripts.simulation.clouds.gcp.types import BY_TOKEN, PACKAGE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

Make = Callable[[Candidate, str], Mapping[str, Value]]

_LABELS: Final = """
artifactregistry/repository:Repository backupdisasterrecovery/backupVault:BackupVault
certificatemanager/certificate:Certificate certificatemanager/certificateIssuanceConfig:CertificateIssuanceConfig
certificatemanager/certificateMap:CertificateMap certificatemanager/certificateMapEntry:CertificateMapEntry
certificatemanager/dnsAuthorization:DnsAuthorization certificatemanager/trustConfig:TrustConfig cloudrunv2/job:Job
cloudrunv2/service:Service cloudrunv2/workerPool:WorkerPool compute/address:Address compute/disk:Disk
compute/forwardingRule:ForwardingRule compute/globalAddress:GlobalAddress compute/globalForwardingRule:GlobalForwardingRule
compute/instance:Instance compute/instanceTemplate:InstanceTemplate compute/securityPolicy:SecurityPolicy
dns/managedZone:ManagedZone kms/cryptoKey:CryptoKey
networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy pubsub/subscription:Subscription pubsub/topic:Topic
secretmanager/regionalSecret:RegionalSecret secretmanager/secret:Secret storage/bucket:Bucket
"""
_ANNOTATIONS: Final = """
backupdisasterrecovery/backupVault:BackupVault cloudrunv2/job:Job cloudrunv2/service:Service
cloudrunv2/workerPool:WorkerPool secretmanager/regionalSecret:RegionalSecret secretmanager/secret:Secret
"""
_NAMED_BY_ID: Final = """
artifactregistry/rule:Rule backupdisasterrecovery/backupPlan:BackupPlan
backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation backupdisasterrecovery/backupVault:BackupVault
logging/linkedDataset:LinkedDataset logging/projectBucketConfig:ProjectBucketConfig
monitoring/alertPolicy:AlertPolicy monitoring/customService:CustomService monitoring/genericService:GenericService
monitoring/notificationChannel:NotificationChannel monitoring/slo:Slo monitoring/uptimeCheckConfig:UptimeCheckConfig
projects/iAMCustomRole:IAMCustomRole secretmanager/regionalSecret:RegionalSecret
secretmanager/regionalSecretVersion:RegionalSecretVersion secretmanager/secretVersion:SecretVersion
serviceaccount/account:Account serviceaccount/key:Key
"""
_UNLINKED: Final = """
compute/networkPeering:NetworkPeering compute/routerInterface:RouterInterface compute/routerNat:RouterNat
"""
_NO_PROJECT: Final = """
backupdisasterrecovery/serviceConfig:ServiceConfig compute/networkPeering:NetworkPeering kms/cryptoKey:CryptoKey
logging/linkedDataset:LinkedDataset logging/logView:LogView
secretmanager/regionalSecretVersion:RegionalSecretVersion serviceaccount/key:Key servicenetworking/connection:Connection
storage/bucketObject:BucketObject storage/folder:Folder storage/managedFolder:ManagedFolder
storage/notification:Notification
"""
_REGIONAL: Final = """
cloudscheduler/job:Job compute/address:Address compute/forwardingRule:ForwardingRule
compute/regionBackendService:RegionBackendService compute/regionHealthCheck:RegionHealthCheck
compute/regionUrlMap:RegionUrlMap compute/resourcePolicy:ResourcePolicy compute/router:Router
compute/routerInterface:RouterInterface compute/routerNat:RouterNat compute/serviceAttachment:ServiceAttachment
compute/subnetwork:Subnetwork sql/databaseInstance:DatabaseInstance
sql/sourceRepresentationInstance:SourceRepresentationInstance vpcaccess/connector:Connector
"""


def _tokens(text: str) -> frozenset[str]:
    return frozenset(f"{PACKAGE}:{token}" for token in text.split())


LABELLED: Final = _tokens(_LABELS)
ANNOTATED: Final = _tokens(_ANNOTATIONS)
NAMED_BY_ID: Final = _tokens(_NAMED_BY_ID)
UNLINKED: Final = _tokens(_UNLINKED)
NO_PROJECT: Final = _tokens(_NO_PROJECT)
REGIONAL: Final = _tokens(_REGIONAL)

_LINKED: Final = (f"{PACKAGE}:compute/", f"{PACKAGE}:vpcaccess/")
_LINKED_ALONE: Final = _tokens(
    "sql/database:Database sql/databaseInstance:DatabaseInstance storage/bucket:Bucket storage/bucketObject:BucketObject"
)
_BY_TOKEN: Final[Mapping[str, Make]] = {**network_outputs.OUTPUTS, **service_outputs.OUTPUTS}


def outputs(candidate: Candidate, identifier: str) -> dict[str, Value]:
    """The computed outputs of something that is made or changed."""
    token, inputs = candidate.token, candidate.inputs
    found: dict[str, Value] = {}
    if token not in BY_TOKEN:
        if token.rpartition(":")[2].lower().endswith(("iammember", "iambinding", "iampolicy")):
            found["etag"] = f"BwY{digits('upper', 8, identifier)}="
        return found
    if token not in NO_PROJECT:
        found["project"] = candidate.place.account
    if token in REGIONAL and candidate.place.region:
        found["region"] = candidate.place.region
    if token in NAMED_BY_ID:
        found["name"] = identifier
    if token in LABELLED:
        given = inputs.get("labels") or {}
        found["effectiveLabels"] = {**given, "goog-pulumi-provisioned": "true"}
        found["pulumiLabels"] = {**given, "goog-pulumi-provisioned": "true"}
    if token in ANNOTATED:
        found["effectiveAnnotations"] = dict(inputs.get("annotations") or {})
    if (token.startswith(_LINKED) and token not in UNLINKED) or token in _LINKED_ALONE:
        found["selfLink"] = link(token, identifier, candidate)
    more = _BY_TOKEN.get(token)
    if more is not None:
        found.update(more(candidate, identifier))
    return {key: value for key, value in found.items() if inputs.get(key) is None}
