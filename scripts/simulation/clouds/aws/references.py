"""Which inputs name other resources, by what, and whether what is named cannot be deleted meanwhile.

A word of the table: `path=kind.attribute|attribute`. A kind with `~` before it is not held: AWS lets it be deleted while it is
named (a key is only scheduled for deletion, a log group simply goes). Without attributes the id is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.simulation.clouds.aws.types import PACKAGE, canonical
from scripts.simulation.clouds.model import Reference

_KINDS: Mapping[str, tuple[str, ...]] = {
    "balancer": ("lb/loadBalancer:LoadBalancer", "alb/loadBalancer:LoadBalancer"),
    "bucket": ("s3/bucket:Bucket",),
    "certificate": ("acm/certificate:Certificate",),
    "cluster": ("ecs/cluster:Cluster",),
    "configuration": ("sesv2/configurationSet:ConfigurationSet",),
    "database": ("rds/instance:Instance",),
    "detector": ("guardduty/detector:Detector",),
    "drill": ("backup/restoreTestingPlan:RestoreTestingPlan",),
    "eip": ("ec2/eip:Eip",),
    "gateway": ("ec2/internetGateway:InternetGateway",),
    "identity": ("sesv2/emailIdentity:EmailIdentity",),
    "key": ("kms/key:Key", "kms/replicaKey:ReplicaKey", "kms/alias:Alias"),
    "listener": ("lb/listener:Listener", "alb/listener:Listener"),
    "logs": ("cloudwatch/logGroup:LogGroup",),
    "namespace": (
        "servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        "servicediscovery/publicDnsNamespace:PublicDnsNamespace",
        "servicediscovery/httpNamespace:HttpNamespace",
    ),
    "nat": ("ec2/natGateway:NatGateway",),
    "optionGroup": ("rds/optionGroup:OptionGroup",),
    "parameterGroup": ("rds/parameterGroup:ParameterGroup",),
    "plan": ("backup/plan:Plan",),
    "policy": ("iam/policy:Policy",),
    "prefixes": ("ec2/managedPrefixList:ManagedPrefixList",),
    "proxy": ("rds/proxy:Proxy",),
    "queue": ("sqs/queue:Queue",),
    "repository": ("ecr/repository:Repository",),
    "role": ("iam/role:Role", "iam/serviceLinkedRole:ServiceLinkedRole"),
    "rule": ("cloudwatch/eventRule:EventRule",),
    "secret": ("secretsmanager/secret:Secret",),
    "sg": ("ec2/securityGroup:SecurityGroup", "ec2/defaultSecurityGroup:DefaultSecurityGroup"),
    "subnet": ("ec2/subnet:Subnet",),
    "subnetGroup": ("rds/subnetGroup:SubnetGroup",),
    "table": ("ec2/routeTable:RouteTable", "ec2/defaultRouteTable:DefaultRouteTable"),
    "targets": ("lb/targetGroup:TargetGroup", "alb/targetGroup:TargetGroup"),
    "task": ("ecs/taskDefinition:TaskDefinition",),
    "topic": ("sns/topic:Topic",),
    "user": ("iam/user:User",),
    "vault": ("backup/vault:Vault",),
    "vpc": ("ec2/vpc:Vpc",),
    "waf": ("wafv2/webAcl:WebAcl",),
    "zone": ("route53/zone:Zone",),
}

_FOREIGN: Mapping[str, tuple[str, ...]] = {
    "database": ("*",),
    "gateway": ("local",),
    "key": ("alias/aws/", "aws/", "AWS_OWNED_KMS_KEY"),
    "parameterGroup": ("default.",),
    "optionGroup": ("default:",),
    "subnetGroup": ("default",),
    "policy": ("arn:aws:iam::aws:", "arn:aws-cn:iam::aws:", "arn:aws-us-gov:iam::aws:", "arn:aws-eusc:iam::aws:"),
    "prefixes": ("pl-",),
    "sg": ("sg-f",),
    "table": ("rtb-f",),
    "vault": ("*",),
    "zone": ("ZOUTSIDE",),
}
"""Beginnings of what AWS owns itself, or made together with something else."""

_TABLE = """
acm/certificateValidation:CertificateValidation  certificateArn=certificate.arn
backup/plan:Plan  rules[*].targetVaultName=vault.name rules[*].copyActions[*].destinationVaultArn=~vault.arn
backup/restoreTestingPlan:RestoreTestingPlan  recoveryPointSelection.includeVaults[*]=~vault.arn
backup/restoreTestingSelection:RestoreTestingSelection  restoreTestingPlanName=drill.name iamRoleArn=~role.arn
    protectedResourceArns[*]=~database.arn
