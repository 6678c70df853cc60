"""Ids and ARNs: made for what is new, recognised by form in what is given.

The id of each type is the one that the provider uses (an SQS queue's is its address, a bucket's its name). Three differ on
purpose: a task definition's holds its revision, a metric filter's its log group and a scaling policy's its target, because the
provider's own (the family, the name) is the same for two things that exist side by side.
"""

from __future__ import annotations

import re
from functools import cache

from scripts.simulation.clouds.aws import place
from scripts.simulation.clouds.aws.arns import ARNS, IDS
from scripts.simulation.clouds.aws.forms import Gaps, digits, fill
from scripts.simulation.clouds.aws.names import named
from scripts.simulation.clouds.aws.types import PACKAGE, canonical
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.world import Place, Resource

_PREFIXES = {
    "vpc": "ec2/vpc:Vpc",
    "subnet": "ec2/subnet:Subnet",
    "igw": "ec2/internetGateway:InternetGateway",
    "nat": "ec2/natGateway:NatGateway",
    "eipalloc": "ec2/eip:Eip",
    "rtb": "ec2/routeTable:RouteTable",
    "sg": "ec2/securityGroup:SecurityGroup",
    "vpce": "ec2/vpcEndpoint:VpcEndpoint",
    "acl": "ec2/networkAcl:NetworkAcl",
    "pl": "ec2/managedPrefixList:ManagedPrefixList",
}

_PLAIN = re.compile(r"([a-z]+)-([0-9a-f]{8}|[0-9a-f]{17})")
_MADE_WITH_ITS_OWNER = "f"
"""First digit of ids that come with something else, such as the default security group of a VPC: they are no resource here."""


def identifier(candidate: Candidate) -> str:
    """The id of something new."""
    token = canonical(candidate.token)
    form = IDS.get(token)
    gaps = _gaps(candidate, candidate.seed)
    if form is None:
        return str(named(candidate) or f"{token.rpartition(':')[2].lower()}-{candidate.seed[:17]}")
    if form == "{arn}":
        return fill(ARNS[token], gaps)
    return fill(form, gaps)


def arn(candidate: Candidate, known_id: str) -> str | None:
    """The ARN of a resource with this id; None for a type that has none. It depends on the id, not on the seed."""
    token = canonical(candidate.token)
    form = ARNS.get(token)
    if form is None:
        return None
    if IDS.get(token) == "{arn}":
        return known_id
    gaps = _gaps(candidate, known_id)
    gaps["id"] = known_id
    return fill(form, gaps)


def with_owner(prefix: str, owner: str) -> str:
    """The id of what AWS makes together with `owner`: `with_owner("sg", vpc_id)` is the VPC's default security group."""
    return f"{prefix}-{_MADE_WITH_ITS_OWNER}{digits('hex', 16, f'{owner}/{prefix}')}"


def _gaps(candidate: Candidate, seed: str) -> Gaps:
    inputs = candidate.inputs
    gaps = Gaps(inputs, candidate.place, seed)
    name = named(candidate)
    kind = inputs.get("loadBalancerType") or "application"
    gaps.update(
        {
            "hex17": "0" + digits("hex", 16, seed),
            "path": inputs.get("path") or "/",
            "revision": str(int(digits("number", 3, seed)) + 1),
            "groupName": inputs.get("groupName") or "default",
            "lbKind": {"network": "net", "gateway": "gwy"}.get(str(kind), "app"),
            "wafScope": "global" if inputs.get("scope") == "CLOUDFRONT" else "regional",
            "defaultSecurityGroup": with_owner("sg", str(inputs.get("vpcId"))),
            "topicArn": inputs.get("arn"),
            "recordId": "_".join(str(inputs[key]).rstrip(".") for key in _RECORD if inputs.get(key)),
        }
    )
    if name is not None:
        gaps["name"] = name
    if inputs.get("multiRegion") is True:
        gaps["uuid"] = f"mrk-{digits('hex', 32, seed)}"
    for key, gap in _PARENTS.items():
        value = inputs.get(key)
        if isinstance(value, str):
            gaps[gap] = value.partition("/")[2] if value.startswith("arn:") else value
    if canonical(candidate.token).endswith("ecs/service:Service"):
        gaps.setdefault("clusterName", "default")
    return gaps


_RECORD = ("zoneId", "name", "type", "setIdentifier")
_PARENTS = {"cluster": "clusterName", "loadBalancerArn": "lbPath", "listenerArn": "listenerPath"}
"""Inputs that hold the ARN of what a resource belongs to, and the gap for the ARN's last parts."""


_SECOND = frozenset(
    {
        "ec2/defaultNetworkAcl:DefaultNetworkAcl",
        "ec2/defaultRouteTable:DefaultRouteTable",
        "ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "kms/replicaKey:ReplicaKey",
        "rds/clusterInstance:ClusterInstance",
    }
)
"""Types whose ARNs look like those of another type, which an ARN is taken for."""


@cache
def _by_arn() -> list[tuple[str, str, str]]:
    """Service, what the last part begins with, and token; the longest beginning first."""
    found = []
    for token, form in ARNS.items():
        if token.partition(":")[2] in _SECOND:
            continue
        service, rest = form.split(":")[2], form.split(":", 5)[5]
        found.append((service, rest.partition("{")[0], token))
    return sorted(found, key=lambda entry: -len(entry[1]))


def recognise(value: str) -> str | None:
    """The type that a string is an id or an ARN of by its form alone; None for what AWS owns itself and for patterns."""
    if value.startswith("arn:"):
        return _recognise_arn(value)
    plain = _PLAIN.fullmatch(value)
    if plain and not (len(plain[2]) == 17 and plain[2].startswith(_MADE_WITH_ITS_OWNER)):
        token = _PREFIXES.get(plain[1])
        return f"{PACKAGE}:{token}" if token else None
    return None


def _recognise_arn(value: str) -> str | None:
    parts = value.split(":", 5)
    if len(parts) < 6 or "*" in value or "$" in value or parts[4] == "aws" or parts[5].startswith("role/aws-service-role/"):
        return None
    service, rest = parts[2], parts[5]
    for of, begins, token in _by_arn():
        if of == service and rest.startswith(begins) and len(rest) > len(begins):
            if begins or not re.search(r"[:/]", rest):
                return token
            return None
    return None


def assumed(value: str) -> Resource | None:
    """Something that exists outside: a VPC, subnet, zone, key or certificate that a stack file names."""
    token = recognise(value)
    if token is None and re.fullmatch(r"Z[0-9A-Z]{7,31}", value):
        token = f"{PACKAGE}:route53/zone:Zone"
    if token is None:
        return None
    parts = value.split(":", 5)
    is_arn = len(parts) == 6
    region, account = (parts[3], parts[4]) if is_arn else ("", "")
    where = Place(PACKAGE, account or place.ACCOUNT, region)
    identifier_ = _id_of_arn(token, value) if is_arn else value
    outputs = {"id": identifier_, **({"arn": value} if is_arn else {"zoneId": value} if value.startswith("Z") else {})}
    return Resource(token, identifier_, "", where, {}, outputs)


def _id_of_arn(token: str, value: str) -> str:
    """The id of what an ARN names: the ARN itself, or its last part."""
    if IDS.get(token) == "{arn}" or "{arn}" in IDS.get(token, "{arn}"):
        return value
    return re.split(r"[:/]", value)[-1]
