"""Names: what the provider makes up when none is given, and what each service accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.simulation.clouds.aws.forms import digits
from scripts.simulation.clouds.aws.types import PACKAGE, canonical
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties

_GENERATED = 26
"""Characters that the provider adds to a `namePrefix`: a moment and a counter."""

_RANDOM = 7
"""Hexadecimal digits that an autoname ends in, after a hyphen."""


@dataclass(frozen=True)
class Rule:
    """How something is named. `allowed`: a pattern of the whole name; `said`: the same in words.

    `auto`: whether the provider makes a name when there is none. `prefix`: what such a name begins with.
    """

    field: str
    longest: int
    allowed: str
    said: str
    shortest: int = 1
    auto: bool = True
    prefix: str = ""

    @property
    def prefix_field(self) -> str:
        """The input that asks for a generated name with a beginning: `namePrefix`, `identifierPrefix`, `bucketPrefix`."""
        return f"{self.field}Prefix"


_WORD = (r"[A-Za-z0-9_-]+", "letters, digits, - and _")
_UNDERSCORES = (r"[A-Za-z0-9_]+", "letters, digits and _")
_DOTTED = (r"[A-Za-z0-9_.-]+", "letters, digits, -, _ and .")
_IAM = (r"[\w+=,.@-]+", "letters, digits and +=,.@_-")
_HYPHENS = (
    r"(?!.*--)[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?",
    "letters, digits and single hyphens, beginning with a letter and not ending in a hyphen",
)
_LOWER = (
    r"(?!.*--)[a-z]([a-z0-9-]*[a-z0-9])?",
    "lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen",
)
_GROUP = (
    r"(?!.*--)[a-z]([a-z0-9.-]*[a-z0-9.])?",
    "lower-case letters, digits, dots and single hyphens, beginning with a letter and not ending in a hyphen",
)
_BALANCER = (
    r"(?!-)(?!.*-$)[A-Za-z0-9-]+",
    "letters, digits and hyphens, neither beginning nor ending with a hyphen",
)
_FIFO = (r"[A-Za-z0-9_-]+(\.fifo)?", "letters, digits, - and _")
_BUCKET = (
    r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!sthree-)(?!.*-s3alias$)(?!.*--ol-s3$)[a-z0-9][a-z0-9.-]*[a-z0-9]",
    "lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit, and no IP address",
)
_SECURITY_GROUP = (r"(?!sg-)[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+", "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*")
_ANY = (r"(?s)(?!:).+", "any characters, not beginning with a colon")

RULES: Mapping[str, Rule] = {
    f"{PACKAGE}:{token}": rule
    for token, rule in {
        "appautoscaling/policy:Policy": Rule("name", 255, *_ANY),
        "backup/plan:Plan": Rule("name", 50, *_DOTTED),
        "backup/restoreTestingPlan:RestoreTestingPlan": Rule("name", 50, *_UNDERSCORES, auto=False),
        "backup/restoreTestingSelection:RestoreTestingSelection": Rule("name", 50, *_UNDERSCORES, auto=False),
        "backup/selection:Selection": Rule("name", 50, *_DOTTED),
        "backup/vault:Vault": Rule("name", 50, *_WORD, shortest=2),
        "cloudtrail/trail:Trail": Rule("name", 128, *_DOTTED, shortest=3),
        "cloudwatch/compositeAlarm:CompositeAlarm": Rule("alarmName", 255, *_ANY, auto=False),
        "cloudwatch/dashboard:Dashboard": Rule("dashboardName", 255, *_WORD, auto=False),
        "cloudwatch/eventRule:EventRule": Rule("name", 64, *_DOTTED),
        "cloudwatch/logGroup:LogGroup": Rule(
            "name", 512, r"(?!aws/)[\w./#-]+", "letters, digits and _./#-, not beginning aws/"
        ),
        "cloudwatch/logMetricFilter:LogMetricFilter": Rule("name", 512, r"[^:*]+", "any characters but : and *"),
        "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Rule("name", 512, r"[^:*]+", "any characters but : and *"),
        "cloudwatch/metricAlarm:MetricAlarm": Rule("name", 255, *_ANY),
        "cloudwatch/queryDefinition:QueryDefinition": Rule("name", 255, *_ANY),
        "ec2/managedPrefixList:ManagedPrefixList": Rule(
            "name", 255, r"(?!com\.amazonaws).+", "any, not beginning com.amazonaws"
        ),
        "ec2/securityGroup:SecurityGroup": Rule("name", 255, *_SECURITY_GROUP),
        "ecr/repository:Repository": Rule(
            "name",
            256,
            r"[a-z0-9]+([._/-][a-z0-9]+)*",
            "lower-case letters and digits, with single . _ - / between",
            shortest=2,
        ),
        "ecs/cluster:Cluster": Rule("name", 255, *_WORD),
        "ecs/service:Service": Rule("name", 255, *_WORD),
        "ecs/taskDefinition:TaskDefinition": Rule("family", 255, *_WORD, auto=False),
        "guardduty/detectorFeature:DetectorFeature": Rule("name", 64, r"[A-Z0-9_]+", "a feature of GuardDuty"),
        "iam/group:Group": Rule("name", 128, *_IAM),
        "iam/instanceProfile:InstanceProfile": Rule("name", 128, *_IAM),
        "iam/policy:Policy": Rule("name", 128, *_IAM),
        "iam/role:Role": Rule("name", 64, *_IAM),
        "iam/rolePolicy:RolePolicy": Rule("name", 128, *_IAM),
        "iam/user:User": Rule("name", 64, *_IAM),
        "iam/userPolicy:UserPolicy": Rule("name", 128, *_IAM),
        "kms/alias:Alias": Rule(
            "name",
            256,
            r"alias/(?!aws/)[A-Za-z0-9/_-]+",
            "alias/ and letters, digits, /, _ and -; alias/aws/ belongs to AWS",
            prefix="alias/",
        ),
        "lambda/function:Function": Rule("name", 64, *_WORD),
        "lb/loadBalancer:LoadBalancer": Rule(
            "name", 32, rf"(?!internal-){_BALANCER[0]}", f"{_BALANCER[1]}; not beginning internal-"
        ),
        "lb/targetGroup:TargetGroup": Rule("name", 32, *_BALANCER),
        "rds/cluster:Cluster": Rule("clusterIdentifier", 63, *_LOWER),
        "rds/clusterInstance:ClusterInstance": Rule("identifier", 63, *_LOWER),
        "rds/clusterParameterGroup:ClusterParameterGroup": Rule("name", 255, *_GROUP),
        "rds/eventSubscription:EventSubscription": Rule("name", 255, *_HYPHENS),
        "rds/instance:Instance": Rule("identifier", 63, *_LOWER),
        "rds/optionGroup:OptionGroup": Rule("name", 255, *_HYPHENS),
        "rds/parameterGroup:ParameterGroup": Rule("name", 255, *_GROUP),
        "rds/proxy:Proxy": Rule("name", 63, *_HYPHENS),
        "rds/proxyEndpoint:ProxyEndpoint": Rule("dbProxyEndpointName", 63, *_HYPHENS, auto=False),
        "rds/subnetGroup:SubnetGroup": Rule("name", 255, r"(?!default$)[a-z0-9 ._-]+", "lower-case letters, digits and . _ -"),
        "route53/keySigningKey:KeySigningKey": Rule("name", 128, *_DOTTED, shortest=3),
        "s3/bucket:Bucket": Rule("bucket", 63, *_BUCKET, shortest=3),
        "scheduler/schedule:Schedule": Rule("name", 64, *_DOTTED),
        "secretsmanager/secret:Secret": Rule("name", 512, r"[A-Za-z0-9/_+=.@-]+", "letters, digits and /_+=.@-"),
        "servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Rule("name", 253, r"[!-~]+", "a domain name"),
        "servicediscovery/service:Service": Rule("name", 127, *_DOTTED),
        "sesv2/configurationSet:ConfigurationSet": Rule("configurationSetName", 64, *_WORD, auto=False),
        "sesv2/contactList:ContactList": Rule("contactListName", 64, *_WORD, auto=False),
        "sesv2/dedicatedIpPool:DedicatedIpPool": Rule(
            "poolName", 64, r"[a-z0-9_-]+", "lower-case letters, digits, _ and -", auto=False
        ),
        "sns/topic:Topic": Rule("name", 256, *_FIFO),
        "sqs/queue:Queue": Rule("name", 80, *_FIFO),
        "ssm/parameter:Parameter": Rule("name", 2048, r"[A-Za-z0-9_./-]+", "letters, digits and _./-"),
        "wafv2/ipSet:IpSet": Rule("name", 128, r"[\w-]+", "letters, digits, - and _"),
        "wafv2/webAcl:WebAcl": Rule("name", 128, r"[\w-]+", "letters, digits, - and _"),
    }.items()
}


def defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> dict[str, str]:
    """The name that was left out: the old one, or the logical name with a hyphen and seven digits."""
    rule = RULES.get(canonical(token))
    if rule is None or not rule.auto or inputs.get(rule.field) is not None or inputs.get(_prefix(rule)) is not None:
        return {}
    kept = old.get(rule.field)
    return {rule.field: kept if isinstance(kept, str) else _autoname(rule, name, inputs, seed)}


def _autoname(rule: Rule, name: str, inputs: Properties, seed: str) -> str:
    suffix = ".fifo" if inputs.get("fifoQueue") is True or inputs.get("fifoTopic") is True else ""
    room = rule.longest - _RANDOM - 1 - len(suffix) - len(rule.prefix)
    base = name.lower() if rule.field in {"bucket", "identifier", "clusterIdentifier"} else name
    return f"{rule.prefix}{base[:room]}-{seed[:_RANDOM]}{suffix}"


def _prefix(rule: Rule) -> str:
    return "namePrefix" if rule.field == "name" else rule.prefix_field


def named(candidate: Candidate) -> str | None:
    """The name of a resource: given, or generated from its prefix once and kept. None for a type without one."""
    rule = RULES.get(canonical(candidate.token))
    field = rule.field if rule else "name"
    given = candidate.inputs.get(field)
    if isinstance(given, str):
        return given
    if candidate.current is not None and isinstance(candidate.current.outputs.get(field), str):
        return str(candidate.current.outputs[field])
    prefix = candidate.inputs.get(_prefix(rule) if rule else "namePrefix")
    return f"{prefix}{digits('number', _GENERATED, candidate.seed)}" if isinstance(prefix, str) else None


def problems(token: str, inputs: Properties) -> Iterator[Problem]:
    """What is wrong with the length and the characters of a name or of its prefix."""
    rule = RULES.get(canonical(token))
    if rule is None:
        return
    name, prefix = inputs.get(rule.field), inputs.get(_prefix(rule))
    if isinstance(name, str):
        yield from _checked(rule, name)
    if isinstance(prefix, str):
        longest = rule.longest - _GENERATED
        if len(prefix) > longest:
            yield Problem(_prefix(rule), f"is {len(prefix)} characters long; use at most {longest}, since 26 are added")
        elif prefix and not re.fullmatch(rule.allowed, f"{prefix}0"):
            yield Problem(_prefix(rule), f"{prefix!r} is not accepted; use {rule.said}")


def _checked(rule: Rule, name: str) -> Iterator[Problem]:
    if not rule.shortest <= len(name) <= rule.longest:
        yield Problem(rule.field, f"{name!r} is {len(name)} characters long; use {rule.shortest} to {rule.longest}")
    elif not re.fullmatch(rule.allowed, name):
        yield Problem(rule.field, f"{name!r} is not accepted; use {rule.said}")
