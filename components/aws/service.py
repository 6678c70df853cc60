"""The product's own containers on Fargate: the API and the workers.

A release starts new copies, waits until they are healthy, and then drains the old ones; one that does not come up is rolled
back, and the deployment fails. Copies are spread over the zones of the private subnets. Between the load balancer and a copy
requests are in plain HTTP inside the network: the workload has no certificate.

In development most copies that a worker runs above its smallest number are on Spot: about 70 % cheaper, and AWS may stop one
with two minutes' notice, after which its messages are delivered to the next. Where Spot has no room they wait, since ECS takes
no other capacity instead. What a deployment waits for, what answers requests, and everything elsewhere, is not on Spot.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import CustomTimeouts, Output, ResourceOptions

from components import naming
from components.aws import fargate, routing, scaling
from components.aws.cluster import ON_DEMAND, SPOT
from components.aws.security_groups import allow, group
from components.aws.tags import tags
from components.aws.task import Task, Workload, task
from components.contract import EntryOutputs, ServiceArgs, ServiceOutputs
from components.given import given
from components.spec import Environment

MAX_GROUPS = 5
"""Security groups of a network interface (VPC quotas)."""

START_SECONDS = 120
"""A copy that does not answer is not given up before; images/api is ready within seconds, the first pull may take a minute."""

TARGET_PORT = 80
"""Of the target group, where it says nothing: ECS registers each copy with the port of its container. Another port would make
another group, and requests would go to it before copies are there."""

CHECK_SECONDS, CHECK_FAILURES = 15, 10
"""A copy that is not ready for 150 s is replaced. A database that moves to its other zone is away for 60 to 120 s (RDS user
guide, "Failing over a Multi-AZ DB instance"), and all copies are unready meanwhile: none may be replaced for that. A process
that hangs is found by its container's own health check, within a minute."""

WAIT = "30m"
"""A release that fails is stopped by ECS after three copies, which is sooner."""


