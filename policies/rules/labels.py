"""Everything carries the kit's labels (tags): whose it is, which part, which environment.

What removes a platform, counts its cost or looks for strangers finds its parts by them. A list names the types that take
labels, because from the inputs alone it cannot be seen whether a type takes any. Azure's and Google's are not listed yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policies.model import Finding, Resource, Rule, Undecided, Violation, at
from scripts.simulation.values import UNKNOWN, Value

PREFIX: Final = "penguinmails."
REQUIRED: Final = ("project", "stack", "environment", "component", "managed-by")
ENVIRONMENTS: Final = ("development", "staging", "production")

DOCKER: Final = tuple(
    f"docker:index/{name}"
    for name in (
        "container:Container",
        "network:Network",
        "secret:Secret",
        "service:Service",
        "serviceConfig:ServiceConfig",
        "volume:Volume",
    )
)

_AWS_NAMES: Final = """
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

AWS: Final = tuple(f"aws:{name}" for name in _AWS_NAMES.split())


def place(resource: Resource) -> str:
    """The property that holds a resource's labels."""
    return "labels" if resource.token.startswith("docker:") else "tags"


def labels(resource: Resource) -> Value:
    """A resource's labels as an object; UNKNOWN when none of them is known. Docker keeps them as a list of pairs."""
    found = at(resource.properties, place(resource))
    if found is UNKNOWN or isinstance(found, Mapping):
        return found
    pairs = found if isinstance(found, list) else []
    if any(pair is UNKNOWN or at(pair, "label") is UNKNOWN for pair in pairs):
        return UNKNOWN
    return {pair.get("label"): pair.get("value") for pair in pairs if isinstance(pair, Mapping)}


def label(resource: Resource, name: str) -> Value:
    """One label of the kit; None when it is not there."""
    return at_key(labels(resource), PREFIX + name)


def at_key(found: Value, key: str) -> Value:
    """A value of an object whose keys hold dots."""
    return found.get(key) if isinstance(found, Mapping) else found


def is_development(resource: Resource) -> Value:
    """Whether a resource belongs to a development platform; what does not say so is held to what others must have."""
    found = label(resource, "environment")
    return UNKNOWN if found is UNKNOWN else found == "development"


def _check(resource: Resource) -> Iterator[Finding]:
    found, where = labels(resource), place(resource)
    if found is UNKNOWN:
        yield Undecided(where)
        return
    values = {name: at_key(found, PREFIX + name) for name in REQUIRED}
    missing = [PREFIX + name for name, value in values.items() if value is not UNKNOWN and not value]
    if missing:
        yield Violation(where, f"give it {', '.join(missing)}, as components/naming.py makes them")
    yield from (Undecided(f'{where}["{PREFIX}{name}"]') for name, value in values.items() if value is UNKNOWN)
    environment = values["environment"]
    if environment is not UNKNOWN and environment and environment not in ENVIRONMENTS:
        yield Violation(where, f"{PREFIX}environment must be one of {', '.join(ENVIRONMENTS)}")


LABELLED: Final = Rule(
    name="labelled",
    description="Everything says by its labels or tags which platform, part and environment it belongs to.",
    severity="medium",
    level="mandatory",
    controls=("SOC 2 CC6.1", "GDPR Art. 30"),
    remediation="Give the resource the labels that components/naming.py makes; every component passes them on.",
    resources=(*DOCKER, *AWS),
    check=_check,
)
