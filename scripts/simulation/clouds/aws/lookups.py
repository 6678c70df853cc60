"""Data sources that find something that exists: by id, name, tags or filters, as EC2 and the others search."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scripts.simulation.clouds.aws.forms import digits, uuid
from scripts.simulation.clouds.aws.place import domain, partition, zone_id, zones
from scripts.simulation.clouds.aws.types import PACKAGE
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, Resource, World

_FILTERS = {
    "availability-zone": "availabilityZone",
    "availability-zone-id": "availabilityZoneId",
    "cidr": "cidrBlock",
    "cidr-block": "cidrBlock",
    "group-id": "id",
    "group-name": "name",
    "prefix-list-name": "name",
    "route-table-id": "id",
    "subnet-id": "id",
    "tag": "tags",
    "vpc-id": "vpcId",
}
"""Names of EC2's filters -> outputs. Of a VPC `vpc-id` is its own id."""

OUTSIDE = "ZOUTSIDE"
"""How the id of a zone begins that exists outside: a preview cannot know it, so records may be written into it unchecked."""


@dataclass(frozen=True)
class Lookup:
    """A data source over one type. `keys`: argument -> output. `renamed`: answer -> output, where the two differ."""

    tokens: tuple[str, ...]
    what: str
    keys: Mapping[str, str]
    renamed: Mapping[str, str]
    several: bool = False


def _lookup(what: str, *tokens: str, keys: str = "id", renamed: str = "", several: bool = False) -> Lookup:
    def pairs(text: str) -> dict[str, str]:
        return {one: other or one for one, _, other in (word.partition("=") for word in text.split())}

    return Lookup(tuple(f"{PACKAGE}:{token}" for token in tokens), what, pairs(keys), pairs(renamed), several)


LOOKUPS: Mapping[str, Lookup] = {
    "acm/getCertificate:getCertificate": _lookup("certificate", "acm/certificate:Certificate", keys="domain=domainName"),
    "cloudwatch/getLogGroup:getLogGroup": _lookup("log group", "cloudwatch/logGroup:LogGroup", keys="name"),
    "ec2/getRouteTable:getRouteTable": _lookup(
        "route table", "ec2/routeTable:RouteTable", keys="routeTableId=id vpcId", renamed="routeTableId=id"
    ),
    "ec2/getSecurityGroup:getSecurityGroup": _lookup("security group", "ec2/securityGroup:SecurityGroup", keys="id name vpcId"),
    "ec2/getSubnet:getSubnet": _lookup(
        "subnet", "ec2/subnet:Subnet", keys="id vpcId cidrBlock availabilityZone availabilityZoneId"
    ),
    "ec2/getSubnets:getSubnets": _lookup("subnets", "ec2/subnet:Subnet", keys="", several=True),
    "ec2/getVpc:getVpc": _lookup("VPC", "ec2/vpc:Vpc", keys="id cidrBlock"),
    "ec2/getVpcs:getVpcs": _lookup("VPCs", "ec2/vpc:Vpc", keys="", several=True),
    "ecr/getRepository:getRepository": _lookup("repository", "ecr/repository:Repository", keys="name"),
    "ecs/getCluster:getCluster": _lookup("cluster", "ecs/cluster:Cluster", keys="clusterName=name", renamed="clusterName=name"),
    "ecs/getTaskDefinition:getTaskDefinition": _lookup(
        "task definition", "ecs/taskDefinition:TaskDefinition", keys="taskDefinition=family"
    ),
    "iam/getPolicy:getPolicy": _lookup("policy", "iam/policy:Policy", keys="arn name"),
    "iam/getRole:getRole": _lookup("role", "iam/role:Role", keys="name"),
    "lb/getLoadBalancer:getLoadBalancer": _lookup("load balancer", "lb/loadBalancer:LoadBalancer", keys="arn name"),
    "rds/getInstance:getInstance": _lookup(
        "database",
        "rds/instance:Instance",
        keys="dbInstanceIdentifier=identifier",
        renamed="dbInstanceIdentifier=identifier dbInstanceArn=arn dbInstanceClass=instanceClass dbInstancePort=port "
        "masterUsername=username preferredBackupWindow=backupWindow preferredMaintenanceWindow=maintenanceWindow "
        "dbSubnetGroup=dbSubnetGroupName vpcSecurityGroups=vpcSecurityGroupIds",
    ),
    "rds/getParameterGroup:getParameterGroup": _lookup("parameter group", "rds/parameterGroup:ParameterGroup", keys="name"),
    "s3/getBucket:getBucket": _lookup("bucket", "s3/bucket:Bucket", keys="bucket"),
    "secretsmanager/getSecret:getSecret": _lookup("secret", "secretsmanager/secret:Secret", keys="arn name"),
    "sns/getTopic:getTopic": _lookup("topic", "sns/topic:Topic", keys="name"),
    "sqs/getQueue:getQueue": _lookup("queue", "sqs/queue:Queue", keys="name"),
}


