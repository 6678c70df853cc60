"""Logs, records of changes, regions, labels and names on AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policies.model import Resource, at, each, is_true
from policies.properties import Property
from policies.readers.aws import data
from policies.readers.labels import named, of_labels
from policies.readers.model import Reader, Readers, Reading, check, figure, flag, known
from scripts.simulation.values import Value

TRAIL: Final = "aws:cloudtrail/trail:Trail"
PROVIDER: Final = "pulumi:providers:aws"
_ARN: Final = re.compile(r"^arn:[\w-]+:[\w-]*:([a-z0-9-]*):")

_TYPES: Final = """
acm/certificate:Certificate appautoscaling/target:Target backup/plan:Plan backup/vault:Vault cloudtrail/trail:Trail
cloudwatch/compositeAlarm:CompositeAlarm cloudwatch/eventRule:EventRule cloudwatch/logGroup:LogGroup
cloudwatch/metricAlarm:MetricAlarm dynamodb/table:Table ebs/volume:Volume ec2/defaultSecurityGroup:DefaultSecurityGroup
ec2/eip:Eip ec2/flowLog:FlowLog ec2/instance:Instance ec2/internetGateway:InternetGateway
ec2/managedPrefixList:ManagedPrefixList ec2/natGateway:NatGateway ec2/networkAcl:NetworkAcl ec2/routeTable:RouteTable
ec2/securityGroup:SecurityGroup ec2/subnet:Subnet ec2/vpc:Vpc ec2/vpcDhcpOptions:VpcDhcpOptions ec2/vpcEndpoint:VpcEndpoint
ecr/repository:Repository ecs/cluster:Cluster ecs/service:Service ecs/taskDefinition:TaskDefinition
efs/fileSystem:FileSystem elasticache/replicationGroup:ReplicationGroup guardduty/detector:Detector
iam/instanceProfile:InstanceProfile iam/policy:Policy iam/role:Role iam/user:User kms/key:Key kms/replicaKey:ReplicaKey
lambda/function:Function lb/listener:Listener lb/listenerRule:ListenerRule lb/loadBalancer:LoadBalancer
lb/targetGroup:TargetGroup mq/broker:Broker rds/cluster:Cluster rds/clusterInstance:ClusterInstance
rds/clusterParameterGroup:ClusterParameterGroup rds/eventSubscription:EventSubscription rds/instance:Instance
rds/optionGroup:OptionGroup rds/parameterGroup:ParameterGroup rds/proxy:Proxy rds/proxyEndpoint:ProxyEndpoint
rds/subnetGroup:SubnetGroup route53/healthCheck:HealthCheck route53/zone:Zone s3/bucket:Bucket secretsmanager/secret:Secret
sesv2/configurationSet:ConfigurationSet sesv2/contactList:ContactList sesv2/dedicatedIpPool:DedicatedIpPool
sesv2/emailIdentity:EmailIdentity sns/topic:Topic sqs/queue:Queue synthetics/canary:Canary
vpc/securityGroupEgressRule:SecurityGroupEgressRule vpc/securityGroupIngressRule:SecurityGroupIngressRule
wafv2/ipSet:IpSet wafv2/webAcl:WebAcl
"""
"""The types that take tags: from the inputs alone it cannot be seen whether a type takes any."""

LABELLED: Final = tuple(f"aws:{name}" for name in _TYPES.split())

_NAMES: Final[Mapping[str, str]] = {
    "backup/plan:Plan": "name",
    "backup/vault:Vault": "name",
    "cloudtrail/trail:Trail": "name",
    "cloudwatch/metricAlarm:MetricAlarm": "name",
    "ecs/cluster:Cluster": "name",
    "ecs/service:Service": "name",
    "ecs/taskDefinition:TaskDefinition": "family",
    "iam/role:Role": "name",
    "iam/user:User": "name",
    "lb/loadBalancer:LoadBalancer": "name",
    "rds/instance:Instance": "identifier",
    "rds/proxy:Proxy": "name",
    "s3/bucket:Bucket": "bucket",
    "sns/topic:Topic": "name",
    "sqs/queue:Queue": "name",
    "wafv2/webAcl:WebAcl": "name",
}
"""Types whose name is free, and where it is said. A log group of RDS or WAF is named as the service wants."""

_REGIONAL: Final = (data.KEY, data.REPLICA_KEY, data.VAULT, data.BUCKET, data.INSTANCE, data.QUEUE, data.SECRET, data.LOGS)


def _where(path: str = "region") -> Reader:
    """A region that is said at a path; nothing where the provider's is meant."""

    def read(resource: Resource) -> Iterator[Reading]:
        value = at(resource.properties, path)
        if value is not None:
            yield Reading(path, value)

    return read


def _zone(resource: Resource) -> Iterator[Reading]:
    """A zone's region: its name without the letter."""
    path = "availabilityZone"
    yield Reading(path, known(at(resource.properties, path), lambda value: str(value).rstrip("abcdefghi")))


def _copies(resource: Resource) -> Iterator[Reading]:
    """The regions of the vaults that a plan copies to, which their names say."""
    for path, rule in each(resource.properties, "rules"):
        for inside, copy in each(rule, "copyActions"):
            yield Reading(f"{path}.{inside}.destinationVaultArn", known(at(copy, "destinationVaultArn"), _of_arn))


def _of_arn(value: Value) -> str:
    found = _ARN.match(str(value))
    return found[1] if found else ""


OPERATIONS: Final[Readers] = {
    Property.LOG_DAYS_KEPT: {data.LOGS: figure("retentionInDays")},
    Property.AUDITED: {
        TRAIL: lambda resource: iter(
            [
                *check("enableLogging", lambda value: value is None or is_true(value), "set it to true")(resource),
                *flag("enableLogFileValidation")(resource),
                *flag("isMultiRegionTrail", "set it to true; who breaks in uses a region that nobody looks at")(resource),
                *check("includeGlobalServiceEvents", lambda value: value is None or is_true(value), "set it to true")(resource),
            ]
        )
    },
    Property.THREATS_WATCHED: {
        "aws:guardduty/detector:Detector": check("enable", lambda value: value is None or is_true(value), "set it to true")
    },
    Property.REGION: {
        PROVIDER: _where(),
        "aws:ec2/subnet:Subnet": _zone,
        data.COPY: _where(),
        data.PLAN: _copies,
        **dict.fromkeys(_REGIONAL, _where()),
    },
    Property.LABELLED: dict.fromkeys(LABELLED, of_labels("tags")),
    Property.NAMED: {f"aws:{token}": named(path, "tags") for token, path in _NAMES.items()},
}
