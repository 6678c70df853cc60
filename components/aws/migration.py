"""Runs the migration as a service of one task that becomes healthy when the schema is up to date, and then sleeps.

The provider has no resource that runs a task once and waits for its end, and a data source that runs one would run it in every
preview. So it is as on the other targets: the image lingers after its work, and the deployment of the service is the gate that
everything with a need for the schema waits for. The sleeping task is the smallest of Fargate, about 9 dollars a month. A
migration that fails is not rolled back to the older image: that one would not know the newer revision, and schema changes are
made to be compatible with the release before. After three failures ECS gives up, and the deployment fails: a migration that
hangs has the time of the description three times.
"""

from __future__ import annotations

import math

import pulumi
import pulumi_aws as aws
from pulumi import CustomTimeouts, ResourceOptions

from components import naming
from components.aws import fargate
from components.aws.cluster import ON_DEMAND
from components.aws.tags import tags
from components.aws.task import HealthCheck, Workload, task
from components.contract import MigrationArgs, MigrationOutputs
from components.given import given

GRACE_SECONDS = 10
DONE = ("CMD", "test", "-f", "/tmp/migrated")
ATTEMPTS = 3
"""Tasks that fail before the circuit breaker ends a deployment of one task (developer guide, "Failure threshold")."""

PULL_SECONDS = 600
"""Beyond the migrations' own time: network interfaces, images, and ECS finding that a task is healthy or is not."""

MIN_INTERVAL, MAX_INTERVAL, MAX_RETRIES, MAX_START = 5, 300, 10, 300
"""Seconds and times that ECS takes (API reference, HealthCheck)."""

MAX_SECONDS = MAX_START + MAX_RETRIES * MAX_INTERVAL
"""The longest migration that a health check can wait for; more is refused in `limits.py`."""


class Migration(pulumi.ComponentResource):
    """Raises `ValueError` without a cluster, which the target has."""

    def __init__(self, name: str, args: MigrationArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Migration", name, None, opts)
        cluster, clients = given(args.cluster, "the cluster"), given(args.network.clients, "the group of all services")
        health = patience(args.migration.timeout_seconds)
        workload = Workload(
            role="migration",
            image=args.migration.image,
            size=fargate.SMALLEST,
            grace_seconds=GRACE_SECONDS,
            binding=args.binding,
            command=[*args.migration.command, "--linger"],
            health=health,
        )
        made = task(name, args.identity, workload, args.logs, self)
        physical = naming.physical(args.identity, "migration", naming.ECS_LIMIT)
        wait = f"{wait_seconds(health)}s"
        gate = aws.ecs.Service(
            f"{name}-run",
            name=physical,
            cluster=cluster.id,
            task_definition=made.definition.arn,
            desired_count=1,
            capacity_provider_strategies=[
                aws.ecs.ServiceCapacityProviderStrategyArgs(capacity_provider=ON_DEMAND, base=0, weight=1)
            ],
            force_new_deployment=True,
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.network.app,
                security_groups=[clients, *args.binding.groups],
                assign_public_ip=False,
            ),
            availability_zone_rebalancing="DISABLED",
            # The old one goes first: two migrations at once would only wait for each other's lock.
            deployment_minimum_healthy_percent=0,
            deployment_maximum_percent=100,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=False),
            enable_ecs_managed_tags=True,
            enable_execute_command=False,
            propagate_tags="SERVICE",
            wait_for_steady_state=True,
            tags=tags(args.identity, "migration", physical),
            opts=ResourceOptions(
                parent=self,
                depends_on=list(made.ready),
                custom_timeouts=CustomTimeouts(create=wait, update=wait, delete="10m"),
            ),
        )
        self.outputs = MigrationOutputs(gate=gate)
        self.register_outputs({"service": gate.name})


def wait_seconds(health: HealthCheck) -> int:
    """How long the engine waits for the gate: no shorter than ECS takes to give up, which then says why. Pure."""
    return ATTEMPTS * (health.start_period + health.retries * health.interval) + PULL_SECONDS


def patience(seconds: int) -> HealthCheck:
    """A health check that gives a migration `seconds` before it counts as failed, and sees its end as soon as it can. Pure.

    While a task starts, failed checks do not count; afterwards as many must fail in a row as may be retried.
    Raises `ValueError` beyond `MAX_SECONDS`.
    """
    if seconds > MAX_SECONDS:
        raise ValueError(f"{seconds} seconds is above the {MAX_SECONDS} that a health check can wait")
    start = min(seconds, MAX_START)
    interval = max(MIN_INTERVAL, math.ceil((seconds - start) / MAX_RETRIES))
    retries = max(1, math.ceil((seconds - start) / interval))
    return HealthCheck(command=DONE, interval=interval, timeout=5, retries=retries, start_period=start)
