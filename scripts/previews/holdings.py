"""Which types hold something that a new resource would not have: data, or a place in the world that others rely on.

A replaced database is an empty one; a replaced key makes what it encrypted unreadable; a replaced zone has other name servers,
and a replaced mail identity has to be verified again before anything is sent. What is made anew from the description alone
(records, alarms, services, versions of a secret) is not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_TABLE: Final = {
    "its rows": """
        aws:rds/instance:Instance aws:rds/cluster:Cluster aws:rds/globalCluster:GlobalCluster aws:docdb/cluster:Cluster
        aws:dsql/cluster:Cluster aws:dynamodb/table:Table aws:neptune/cluster:Cluster aws:redshift/cluster:Cluster
        aws:timestreamwrite/table:Table
        azure-native:dbforpostgresql:Server azure-native:dbforpostgresql:Database azure-native:dbformysql:Server
        azure-native:dbformysql:Database azure-native:sql:Server azure-native:sql:Database
        azure-native:cosmosdb:DatabaseAccount azure-native:storage:Table
        gcp:sql/databaseInstance:DatabaseInstance gcp:sql/database:Database gcp:alloydb/cluster:Cluster
        gcp:spanner/instance:Instance gcp:spanner/database:Database gcp:firestore/database:Database
        gcp:bigquery/dataset:Dataset gcp:bigquery/table:Table gcp:bigtable/instance:Instance gcp:bigtable/table:Table""",
    "what is kept in memory": """
        aws:elasticache/cluster:Cluster aws:elasticache/replicationGroup:ReplicationGroup
        aws:elasticache/serverlessCache:ServerlessCache aws:memorydb/cluster:Cluster
        azure-native:redis:Redis
        gcp:redis/instance:Instance gcp:redis/cluster:Cluster gcp:memorystore/instance:Instance""",
    "its files": """
        aws:s3/bucket:Bucket aws:s3/bucketV2:BucketV2 aws:efs/fileSystem:FileSystem aws:ebs/volume:Volume
        aws:ebs/snapshot:Snapshot aws:ecr/repository:Repository
        azure-native:storage:StorageAccount azure-native:storage:BlobContainer azure-native:storage:FileShare
        azure-native:compute:Disk azure-native:compute:Snapshot azure-native:containerregistry:Registry
        gcp:storage/bucket:Bucket gcp:compute/disk:Disk gcp:compute/regionDisk:RegionDisk gcp:compute/snapshot:Snapshot
        gcp:filestore/instance:Instance gcp:artifactregistry/repository:Repository
        docker:index/volume:Volume""",
    "its messages": """
        aws:sqs/queue:Queue aws:sns/topic:Topic aws:mq/broker:Broker aws:msk/cluster:Cluster aws:kinesis/stream:Stream
        azure-native:servicebus:Namespace azure-native:servicebus:Queue azure-native:servicebus:Topic
        azure-native:servicebus:Subscription azure-native:eventhub:Namespace azure-native:eventhub:EventHub
        azure-native:storage:Queue
        gcp:pubsub/topic:Topic gcp:pubsub/subscription:Subscription gcp:managedkafka/cluster:Cluster""",
    "its backups": """
        aws:backup/vault:Vault aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault aws:rds/snapshot:Snapshot
        aws:rds/clusterSnapshot:ClusterSnapshot
        azure-native:recoveryservices:Vault azure-native:dataprotection:BackupVault azure-native:dataprotection:BackupInstance
        gcp:backupdisasterrecovery/backupVault:BackupVault""",
    "the key that encrypts other data": """
        aws:kms/key:Key aws:kms/replicaKey:ReplicaKey
        azure-native:keyvault:Vault azure-native:keyvault:Key azure-native:keyvault:ManagedHsm
        gcp:kms/keyRing:KeyRing gcp:kms/cryptoKey:CryptoKey""",
    "secrets that others read": """
        aws:secretsmanager/secret:Secret aws:ssm/parameter:Parameter
        azure-native:keyvault:Secret
        gcp:secretmanager/secret:Secret gcp:secretmanager/regionalSecret:RegionalSecret""",
    "its records and name servers": """
        aws:route53/zone:Zone aws:route53/keySigningKey:KeySigningKey aws:route53domains/domain:Domain
        azure-native:dns:Zone azure-native:privatedns:PrivateZone
        gcp:dns/managedZone:ManagedZone""",
    "the verified right to send mail": """
        aws:sesv2/emailIdentity:EmailIdentity aws:ses/emailIdentity:EmailIdentity aws:ses/domainIdentity:DomainIdentity
        azure-native:communication:EmailService azure-native:communication:Domain
        azure-native:communication:CommunicationService""",
    "its logs": """
        aws:cloudwatch/logGroup:LogGroup
        azure-native:operationalinsights:Workspace
        gcp:logging/projectBucketConfig:ProjectBucketConfig""",
    "its accounts": """
        aws:cognito/userPool:UserPool""",
}

HOLDINGS: Final[Mapping[str, str]] = {token: what for what, tokens in _TABLE.items() for token in tokens.split()}
"""Type token -> what is lost with the resource."""

_PROTECTIONS: Final = ("deletionProtection", "enableDeletionProtection", "settings.deletionProtectionEnabled")
"""Inputs that keep a resource from being deleted while they are true; one word in a description takes all of them off."""

_DOCKER_MOUNTS: Final = {
    "docker:index/service:Service": ("taskSpec", "containerSpec", "mounts"),
    "docker:index/container:Container": ("mounts",),
}
"""Where Docker's types mount volumes. The engine makes a volume when it is first mounted; no resource stands for it."""

_DOCKER_PROVIDER: Final = "pulumi:providers:docker"
"""It looks for all that it made on its host, and on another one finds nothing of it."""


def lost(token: str, action: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What is lost, or left behind, by an `action` (create, update, replace, delete); empty for nothing.

    `old`, `new`: the inputs before and after.
    """
    if action in {"replace", "delete"} and token in HOLDINGS:
        return HOLDINGS[token]
    if action == "update" and any(_at(old, path) is True and _at(new, path) is not True for path in _PROTECTIONS):
        return "its protection against deletion"
    if action in {"update", "replace", "delete"} and token in _DOCKER_MOUNTS:
        before, after = set(_volumes(token, old)), set(_volumes(token, new))
        gone = sorted(before if action in {"replace", "delete"} else before - after)
        return f"the volume {' and '.join(gone)}" if gone else ""
    if token == _DOCKER_PROVIDER and action in {"update", "replace"} and old.get("host") != new.get("host"):
        return "all that is on the host that it leaves"
    return ""


def _at(inputs: Mapping[str, Any], path: str) -> Any:
    value: Any = inputs
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _volumes(token: str, inputs: Mapping[str, Any]) -> Iterator[str]:
    """The names of the volumes that are mounted."""
    value: Any = inputs
    for step in _DOCKER_MOUNTS[token]:
        value = value.get(step) if isinstance(value, Mapping) else None
    for mount in value if isinstance(value, list) else ():
        if isinstance(mount, Mapping) and mount.get("type") == "volume":
            yield str(mount.get("source") or mount.get("target"))