backup/selection:Selection  planId=plan iamRoleArn=~role.arn
backup/vault:Vault  kmsKeyArn=~key.arn
backup/vaultLockConfiguration:VaultLockConfiguration  backupVaultName=~vault.name
backup/vaultNotifications:VaultNotifications  backupVaultName=~vault.name snsTopicArn=~topic.arn
backup/vaultPolicy:VaultPolicy  backupVaultName=~vault.name
cloudtrail/trail:Trail  s3BucketName=~bucket cloudWatchLogsRoleArn=~role.arn kmsKeyId=~key.arn
cloudwatch/eventTarget:EventTarget  rule=rule.name roleArn=~role.arn
cloudwatch/logGroup:LogGroup  kmsKeyId=~key.arn
cloudwatch/logMetricFilter:LogMetricFilter  logGroupName=~logs.name
cloudwatch/logStream:LogStream  logGroupName=~logs.name
cloudwatch/logSubscriptionFilter:LogSubscriptionFilter  logGroup=~logs.name roleArn=~role.arn
ec2/defaultSecurityGroup:DefaultSecurityGroup  vpcId=~vpc
ec2/flowLog:FlowLog  vpcId=~vpc subnetId=~subnet iamRoleArn=~role.arn
ec2/internetGateway:InternetGateway  vpcId=vpc
ec2/natGateway:NatGateway  subnetId=subnet vpcId=vpc allocationId=eip secondaryAllocationIds[*]=eip
    availabilityZoneAddresses[*].allocationIds[*]=eip
ec2/networkAcl:NetworkAcl  vpcId=vpc subnetIds[*]=~subnet
ec2/route:Route  routeTableId=~table natGatewayId=~nat gatewayId=~gateway destinationPrefixListId=~prefixes
ec2/routeTable:RouteTable  vpcId=vpc routes[*].natGatewayId=~nat routes[*].gatewayId=~gateway
ec2/routeTableAssociation:RouteTableAssociation  routeTableId=table subnetId=~subnet gatewayId=~gateway
ec2/securityGroup:SecurityGroup  vpcId=vpc ingress[*].securityGroups[*]=sg egress[*].securityGroups[*]=sg
ec2/securityGroupRule:SecurityGroupRule  securityGroupId=~sg sourceSecurityGroupId=sg
ec2/subnet:Subnet  vpcId=vpc
ec2/vpcEndpoint:VpcEndpoint  vpcId=vpc subnetIds[*]=subnet securityGroupIds[*]=sg routeTableIds[*]=~table
ecr/lifecyclePolicy:LifecyclePolicy  repository=~repository.name
ecr/repositoryPolicy:RepositoryPolicy  repository=~repository.name
ecs/cluster:Cluster  serviceConnectDefaults.namespace=~namespace.arn
    configuration.executeCommandConfiguration.kmsKeyId=~key.arn|id
ecs/clusterCapacityProviders:ClusterCapacityProviders  clusterName=~cluster.name
ecs/service:Service  cluster=cluster.arn|name taskDefinition=~task.arn|id loadBalancers[*].targetGroupArn=targets.arn
    networkConfiguration.subnets[*]=subnet networkConfiguration.securityGroups[*]=sg
