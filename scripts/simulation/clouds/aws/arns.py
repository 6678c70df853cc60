"""The form of the id and of the ARN of each type, as tables; `forms.py` says what may stand in the gaps.

Ids are those of pulumi-aws 7 (Terraform's provider 6): for most types what its import takes. `{arn}` as id: the ARN is the id.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.simulation.clouds.aws.types import PACKAGE

_REGIONAL = "arn:{partition}:%s:{region}:{account}:"

_TABLE = """
accessanalyzer/analyzer:Analyzer | {analyzerName} | access-analyzer analyzer/{id}
acm/certificate:Certificate | {arn} | acm certificate/{uuid}
acm/certificateValidation:CertificateValidation | 2026-01-01 00:00:00.{number9} +0000 UTC |
appautoscaling/policy:Policy | {serviceNamespace}/{resourceId}/{scalableDimension}/{name} | autoscaling scalingPolicy:{uuid}
appautoscaling/scheduledAction:ScheduledAction | {name}-{serviceNamespace}-{resourceId} |
appautoscaling/target:Target | {resourceId} | application-autoscaling scalable-target/{hex32}
backup/plan:Plan | {uuid} | backup backup-plan:{id}
backup/regionSettings:RegionSettings | {region} |
backup/restoreTestingPlan:RestoreTestingPlan | {name} | backup restore-testing-plan:{id}
backup/restoreTestingSelection:RestoreTestingSelection | {name}:{restoreTestingPlanName} |
backup/selection:Selection | {uuid} |
backup/vault:Vault | {name} | backup backup-vault:{id}
backup/vaultLockConfiguration:VaultLockConfiguration | {backupVaultName} |
backup/vaultNotifications:VaultNotifications | {backupVaultName} |
backup/vaultPolicy:VaultPolicy | {backupVaultName} |
cloudtrail/trail:Trail | {arn} | cloudtrail trail/{name}
cloudwatch/compositeAlarm:CompositeAlarm | {alarmName} | cloudwatch alarm:{id}
cloudwatch/dashboard:Dashboard | {dashboardName} |
cloudwatch/eventRule:EventRule | {name} | events rule/{id}
cloudwatch/eventTarget:EventTarget | {rule}-{targetId} |
cloudwatch/logGroup:LogGroup | {name} | logs log-group:{id}
cloudwatch/logMetricFilter:LogMetricFilter | {logGroupName}:{name} |
cloudwatch/logResourcePolicy:LogResourcePolicy | {policyName} |
cloudwatch/logStream:LogStream | {logGroupName}:{name} |
cloudwatch/logSubscriptionFilter:LogSubscriptionFilter | cwlsf-{number10} |
cloudwatch/metricAlarm:MetricAlarm | {name} | cloudwatch alarm:{id}
cloudwatch/queryDefinition:QueryDefinition | {uuid} | logs query-definition:{id}
ec2/defaultNetworkAcl:DefaultNetworkAcl | {defaultNetworkAclId} | ec2 network-acl/{id}
ec2/defaultRouteTable:DefaultRouteTable | {defaultRouteTableId} | ec2 route-table/{id}
ec2/defaultSecurityGroup:DefaultSecurityGroup | {defaultSecurityGroup} | ec2 security-group/{id}
ec2/eip:Eip | eipalloc-{hex17} | ec2 elastic-ip/{id}
ec2/flowLog:FlowLog | fl-{hex17} | ec2 vpc-flow-log/{id}
ec2/internetGateway:InternetGateway | igw-{hex17} | ec2 internet-gateway/{id}
ec2/managedPrefixList:ManagedPrefixList | pl-{hex17} | ec2 prefix-list/{id}
ec2/natGateway:NatGateway | nat-{hex17} |
ec2/networkAcl:NetworkAcl | acl-{hex17} | ec2 network-acl/{id}
ec2/networkAclRule:NetworkAclRule | nacl-{number10} |
ec2/route:Route | r-{routeTableId}{number10} |
ec2/routeTable:RouteTable | rtb-{hex17} | ec2 route-table/{id}
ec2/routeTableAssociation:RouteTableAssociation | rtbassoc-{hex17} |
ec2/securityGroup:SecurityGroup | sg-{hex17} | ec2 security-group/{id}
ec2/securityGroupRule:SecurityGroupRule | sgrule-{number10} |
ec2/subnet:Subnet | subnet-{hex17} | ec2 subnet/{id}
ec2/vpc:Vpc | vpc-{hex17} | ec2 vpc/{id}
ec2/vpcDhcpOptions:VpcDhcpOptions | dopt-{hex17} | ec2 dhcp-options/{id}
ec2/vpcEndpoint:VpcEndpoint | vpce-{hex17} | ec2 vpc-endpoint/{id}
ecr/lifecyclePolicy:LifecyclePolicy | {repository} |
ecr/repository:Repository | {name} | ecr repository/{id}
ecr/repositoryPolicy:RepositoryPolicy | {repository} |
ecs/cluster:Cluster | {arn} | ecs cluster/{name}
ecs/clusterCapacityProviders:ClusterCapacityProviders | {clusterName} |
ecs/service:Service | {arn} | ecs service/{clusterName}/{name}
ecs/taskDefinition:TaskDefinition | {family}:{revision} | ecs task-definition/{id}
guardduty/detector:Detector | {hex32} | guardduty detector/{id}
guardduty/detectorFeature:DetectorFeature | {detectorId}/{name} |
iam/accessKey:AccessKey | AKIA{upper16} |
iam/group:Group | {name} | iam group{path}{id}
iam/instanceProfile:InstanceProfile | {name} | iam instance-profile{path}{id}
iam/policy:Policy | {arn} | iam policy{path}{name}
iam/role:Role | {name} | iam role{path}{id}
iam/rolePolicy:RolePolicy | {role}:{name} |
iam/rolePolicyAttachment:RolePolicyAttachment | {role}/{policyArn} |
iam/serviceLinkedRole:ServiceLinkedRole | {arn} | iam role/aws-service-role/{awsServiceName}/AWSServiceRole{upper6}
iam/user:User | {name} | iam user{path}{id}
iam/userPolicy:UserPolicy | {user}:{name} |
iam/userPolicyAttachment:UserPolicyAttachment | {user}/{policyArn} |
kms/alias:Alias | {name} | kms {id}
kms/grant:Grant | {keyId}:{hex64} |
kms/key:Key | {uuid} | kms key/{id}
kms/keyPolicy:KeyPolicy | {keyId} |
kms/replicaKey:ReplicaKey | mrk-{hex32} | kms key/{id}
lambda/function:Function | {name} | lambda function:{id}
lambda/permission:Permission | {statementId} |
lb/listener:Listener | {arn} | elasticloadbalancing listener/{lbPath}/{hex16}
lb/listenerCertificate:ListenerCertificate | {listenerArn}_{certificateArn} |
lb/listenerRule:ListenerRule | {arn} | elasticloadbalancing listener-rule/{listenerPath}/{hex16}
lb/loadBalancer:LoadBalancer | {arn} | elasticloadbalancing loadbalancer/{lbKind}/{name}/{hex16}
lb/targetGroup:TargetGroup | {arn} | elasticloadbalancing targetgroup/{name}/{hex16}
rds/cluster:Cluster | {name} | rds cluster:{id}
rds/clusterInstance:ClusterInstance | {name} | rds db:{id}
rds/clusterParameterGroup:ClusterParameterGroup | {name} | rds cluster-pg:{id}
rds/eventSubscription:EventSubscription | {name} | rds es:{id}
rds/instance:Instance | db-{upper26} | rds db:{name}
rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication | {arn} | rds auto-backup:ab-{lower39}
rds/optionGroup:OptionGroup | {name} | rds og:{id}
rds/parameterGroup:ParameterGroup | {name} | rds pg:{id}
rds/proxy:Proxy | {name} | rds db-proxy:prx-{hex17}
rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup | {dbProxyName} | rds target-group:prx-tg-{hex17}
rds/proxyEndpoint:ProxyEndpoint | {dbProxyName}/{dbProxyEndpointName} | rds db-proxy-endpoint:prx-endpoint-{hex17}
rds/proxyTarget:ProxyTarget | {dbProxyName}/{targetGroupName}/RDS_INSTANCE/{dbInstanceIdentifier} |
rds/subnetGroup:SubnetGroup | {name} | rds subgrp:{id}
route53/healthCheck:HealthCheck | {uuid} | route53 healthcheck/{id}
route53/hostedZoneDnsSec:HostedZoneDnsSec | {hostedZoneId} |
route53/keySigningKey:KeySigningKey | {hostedZoneId},{name} |
route53/queryLog:QueryLog | {uuid} | route53 queryloggingconfig/{id}
route53/record:Record | {recordId} |
route53/zone:Zone | Z{upper20} | route53 hostedzone/{id}
s3/bucket:Bucket | {name} | s3 {id}
s3/bucketAcl:BucketAcl | {bucket} |
s3/bucketCorsConfiguration:BucketCorsConfiguration | {bucket} |
s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration | {bucket} |
s3/bucketLogging:BucketLogging | {bucket} |
s3/bucketNotification:BucketNotification | {bucket} |
s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration | {bucket} |
s3/bucketObjectv2:BucketObjectv2 | {bucket}/{key} |
s3/bucketOwnershipControls:BucketOwnershipControls | {bucket} |
s3/bucketPolicy:BucketPolicy | {bucket} |
s3/bucketPublicAccessBlock:BucketPublicAccessBlock | {bucket} |
s3/bucketReplicationConfig:BucketReplicationConfig | {bucket} |
s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration | {bucket} |
s3/bucketVersioning:BucketVersioning | {bucket} |
scheduler/schedule:Schedule | {groupName}/{name} | scheduler schedule/{id}
secretsmanager/secret:Secret | {arn} | secretsmanager secret:{name}-{upper6}
secretsmanager/secretPolicy:SecretPolicy | {secretArn} |
secretsmanager/secretRotation:SecretRotation | {secretId} |
secretsmanager/secretVersion:SecretVersion | {secretId}|{uuid} |
servicediscovery/privateDnsNamespace:PrivateDnsNamespace | ns-{lower16} | servicediscovery namespace/{id}
servicediscovery/service:Service | srv-{lower16} | servicediscovery service/{id}
sesv2/accountSuppressionAttributes:AccountSuppressionAttributes | {account} |
sesv2/configurationSet:ConfigurationSet | {configurationSetName} | ses configuration-set/{id}
sesv2/configurationSetEventDestination:ConfigurationSetEventDestination | {configurationSetName}|{eventDestinationName} |
sesv2/contactList:ContactList | {contactListName} | ses contact-list/{id}
sesv2/dedicatedIpPool:DedicatedIpPool | {poolName} | ses dedicated-ip-pool/{id}
sesv2/emailIdentity:EmailIdentity | {emailIdentity} | ses identity/{id}
sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes | {emailIdentity} |
sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes | {emailIdentity} |
sesv2/emailIdentityPolicy:EmailIdentityPolicy | {emailIdentity}|{policyName} |
sns/topic:Topic | {arn} | sns {name}
sns/topicPolicy:TopicPolicy | {topicArn} |
sns/topicSubscription:TopicSubscription | {topic}:{uuid} |
sqs/queue:Queue | https://sqs.{region}.{domain}/{account}/{name} | sqs {name}
sqs/queuePolicy:QueuePolicy | {queueUrl} |
sqs/redriveAllowPolicy:RedriveAllowPolicy | {queueUrl} |
sqs/redrivePolicy:RedrivePolicy | {queueUrl} |
ssm/parameter:Parameter | {name} | ssm parameter/{id}
synthetics/canary:Canary | {name} | synthetics canary:{id}
vpc/securityGroupEgressRule:SecurityGroupEgressRule | sgr-{hex17} | ec2 security-group-rule/{id}
vpc/securityGroupIngressRule:SecurityGroupIngressRule | sgr-{hex17} | ec2 security-group-rule/{id}
wafv2/ipSet:IpSet | {uuid} | wafv2 {wafScope}/ipset/{name}/{id}
wafv2/webAcl:WebAcl | {uuid} | wafv2 {wafScope}/webacl/{name}/{id}
wafv2/webAclAssociation:WebAclAssociation | {webAclArn},{resourceArn} |
wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration | {resourceArn} |
"""

_GLOBAL = {
    "iam": "arn:{partition}:iam::{account}:",
    "s3": "arn:{partition}:s3:::",
    "route53": "arn:{partition}:route53:::",
}
"""Services whose ARNs leave out the region, the account or both."""


def _read() -> tuple[dict[str, str], dict[str, str]]:
    ids, found = {}, {}
    for line in _TABLE.strip().splitlines():
        token, form, arn = (part.strip() for part in _columns(line))
        ids[f"{PACKAGE}:{token}"] = form
        if arn:
            service, rest = arn.split(" ", 1)
            found[f"{PACKAGE}:{token}"] = _GLOBAL.get(service, _REGIONAL % service) + rest
    return ids, found


def _columns(line: str) -> tuple[str, str, str]:
    """The three columns; a bar within an id has no blanks around it."""
    token, form, arn = f"{line} ".split(" | ")
    return token, form, arn


IDS: Mapping[str, str]
ARNS: Mapping[str, str]
IDS, ARNS = _read()
