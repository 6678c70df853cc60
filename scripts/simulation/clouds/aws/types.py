"""Which type of CloudFormation describes a type of the SDK, and how the two spell the same property.

CloudFormation's schemas come with cfn-lint. The SDK follows Terraform's provider, so names of types differ; properties mostly
differ in the case of their first letters only. A type that is not listed is looked for under its own name.
"""

from __future__ import annotations

import re

PACKAGE = "aws"

_LISTED = """
acm/certificate:Certificate AWS::CertificateManager::Certificate
appautoscaling/policy:Policy AWS::ApplicationAutoScaling::ScalingPolicy
appautoscaling/target:Target AWS::ApplicationAutoScaling::ScalableTarget
backup/plan:Plan AWS::Backup::BackupPlan
backup/selection:Selection AWS::Backup::BackupSelection
backup/vault:Vault AWS::Backup::BackupVault
cloudtrail/trail:Trail AWS::CloudTrail::Trail
cloudwatch/compositeAlarm:CompositeAlarm AWS::CloudWatch::CompositeAlarm
cloudwatch/dashboard:Dashboard AWS::CloudWatch::Dashboard
cloudwatch/eventRule:EventRule AWS::Events::Rule
cloudwatch/logGroup:LogGroup AWS::Logs::LogGroup
cloudwatch/logMetricFilter:LogMetricFilter AWS::Logs::MetricFilter
cloudwatch/logStream:LogStream AWS::Logs::LogStream
cloudwatch/logSubscriptionFilter:LogSubscriptionFilter AWS::Logs::SubscriptionFilter
cloudwatch/metricAlarm:MetricAlarm AWS::CloudWatch::Alarm
cloudwatch/queryDefinition:QueryDefinition AWS::Logs::QueryDefinition
ec2/eip:Eip AWS::EC2::EIP
ec2/flowLog:FlowLog AWS::EC2::FlowLog
ec2/internetGateway:InternetGateway AWS::EC2::InternetGateway
ec2/managedPrefixList:ManagedPrefixList AWS::EC2::PrefixList
ec2/natGateway:NatGateway AWS::EC2::NatGateway
ec2/networkAcl:NetworkAcl AWS::EC2::NetworkAcl
ec2/networkAclRule:NetworkAclRule AWS::EC2::NetworkAclEntry
ec2/route:Route AWS::EC2::Route
ec2/routeTable:RouteTable AWS::EC2::RouteTable
ec2/routeTableAssociation:RouteTableAssociation AWS::EC2::SubnetRouteTableAssociation
ec2/securityGroup:SecurityGroup AWS::EC2::SecurityGroup
ec2/subnet:Subnet AWS::EC2::Subnet
ec2/vpc:Vpc AWS::EC2::VPC
ec2/vpcDhcpOptions:VpcDhcpOptions AWS::EC2::DHCPOptions
ec2/vpcEndpoint:VpcEndpoint AWS::EC2::VPCEndpoint
ecr/repository:Repository AWS::ECR::Repository
ecs/cluster:Cluster AWS::ECS::Cluster
ecs/clusterCapacityProviders:ClusterCapacityProviders AWS::ECS::ClusterCapacityProviderAssociations
ecs/service:Service AWS::ECS::Service
ecs/taskDefinition:TaskDefinition AWS::ECS::TaskDefinition
guardduty/detector:Detector AWS::GuardDuty::Detector
iam/group:Group AWS::IAM::Group
iam/instanceProfile:InstanceProfile AWS::IAM::InstanceProfile
iam/policy:Policy AWS::IAM::ManagedPolicy
iam/role:Role AWS::IAM::Role
iam/rolePolicy:RolePolicy AWS::IAM::RolePolicy
iam/serviceLinkedRole:ServiceLinkedRole AWS::IAM::ServiceLinkedRole
iam/user:User AWS::IAM::User
kms/alias:Alias AWS::KMS::Alias
kms/key:Key AWS::KMS::Key
kms/replicaKey:ReplicaKey AWS::KMS::ReplicaKey
lambda/function:Function AWS::Lambda::Function
lb/listener:Listener AWS::ElasticLoadBalancingV2::Listener
lb/listenerCertificate:ListenerCertificate AWS::ElasticLoadBalancingV2::ListenerCertificate
lb/listenerRule:ListenerRule AWS::ElasticLoadBalancingV2::ListenerRule
lb/loadBalancer:LoadBalancer AWS::ElasticLoadBalancingV2::LoadBalancer
lb/targetGroup:TargetGroup AWS::ElasticLoadBalancingV2::TargetGroup
rds/cluster:Cluster AWS::RDS::DBCluster
rds/clusterParameterGroup:ClusterParameterGroup AWS::RDS::DBClusterParameterGroup
rds/eventSubscription:EventSubscription AWS::RDS::EventSubscription
rds/instance:Instance AWS::RDS::DBInstance
rds/optionGroup:OptionGroup AWS::RDS::OptionGroup
rds/parameterGroup:ParameterGroup AWS::RDS::DBParameterGroup
rds/proxy:Proxy AWS::RDS::DBProxy
rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup AWS::RDS::DBProxyTargetGroup
rds/proxyEndpoint:ProxyEndpoint AWS::RDS::DBProxyEndpoint
rds/subnetGroup:SubnetGroup AWS::RDS::DBSubnetGroup
route53/healthCheck:HealthCheck AWS::Route53::HealthCheck
route53/hostedZoneDnsSec:HostedZoneDnsSec AWS::Route53::DNSSEC
route53/keySigningKey:KeySigningKey AWS::Route53::KeySigningKey
route53/record:Record AWS::Route53::RecordSet
route53/zone:Zone AWS::Route53::HostedZone
s3/bucket:Bucket AWS::S3::Bucket
scheduler/schedule:Schedule AWS::Scheduler::Schedule
secretsmanager/secret:Secret AWS::SecretsManager::Secret
secretsmanager/secretPolicy:SecretPolicy AWS::SecretsManager::ResourcePolicy
secretsmanager/secretRotation:SecretRotation AWS::SecretsManager::RotationSchedule
sesv2/configurationSet:ConfigurationSet AWS::SES::ConfigurationSet
sesv2/configurationSetEventDestination:ConfigurationSetEventDestination AWS::SES::ConfigurationSetEventDestination
sesv2/contactList:ContactList AWS::SES::ContactList
sesv2/dedicatedIpPool:DedicatedIpPool AWS::SES::DedicatedIpPool
sesv2/emailIdentity:EmailIdentity AWS::SES::EmailIdentity
sns/topic:Topic AWS::SNS::Topic
sns/topicSubscription:TopicSubscription AWS::SNS::Subscription
sqs/queue:Queue AWS::SQS::Queue
synthetics/canary:Canary AWS::Synthetics::Canary
vpc/securityGroupEgressRule:SecurityGroupEgressRule AWS::EC2::SecurityGroupEgress
vpc/securityGroupIngressRule:SecurityGroupIngressRule AWS::EC2::SecurityGroupIngress
wafv2/ipSet:IpSet AWS::WAFv2::IPSet
wafv2/webAcl:WebAcl AWS::WAFv2::WebACL
wafv2/webAclAssociation:WebAclAssociation AWS::WAFv2::WebACLAssociation
wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration AWS::WAFv2::LoggingConfiguration
"""

CLOUDFORMATION = {f"{PACKAGE}:{token}": kind for token, kind in (line.split() for line in _LISTED.split("\n") if line)}

_SAME = {"alb": "lb", "applicationloadbalancing": "lb"}
"""Modules that hold the same types under a second name."""


def canonical(token: str) -> str:
    """The token under which the tables of this cloud list a type that the SDK has twice (`alb`, `lb`)."""
    module, slash, rest = token.removeprefix(f"{PACKAGE}:").partition("/")
    return f"{PACKAGE}:{_SAME[module]}/{rest}" if slash and module in _SAME else token


def by_name(token: str) -> str:
    """A type of CloudFormation in lower case under the type's own name: `aws:ecs/cluster:Cluster` -> `aws::ecs::cluster`."""
    module, _, rest = token.partition(":")[2].partition("/")
    return f"aws::{module}::{rest.rpartition(':')[2]}".lower()


def wire_name(name: str) -> str:
    """A property of CloudFormation as the SDK spells it: `DBName` -> `dbName`, `KMSKeyId` -> `kmsKeyId`."""
    return re.sub(r"^[A-Z]+(?![a-z])|^[A-Z]", lambda found: found[0].lower(), name)