class Service(pulumi.ComponentResource):
    """Raises `ValueError` without a cluster or, for a public service, without an entry: the target has both."""

    def __init__(self, name: str, args: ServiceArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Service", name, None, opts)
        cluster, clients = given(args.cluster, "the cluster"), given(args.network.clients, "the group of all services")
        self._name, self._args, self._vpc = name, args, given(args.network.id, "the network's id")
        self._child = ResourceOptions(parent=self)
        asked = args.service
        self._warn_of_one_copy()
        workload = Workload(
            role=args.name,
            image=asked.image,
            size=fargate.size(asked.cpu, asked.memory_mib),
            grace_seconds=asked.grace_period_seconds,
            binding=args.binding,
            command=asked.command,
            port=asked.port,
            variables={"HEALTH_PATH": asked.health_path},
        )
        made = task(name, args.identity, workload, args.logs, self)
        own = group(f"{name}-own", args.identity, args.name, f"service-{args.name}", f"Copies of {args.name}", self._vpc, self)
        groups = [own.id, clients, *args.binding.groups]
        if len(groups) > MAX_GROUPS:
            raise ValueError(f"{args.name} is in {len(groups)} security groups; a network interface takes {MAX_GROUPS}")
        targets, before = self._public(own.id) if asked.public_path is not None else (None, [])
        service = self._service(cluster.id, made, groups, targets, before)
        if scaling.scales(asked.scaling):
            scaling.scale(
                name,
                args.identity,
                args.name,
                asked.scaling,
                cluster.name,
                service,
                self,
                label=self._label(targets),
                queues=args.queues,
            )
        self.outputs = ServiceOutputs(
            host=service.name,
            port=asked.port,
            id=service.name,
            target=targets.arn_suffix if targets is not None else None,
        )
        self.register_outputs({"host": service.name, "port": asked.port})

    def _warn_of_one_copy(self) -> None:
        args = self._args
        if args.identity.environment is Environment.PRODUCTION and args.service.scaling.min_replicas == 1:
            pulumi.log.warn(
                f"platform.services.{args.name}.scaling.min_replicas is 1: while its only copy is replaced or its zone is out, "
                "nothing answers; use 2 or more",
                resource=self,
            )

    def _door(self) -> EntryOutputs:
        return given(self._args.entry, "the entry")

    def _public(self, own: Output[str]) -> tuple[aws.lb.TargetGroup, list[pulumi.Resource]]:
        """Where the load balancer finds the copies, and the rule that sends them requests."""
        args, door = self._args, self._door()
        asked, path = args.service, args.service.public_path or "/"
        allow(
            # Rules of another port are made beside the old ones, which go when the new copies answer.
            f"{self._name}-requests-{asked.port}",
            args.identity,
            args.name,
            door.group,
            own,
            asked.port,
            f"Requests for {args.name}",
            self,
        )
        targets = aws.lb.TargetGroup(
            f"{self._name}-targets",
            name_prefix=naming.prefix(args.name, naming.TARGET_GROUP_PREFIX_LIMIT),
            target_type="ip",
            protocol="HTTP",
            protocol_version="HTTP1",
            port=TARGET_PORT,
            vpc_id=self._vpc,
            deregistration_delay=asked.grace_period_seconds,
            load_balancing_algorithm_type="least_outstanding_requests",
            slow_start=0,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                enabled=True,
                path=asked.ready_path,
                port="traffic-port",
                protocol="HTTP",
                matcher="200",
                interval=CHECK_SECONDS,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=CHECK_FAILURES,
            ),
            tags=self._tags(),
            opts=self._child,
        )
        rule = aws.lb.ListenerRule(
            f"{self._name}-route",
            listener_arn=door.listener,
            priority=routing.priority(path),
            conditions=[
                aws.lb.ListenerRuleConditionArgs(
                    path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=routing.patterns(path))
                )
            ],
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=targets.arn)],
            tags=self._tags(),
            opts=self._child,
        )
        return targets, [rule]

    def _tags(self) -> dict[str, str]:
        args = self._args
        return tags(args.identity, args.name, naming.physical(args.identity, args.name, naming.TAG_LIMIT))

    def _label(self, targets: aws.lb.TargetGroup | None) -> Output[str] | None:
        """What a figure of requests for each copy is found by."""
        return None if targets is None else Output.concat(self._door().id, "/", targets.arn_suffix)

    def _service(
        self,
        cluster: Output[str],
        made: Task,
        groups: list[Output[str]],
        targets: aws.lb.TargetGroup | None,
        before: list[pulumi.Resource],
    ) -> aws.ecs.Service:
        args = self._args
        asked = args.service
        gate = [args.migration.gate] if args.migration is not None else []
        spot = targets is None and not args.identity.keeps_data and scaling.scales(asked.scaling)
        balancers = None
        if targets is not None:
            balancers = [
                aws.ecs.ServiceLoadBalancerArgs(
                    target_group_arn=targets.arn, container_name=made.container, container_port=asked.port
                )
            ]
        physical = naming.physical(args.identity, args.name, naming.ECS_LIMIT)
        return aws.ecs.Service(
            f"{self._name}-copies",
            name=physical,
            cluster=cluster,
            task_definition=made.definition.arn,
            desired_count=asked.scaling.min_replicas,
            capacity_provider_strategies=capacity(asked.scaling.min_replicas if spot else None),
            # Lets another capacity be taken in place; without it the service would be made anew, and be away meanwhile.
            force_new_deployment=True,
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.network.app, security_groups=groups, assign_public_ip=False
            ),
            load_balancers=balancers,
            health_check_grace_period_seconds=START_SECONDS if targets is not None else None,
            availability_zone_rebalancing="ENABLED",
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
            enable_ecs_managed_tags=True,
            enable_execute_command=False,
            propagate_tags="SERVICE",
            wait_for_steady_state=True,
            tags=tags(args.identity, args.name, physical),
            opts=ResourceOptions(
                parent=self,
                depends_on=[*gate, *before, *made.ready],
                # What scales a service owns the number of its copies.
                ignore_changes=["desiredCount"] if scaling.scales(asked.scaling) else None,
                custom_timeouts=CustomTimeouts(create=WAIT, update=WAIT, delete=WAIT),
            ),
        )


def capacity(on_demand: int | None) -> list[aws.ecs.ServiceCapacityProviderStrategyArgs]:
    """What copies run on: all on demand, or so many of them and four of five others on Spot."""
    item = aws.ecs.ServiceCapacityProviderStrategyArgs
    if on_demand is None:
        return [item(capacity_provider=ON_DEMAND, base=0, weight=1)]
    return [
        item(capacity_provider=ON_DEMAND, base=on_demand, weight=1),
        item(capacity_provider=SPOT, base=0, weight=4),
    ]
