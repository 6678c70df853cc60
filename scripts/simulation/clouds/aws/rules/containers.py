"""ECS: task definitions, services, and sizes of Fargate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.simulation.clouds.aws import catalogue
from scripts.simulation.clouds.aws.rules.membership import groups_in, one_vpc, subnets_of, vpc_of
from scripts.simulation.clouds.aws.rules.reading import (
    Rules,
    complete,
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
from scripts.simulation.values import Problem, Properties, Unknown
from scripts.simulation.world import Place, Resource, World

_SERVICE, _TASK = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition"
_CONTAINERS = "containerDefinitions"


def check_task(inputs: Properties, _: Place) -> Iterator[Problem]:
    value = text(inputs, _CONTAINERS)
    kinds = complete(inputs, "requiresCompatibilities") or ()
    fargate = "FARGATE" in kinds
    if fargate:
        yield from _fargate(inputs)
    if value is None:
        return
    containers = parsed(value)
    if not isinstance(containers, list) or not containers or not all(isinstance(one, Mapping) for one in containers):
        yield Problem(_CONTAINERS, "is no JSON list of containers; write one object a container")
        return
    if not any(one.get("essential", True) is True for one in containers):
        yield Problem(_CONTAINERS, "has no essential container; set essential to true on one")
    names = [one.get("name") for one in containers]
    for index, container in enumerate(containers):
        reason = _container(container, inputs, names, fargate=fargate)
        if reason:
            yield Problem(_CONTAINERS, f"[{index}] {reason}")
            return
    yield from _sums(inputs, containers)


def _fargate(inputs: Properties) -> Iterator[Problem]:
    mode = inputs.get("networkMode")
    if mode != "awsvpc" and not isinstance(mode, Unknown):
        yield Problem("networkMode", "must be awsvpc with FARGATE; set it")
    cpu, memory = _units(inputs.get("cpu"), "vcpu"), _units(inputs.get("memory"), "gb")
    for key, value in (("cpu", cpu), ("memory", memory)):
        if missing(inputs, key):
            yield Problem(key, "is missing; Fargate needs cpu and memory of the whole task")
        elif value is None and not isinstance(inputs[key], Unknown):
            yield Problem(
                key, f"{inputs[key]!r} is not read; write {'units such as 512' if key == 'cpu' else 'MiB such as 1024'}"
            )
    if cpu is not None and cpu not in catalogue.FARGATE:
        yield Problem("cpu", f"{cpu} units is no size of Fargate; use one of {', '.join(map(str, catalogue.FARGATE))}")
    elif cpu is not None and memory is not None and memory not in catalogue.FARGATE[cpu]:
        fits = catalogue.FARGATE[cpu]
        near = min((one for one in fits if one >= memory), default=fits[-1])
        yield Problem("memory", f"{memory} MiB does not go with {cpu} cpu units; use {fits[0]} to {fits[-1]}, such as {near}")
    if missing(inputs, "executionRoleArn") and '"awslogs"' in str(inputs.get(_CONTAINERS)):
        yield Problem("executionRoleArn", "is missing; Fargate writes logs to CloudWatch by that role")
    size = number(nested(inputs, "ephemeralStorage"), "sizeInGib")
    if size is not None and not 21 <= size <= 200:
        yield Problem("ephemeralStorage.sizeInGib", f"{int(size)} GiB is out of range; use 21 to 200")


def _units(value: object, unit: str) -> int | None:
    """`512`, `.5 vCPU` and `1 GB` as a number of units or MiB."""
    found = re.fullmatch(rf"\s*(\d+|\d*\.\d+)\s*({unit})?\s*", str(value).lower()) if isinstance(value, str) else None
    if not found:
        return None
    return int(float(found[1]) * 1024) if found[2] else int(float(found[1]))


def _container(container: Mapping[str, Any], task: Properties, names: list[object], *, fargate: bool) -> str | None:
    name = container.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        return f"has the name {name!r}; use up to 255 letters, digits, - and _"
    if names.count(name) > 1:
        return f"has the name {name} like another container; give each its own"
    if not isinstance(container.get("image"), str) or not container["image"]:
        return f"{name} has no image; give one"
    if not fargate and missing(task, "memory") and not container.get("memory") and not container.get("memoryReservation"):
        return f"{name} has no memory; give memory or memoryReservation, here or for the whole task"
    return _ports(container, task) or _environment(container) or _rest(container, task, names, fargate=fargate)


def _ports(container: Mapping[str, Any], task: Properties) -> str | None:
    for mapping in container.get("portMappings") or ():
        port, host = mapping.get("containerPort"), mapping.get("hostPort")
        if not isinstance(port, int) or not 0 < port <= 65535:
            return f"{container['name']} has the containerPort {port!r}; use 1 to 65535"
        if task.get("networkMode") == "awsvpc" and host not in {None, port}:
            return f"{container['name']} has hostPort {host} for containerPort {port}; with awsvpc the two are the same"
    return None


def _environment(container: Mapping[str, Any]) -> str | None:
    seen: set[str] = set()
    for key, part in (("environment", "value"), ("secrets", "valueFrom")):
        for entry in container.get(key) or ():
            if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
                return f"{container['name']} has an entry of {key} without name; write name and {part}"
            if not isinstance(entry.get(part), str):
                return f"{container['name']} has {entry['name']} in {key} whose {part} is no text; write a string"
            if entry["name"] in seen:
                return f"{container['name']} has the variable {entry['name']} twice; keep one"
            seen.add(entry["name"])
    return None


def _rest(container: Mapping[str, Any], task: Properties, names: list[object], *, fargate: bool) -> str | None:
    for other in container.get("dependsOn") or ():
        if other.get("containerName") not in names:
            return f"{container['name']} depends on {other.get('containerName')!r}, which is no container of this task"
    volumes = {volume.get("name") for _, volume in items(task, "volumes")}
    for mount in container.get("mountPoints") or ():
        if mount.get("sourceVolume") not in volumes and not any(isinstance(one, Unknown) for one in volumes):
            return f"{container['name']} mounts {mount.get('sourceVolume')!r}, which is no volume of this task"
    if fargate and container.get("privileged"):
        return f"{container['name']} is privileged, which Fargate refuses; leave it out"
    logging = container.get("logConfiguration") or {}
    options = logging.get("options") or {}
    if logging.get("logDriver") == "awslogs":
        for key in ("awslogs-group", "awslogs-region"):
            if not options.get(key):
                return f"{container['name']} logs to awslogs without {key}; add it"
        if fargate and not options.get("awslogs-stream-prefix"):
            return f"{container['name']} logs to awslogs without awslogs-stream-prefix, which Fargate needs; add it"
    timeout = container.get("stopTimeout")
    if fargate and isinstance(timeout, int) and timeout > 120:
        return f"{container['name']} has a stopTimeout of {timeout} seconds; Fargate takes 120 at most"
    return None


def _sums(inputs: Properties, containers: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Containers together fit the task."""
    for key, unit in (("cpu", "vcpu"), ("memory", "gb")):
        whole = _units(inputs.get(key), unit)
        parts = [one[key] for one in containers if isinstance(one.get(key), int)]
        too_much = max(parts, default=0) if key == "memory" else sum(parts)
        if whole is not None and too_much > whole:
            yield Problem(_CONTAINERS, f"asks for {too_much} of {key}, the task has {whole}; raise the task's, or lower theirs")