ecs/taskDefinition:TaskDefinition  executionRoleArn=~role.arn taskRoleArn=~role.arn
guardduty/detectorFeature:DetectorFeature  detectorId=~detector
iam/accessKey:AccessKey  user=user.name
iam/instanceProfile:InstanceProfile  role=role.name
iam/rolePolicy:RolePolicy  role=role.name
iam/rolePolicyAttachment:RolePolicyAttachment  role=role.name policyArn=policy.arn
iam/userPolicy:UserPolicy  user=user.name
iam/userPolicyAttachment:UserPolicyAttachment  user=user.name policyArn=policy.arn
kms/alias:Alias  targetKeyId=~key.id|arn
kms/grant:Grant  keyId=~key.id|arn
kms/keyPolicy:KeyPolicy  keyId=~key.id|arn
lambda/function:Function  role=~role.arn vpcConfig.subnetIds[*]=subnet vpcConfig.securityGroupIds[*]=sg
lb/listener:Listener  loadBalancerArn=~balancer.arn certificateArn=certificate.arn defaultActions[*].targetGroupArn=targets.arn
    defaultActions[*].forward.targetGroups[*].arn=targets.arn
lb/listenerCertificate:ListenerCertificate  listenerArn=~listener.arn certificateArn=certificate.arn
lb/listenerRule:ListenerRule  listenerArn=~listener.arn actions[*].targetGroupArn=targets.arn
    actions[*].forward.targetGroups[*].arn=targets.arn
lb/loadBalancer:LoadBalancer  subnets[*]=subnet subnetMappings[*].subnetId=subnet subnetMappings[*].allocationId=eip
    securityGroups[*]=sg accessLogs.bucket=~bucket connectionLogs.bucket=~bucket
lb/targetGroup:TargetGroup  vpcId=vpc
rds/cluster:Cluster  dbSubnetGroupName=subnetGroup.name vpcSecurityGroupIds[*]=sg kmsKeyId=~key.arn
rds/eventSubscription:EventSubscription  snsTopic=~topic.arn
rds/instance:Instance  dbSubnetGroupName=subnetGroup.name parameterGroupName=parameterGroup.name
    optionGroupName=optionGroup.name vpcSecurityGroupIds[*]=sg kmsKeyId=~key.arn monitoringRoleArn=~role.arn
    performanceInsightsKmsKeyId=~key.arn masterUserSecretKmsKeyId=~key.arn|id
rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication  sourceDbInstanceArn=~database.arn kmsKeyId=~key.arn
rds/proxy:Proxy  roleArn=~role.arn vpcSubnetIds[*]=subnet vpcSecurityGroupIds[*]=sg auths[*].secretArn=~secret.arn
rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup  dbProxyName=~proxy.name
rds/proxyEndpoint:ProxyEndpoint  dbProxyName=~proxy.name vpcSubnetIds[*]=subnet vpcSecurityGroupIds[*]=sg
rds/proxyTarget:ProxyTarget  dbProxyName=~proxy.name dbInstanceIdentifier=~database.identifier
rds/subnetGroup:SubnetGroup  subnetIds[*]=subnet
route53/hostedZoneDnsSec:HostedZoneDnsSec  hostedZoneId=zone.id
route53/keySigningKey:KeySigningKey  hostedZoneId=zone.id keyManagementServiceArn=~key.arn
route53/queryLog:QueryLog  zoneId=zone.id
route53/record:Record  zoneId=zone.id
route53/zone:Zone  vpcs[*].vpcId=vpc
s3/bucketAcl:BucketAcl  bucket=~bucket
s3/bucketCorsConfiguration:BucketCorsConfiguration  bucket=~bucket
s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration  bucket=~bucket
s3/bucketLogging:BucketLogging  bucket=~bucket targetBucket=~bucket
s3/bucketNotification:BucketNotification  bucket=~bucket queues[*].queueArn=~queue.arn topics[*].topicArn=~topic.arn
s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration  bucket=~bucket
s3/bucketObjectv2:BucketObjectv2  bucket=~bucket kmsKeyId=~key.arn
s3/bucketOwnershipControls:BucketOwnershipControls  bucket=~bucket
s3/bucketPolicy:BucketPolicy  bucket=~bucket
s3/bucketPublicAccessBlock:BucketPublicAccessBlock  bucket=~bucket
s3/bucketReplicationConfig:BucketReplicationConfig  bucket=~bucket role=~role.arn
s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration  bucket=~bucket
    rules[*].applyServerSideEncryptionByDefault.kmsMasterKeyId=~key.arn|id