def find(lookup: Lookup, arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    """The one thing that fits, or all of them where the data source lists ids."""
    things = [seen(thing, place, world) for token in lookup.tokens for thing in world.of(token)]
    found = [thing for thing in things if _fits(thing, lookup, arguments, place)]
    if lookup.several:
        listed = _given(arguments)
        return {**listed, "id": place.region, "ids": [thing.id for thing in found], "tags": arguments.get("tags") or {}}
    asked = ", ".join(f"{key} {arguments[key]}" for key in lookup.keys if arguments.get(key))
    path = next((key for key in lookup.keys if arguments.get(key)), "")
    if not found:
        return Problem(
            path,
            f"no {lookup.what} has {asked or 'these filters'} in {place.region}; make it, or name it in the stack file",
        )
    if len(found) > 1:
        return Problem(
            path, f"{len(found)} of them fit ({asked or 'these filters'}); say more, so that one {lookup.what} is meant"
        )
    thing = found[0]
    renamed = {key: thing.outputs[output] for key, output in lookup.renamed.items() if output in thing.outputs}
    return {"tags": {}, "region": place.region, **_given(arguments), **thing.outputs, **renamed, "id": thing.id}


def seen(thing: Resource, place: Place, world: World) -> Resource:
    """A thing as a lookup sees it. Of what the stack file says is there already nothing but its id is known: it gets what the
    platform needs of such a network (host names, a zone for each subnet in turn, the one VPC that is named too)."""
    if thing.urn or thing.inputs:
        return thing
    kind = thing.token.rpartition(":")[2]
    if kind == "Vpc":
        found: dict[str, Value] = {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "enableDnsSupport": True}
    elif kind == "Subnet":
        others = [one.id for one in world.of(thing.token) if not one.urn and not one.inputs]
        vpcs = [one.id for one in world.of(f"{PACKAGE}:ec2/vpc:Vpc") if not one.urn]
        number, names = others.index(thing.id), zones(place.region)
        zone = names[number % len(names)]
        found = {"availabilityZone": zone, "availabilityZoneId": zone_id(zone), "cidrBlock": f"10.0.{number}.0/24"}
        found["vpcId"] = vpcs[0] if len(vpcs) == 1 else ""
    else:
        return thing
    return replace(thing, outputs={"state": "available", "ownerId": place.account, **found, **thing.outputs})


def _given(arguments: Properties) -> dict[str, Value]:
    return {key: value for key, value in arguments.items() if value is not None}


def _fits(thing: Resource, lookup: Lookup, arguments: Properties, place: Place) -> bool:
    if thing.place.account != place.account or (thing.place.region or place.region) != place.region:
        return False
    outputs = {**thing.outputs, "id": thing.id}
    for key, output in lookup.keys.items():
        wanted = arguments.get(key)
        if isinstance(wanted, str) and wanted and outputs.get(output) != wanted:
            return False
    tags = outputs.get("tags") or {}
    if any(tags.get(key) != value for key, value in (arguments.get("tags") or {}).items()):
        return False
    return all(_filtered(thing, one) for one in arguments.get("filters") or ())


def _filtered(thing: Resource, filtered: Properties) -> bool:
    """One filter: any of its values fits; `*` and `?` stand for anything."""
    name, values = str(filtered.get("name")), filtered.get("values") or ()
    tags = thing.outputs.get("tags") or {}
    if name.startswith("tag:"):
        return any(fnmatch.fnmatchcase(str(tags.get(name[4:], "\0")), str(value)) for value in values)
    if name == "tag-key":
        return any(fnmatch.fnmatchcase(key, str(value)) for key in tags for value in values)
    own_id = name == "vpc-id" and thing.token.endswith(":Vpc")
    output = "id" if own_id else _FILTERS.get(name)
    if output is None:
        return True
    found = thing.id if output == "id" else str(thing.outputs.get(output, "\0"))
    return any(fnmatch.fnmatchcase(found, str(value)) for value in values)


def zone(arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    """A zone by name or id. One that nobody here made is taken to exist outside: an account would know it, a preview cannot."""
    name, identifier = str(arguments.get("name") or "").rstrip("."), arguments.get("zoneId")
    private = arguments.get("privateZone") is True
    for thing in world.of(f"{PACKAGE}:route53/zone:Zone"):
        same = thing.id == identifier if identifier else str(thing.outputs.get("name")).rstrip(".") == name
        if same and bool(thing.inputs.get("vpcs")) == private:
            return {"tags": {}, **_given(arguments), **thing.outputs, "id": thing.id, "zoneId": thing.id}
    if identifier:
        return Problem("zoneId", f"there is no zone {identifier}; make it first, or name it in the stack file")
    if not name:
        return Problem("name", "is missing; give the name of the zone")
    found = f"{OUTSIDE}{digits('upper', 12, f'zone/{name}')}"
    servers = [f"ns-{index}.awsdns-outside.{end}" for index, end in enumerate(("com", "net", "org", "co.uk"))]
    return {
        **_given(arguments),
        "arn": f"arn:{partition(place.region)}:route53:::hostedzone/{found}",
        "callerReference": "outside",
        "comment": "",
        "id": found,
        "linkedServiceDescription": "",
        "linkedServicePrincipal": "",
        "name": name,
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "privateZone": private,
        "resourceRecordSetCount": 2,
        "tags": {},
        "vpcId": arguments.get("vpcId") or "",
        "zoneId": found,
    }


def image(arguments: Properties, place: Place, _: World) -> Mapping[str, Value] | Problem:
    """An image by its tag. Images are pushed from outside, so each tag is taken to be there, with a digest of its own."""
    name, wanted = str(arguments["repositoryName"]), arguments.get("imageTag")
    if not wanted and not arguments.get("imageDigest"):
        return Problem("imageTag", "is missing; give the tag or the digest of an image")
    digest = arguments.get("imageDigest") or f"sha256:{digits('hex', 64, f'{name}:{wanted}')}"
    account = str(arguments.get("registryId") or place.account)
    return {
        **_given(arguments),
        "id": digest,
        "imageDigest": digest,
        "imagePushedAt": 1767225600,
        "imageSizeInBytes": 104857600,
        "imageTags": [wanted] if wanted else [],
        "imageUri": f"{account}.dkr.ecr.{place.region}.{domain(place.region)}/{name}@{digest}",
        "region": place.region,
        "registryId": account,
    }


def alias(arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    """An alias of a key: AWS's own (`alias/aws/rds`) are there, others must be made."""
    name = str(arguments.get("name"))
    prefix = f"arn:{partition(place.region)}:kms:{place.region}:{place.account}"
    made = next((one for one in world.of(f"{PACKAGE}:kms/alias:Alias") if one.outputs.get("name") == name), None)
    if made is None and not name.startswith("alias/aws/"):
        return Problem("name", f"there is no alias {name}; make it first, or use one of AWS's own such as alias/aws/rds")
    key = str(made.outputs["targetKeyArn"]).rpartition("/")[2] if made else uuid(f"{name}/{place.account}/{place.region}")
    arn = f"{prefix}:{name}"
    return {**_given(arguments), "arn": arn, "id": arn, "name": name, "targetKeyId": key, "targetKeyArn": f"{prefix}:key/{key}"}


def key(arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
    """A key by id, ARN or alias."""
    wanted = str(arguments.get("keyId"))
    if "alias/" in wanted:
        found = alias({"name": wanted[wanted.index("alias/") :]}, place, world)
        if isinstance(found, Problem):
            return Problem("keyId", found.reason)
        wanted = str(found["targetKeyId"])
        if str(found["name"]).startswith("alias/aws/"):
            return _key(arguments, place, {"id": wanted, "keyManager": "AWS", "description": "made by AWS"})
    thing = next((one for one in _keys(world) if wanted in {one.id, one.outputs.get("arn")}), None)
    if thing is None:
        return Problem("keyId", f"there is no key {wanted}; make it first, or name it in the stack file")
    return _key(arguments, place, {**thing.outputs, "id": thing.id})


def _keys(world: World) -> Iterator[Resource]:
    for token in ("kms/key:Key", "kms/replicaKey:ReplicaKey"):
        yield from world.of(f"{PACKAGE}:{token}")


def _key(arguments: Properties, place: Place, known: Mapping[str, Value]) -> Mapping[str, Value]:
    spec = known.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT")
    none: Sequence[Value] = []
    return {
        **_given(arguments),
        "arn": known.get("arn") or f"arn:{partition(place.region)}:kms:{place.region}:{place.account}:key/{known['id']}",
        "awsAccountId": place.account,
        "creationDate": "2026-01-01T00:00:00Z",
        "customerMasterKeySpec": spec,
        "description": known.get("description", ""),
        "enabled": known.get("isEnabled", True),
        "id": known["id"],
        "keyManager": known.get("keyManager", "CUSTOMER"),
        "keySpec": spec,
        "keyState": "Enabled",
        "keyUsage": known.get("keyUsage", "ENCRYPT_DECRYPT"),
        "multiRegion": known.get("multiRegion", False),
        "multiRegionConfigurations": none,
        "origin": "AWS_KMS",
        "pendingDeletionWindowInDays": 0,
        "xksKeyConfigurations": none,
        **dict.fromkeys(("cloudHsmClusterId", "customKeyStoreId", "deletionDate", "expirationModel", "validTo"), ""),
    }
