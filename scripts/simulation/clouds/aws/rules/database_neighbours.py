"""RDS and what is around it: parameter groups, subnet groups, proxies, names that are taken, deletion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws import catalogue
from scripts.simulation.clouds.aws.rules.membership import groups_in, one_vpc, subnets_of, vpc_of, zones
from scripts.simulation.clouds.aws.rules.reading import (
    Rules,
    items,
    missing,
    named,
    nested,
    number,
    others,
    parsed,
    region_of,
    text,
)
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, Resource, World

_INSTANCE, _GROUP, _PROXY = "rds/instance:Instance", "rds/subnetGroup:SubnetGroup", "rds/proxy:Proxy"
_PROXIED = {"POSTGRESQL": {"postgres", "aurora-postgresql"}, "MYSQL": {"mysql", "mariadb", "aurora-mysql"}}

_NEEDS_RESTART = {
    "postgres": {"shared_preload_libraries", "max_connections", "wal_level", "rds.logical_replication", "shared_buffers"},
    "mysql": {"innodb_buffer_pool_instances", "performance_schema", "lower_case_table_names"},
}
"""Static parameters that are met often: they take effect at the next start only, and RDS refuses to set them at once."""


def check_parameters(inputs: Properties, _: Place) -> Iterator[Problem]:
    family = text(inputs, "family")
    if family and not re.fullmatch(r"(aurora-)?[a-z]+(-[a-z0-9]+)*-?\d+(\.\d+)?", family):
        yield Problem("family", f"{family!r} is no family; use one such as postgres17 or mysql8.4")
    elif family and family not in _families():
        engine = re.match(r"[a-z-]*[a-z]", family)
        near = [one for one in _families() if engine and one.startswith(engine[0])][-3:]
        yield Problem("family", f"{family!r} does not exist; use one such as {', '.join(near or ['postgres17'])}")
    seen: set[str] = set()
    static = _NEEDS_RESTART.get(re.sub(r"[\d.]+$", "", family or ""), set())
    for path, parameter in items(inputs, "parameters"):
        name = text(parameter, "name")
        if name in seen:
            yield Problem(f"{path}.name", f"{name} is set twice; keep one")
        seen.add(name or "")
        if name in static and parameter.get("applyMethod") != "pending-reboot":
            yield Problem(f"{path}.applyMethod", f"must be pending-reboot for {name}, which is read at the start only")


def _families() -> list[str]:
    known = (engine for engine in catalogue.engines() if not engine.startswith(("custom-", "oracle", "sqlserver", "db2")))
    return sorted({catalogue.family(engine, version) for engine in known for version in _all_versions(engine)})


def _all_versions(engine: str) -> list[str]:
    return [version for version in catalogue.versions(engine) if version[0].isdigit()]


def check_proxy(inputs: Properties, _: Place) -> Iterator[Problem]:
    if not inputs.get("auths") and inputs.get("defaultAuthScheme") != "IAM_AUTH" and missing(inputs, "auths"):
        yield Problem("auths", "is missing; give a secret of the database user, or set defaultAuthScheme to IAM_AUTH")
    for path, auth in items(inputs, "auths"):
        if auth.get("authScheme") in (None, "SECRETS") and missing(auth, "secretArn"):
            yield Problem(f"{path}.secretArn", "is missing; the proxy logs in with the user and password of a secret")
    idle = number(inputs, "idleClientTimeout")
    if idle is not None and not 1 <= idle <= 28800:
        yield Problem("idleClientTimeout", f"{int(idle)} seconds is out of range; use 1 to 28800")


def check_pool(inputs: Properties, _: Place) -> Iterator[Problem]:
    pool = nested(inputs, "connectionPoolConfig")
    most, idle = number(pool, "maxConnectionsPercent"), number(pool, "maxIdleConnectionsPercent")
    if most is not None and not 1 <= most <= 100:
        yield Problem("connectionPoolConfig.maxConnectionsPercent", f"{int(most)} is out of range; use 1 to 100")
    if idle is not None and not 0 <= idle <= (most if most is not None else 100):
        yield Problem("connectionPoolConfig.maxIdleConnectionsPercent", "is above maxConnectionsPercent; use that or less")


def admit_instance(candidate: Candidate, world: World) -> Iterator[Problem]:
    inputs = candidate.inputs
    engine, asked = text(inputs, "engine") or "", text(inputs, "engineVersion")
    yield from _taken(candidate, world)
    version = catalogue.resolve(engine, asked)
    if candidate.current is None and asked and version is None and catalogue.exists(engine, asked):
        newest = ", ".join(catalogue.versions(engine)[-3:])
        yield Problem("engineVersion", f"{engine} {asked} is not offered for new instances any more; use one such as {newest}")
    group = named(world, "rds/parameterGroup:ParameterGroup", inputs.get("parameterGroupName"))
    wanted = catalogue.family(engine, version or asked or "0")
    if group is not None and (version or asked) and group.outputs.get("family") not in {None, wanted}:
        yield Problem(
            "parameterGroupName", f"the {group.label} is of the family {group.outputs['family']}; use one of {wanted}"
        )
    subnets = named(world, _GROUP, inputs.get("dbSubnetGroupName"))
    if subnets is not None:
        yield from _placed(candidate, world, subnets)
    yield from _changed(candidate)


def _taken(candidate: Candidate, world: World) -> Iterator[Problem]:
    name = candidate.inputs.get("identifier")
    for other in others(world, _INSTANCE, candidate):
        if name and other.outputs.get("identifier") == name and region_of(other) == candidate.place.region:
            yield Problem("identifier", f"{name} is taken by the {other.label}; use another name")


def _placed(candidate: Candidate, world: World, group: Resource) -> Iterator[Problem]:
    """The instance's groups and zone fit its subnets."""
    inside = Candidate(**{**vars(candidate), "inputs": group.outputs})
    subnets = subnets_of(inside, world, "subnetIds[*]")
    yield from groups_in(candidate, world, "vpcSecurityGroupIds[*]", vpc_of(subnets))
    covered = {subnet.outputs.get("availabilityZone") for _, subnet in subnets}
    zone = candidate.inputs.get("availabilityZone")
    if zone and covered and None not in covered and zone not in covered:
        yield Problem(
            "availabilityZone", f"{zone} has no subnet in the {group.label}; use one of {', '.join(sorted(map(str, covered)))}"
        )