s3/bucketVersioning:BucketVersioning  bucket=~bucket
scheduler/schedule:Schedule  target.roleArn=~role.arn kmsKeyArn=~key.arn
secretsmanager/secret:Secret  kmsKeyId=~key.arn|id
secretsmanager/secretPolicy:SecretPolicy  secretArn=~secret.arn
secretsmanager/secretRotation:SecretRotation  secretId=~secret.arn
secretsmanager/secretVersion:SecretVersion  secretId=~secret.arn
servicediscovery/privateDnsNamespace:PrivateDnsNamespace  vpc=vpc
servicediscovery/service:Service  namespaceId=namespace dnsConfig.namespaceId=namespace
sesv2/configurationSetEventDestination:ConfigurationSetEventDestination  configurationSetName=~configuration
    eventDestination.snsDestination.topicArn=~topic.arn
sesv2/emailIdentity:EmailIdentity  configurationSetName=~configuration
sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes  emailIdentity=~identity
sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes  emailIdentity=~identity
sesv2/emailIdentityPolicy:EmailIdentityPolicy  emailIdentity=~identity
sns/topic:Topic  kmsMasterKeyId=~key.id|arn
sns/topicPolicy:TopicPolicy  arn=~topic.arn
sns/topicSubscription:TopicSubscription  topic=~topic.arn subscriptionRoleArn=~role.arn
sqs/queue:Queue  kmsMasterKeyId=~key.id|arn
sqs/queuePolicy:QueuePolicy  queueUrl=~queue
sqs/redriveAllowPolicy:RedriveAllowPolicy  queueUrl=~queue
sqs/redrivePolicy:RedrivePolicy  queueUrl=~queue
ssm/parameter:Parameter  keyId=~key.id|arn
vpc/securityGroupEgressRule:SecurityGroupEgressRule  securityGroupId=~sg referencedSecurityGroupId=sg prefixListId=~prefixes
vpc/securityGroupIngressRule:SecurityGroupIngressRule  securityGroupId=~sg referencedSecurityGroupId=sg prefixListId=~prefixes
wafv2/webAclAssociation:WebAclAssociation  webAclArn=waf.arn resourceArn=~balancer.arn
wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration  resourceArn=~waf.arn
"""


def _read() -> dict[str, tuple[Reference, ...]]:
    found: dict[str, list[Reference]] = {}
    token = ""
    for line in _TABLE.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            token = f"{PACKAGE}:{words.pop(0)}"
            found[token] = []
        found[token].extend(_reference(word) for word in words)
    return {name: tuple(references) for name, references in found.items()}


def _reference(word: str) -> Reference:
    path, _, target = word.rpartition("=")
    kind, _, attributes = target.removeprefix("~").partition(".")
    return Reference(
        path,
        tuple(f"{PACKAGE}:{token}" for token in _KINDS[kind]),
        tuple(attributes.split("|")) if attributes else ("id",),
        _FOREIGN.get(kind, ()),
        holds=not target.startswith("~"),
    )


REFERENCES: Mapping[str, Sequence[Reference]] = _read()


def references(token: str) -> Sequence[Reference]:
    """Which inputs of a type name other resources."""
    return REFERENCES.get(canonical(token), ())
