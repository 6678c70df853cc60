"""What is taken away from aws-production, and the rule that says so."""

from __future__ import annotations

from typing import Any, Final

from policies.model import AnyRule
from policies.rules import audit, availability, containers, durability, encryption, exposure, identity, ownership, privacy
from tests.unit.policies.changes import (
    ABSENT,
    GONE,
    Mutation,
    allows,
    container,
    lifecycle_without,
    parameter,
    without_denials,
)

DATABASE = ("rds/instance:Instance", "database-server")
SETTINGS = ("rds/parameterGroup:ParameterGroup", "database-settings")
PROXY = ("rds/proxy:Proxy", "pooling-proxy")
COPY = ("rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "backup-replication")
PLAN = ("backup/plan:Plan", "backup-plan")
VAULT = ("backup/vault:Vault", "backup-vault")
QUEUE = ("sqs/queue:Queue", "queue-queue-outbound")
TASK = ("ecs/taskDefinition:TaskDefinition", "api-task")
SERVICE = ("ecs/service:Service", "api-copies")
SCALED = ("appautoscaling/target:Target", "api-scaled")
BALANCER = ("lb/loadBalancer:LoadBalancer", "entry-balancer")
TRAIL = ("cloudtrail/trail:Trail", "alerts-trail")
LOGS = ("cloudwatch/logGroup:LogGroup", "telemetry-api")
ALARM = "cloudwatch/metricAlarm:MetricAlarm"
KEY = ("kms/key:Key", "secrets-key")
SECRET = ("secretsmanager/secret:Secret", "secrets-api-key")
LIFECYCLE = ("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "storage-objects-lifecycle")
BUCKET_POLICY = ("s3/bucketPolicy:BucketPolicy", "storage-objects-policy")
BLOCK = ("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "storage-objects-private")
QUEUE_POLICY = ("sqs/queuePolicy:QueuePolicy", "queue-queue-outbound-policy")
TOPIC_POLICY = ("sns/topicPolicy:TopicPolicy", "mail-events-policy")
DEFINITIONS = "containerDefinitions"
ANYBODY = allows(Principal="*", Action="x:Y", Resource="*")


def _(rule: AnyRule, place: tuple[str, str], path: str = "", wrong: Any = GONE, *, unknown: bool = True) -> Mutation:
    return Mutation(rule, "aws", *place, path, wrong, unknown)


def _ssh(properties: dict[str, Any]) -> dict[str, Any]:
    return {**properties, "fromPort": 22, "toPort": 22}


AWS: Final = [
    _(encryption.ENCRYPTED, DATABASE, "storageEncrypted", wrong=False),
    _(encryption.ENCRYPTED, QUEUE, "sqsManagedSseEnabled", wrong=False),
    _(encryption.ENCRYPTED, ("sns/topic:Topic", "mail-events"), "kmsMasterKeyId", ABSENT, unknown=False),
    _(
        encryption.ENCRYPTED,
        (
            "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "storage-objects-encryption",
        ),
        "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        ABSENT,
    ),
    _(encryption.OWN_KEY, DATABASE, "kmsKeyId", ABSENT, unknown=False),
    _(encryption.OWN_KEY, LOGS, "kmsKeyId", ABSENT, unknown=False),
    _(encryption.OWN_KEY, SECRET, "kmsKeyId", ABSENT, unknown=False),
    _(encryption.OWN_KEY, TRAIL, "kmsKeyId", ABSENT, unknown=False),
    _(encryption.OWN_KEY, VAULT, "kmsKeyArn", ABSENT, unknown=False),
    _(encryption.OWN_KEY, COPY, "kmsKeyId", ABSENT, unknown=False),
    _(encryption.KEYS_ROTATE, KEY, "enableKeyRotation", wrong=False),
    _(encryption.DELETION_WAITS, KEY, "deletionWindowInDays", 7),
    _(encryption.DELETION_WAITS, SECRET, "recoveryWindowInDays", 0),
    _(encryption.TLS_REQUIRED, SETTINGS, "parameters", parameter("rds.force_ssl", "0")),
    _(encryption.TLS_REQUIRED, PROXY, "requireTls", wrong=False),
    _(encryption.TLS_REQUIRED, QUEUE_POLICY, "policy", without_denials),
    _(encryption.TLS_REQUIRED, TOPIC_POLICY, "policy", without_denials),
    _(encryption.TLS_REQUIRED, BUCKET_POLICY, "policy", without_denials),
    _(encryption.TLS_REQUIRED, ("lb/listener:Listener", "entry-http"), "defaultActions[0].redirect", ABSENT),
    _(
        encryption.TLS_REQUIRED,
        ("sesv2/configurationSet:ConfigurationSet", "mail-settings"),
        "deliveryOptions.tlsPolicy",
        "OPTIONAL",
    ),
    _(encryption.TLS_REQUIRED, ("sns/topicSubscription:TopicSubscription", "alerts-https-.*"), "protocol", "http"),
    _(encryption.TLS_VERSION, ("lb/listener:Listener", "entry-https"), "sslPolicy", "ELBSecurityPolicy-2016-08"),
    _(encryption.VERIFIED, TASK, DEFINITIONS, lambda found: found.replace("verify-full", "require")),
    _(encryption.STORE_TLS, BUCKET_POLICY),
    _(exposure.PRIVATE, DATABASE, "publiclyAccessible", wrong=True),
    _(
        exposure.PRIVATE,
        ("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-.*"),
        "cidrIpv4",
        "0.0.0.0/0",
    ),
    _(exposure.ENTRY_ONLY, ("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "entry-443"), "", _ssh, unknown=False),
    _(exposure.NO_ADDRESS, ("ec2/subnet:Subnet", "network-private-0"), "mapPublicIpOnLaunch", wrong=True),
    _(exposure.NO_ADDRESS, SERVICE, "networkConfiguration.assignPublicIp", wrong=True),
    _(
        exposure.CLOSED,
        ("ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default-group"),
        "ingress",
        [{"protocol": "-1", "self": True}],
    ),
    _(exposure.NAMED_ONLY, BLOCK, "restrictPublicBuckets", wrong=False),
    _(exposure.NAMED_ONLY, BUCKET_POLICY, "policy", ANYBODY),
    _(exposure.NAMED_ONLY, QUEUE_POLICY, "policy", ANYBODY),
    _(exposure.NAMED_ONLY, TOPIC_POLICY, "policy", ANYBODY),
    _(exposure.NAMED_ONLY, KEY, "policy", ANYBODY),
    _(exposure.STORE_CLOSED, BLOCK),
    _(exposure.RATE_LIMITED, ("wafv2/webAclAssociation:WebAclAssociation", "edge-guard")),
    _(exposure.RATE_LIMITED, ("wafv2/webAcl:WebAcl", "edge-firewall"), "rules[0].statement", ABSENT, unknown=False),
    _(
        identity.LEAST,
        ("iam/rolePolicy:RolePolicy", "api-role-policy"),
        "policy",
        allows(Action="s3:*", Resource="arn:aws:s3:::x"),
    ),
    _(
        identity.LEAST,
        ("iam/rolePolicy:RolePolicy", "worker-role-policy"),
        "policy",
        allows(Action="sqs:ReceiveMessage", Resource="*"),
    ),
    _(identity.LEAST, ("iam/userPolicy:UserPolicy", "mail-user-policy"), "policy", allows(Action="*", Resource="*")),
    _(
        identity.LEAST,
        ("iam/rolePolicyAttachment:RolePolicyAttachment", "backup-backups-policy"),
        "policyArn",
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ),
    _(
        identity.TRUST,
        ("iam/role:Role", "api-role"),
        "assumeRolePolicy",
        allows(Principal={"AWS": "*"}, Action="sts:AssumeRole"),
    ),
    _(identity.LOGIN, DATABASE, "iamDatabaseAuthenticationEnabled", wrong=False),
    _(identity.LOGIN, PROXY, "defaultAuthScheme", "NONE"),
    _(identity.NO_SHELL, SERVICE, "enableExecuteCommand", wrong=True),
    _(
        identity.NO_PLAIN_SECRETS,
        TASK,
        DEFINITIONS,
        container("environment", lambda old: [*old, {"name": "API_KEY", "value": "x"}]),
    ),
    _(durability.KEPT, DATABASE, "deletionProtection", wrong=False),
    _(durability.KEPT, DATABASE, "skipFinalSnapshot", wrong=True),
    _(durability.KEPT, DATABASE, "finalSnapshotIdentifier", ABSENT, unknown=False),
    _(durability.KEPT, ("s3/bucket:Bucket", "storage-objects"), "forceDestroy", wrong=True),
    _(durability.KEPT, VAULT, "forceDestroy", wrong=True),
    _(durability.BACKUPS_KEPT, DATABASE, "backupRetentionPeriod", 3),
    _(durability.BACKUPS_KEPT, COPY, "retentionPeriod", 3),
    _(durability.BACKUPS_KEPT, PLAN, "rules[0].lifecycle.deleteAfter", 3),
    _(durability.BACKUPS_KEPT, PLAN, "rules[0].copyActions[0].lifecycle.deleteAfter", 3),
    _(durability.BACKUPS_OUTLIVE, DATABASE, "deleteAutomatedBackups", wrong=True),
    _(durability.SCHEDULED, PLAN, "rules[0].schedule", ABSENT, unknown=False),
    _(durability.ELSEWHERE, PLAN, "rules[0].copyActions", ABSENT, unknown=False),
    _(durability.BACKED_UP, ("backup/selection:Selection", "backup-database")),
    _(durability.DRILLED, ("backup/restoreTestingSelection:RestoreTestingSelection", "backup-drill-database")),
    _(durability.LOCKED, ("backup/vaultLockConfiguration:VaultLockConfiguration", "backup-lock")),
    _(durability.DURABLE, SETTINGS, "parameters", parameter("synchronous_commit", "off")),
    _(
        durability.VERSIONED,
        ("s3/bucketVersioning:BucketVersioning", "storage-objects-versioning"),
        "versioningConfiguration.status",
        "Suspended",
    ),
    _(availability.ZONES, DATABASE, "multiAz", wrong=False),
    _(availability.ZONES, BALANCER, "subnets", ["subnet-1"]),
    _(availability.ZONES, PROXY, "vpcSubnetIds", ["subnet-1"]),
    _(availability.ZONES, SERVICE, "networkConfiguration.subnets", ["subnet-1"]),
    _(availability.COPIES, SCALED, "minCapacity", 1),
    _(availability.COPIES, SERVICE, "desiredCount", 1),
    _(availability.ROLL_BACK, SERVICE, "deploymentCircuitBreaker.enable", wrong=False),
    _(availability.ROLL_BACK, SERVICE, "deploymentCircuitBreaker.rollback", wrong=False),
    _(availability.DATABASE_WATCHED, (ALARM, "alerts-database-.*")),
    _(availability.QUEUE_WATCHED, (ALARM, "alerts-(outbound-(oldest|waiting)|custom-slow-queue)")),
    _(availability.SERVICE_WATCHED, (ALARM, "alerts-api-(cpu|memory|running)")),
    _(availability.HEARD, (ALARM, "alerts-database-cpu"), "alarmActions", []),
    _(availability.HEARD, ("cloudwatch/compositeAlarm:CompositeAlarm", "alerts-latency-fast"), "alarmActions", []),
    _(availability.HEARD, ("sns/topicSubscription:TopicSubscription", "alerts-.*")),
    _(availability.DEAD_LETTERED, QUEUE, "redrivePolicy", ABSENT, unknown=False),
    _(availability.BOUNDED, SCALED, "maxCapacity", 500),
    _(availability.GROWTH, LIFECYCLE, "rules", lifecycle_without("abortIncompleteMultipartUpload")),
    _(availability.GROWTH, DATABASE, "maxAllocatedStorage", ABSENT, unknown=False),
    _(audit.LOGGED, DATABASE, "enabledCloudwatchLogsExports", [], unknown=False),
    _(audit.LOGGED, BALANCER, "accessLogs.enabled", wrong=False),
    _(audit.LOGGED, TASK, DEFINITIONS, container("logConfiguration", ABSENT)),
    _(audit.LOGS_KEPT, LOGS, "retentionInDays", 5),
    _(audit.LOGS_END, LOGS, "retentionInDays", 0),
    _(audit.LOGS_END, LOGS, "retentionInDays", 3653),
    _(audit.LOG_PRIVATE, SETTINGS, "parameters", parameter("log_statement", "all")),
    _(audit.LOG_PRIVATE, PROXY, "debugLogging", wrong=True),
    _(
        audit.LOG_PRIVATE,
        ("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "edge-logging"),
        "redactedFields",
        [],
    ),
    _(audit.AUDITED, TRAIL, "enableLogging", wrong=False),
    _(audit.AUDITED, TRAIL, "enableLogFileValidation", wrong=False),
    _(audit.AUDITED, TRAIL, "isMultiRegionTrail", wrong=False),
    _(audit.AUDITED, TRAIL, "includeGlobalServiceEvents", wrong=False),
    _(audit.THREATS, ("guardduty/detector:Detector", "alerts-detector"), "enable", wrong=False),
    _(audit.FLOWS, ("ec2/flowLog:FlowLog", "network-flow-log")),
    _(audit.FIREWALL, ("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "edge-logging")),
    _(privacy.RESIDENT, ("pulumi:providers:aws", "aws"), "region", "us-east-1"),
    _(privacy.RESIDENT, ("ec2/subnet:Subnet", "network-private-0"), "availabilityZone", "us-east-1a"),
    _(privacy.RESIDENT, ("backup/vault:Vault", "backup-copies-vault"), "region", "us-east-1"),
    _(privacy.RESIDENT, COPY, "region", "us-east-1"),
    _(
        privacy.RESIDENT,
        PLAN,
        "rules[0].copyActions[0].destinationVaultArn",
        "arn:aws:backup:us-east-1:123456789012:backup-vault:x",
    ),
    _(privacy.BACKUPS_END, PLAN, "rules[0].lifecycle.deleteAfter", 3000),
    _(privacy.BACKUPS_END, PLAN, "rules[0].lifecycle.deleteAfter", 0),
    _(privacy.VERSIONS_END, LIFECYCLE, "rules", lifecycle_without("noncurrentVersionExpiration")),
    _(ownership.LABELLED, QUEUE, 'tags["penguinmails.component"]', ABSENT),
    _(ownership.NAMED, ("iam/role:Role", "api-role"), "name", "another"),
    _(containers.IMAGE, TASK, DEFINITIONS, container("image", "penguinmails/api:latest")),
    _(containers.USER, TASK, DEFINITIONS, container("user", "0:0")),
    _(containers.READ_ONLY, TASK, DEFINITIONS, container("readonlyRootFilesystem", False)),
    _(containers.UNPRIVILEGED, TASK, DEFINITIONS, container("privileged", True)),
    _(containers.UNPRIVILEGED, TASK, DEFINITIONS, container("linuxParameters", {})),
    _(containers.SOCKET, TASK, "volumes", [{"name": "run", "hostPath": "/var/run"}]),
    _(containers.LIMITED, TASK, "memory", ABSENT),
    _(containers.HEALTH, TASK, DEFINITIONS, container("healthCheck", ABSENT)),
    _(containers.HEALTH, ("lb/targetGroup:TargetGroup", "api-targets"), "healthCheck.path", ABSENT, unknown=False),
    _(containers.GRACE, TASK, DEFINITIONS, container("stopTimeout", 2)),
]