def _changed(candidate: Candidate) -> Iterator[Problem]:
    """What cannot be made smaller or turned back."""
    if candidate.current is None:
        return
    before, after = candidate.current.outputs, candidate.inputs
    old, new = number(before, "allocatedStorage"), number(after, "allocatedStorage")
    if old is not None and new is not None and new < old:
        yield Problem("allocatedStorage", f"{int(new)} GiB is below the {int(old)} GiB that are there; storage cannot shrink")
    engine = text(after, "engine") or ""
    was = text(before, "engineVersionActual") or ""
    asked = text(after, "engineVersion")
    becomes = catalogue.resolve(engine, asked) or asked
    if becomes and was and not was.startswith(f"{asked}."):
        if catalogue.version_key(becomes) < catalogue.version_key(was):
            yield Problem(
                "engineVersion", f"{becomes} is older than {was}; an engine cannot go back, restore a snapshot instead"
            )
        elif (
            catalogue.family(engine, becomes) != catalogue.family(engine, was)
            and after.get("allowMajorVersionUpgrade") is not True
        ):
            yield Problem(
                "allowMajorVersionUpgrade", f"must be true for the step from {was} to {becomes}; set it for this upgrade"
            )


def admit_subnet_group(candidate: Candidate, world: World) -> Iterator[Problem]:
    yield from one_vpc(candidate, world, "subnetIds[*]")
    yield from zones(candidate, world, "subnetIds[*]", 2, "a DB subnet group")