def admit_task(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Secrets and log groups that containers name exist."""
    containers = parsed(candidate.inputs.get(_CONTAINERS))
    for container in containers if isinstance(containers, list) else ():
        for entry in container.get("secrets") or ():
            source = str(entry.get("valueFrom"))
            owner = ":".join(source.split(":")[:7])
            if ":secretsmanager:" in source and named(world, "secretsmanager/secret:Secret", owner) is None:
                yield Problem(
                    _CONTAINERS, f"{container.get('name')}: {entry.get('name')} names a secret that does not exist: {owner}"
                )
        options = (container.get("logConfiguration") or {}).get("options") or {}
        group = options.get("awslogs-group")
        if group and options.get("awslogs-create-group") != "true":
            found = [one for one in world.of("aws:cloudwatch/logGroup:LogGroup") if one.outputs.get("name") == group]
            if not found:
                yield Problem(
                    _CONTAINERS, f"{container.get('name')} logs to the group {group}, which does not exist; make it first"
                )
            elif not any(region_of(one) == options.get("awslogs-region") for one in found):
                yield Problem(
                    _CONTAINERS,
                    f"{container.get('name')} logs to {group} of another region; it is in {region_of(found[0])}",
                )


def check_service(inputs: Properties, _: Place) -> Iterator[Problem]:
    low, high = number(inputs, "deploymentMinimumHealthyPercent"), number(inputs, "deploymentMaximumPercent")
    if low is not None and high is not None and high <= low:
        yield Problem(
            "deploymentMaximumPercent",
            f"{int(high)} is not above deploymentMinimumHealthyPercent {int(low)}; a release cannot move",
        )
    if not missing(inputs, "launchType") and inputs.get("capacityProviderStrategies"):
        yield Problem("launchType", "is given besides capacityProviderStrategies; leave one of the two out")
    if inputs.get("launchType") == "FARGATE" and missing(inputs, "networkConfiguration"):
        yield Problem("networkConfiguration", "is missing; tasks on Fargate need subnets")
    groups = complete(nested(inputs, "networkConfiguration"), "securityGroups")
    subnets = complete(nested(inputs, "networkConfiguration"), "subnets")
    if groups is not None and len(groups) > 5:
        yield Problem("networkConfiguration.securityGroups", f"has {len(groups)} groups; use at most 5")
    if subnets is not None and not 1 <= len(subnets) <= 16:
        yield Problem("networkConfiguration.subnets", f"has {len(subnets)} subnets; use 1 to 16")
    if missing(inputs, "loadBalancers") and number(inputs, "healthCheckGracePeriodSeconds"):
        yield Problem(
            "healthCheckGracePeriodSeconds", "is for services behind a load balancer; leave it out, or give loadBalancers"
        )
    if missing(inputs, "taskDefinition") and nested(inputs, "deploymentController").get("type") != "EXTERNAL":
        yield Problem("taskDefinition", "is missing; give the ARN of a task definition")


def admit_service(candidate: Candidate, world: World) -> Iterator[Problem]:
    inputs, subnets = candidate.inputs, "networkConfiguration.subnets[*]"
    yield from one_vpc(candidate, world, subnets)
    vpc = vpc_of(subnets_of(candidate, world, subnets))
    yield from groups_in(candidate, world, "networkConfiguration.securityGroups[*]", vpc)
    for other in others(world, _SERVICE, candidate):
        if other.outputs.get("name") == inputs.get("name") and other.inputs.get("cluster") == inputs.get("cluster"):
            yield Problem("name", f"{inputs['name']} is taken in this cluster by the {other.label}; use another name")
    task = named(world, _TASK, inputs.get("taskDefinition"))
    if task is not None:
        yield from _fits(inputs, task)
    for path, balancer in items(inputs, "loadBalancers"):
        yield from _balanced(path, balancer, task, vpc, world)


def _fits(inputs: Properties, task: Resource) -> Iterator[Problem]:
    kinds = task.outputs.get("requiresCompatibilities") or ["EC2"]
    launch = inputs.get("launchType")
    if launch == "FARGATE" and "FARGATE" not in kinds:
        yield Problem(
            "launchType", f"is FARGATE, the {task.label} is made for {', '.join(kinds)}; set its requiresCompatibilities"
        )
    if task.outputs.get("networkMode") == "awsvpc" and missing(inputs, "networkConfiguration"):
        yield Problem("networkConfiguration", f"is missing; the {task.label} is in awsvpc mode and needs subnets")


def _balanced(
    path: str, balancer: Mapping[str, Any], task: Resource | None, vpc: str | None, world: World
) -> Iterator[Problem]:
    """The container and its port exist, targets are addresses in the VPC, and a listener sends them requests."""
    containers = parsed(task.inputs.get(_CONTAINERS)) if task is not None else None
    name, port = balancer.get("containerName"), balancer.get("containerPort")
    found = next((one for one in containers or () if one.get("name") == name), None)
    if containers and found is None:
        yield Problem(
            f"{path}.containerName", f"{name!r} is no container of the task definition; use {containers[0].get('name')}"
        )
    elif found is not None and port not in [mapping.get("containerPort") for mapping in found.get("portMappings") or ()]:
        yield Problem(f"{path}.containerPort", f"{port} is not among the portMappings of {name}; add it there")
    targets = named(world, "lb/targetGroup:TargetGroup", balancer.get("targetGroupArn")) or named(
        world, "alb/targetGroup:TargetGroup", balancer.get("targetGroupArn")
    )
    if targets is None:
        return
    if task is not None and task.outputs.get("networkMode") == "awsvpc" and targets.outputs.get("targetType") != "ip":
        yield Problem(
            f"{path}.targetGroupArn", f"the {targets.label} has targetType {targets.outputs.get('targetType')}; awsvpc needs ip"
        )
    if vpc and targets.outputs.get("vpcId") not in {None, vpc}:
        yield Problem(f"{path}.targetGroupArn", f"the {targets.label} is in another VPC than the subnets; use one VPC")
    if not _listened(str(targets.outputs.get("arn")), world):
        yield Problem(
            f"{path}.targetGroupArn", f"the {targets.label} has no load balancer yet; let this depend on its listener"
        )


def _listened(arn: str, world: World) -> bool:
    kinds = ("lb/listener:Listener", "lb/listenerRule:ListenerRule", "alb/listener:Listener", "alb/listenerRule:ListenerRule")
    return any(arn in str(thing.inputs) for kind in kinds for thing in world.of(f"aws:{kind}"))


CHECKS: Rules = {_SERVICE: (check_service,), _TASK: (check_task,)}
ADMITS: Rules = {_SERVICE: (admit_service,), _TASK: (admit_task,)}
