"""Databases, queues, topics, stores, keys and secrets of AWS.

Left out: S3 encrypts every object since January 2023 and has no way to turn it off, and DynamoDB, Secrets Manager, CloudWatch
Logs and AWS Backup encrypt always; with whose key they do is `OWN_KEY`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policies.model import Resource, at, each, is_given, is_true, number
from policies.properties import Property
from policies.readers.model import Reader, Readers, Reading, Test, figure, flag, given, known, several, switched_off
from scripts.simulation.values import UNKNOWN, Value

INSTANCE: Final = "aws:rds/instance:Instance"
CLUSTER: Final = "aws:rds/cluster:Cluster"
SETTINGS: Final = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_SETTINGS: Final = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
PROXY: Final = "aws:rds/proxy:Proxy"
QUEUE: Final = "aws:sqs/queue:Queue"
TOPIC: Final = "aws:sns/topic:Topic"
BUCKET: Final = "aws:s3/bucket:Bucket"
LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
KEY: Final = "aws:kms/key:Key"
REPLICA_KEY: Final = "aws:kms/replicaKey:ReplicaKey"
SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105
VAULT: Final = "aws:backup/vault:Vault"
PLAN: Final = "aws:backup/plan:Plan"
COPY: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
LOGS: Final = "aws:cloudwatch/logGroup:LogGroup"
TRAIL: Final = "aws:cloudtrail/trail:Trail"
MACHINE: Final = "aws:ec2/instance:Instance"
CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_ENCRYPTION: Final = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"

_LONGEST: Final = 30
"""Days that KMS and Secrets Manager wait where nothing is said."""
FOR_EVER: Final = 36500

_OWN_KEY: Final = "give the key of the platform; without one a key of AWS is used that nobody here can take away"


def _queue(resource: Resource) -> Iterator[Reading]:
    key, managed = at(resource.properties, "kmsMasterKeyId"), at(resource.properties, "sqsManagedSseEnabled")
    fix = "set sqsManagedSseEnabled to true or give kmsMasterKeyId; messages at rest are encrypted"
    path = "sqsManagedSseEnabled" if managed is UNKNOWN else ""
    yield Reading(path, True if is_given(key) else known(managed, is_true), fix)


def _machine(resource: Resource) -> Iterator[Reading]:
    root = at(resource.properties, "rootBlockDevice")
    devices = [("rootBlockDevice", {} if root is None else root), *each(resource.properties, "ebsBlockDevices")]
    for path, device in devices:
        yield Reading(f"{path}.encrypted", known(at(device, "encrypted"), is_true), "set it to true; disks are encrypted")


def _bucket_encryption(resource: Resource) -> Iterator[Reading]:
    for path, one in each(resource.properties, "rules"):
        where = "applyServerSideEncryptionByDefault.sseAlgorithm"
        yield Reading(f"{path}.{where}", known(at(one, where), is_given), "name the algorithm, aws:kms or AES256")


def is_replica(resource: Resource) -> bool:
    """Whether a database is a copy of another, which has the backups."""
    return is_given(at(resource.properties, "replicateSourceDb"))


def _unless_replica(reader: Reader) -> Reader:
    return lambda resource: iter(()) if is_replica(resource) else reader(resource)


def _or_longest(path: str) -> Reader:
    def read(resource: Resource) -> Iterator[Reading]:
        value = at(resource.properties, path)
        yield Reading(path, _LONGEST if value is None else known(value, number))

    return read


def _plan_days(never: int) -> Reader:
    """Days that the recovery points of a plan and their copies are kept; `never`: what stands for no end."""

    def read(resource: Resource) -> Iterator[Reading]:
        for path, one in each(resource.properties, "rules"):
            where = [(path, one), *((f"{path}.{inside}", copy) for inside, copy in each(one, "copyActions"))]
            for place, holder in where:
                days = at(holder, "lifecycle.deleteAfter")
                yield Reading(f"{place}.lifecycle.deleteAfter", known(days, lambda value: number(value) or never))

    return read


def _of_rules(path: str, fix: str) -> Reader:
    """Reads whether every rule of a plan has something."""

    def read(resource: Resource) -> Iterator[Reading]:
        for place, one in each(resource.properties, "rules"):
            yield Reading(f"{place}.{path}", UNKNOWN if one is UNKNOWN else is_given(at(one, path)), fix)

    return read


def _lifecycle(path: str, fix: str) -> Reader:
    """Reads whether an enabled rule of a bucket's life cycle has something."""

    def read(resource: Resource) -> Iterator[Reading]:
        found = list(each(resource.properties, "rules"))
        right = any(at(one, "status") == "Enabled" and is_given(at(one, path)) for _, one in found if one is not UNKNOWN)
        unclear = any(UNKNOWN in (one, at(one, "status")) for _, one in found)
        yield Reading("rules", UNKNOWN if unclear and not right else right, fix)

    return read


def settings(resource: Resource) -> Value:
    """The parameters of a database by name; UNKNOWN where a name is not known."""
    found = dict[str, Value]()
    for _, one in each(resource.properties, "parameters"):
        name = at(one, "name")
        if one is UNKNOWN or name is UNKNOWN:
            return UNKNOWN
        found[str(name)] = at(one, "value")
    return found


def _postgresql(resource: Resource) -> Value:
    return known(at(resource.properties, "family"), lambda value: "postgres" in str(value))


def _one_of(wanted: str) -> Test:
    return lambda value: str(value) in wanted.split("|")


