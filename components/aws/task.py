"""Task definitions: one container on Fargate, with two roles of its own.

ECS fills in what a definition leaves out, and the engine then sees another definition and starts new tasks for nothing: so
everything that ECS would add stands here, sorted. The container is an ordinary user without capabilities on a read-only root,
with /tmp in memory (a bind mount of Fargate belongs to root). Every image follows the contract of images/api: it runs as any
user, answers `HEALTH_PATH` and has the health check below; an image of another registry too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import account
from components.aws.fargate import TaskSize
from components.aws.images import Image, image
from components.aws.roles import permissions_policy, service_role
from components.aws.tags import tags
from components.binding import Binding, Permission
from components.contract import Identity

USER = 10001
"""User and group of every process, whatever its image says; the same on every target."""

TMP_MIB = 32
"""Of /tmp, out of the task's memory."""

HEALTH_COMMAND = ("CMD", "/usr/bin/python3", "-I", "-S", "/opt/penguinmails/healthcheck.py")
LOG_BUFFER = "8m"
"""Lines that wait for CloudWatch; beyond it the oldest are lost rather than the process held up (`non-blocking`)."""

PRINCIPAL = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True)
class HealthCheck:
    """In seconds, but for `retries`; ECS takes 5-300, 2-60, 1-10 and 0-300."""

    command: Sequence[str] = HEALTH_COMMAND
    interval: int = 10
    timeout: int = 5
    retries: int = 3
    start_period: int = 60


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A container that ECS keeps running. `port`: None for one that nothing reaches."""

    role: str
    image: str
    size: TaskSize
    grace_seconds: int
    binding: Binding
    command: Sequence[str] = ()
    port: int | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    health: HealthCheck = HealthCheck()


@dataclass(frozen=True)
class Task:
    """`ready`: the rights without which a task cannot start or work, for `depends_on`."""

    definition: aws.ecs.TaskDefinition
    container: str
    ready: Sequence[pulumi.Resource]


def task(name: str, identity: Identity, workload: Workload, logs: Output[str] | None, parent: pulumi.Resource) -> Task:
    """Registers the definition with its roles. `logs`: name of the group that its log goes to.

    Raises `ValueError` without it, and for files and shared volumes, which no capability of AWS hands out.
    """
    if logs is None:
        raise ValueError(f"{workload.role} has no log group to write to")
    if workload.binding.files or workload.binding.volumes:
        raise ValueError(f"{workload.role} is given files or volumes, which tasks on Fargate do not have")
    found = image(workload.image, parent)
    runner, ready = _execution_role(name, identity, workload, found, logs, parent)
    role, allowed = _task_role(name, identity, workload, parent)
    family = naming.physical(identity, workload.role, naming.ECS_LIMIT)
    values = Output.all(
        image=found.reference,
        region=account(parent).region,
        logs=logs,
        variables=Output.all(**{**workload.variables, **workload.binding.variables}),
        secrets=Output.all(**{variable: reference.id for variable, reference in workload.binding.secrets.items()}),
    )
    definition = aws.ecs.TaskDefinition(
        f"{name}-task",
        family=family,
        cpu=str(workload.size.cpu),
        memory=str(workload.size.memory_mib),
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(cpu_architecture="X86_64", operating_system_family="LINUX"),
        execution_role_arn=runner.arn,
        task_role_arn=role.arn,
        container_definitions=values.apply(lambda known: json.dumps([container(workload, **known)], sort_keys=True)),
        tags=tags(identity, workload.role, family),
        opts=ResourceOptions(parent=parent),
    )
    return Task(definition, workload.role, [*ready, *allowed])


def container(
    workload: Workload, *, image: str, region: str, logs: str, variables: Mapping[str, str], secrets: Mapping[str, str]
) -> Mapping[str, Any]:
    """The definition of the only container, with nothing left for ECS to fill in. Pure."""
    ports = [] if workload.port is None else [{"containerPort": workload.port, "hostPort": workload.port, "protocol": "tcp"}]
    health = workload.health
    return {
        "name": workload.role,
        "image": image,
        "essential": True,
        "cpu": 0,
        "command": list(workload.command),
        "environment": [{"name": key, "value": variables[key]} for key in sorted(variables)],
        "secrets": [{"name": key, "valueFrom": secrets[key]} for key in sorted(secrets)],
        "portMappings": ports,
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
        "user": f"{USER}:{USER}",
        "readonlyRootFilesystem": True,
        "linuxParameters": {
            "initProcessEnabled": True,
            "capabilities": {"add": [], "drop": ["ALL"]},
            "tmpfs": [{"containerPath": "/tmp", "size": TMP_MIB, "mountOptions": ["nodev", "noexec", "nosuid"]}],
        },
        "stopTimeout": workload.grace_seconds,
        "healthCheck": {
            "command": list(health.command),
            "interval": health.interval,
            "timeout": health.timeout,
            "retries": health.retries,
            "startPeriod": health.start_period,
        },
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": logs,
                "awslogs-region": region,
                "awslogs-stream-prefix": workload.role,
                "max-buffer-size": LOG_BUFFER,
                "mode": "non-blocking",
            },
        },
    }


def _task_role(
    name: str, identity: Identity, workload: Workload, parent: pulumi.Resource
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    """What the process itself may do: what its bindings say, and without any nothing."""
    role = service_role(f"{name}-role", identity, workload.role, f"task-{workload.role}", PRINCIPAL, parent, source="ecs")
    if not workload.binding.permissions:
        return role, []
    return role, [permissions_policy(f"{name}-role-policy", identity, role, workload.binding.permissions, parent)]


def _execution_role(
    name: str, identity: Identity, workload: Workload, found: Image, logs: Output[str], parent: pulumi.Resource
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    """What ECS may do to start the container: pull its image, hand over its secrets, write its log."""
    here = account(parent)
    group = Output.concat("arn:", here.partition, ":logs:", here.region, ":", here.id, ":log-group:", logs, ":log-stream:*")
    pull = []
    if found.repository is not None:
        actions = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
        pull = [
            # A login to the registry is the account's: AWS lets no resource be named.
            Permission(("ecr:GetAuthorizationToken",), (Output.from_input("*"),), "log in to the registry"),
            Permission(actions, (found.repository,), "pull the image"),
        ]
    secrets = [
        Permission(one.actions, one.resources, one.reason or "read the secrets of the container")
        for _, reference in sorted(workload.binding.secrets.items())
        for one in reference.permissions
    ]
    write = Permission(("logs:CreateLogStream", "logs:PutLogEvents"), (group,), "write the log")
    role = service_role(f"{name}-start", identity, workload.role, f"start-{workload.role}", PRINCIPAL, parent, source="ecs")
    policy = permissions_policy(f"{name}-start-policy", identity, role, [*pull, write, *secrets], parent)
    return role, [policy]
