"""Computed outputs with a form of their own. What is given as an input is never changed: read back, it is as it was written.

Everything depends on the id and the inputs alone, so that an update gives the same values again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scripts.simulation.clouds.aws import identity_outputs, ids, network_outputs, service_outputs
from scripts.simulation.clouds.aws.database_outputs import OUTPUTS as DATABASE
from scripts.simulation.clouds.aws.forms import Gaps, fill
from scripts.simulation.clouds.aws.names import RULES, named
from scripts.simulation.clouds.aws.types import PACKAGE, canonical
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Value

GLOBAL = ("aws:iam/", "aws:route53/", "aws:cloudfront/", "aws:organizations/", "aws:budgets/", "aws:account/")
"""Modules whose types take no `region`."""

Outputs = Callable[[Candidate, str], Mapping[str, Value]]

_FORMS = """
backup/plan:Plan version={lower48}
backup/vault:Vault kmsKeyArn=arn:{partition}:kms:{region}:{account}:key/{uuid}
cloudtrail/trail:Trail homeRegion={region}
cloudwatch/dashboard:Dashboard dashboardArn=arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}
cloudwatch/logGroup:LogGroup logGroupClass=STANDARD namePrefix=
cloudwatch/metricAlarm:MetricAlarm evaluateLowSampleCountPercentiles=
cloudwatch/queryDefinition:QueryDefinition queryDefinitionId={id}
ec2/defaultNetworkAcl:DefaultNetworkAcl ownerId={account}
ec2/defaultRouteTable:DefaultRouteTable ownerId={account}
ec2/defaultSecurityGroup:DefaultSecurityGroup ownerId={account} name=default namePrefix= description=default
ec2/flowLog:FlowLog logFormat=
ec2/internetGateway:InternetGateway ownerId={account} vpcId=
ec2/managedPrefixList:ManagedPrefixList ownerId={account}
ec2/networkAcl:NetworkAcl ownerId={account}
ec2/route:Route origin=CreateRoute state=active instanceId= instanceOwnerId= networkInterfaceId=
ec2/routeTable:RouteTable ownerId={account}
ec2/securityGroup:SecurityGroup ownerId={account} namePrefix=
ec2/securityGroupRule:SecurityGroupRule securityGroupRuleId=sgr-{hex17}
ec2/vpcDhcpOptions:VpcDhcpOptions ownerId={account}
ecr/lifecyclePolicy:LifecyclePolicy registryId={account}
ecr/repository:Repository registryId={account} repositoryUrl={account}.dkr.ecr.{region}.{domain}/{name}
ecr/repositoryPolicy:RepositoryPolicy registryId={account}
guardduty/detector:Detector accountId={account}
iam/policy:Policy policyId=ANPA{upper17} path=/ namePrefix=
iam/role:Role uniqueId=AROA{upper17} path=/ namePrefix=
iam/rolePolicy:RolePolicy namePrefix=
iam/userPolicy:UserPolicy namePrefix=
iam/user:User uniqueId=AIDA{upper17}
iam/group:Group uniqueId=AGPA{upper17}
iam/instanceProfile:InstanceProfile uniqueId=AIPA{upper17}
kms/alias:Alias namePrefix=
lambda/function:Function version=$LATEST
rds/eventSubscription:EventSubscription namePrefix= customerAwsId={account}
rds/optionGroup:OptionGroup namePrefix=
rds/parameterGroup:ParameterGroup namePrefix=
rds/subnetGroup:SubnetGroup namePrefix=
secretsmanager/secret:Secret namePrefix=
sns/topic:Topic owner={account} namePrefix= fifoThroughputScope=
sqs/queue:Queue namePrefix=
sns/topicPolicy:TopicPolicy owner={account}
vpc/securityGroupEgressRule:SecurityGroupEgressRule securityGroupRuleId={id}
vpc/securityGroupIngressRule:SecurityGroupIngressRule securityGroupRuleId={id}
wafv2/ipSet:IpSet lockToken={uuid}
wafv2/webAcl:WebAcl lockToken={uuid} namePrefix= applicationIntegrationUrl=
"""

_VAULT = "arn:{partition}:backup:{region}:{account}:backup-vault:{backupVaultName}"
_SCALES_ECS = "ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
_LONG = {
    "appautoscaling/target:Target": {"roleArn": "arn:{partition}:iam::{account}:role/aws-service-role/" + _SCALES_ECS},
    "backup/vaultLockConfiguration:VaultLockConfiguration": {"backupVaultArn": _VAULT},
    "backup/vaultNotifications:VaultNotifications": {"backupVaultArn": _VAULT},
    "backup/vaultPolicy:VaultPolicy": {"backupVaultArn": _VAULT},
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "expectedBucketOwner": "",
        "transitionDefaultMinimumObjectSize": "all_storage_classes_128K",
    },
}

_BY_FORM: Mapping[str, Mapping[str, str]] = {
    f"{PACKAGE}:{token}": dict(word.split("=", 1) for word in words)
    for token, *words in (line.split() for line in _FORMS.strip().splitlines())
} | {f"{PACKAGE}:{token}": forms for token, forms in _LONG.items()}

_BY_CALL: Mapping[str, Outputs] = {
    **network_outputs.OUTPUTS,
    **DATABASE,
    **identity_outputs.OUTPUTS,
    **service_outputs.OUTPUTS,
}

_NO_ARN_OUTPUT = frozenset({"aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"})


def outputs(candidate: Candidate, identifier: str) -> dict[str, Value]:
    """The computed outputs of a resource, those that echo an input left out."""
    token, inputs = canonical(candidate.token), candidate.inputs
    found: dict[str, Value] = {} if token.startswith(GLOBAL) else {"region": candidate.place.region}
    arn = ids.arn(candidate, identifier)
    if arn is not None and token not in _NO_ARN_OUTPUT:
        found["arn"] = arn
    if isinstance(inputs.get("tags"), Mapping):
        found["tagsAll"] = dict(inputs["tags"])
    rule = RULES.get(token)
    if rule is not None:
        found[rule.field] = named(candidate)
    gaps = Gaps(inputs, candidate.place, identifier)
    gaps.update({"id": identifier, "name": named(candidate), "arn": arn})
    found.update({key: fill(form, gaps) for key, form in _BY_FORM.get(token, {}).items()})
    more = _BY_CALL.get(token)
    if more is not None:
        found.update(more(candidate, identifier))
    return {key: value for key, value in found.items() if inputs.get(key) is None or key in _COMPLETED}


_COMPLETED = frozenset({"dkimSigningAttributes"})
"""Inputs that are objects with computed parts: given back with those added."""