def admit_proxy(candidate: Candidate, world: World) -> Iterator[Problem]:
    yield from one_vpc(candidate, world, "vpcSubnetIds[*]")
    yield from zones(candidate, world, "vpcSubnetIds[*]", 2, "an RDS proxy")
    yield from groups_in(candidate, world, "vpcSecurityGroupIds[*]", vpc_of(subnets_of(candidate, world, "vpcSubnetIds[*]")))
    for path, auth in items(candidate.inputs, "auths"):
        yield from _credentials(f"{path}.secretArn", auth.get("secretArn"), world)


def _credentials(path: str, secret: object, world: World) -> Iterator[Problem]:
    """A secret that the proxy reads holds JSON with user and password. Its value is never said."""
    for version in world.of("aws:secretsmanager/secretVersion:SecretVersion"):
        value = version.inputs.get("secretString")
        if version.inputs.get("secretId") != secret or not isinstance(value, str):
            continue
        content = parsed(value)
        if not isinstance(content, dict) or not {"username", "password"} <= set(content):
            yield Problem(path, "is a secret without username and password; RDS Proxy reads JSON with these two")


def admit_proxy_target(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The proxy speaks the engine's protocol and stands in its VPC."""
    instance = next(
        (
            one
            for one in world.of(f"aws:{_INSTANCE}")
            if one.outputs.get("identifier") == candidate.inputs.get("dbInstanceIdentifier")
        ),
        None,
    )
    proxy = named(world, _PROXY, candidate.inputs.get("dbProxyName"))
    if instance is None or proxy is None:
        return
    engine, family = instance.outputs.get("engine"), str(proxy.outputs.get("engineFamily"))
    if engine is not None and family in _PROXIED and engine not in _PROXIED[family]:
        yield Problem(
            "dbProxyName", f"the {proxy.label} speaks {family}, the {instance.label} is {engine}; use a proxy of its family"
        )
    group = named(world, _GROUP, instance.outputs.get("dbSubnetGroupName"))
    if group is None:
        return
    theirs = vpc_of(subnets_of(Candidate(**{**vars(candidate), "inputs": group.outputs}), world, "subnetIds[*]"))
    own = vpc_of(subnets_of(Candidate(**{**vars(candidate), "inputs": proxy.outputs}), world, "vpcSubnetIds[*]"))
    if theirs and own and theirs != own:
        yield Problem("dbProxyName", f"the {proxy.label} is in the VPC {own}, the {instance.label} in {theirs}; use one VPC")


def release_instance(resource: Resource, _: World) -> Iterator[Problem]:
    if resource.outputs.get("deletionProtection") is True:
        yield Problem("deletionProtection", f"is true on the {resource.label}; set it to false and deploy that first")
    elif resource.outputs.get("skipFinalSnapshot") is not True and not resource.outputs.get("finalSnapshotIdentifier"):
        yield Problem(
            "finalSnapshotIdentifier",
            f"is missing on the {resource.label}; name the last snapshot and deploy that, or set skipFinalSnapshot to true",
        )


def release_protected(resource: Resource, _: World) -> Iterator[Problem]:
    if resource.outputs.get("deletionProtection") is True:
        yield Problem("deletionProtection", f"is true on the {resource.label}; set it to false and deploy that first")


CHECKS: Rules = {
    "rds/parameterGroup:ParameterGroup": (check_parameters,),
    "rds/proxy:Proxy": (check_proxy,),
    "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": (check_pool,),
}

ADMITS: Rules = {
    _INSTANCE: (admit_instance,),
    _PROXY: (admit_proxy,),
    "rds/proxyTarget:ProxyTarget": (admit_proxy_target,),
    _GROUP: (admit_subnet_group,),
}

RELEASES: Rules = {_INSTANCE: (release_instance,), "rds/cluster:Cluster": (release_protected,)}
