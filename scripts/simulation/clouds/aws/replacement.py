"""Which inputs make a new resource when they change.

The table says of the listed types what Terraform's provider 6 does, of which pulumi-aws 7 is made (`ForceNew`,
`RequiresReplace` and conditions in code). The provider's source was read for databases, proxies, records, NAT gateways,
ingress rules, load balancers and services of ECS; the other lines are written from experience and held by a test against
CloudFormation's `createOnlyProperties`, which stand in for all types that are not listed. Where a condition depends on the
values, the input is listed, since losing data unannounced is the worse mistake. `region` replaces everywhere.
"""

from __future__ import annotations

from scripts.simulation.clouds.aws import cloudformation
from scripts.simulation.clouds.aws.outputs import GLOBAL
from scripts.simulation.clouds.aws.types import PACKAGE, by_name, canonical
from scripts.simulation.clouds.replacement import table, with_everywhere

_TABLE = """
accessanalyzer/analyzer:Analyzer  analyzerName type
acm/certificate:Certificate  certificateAuthorityArn domainName keyAlgorithm subjectAlternativeNames
    validationMethod validationOptions
acm/certificateValidation:CertificateValidation  certificateArn validationRecordFqdns
appautoscaling/policy:Policy  name resourceId scalableDimension serviceNamespace
appautoscaling/scheduledAction:ScheduledAction  name resourceId scalableDimension serviceNamespace
appautoscaling/target:Target  resourceId scalableDimension serviceNamespace
backup/plan:Plan
backup/regionSettings:RegionSettings
backup/restoreTestingPlan:RestoreTestingPlan  name
backup/restoreTestingSelection:RestoreTestingSelection  name protectedResourceType restoreTestingPlanName
backup/selection:Selection  conditions iamRoleArn name notResources planId resources selectionTags
backup/vault:Vault  kmsKeyArn name
backup/vaultLockConfiguration:VaultLockConfiguration  backupVaultName changeableForDays maxRetentionDays minRetentionDays
backup/vaultNotifications:VaultNotifications  backupVaultEvents backupVaultName snsTopicArn
backup/vaultPolicy:VaultPolicy  backupVaultName
cloudtrail/trail:Trail  name
cloudwatch/compositeAlarm:CompositeAlarm  alarmName
cloudwatch/dashboard:Dashboard  dashboardName
cloudwatch/eventRule:EventRule  eventBusName name namePrefix
cloudwatch/eventTarget:EventTarget  eventBusName rule targetId
cloudwatch/logGroup:LogGroup  logGroupClass name namePrefix
cloudwatch/logMetricFilter:LogMetricFilter  logGroupName name
cloudwatch/logResourcePolicy:LogResourcePolicy  policyName resourceArn
cloudwatch/logStream:LogStream  logGroupName name
cloudwatch/logSubscriptionFilter:LogSubscriptionFilter  logGroup name
cloudwatch/metricAlarm:MetricAlarm  name
cloudwatch/queryDefinition:QueryDefinition
ec2/defaultNetworkAcl:DefaultNetworkAcl  defaultNetworkAclId
ec2/defaultRouteTable:DefaultRouteTable  defaultRouteTableId
ec2/defaultSecurityGroup:DefaultSecurityGroup  vpcId
ec2/eip:Eip  address customerOwnedIpv4Pool domain ipamPoolId networkBorderGroup publicIpv4Pool
ec2/flowLog:FlowLog  deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType logFormat
    maxAggregationInterval regionalNatGatewayId subnetId trafficType transitGatewayAttachmentId transitGatewayId vpcId
ec2/internetGateway:InternetGateway
ec2/managedPrefixList:ManagedPrefixList  addressFamily
ec2/natGateway:NatGateway  allocationId availabilityMode connectivityType privateIp
    secondaryPrivateIpAddressCount subnetId vpcId
ec2/networkAcl:NetworkAcl  vpcId
ec2/networkAclRule:NetworkAclRule  cidrBlock egress fromPort icmpCode icmpType ipv6CidrBlock networkAclId protocol ruleAction
    ruleNumber toPort
ec2/route:Route  destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId routeTableId
ec2/routeTable:RouteTable  vpcId
ec2/routeTableAssociation:RouteTableAssociation  gatewayId subnetId
ec2/securityGroup:SecurityGroup  description name namePrefix vpcId
ec2/securityGroupRule:SecurityGroupRule  cidrBlocks fromPort ipv6CidrBlocks prefixListIds protocol securityGroupId self
    sourceSecurityGroupId toPort type
ec2/subnet:Subnet  availabilityZone availabilityZoneId cidrBlock ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId ipv6Native
    ipv6NetmaskLength outpostArn vpcId
ec2/vpc:Vpc  cidrBlock instanceTenancy ipv4IpamPoolId ipv4NetmaskLength
ec2/vpcDhcpOptions:VpcDhcpOptions  domainName domainNameServers ipv6AddressPreferredLeaseTime netbiosNameServers
    netbiosNodeType ntpServers
ec2/vpcEndpoint:VpcEndpoint  resourceConfigurationArn serviceName serviceNetworkArn serviceRegion vpcEndpointType vpcId
ecr/lifecyclePolicy:LifecyclePolicy  policy repository
ecr/repository:Repository  encryptionConfigurations name
ecr/repositoryPolicy:RepositoryPolicy  repository
ecs/cluster:Cluster  name
ecs/clusterCapacityProviders:ClusterCapacityProviders  clusterName
ecs/service:Service  capacityProviderStrategies cluster iamRole launchType name schedulingStrategy
ecs/taskDefinition:TaskDefinition  containerDefinitions cpu enableFaultInjection ephemeralStorage executionRoleArn
    family ipcMode
    memory networkMode pidMode placementConstraints proxyConfiguration requiresCompatibilities runtimePlatform
    taskRoleArn volumes
guardduty/detector:Detector
guardduty/detectorFeature:DetectorFeature  detectorId name
iam/accessKey:AccessKey  pgpKey user
iam/group:Group
iam/instanceProfile:InstanceProfile  name namePrefix path
iam/policy:Policy  description name namePrefix path
iam/role:Role  name namePrefix path
iam/rolePolicy:RolePolicy  name namePrefix role
iam/rolePolicyAttachment:RolePolicyAttachment  policyArn role
iam/serviceLinkedRole:ServiceLinkedRole  awsServiceName customSuffix
iam/user:User
iam/userPolicy:UserPolicy  name namePrefix user
iam/userPolicyAttachment:UserPolicyAttachment  policyArn user
kms/alias:Alias  name namePrefix
kms/grant:Grant  constraints grantCreationTokens granteePrincipal keyId name operations retireOnDelete retiringPrincipal
kms/key:Key  customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId
kms/keyPolicy:KeyPolicy  keyId
kms/replicaKey:ReplicaKey  primaryKeyArn
lambda/function:Function  name packageType tenancyConfig
lambda/permission:Permission  action eventSourceToken function functionUrlAuthType invokedViaFunctionUrl principal
    principalOrgId
    qualifier sourceAccount sourceArn statementId statementIdPrefix
lb/listener:Listener  loadBalancerArn
lb/listenerCertificate:ListenerCertificate  certificateArn listenerArn
lb/listenerRule:ListenerRule  listenerArn
lb/loadBalancer:LoadBalancer  customerOwnedIpv4Pool internal loadBalancerType name namePrefix
lb/targetGroup:TargetGroup  ipAddressType name namePrefix port protocol protocolVersion targetControlPort targetType vpcId
rds/cluster:Cluster  availabilityZones clusterIdentifier clusterIdentifierPrefix databaseName dbSubnetGroupName
    dbSystemId engine
    engineMode globalClusterIdentifier kmsKeyId masterUsername replicationSourceIdentifier restoreToPointInTime s3Import
    snapshotIdentifier sourceRegion storageEncrypted
rds/clusterInstance:ClusterInstance  availabilityZone clusterIdentifier customIamInstanceProfile dbSubnetGroupName engine
    identifier identifierPrefix
rds/clusterParameterGroup:ClusterParameterGroup  description family name namePrefix
rds/eventSubscription:EventSubscription  name namePrefix
rds/instance:Instance  availabilityZone backupTarget characterSetName customIamInstanceProfile dbName engine
    identifierPrefix kmsKeyId ncharCharacterSetName restoreToPointInTime s3Import snapshotIdentifier
    storageEncrypted timezone username
rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication  kmsKeyId preSignedUrl retentionPeriod
    sourceDbInstanceArn
rds/optionGroup:OptionGroup  engineName majorEngineVersion name namePrefix optionGroupDescription
rds/parameterGroup:ParameterGroup  description family name namePrefix
rds/proxy:Proxy  endpointNetworkType engineFamily targetConnectionNetworkType vpcSubnetIds
rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup  dbProxyName
rds/proxyEndpoint:ProxyEndpoint  dbProxyEndpointName dbProxyName targetRole vpcSubnetIds
rds/proxyTarget:ProxyTarget  dbClusterIdentifier dbInstanceIdentifier dbProxyName targetGroupName
rds/subnetGroup:SubnetGroup  name namePrefix
route53/healthCheck:HealthCheck  ipAddress measureLatency referenceName requestInterval routingControlArn type
route53/hostedZoneDnsSec:HostedZoneDnsSec  hostedZoneId
route53/keySigningKey:KeySigningKey  hostedZoneId keyManagementServiceArn name
route53/queryLog:QueryLog  cloudwatchLogGroupArn zoneId
route53/record:Record  name zoneId
route53/zone:Zone  delegationSetId name
s3/bucket:Bucket  bucket bucketNamespace bucketPrefix objectLockEnabled
s3/bucketAcl:BucketAcl  bucket expectedBucketOwner
s3/bucketCorsConfiguration:BucketCorsConfiguration  bucket expectedBucketOwner
s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration  bucket expectedBucketOwner
s3/bucketLogging:BucketLogging  bucket expectedBucketOwner
s3/bucketNotification:BucketNotification  bucket
s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration  bucket expectedBucketOwner objectLockEnabled
s3/bucketObjectv2:BucketObjectv2  bucket key
s3/bucketOwnershipControls:BucketOwnershipControls  bucket
s3/bucketPolicy:BucketPolicy  bucket
s3/bucketPublicAccessBlock:BucketPublicAccessBlock  bucket
s3/bucketReplicationConfig:BucketReplicationConfig  bucket
s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration  bucket expectedBucketOwner
s3/bucketVersioning:BucketVersioning  bucket expectedBucketOwner
scheduler/schedule:Schedule  groupName name namePrefix
secretsmanager/secret:Secret  name namePrefix
secretsmanager/secretPolicy:SecretPolicy  secretArn
secretsmanager/secretRotation:SecretRotation  secretId
secretsmanager/secretVersion:SecretVersion  secretBinary secretId secretString secretStringWoVersion
servicediscovery/privateDnsNamespace:PrivateDnsNamespace  name vpc
servicediscovery/service:Service  dnsConfig.namespaceId dnsConfig.routingPolicy healthCheckCustomConfig name namespaceId type
sesv2/accountSuppressionAttributes:AccountSuppressionAttributes
sesv2/configurationSet:ConfigurationSet  configurationSetName
sesv2/configurationSetEventDestination:ConfigurationSetEventDestination  configurationSetName eventDestinationName
sesv2/contactList:ContactList  contactListName
sesv2/dedicatedIpPool:DedicatedIpPool  poolName scalingMode
sesv2/emailIdentity:EmailIdentity  emailIdentity
sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes  emailIdentity
sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes  emailIdentity
sesv2/emailIdentityPolicy:EmailIdentityPolicy  emailIdentity policyName
sns/topic:Topic  fifoTopic name namePrefix
sns/topicPolicy:TopicPolicy  arn
sns/topicSubscription:TopicSubscription  endpoint protocol topic
sqs/queue:Queue  fifoQueue name namePrefix
sqs/queuePolicy:QueuePolicy  queueUrl
sqs/redriveAllowPolicy:RedriveAllowPolicy  queueUrl
sqs/redrivePolicy:RedrivePolicy  queueUrl
ssm/parameter:Parameter  dataType name
synthetics/canary:Canary  name
vpc/securityGroupEgressRule:SecurityGroupEgressRule  securityGroupId
vpc/securityGroupIngressRule:SecurityGroupIngressRule  securityGroupId
wafv2/ipSet:IpSet  ipAddressVersion name namePrefix scope
wafv2/webAcl:WebAcl  name namePrefix scope
wafv2/webAclAssociation:WebAclAssociation  resourceArn webAclArn
wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration  resourceArn
"""

REPLACED = with_everywhere(table(PACKAGE, _TABLE), ("region",), but=GLOBAL)
"""Token -> patterns, for the types that are listed."""


def replaces(token: str) -> frozenset[str] | None:
    """Patterns of the inputs that make a new resource; None for a type of which nothing is known."""
    listed = REPLACED.get(canonical(token))
    if listed is not None:
        return listed
    described = cloudformation.fixed().get(by_name(token))
    return None if described is None else frozenset(described) | ({"region"} if not token.startswith(GLOBAL) else set())
