"""Data sources: what the cloud knows of itself, of its account, of what it offers, and of what exists (`lookups`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scripts.simulation.clouds.aws import catalogue, lookups, place, policy_document
from scripts.simulation.clouds.aws.forms import digits
from scripts.simulation.clouds.aws.network_outputs import balancer_zone
from scripts.simulation.clouds.aws.types import PACKAGE
from scripts.simulation.values import Problem, Properties, Value
from scripts.simulation.world import Place, World

Answer = Mapping[str, Value] | Problem

_LOGGING_ACCOUNTS = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ca-central-1": "985666609251",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}
"""Accounts from which load balancers write access logs, in regions from before August 2022: their user guide."""


def _zones(arguments: Properties, where: Place, _: World) -> Answer:
    hidden, ids = set(arguments.get("excludeNames") or ()), set(arguments.get("excludeZoneIds") or ())
    names = [zone for zone in place.zones(where.region) if zone not in hidden and place.zone_id(zone) not in ids]
    return {
        **_given(arguments),
        "id": where.region,
        "names": names,
        "zoneIds": [place.zone_id(zone) for zone in names],
        "groupNames": [f"{where.region}-zg-1"],
    }


def _zone(arguments: Properties, where: Place, _: World) -> Answer:
    wanted = {arguments.get("name"), arguments.get("zoneId")} - {None}
    found = next((zone for zone in place.zones(where.region) if {zone, place.zone_id(zone)} & wanted), None)
    if found is None:
        return Problem("name", f"is no zone of {where.region}; use one of {', '.join(place.zones(where.region))}")
    return {
        **_given(arguments),
        "id": found,
        "name": found,
        "nameSuffix": found[len(where.region) :],
        "zoneId": place.zone_id(found),
        "groupName": f"{where.region}-zg-1",
        "groupLongName": where.region,
        "networkBorderGroup": where.region,
        "optInStatus": "opt-in-not-required",
        "state": "available",
        "zoneType": "availability-zone",
        "parentZoneId": "",
        "parentZoneName": "",
    }


def _caller(_: Properties, where: Place, __: World) -> Answer:
    user = f"arn:{place.partition(where.region)}:iam::{where.account}:user/preview"
    return {"accountId": where.account, "arn": user, "id": where.account, "userId": f"AIDA{digits('upper', 17, where.account)}"}


def _region(arguments: Properties, where: Place, _: World) -> Answer:
    region = str(arguments.get("region") or arguments.get("name") or where.region)
    wrong = place.region_problem("region", region)
    if wrong is not None:
        return wrong
    endpoint = f"ec2.{region}.{place.domain(region)}"
    return {"description": region, "endpoint": endpoint, "id": region, "name": region, "region": region}


def _partition(_: Properties, where: Place, __: World) -> Answer:
    name, suffix = place.partition(where.region), place.domain(where.region)
    return {"dnsSuffix": suffix, "id": name, "partition": name, "reverseDnsPrefix": ".".join(reversed(suffix.split(".")))}


def _service_principal(arguments: Properties, where: Place, _: World) -> Answer:
    service, suffix = arguments["serviceName"], place.domain(where.region)
    name = f"{service}.amazonaws.com"
    return {**_given(arguments), "id": name, "name": name, "suffix": suffix, "region": where.region}


def _default_tags(_: Properties, __: Place, ___: World) -> Answer:
    return {"id": PACKAGE, "tags": {}}


def _prefix_list(arguments: Properties, where: Place, world: World) -> Answer:
    """AWS's lists of S3 and DynamoDB in the region, of CloudFront in all; a program's own by name or id."""
    name, identifier = arguments.get("name"), arguments.get("id") or arguments.get("prefixListId")
    for filtered in arguments.get("filters") or ():
        if filtered.get("name") == "prefix-list-name":
            name = next(iter(filtered.get("values") or ()), name)
    for own in world.of(f"{PACKAGE}:ec2/managedPrefixList:ManagedPrefixList"):
        if identifier == own.id or (name and own.outputs.get("name") == name):
            entries = [{"cidr": entry["cidr"], "description": entry.get("description", "")} for entry in own.outputs["entries"]]
            return {
                "filters": [],
                "tags": {},
                **own.outputs,
                "entries": entries,
                "cidrBlocks": [one["cidr"] for one in entries],
            }
    regional = [f"com.amazonaws.{where.region}.{service}" for service in ("s3", "dynamodb", "vpc-lattice")]
    known = {one: f"pl-{digits('hex', 8, one)}" for one in (*regional, "com.amazonaws.global.cloudfront.origin-facing")}
    found = next((one for one, its_id in known.items() if one == name or its_id == identifier), None)
    if found is None:
        return Problem("name", f"there is no prefix list {name or identifier} in {where.region}; use one such as {regional[0]}")
    ranges = ["198.51.100.0/24", "203.0.113.0/24"]
    return {
        **_given(arguments),
        "addressFamily": "IPv4",
        "arn": f"arn:{place.partition(where.region)}:ec2:{where.region}:aws:prefix-list/{known[found]}",
        "cidrBlocks": ranges,
        "entries": [{"cidr": cidr, "description": ""} for cidr in ranges],
        "filters": arguments.get("filters") or [],
        "id": known[found],
        "maxEntries": len(ranges),
        "name": found,
        "ownerId": "AWS",
        "prefixListId": known[found],
        "tags": {},
        "version": 1,
    }


def _engine_version(arguments: Properties, where: Place, _: World) -> Answer:
    engine = str(arguments["engine"])
    versions = list(catalogue.versions(engine))
    family = arguments.get("parameterGroupFamily")
    if family:
        versions = [one for one in versions if catalogue.family(engine, one) == family]
    preferred = arguments.get("preferredVersions") or ()
    wanted = arguments.get("version") or next((one for one in preferred if catalogue.exists(engine, one)), None)
    found = catalogue.resolve(engine, str(wanted)) if wanted else (versions[-1] if versions else None)
    if found is None or (family and found not in versions):
        path = "version" if wanted else "engine"
        return Problem(
            path, f"{engine} {wanted or ''} is not offered; use one such as {', '.join(catalogue.versions(engine)[-3:])}"
        )
    later = [one for one in catalogue.versions(engine) if catalogue.version_key(one) > catalogue.version_key(found)]
    minor = [one for one in later if catalogue.family(engine, one) == catalogue.family(engine, found)]
    nothing: list[Value] = []
    lists = ("supportedCharacterSets", "supportedFeatureNames", "supportedModes", "supportedTimezones")
    return {
        **_given(arguments),
        **dict.fromkeys(lists, nothing),
        **dict.fromkeys(("supportsGlobalDatabases", "supportsLimitlessDatabase", "supportsParallelQuery"), False),
        **dict.fromkeys(("supportsIntegrations", "supportsLocalWriteForwarding"), False),
        **dict.fromkeys(("supportsCertificateRotationWithoutRestart", "supportsReadReplica"), True),
        "supportsLogExportsToCloudwatch": True,
        "defaultCharacterSet": "",
        "engineDescription": engine,
        "exportableLogTypes": ["postgresql", "upgrade"] if engine == "postgres" else ["error", "general", "slowquery"],
        "id": found,
        "parameterGroupFamily": catalogue.family(engine, found),
        "region": where.region,
        "status": "available",
        "validMajorTargets": [one for one in later if one not in minor],
        "validMinorTargets": minor,
        "validUpgradeTargets": later,
        "version": found,
        "versionActual": found,
        "versionDescription": f"{engine} {found}",
    }


def _orderable(arguments: Properties, where: Place, _: World) -> Answer:
    engine = str(arguments["engine"])
    offered = catalogue.classes(engine, where.region)
    asked = [arguments["instanceClass"]] if arguments.get("instanceClass") else arguments.get("preferredInstanceClasses") or ()
    found = next((one for one in asked if one in offered), None) if asked else next(iter(offered), None)
    if found is None:
        path = "instanceClass" if arguments.get("instanceClass") else "preferredInstanceClasses"
        return Problem(path, f"none of {', '.join(asked) or engine} is offered for {engine} in {where.region}; ask for another")
    version = catalogue.resolve(engine, arguments.get("engineVersion"))
    if version is None:
        return Problem("engineVersion", f"{engine} {arguments.get('engineVersion')} is not offered; use another version")
    storage = catalogue.STORAGE.get(str(arguments.get("storageType") or "gp3"), catalogue.STORAGE["gp3"])
    least, most = storage.operations or (0, 0)
    flags = ("EnhancedMonitoring", "IamDatabaseAuthentication", "MultiAz", "PerformanceInsights", "StorageAutoscaling")
    return {
        "storageType": "gp3",
        "licenseModel": catalogue.LICENCES.get(engine, "license-included"),
        **{f"supports{flag}": True for flag in (*flags, "Iops", "StorageEncryption")},
        **{f"supports{flag}": False for flag in ("Clusters", "GlobalDatabases", "KerberosAuthentication")},
        **_given(arguments),
        "availabilityZoneGroup": where.region,
        "availabilityZones": list(place.zones(where.region)),
        "engineVersion": version,
        "id": found,
        "instanceClass": found,
        "maxIopsPerDbInstance": most,
        "maxIopsPerGib": 0,
        "maxStorageSize": storage.largest,
        "minIopsPerDbInstance": least,
        "minIopsPerGib": 0,
        "minStorageSize": storage.smallest,
        "multiAzCapable": True,
        "outpostCapable": False,
        "readReplicaCapable": True,
        "region": where.region,
        "supportedEngineModes": ["provisioned"],
        "supportedNetworkTypes": ["DUAL", "IPV4"],
        "vpc": True,
    }


def _logging_account(_: Properties, where: Place, __: World) -> Answer:
    account = _LOGGING_ACCOUNTS.get(where.region)
    if account is None:
        return Problem(
            "region", f"{where.region} has no such account; let logdelivery.elasticloadbalancing.amazonaws.com write"
        )
    arn = f"arn:{place.partition(where.region)}:iam::{account}:root"
    return {"arn": arn, "id": account, "region": where.region}


def _balancer_zone(arguments: Properties, where: Place, _: World) -> Answer:
    return {**_given(arguments), "id": balancer_zone(where.region), "region": where.region}


def _canonical_user(_: Properties, where: Place, __: World) -> Answer:
    return {"displayName": "", "id": digits("hex", 64, f"canonical/{where.account}")}


def _arn(arguments: Properties, _: Place, __: World) -> Answer:
    parts = str(arguments["arn"]).split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return Problem("arn", f"{arguments['arn']!r} is no ARN; write arn:aws:service:region:account:name")
    names = ("partition", "service", "region", "account", "resource")
    return {"arn": arguments["arn"], "id": arguments["arn"], **dict(zip(names, parts[1:], strict=True))}


def _document(arguments: Properties, _: Place, __: World) -> Answer:
    return policy_document.answer(arguments)


def _given(arguments: Properties) -> dict[str, Value]:
    return {key: value for key, value in arguments.items() if value is not None}


_ANSWERS: Mapping[str, Callable[[Properties, Place, World], Answer]] = {
    "ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "ec2/getPrefixList:getPrefixList": _prefix_list,
    "ecr/getImage:getImage": lookups.image,
    "elb/getServiceAccount:getServiceAccount": _logging_account,
    "iam/getPolicyDocument:getPolicyDocument": _document,
    "index/getArn:getArn": _arn,
    "index/getAvailabilityZone:getAvailabilityZone": _zone,
    "index/getAvailabilityZones:getAvailabilityZones": _zones,
    "index/getCallerIdentity:getCallerIdentity": _caller,
    "index/getDefaultTags:getDefaultTags": _default_tags,
    "index/getPartition:getPartition": _partition,
    "index/getRegion:getRegion": _region,
    "index/getServicePrincipal:getServicePrincipal": _service_principal,
    "kms/getAlias:getAlias": lookups.alias,
    "kms/getKey:getKey": lookups.key,
    "lb/getHostedZoneId:getHostedZoneId": _balancer_zone,
    "rds/getEngineVersion:getEngineVersion": _engine_version,
    "rds/getOrderableDbInstance:getOrderableDbInstance": _orderable,
    "route53/getZone:getZone": lookups.zone,
    "s3/getCanonicalUserId:getCanonicalUserId": _canonical_user,
}


def invoke(token: str, arguments: Properties, where: Place, world: World) -> Answer:
    """The answer of a data source; a problem for one that is not simulated or finds nothing."""
    name = token.removeprefix(f"{PACKAGE}:")
    answer = _ANSWERS.get(name)
    if answer is not None:
        return answer(arguments, where, world)
    lookup = lookups.LOOKUPS.get(name)
    if lookup is not None:
        return lookups.find(lookup, arguments, where, world)
    return Problem("", f"{token} is not simulated; use a resource's output, or a value of the stack file instead")
