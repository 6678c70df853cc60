"""Values that the provider itself writes into inputs that were left out, so that rules see them as in a real preview.

What the `Default`s of Terraform's provider 6 say, written from experience and not read from its source; what only AWS fills in
is an output and stands elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from scripts.simulation.clouds.aws import names
from scripts.simulation.clouds.aws.types import PACKAGE, canonical
from scripts.simulation.values import Properties, Value

_TABLE = """
backup/vault:Vault  forceDestroy=false
cloudtrail/trail:Trail  enableLogFileValidation=false enableLogging=true includeGlobalServiceEvents=true
    isMultiRegionTrail=false isOrganizationTrail=false
cloudwatch/compositeAlarm:CompositeAlarm  actionsEnabled=true
cloudwatch/logGroup:LogGroup  retentionInDays=0 skipDestroy=false
cloudwatch/metricAlarm:MetricAlarm  actionsEnabled=true treatMissingData="missing"
ec2/flowLog:FlowLog  logDestinationType="cloud-watch-logs" maxAggregationInterval=600
ec2/natGateway:NatGateway  connectivityType="public"
ec2/securityGroup:SecurityGroup  description="Managed_by_Pulumi" revokeRulesOnDelete=false
ec2/defaultSecurityGroup:DefaultSecurityGroup  revokeRulesOnDelete=false
ec2/subnet:Subnet  assignIpv6AddressOnCreation=false enableDns64=false enableResourceNameDnsAaaaRecordOnLaunch=false
    enableResourceNameDnsARecordOnLaunch=false ipv6Native=false mapPublicIpOnLaunch=false
ec2/vpc:Vpc  enableDnsSupport=true instanceTenancy="default"
ec2/vpcEndpoint:VpcEndpoint  vpcEndpointType="Gateway"
ecr/repository:Repository  imageTagMutability="MUTABLE"
ecs/service:Service  deploymentMaximumPercent=200 deploymentMinimumHealthyPercent=100 enableEcsManagedTags=false
    enableExecuteCommand=false schedulingStrategy="REPLICA" waitForSteadyState=false
ecs/taskDefinition:TaskDefinition  skipDestroy=false trackLatest=false
guardduty/detector:Detector  enable=true
iam/accessKey:AccessKey  status="Active"
iam/policy:Policy  path="/"
iam/role:Role  forceDetachPolicies=false maxSessionDuration=3600 path="/"
iam/user:User  forceDestroy=false path="/"
iam/instanceProfile:InstanceProfile  path="/"
iam/group:Group  path="/"
kms/key:Key  bypassPolicyLockoutSafetyCheck=false customerMasterKeySpec="SYMMETRIC_DEFAULT" isEnabled=true
    keyUsage="ENCRYPT_DECRYPT"
lb/loadBalancer:LoadBalancer  clientKeepAlive=3600 desyncMitigationMode="defensive"
    dnsRecordClientRoutingPolicy="any_availability_zone" dropInvalidHeaderFields=false enableCrossZoneLoadBalancing=false
    enableDeletionProtection=false enableHttp2=true enableTlsVersionAndCipherSuiteHeaders=false enableWafFailOpen=false
    enableXffClientPort=false enableZonalShift=false idleTimeout=60 loadBalancerType="application" preserveHostHeader=false
    xffHeaderProcessingMode="append"
lb/targetGroup:TargetGroup  deregistrationDelay=300 lambdaMultiValueHeadersEnabled=false proxyProtocolV2=false slowStart=0
    targetType="instance"
rds/instance:Instance  autoMinorVersionUpgrade=true copyTagsToSnapshot=false deleteAutomatedBackups=true monitoringInterval=0
    performanceInsightsEnabled=false publiclyAccessible=false skipFinalSnapshot=false
rds/optionGroup:OptionGroup  optionGroupDescription="Managed_by_Pulumi" skipDestroy=false
rds/parameterGroup:ParameterGroup  description="Managed_by_Pulumi" skipDestroy=false
rds/subnetGroup:SubnetGroup  description="Managed_by_Pulumi"
route53/hostedZoneDnsSec:HostedZoneDnsSec  signingStatus="SIGNING"
route53/keySigningKey:KeySigningKey  status="ACTIVE"
route53/zone:Zone  comment="Managed_by_Pulumi" forceDestroy=false
s3/bucket:Bucket  forceDestroy=false
s3/bucketPublicAccessBlock:BucketPublicAccessBlock  blockPublicAcls=false blockPublicPolicy=false ignorePublicAcls=false
    restrictPublicBuckets=false
secretsmanager/secret:Secret  forceOverwriteReplicaSecret=false recoveryWindowInDays=30
secretsmanager/secretRotation:SecretRotation  rotateImmediately=true
sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes  behaviorOnMxFailure="USE_DEFAULT_VALUE"
sns/topic:Topic  contentBasedDeduplication=false fifoTopic=false
sns/topicSubscription:TopicSubscription  confirmationTimeoutInMinutes=1 endpointAutoConfirms=false rawMessageDelivery=false
sqs/queue:Queue  contentBasedDeduplication=false delaySeconds=0 fifoQueue=false maxMessageSize=262144
    messageRetentionSeconds=345600 receiveWaitTimeSeconds=0 visibilityTimeoutSeconds=30
"""


def _read() -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    token = ""
    for line in _TABLE.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            token = f"{PACKAGE}:{words.pop(0)}"
            found[token] = {}
        for word in words:
            key, value = word.split("=", 1)
            found[token][key] = json.loads(value.replace("_by_", " by "))
    return found


_DEFAULTS: Mapping[str, Mapping[str, Value]] = _read()

_UNLESS = {
    "connectivityType": ("availabilityMode",),
    "vpcEndpointType": ("resourceConfigurationArn", "serviceNetworkArn"),
}
"""Defaults that are left out where one of these inputs is given."""


def defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> dict[str, Value]:
    """The name and all other values that the provider adds to the inputs."""
    own = canonical(token)
    added = {
        key: value
        for key, value in _DEFAULTS.get(own, {}).items()
        if inputs.get(key) is None and all(inputs.get(other) is None for other in _UNLESS.get(key, ()))
    }
    return {**added, **names.defaults(token, name, inputs, old, seed)}