def _setting(postgresql: Mapping[str, str], mysql: Mapping[str, str], *, absent: bool, fix: str) -> Reader:
    """Reads whether parameters have the values that they must; `absent`: what one that is not there says."""

    def read(resource: Resource) -> Iterator[Reading]:
        kind, found = _postgresql(resource), settings(resource)
        if UNKNOWN in (kind, found):
            yield Reading("parameters" if found is UNKNOWN else "family", UNKNOWN, fix)
            return
        for name, wanted in (postgresql if kind else mysql).items():
            value = found.get(name)
            right = absent if value is None else known(value, _one_of(wanted))
            yield Reading(f'parameters["{name}"]', right, fix)

    return read


_DURABLE: Final = _setting(
    {"synchronous_commit": "on|remote_write|remote_apply|1"},
    {"innodb_flush_log_at_trx_commit": "1", "sync_binlog": "1"},
    absent=True,
    fix="leave it at its default; a commit that is not on disk is lost with the server",
)
_TLS: Final = _setting(
    {"rds.force_ssl": "1"}, {"require_secure_transport": "1|ON"}, absent=False, fix="set it to 1; TLS is not optional"
)
_PRIVATE_LOG: Final = _setting(
    {"log_statement": "none", "log_parameter_max_length": "0", "log_min_error_statement": "panic"},
    {"general_log": "0|OFF"},
    absent=True,
    fix="log no statements with their values; they hold mail and personal data",
)
_LOGGED_ALWAYS: Final = "name the logs to export; without them nobody sees a failed login"

DATA: Final[Readers] = {
    Property.ENCRYPTED_AT_REST: {
        INSTANCE: flag("storageEncrypted"),
        CLUSTER: flag("storageEncrypted"),
        "aws:ebs/volume:Volume": flag("encrypted"),
        "aws:efs/fileSystem:FileSystem": flag("encrypted"),
        CACHE: flag("atRestEncryptionEnabled"),
        QUEUE: _queue,
        MACHINE: _machine,
        TOPIC: given("kmsMasterKeyId", "give a key; a topic without one keeps messages in plain text"),
        _ENCRYPTION: _bucket_encryption,
    },
    Property.OWN_KEY: {
        INSTANCE: _unless_replica(given("kmsKeyId", _OWN_KEY)),
        CLUSTER: given("kmsKeyId", _OWN_KEY),
        LOGS: given("kmsKeyId", _OWN_KEY),
        SECRET: given("kmsKeyId", _OWN_KEY),
        TRAIL: given("kmsKeyId", _OWN_KEY),
        VAULT: given("kmsKeyArn", _OWN_KEY),
        COPY: given("kmsKeyId", _OWN_KEY),
    },
    Property.KEY_ROTATES: {KEY: flag("enableKeyRotation")},
    Property.DELETION_DELAY_DAYS: {
        KEY: _or_longest("deletionWindowInDays"),
        REPLICA_KEY: _or_longest("deletionWindowInDays"),
        SECRET: _or_longest("recoveryWindowInDays"),
    },
    Property.DELETION_REFUSED: {
        **dict.fromkeys(
            (INSTANCE, CLUSTER),
            several(
                flag("deletionProtection"),
                _unless_replica(switched_off("skipFinalSnapshot")),
                _unless_replica(given("finalSnapshotIdentifier", "name the snapshot that is taken before a deletion")),
            ),
        ),
        BUCKET: switched_off("forceDestroy", "set it to false; the objects would go with the bucket"),
        VAULT: switched_off("forceDestroy", "set it to false; the backups would go with the vault"),
    },
    Property.BACKUP_DAYS: {
        INSTANCE: _unless_replica(figure("backupRetentionPeriod")),
        CLUSTER: figure("backupRetentionPeriod"),
        COPY: figure("retentionPeriod"),
        PLAN: _plan_days(FOR_EVER),
    },
    Property.BACKUP_END_DAYS: {PLAN: _plan_days(0)},
    Property.BACKUPS_OUTLIVE: {
        token: lambda resource: iter(
            [
                Reading(
                    "deleteAutomatedBackups",
                    known(at(resource.properties, "deleteAutomatedBackups"), lambda one: one is not None and not is_true(one)),
                    "set it to false; the backups would go with the database",
                )
            ]
        )
        for token in (INSTANCE, CLUSTER)
    },
    Property.BACKUPS_SCHEDULED: {PLAN: _of_rules("schedule", "say when; without a schedule nothing is backed up")},
    Property.COPY_ELSEWHERE: {PLAN: _of_rules("copyActions", "copy to a vault in another region")},
    Property.OLD_VERSIONS_GO: {
        LIFECYCLE: _lifecycle("noncurrentVersionExpiration", "let old versions expire; what is deleted must be gone some day")
    },
    Property.GROWTH_BOUNDED: {
        LIFECYCLE: _lifecycle(
            "abortIncompleteMultipartUpload", "end uploads that were never completed; they are paid for ever"
        ),
        INSTANCE: _unless_replica(given("maxAllocatedStorage", "give the largest size; storage grows by itself up to it")),
    },
    Property.WRITES_DURABLE: {SETTINGS: _DURABLE, CLUSTER_SETTINGS: _DURABLE},
    Property.TLS_REQUIRED: {
        SETTINGS: _TLS,
        PROXY: flag("requireTls", "set it to true; TLS is not optional"),
        CACHE: flag("transitEncryptionEnabled"),
    },
    Property.LOG_PRIVATE: {
        SETTINGS: _PRIVATE_LOG,
        PROXY: switched_off("debugLogging", "set it to false; it logs statements with their values"),
    },
    Property.LOGGED: {INSTANCE: given("enabledCloudwatchLogsExports", _LOGGED_ALWAYS)},
    Property.SURVIVES_ZONE: {INSTANCE: _unless_replica(flag("multiAz", "set it to true; one zone can fail as a whole"))},
}
