"""Copies of a service between its smallest and its greatest number, by target tracking.

Several measures may be followed at once: the one that wants most copies decides, and copies go only when all allow it. Without
any the processor is held at 60 %; a description that names requests or messages and no processor has those alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import Identity
from components.spec import Scaling

OUT_SECONDS, IN_SECONDS = 60, 300
"""Copies come after a minute and go after five: a copy too many costs cents, one too few costs requests."""


Query = dict[str, Any]
"""A query of a metric, in the SDK's names: its classes for these are five names deep and take a line each."""


def scales(scaling: Scaling) -> bool:
    return scaling.moves


def cpu_percent(scaling: Scaling) -> int | None:
    """What the processor is held at; None where only other measures are named. Pure."""
    return scaling.held_cpu_percent


def backlog(queues: int) -> str:
    """Waiting messages of `queues` queues (`q0`, `q1`...) for each running copy (`copies`), as an expression. Pure.

    Nothing is filled in: figures of the last minutes come late, and a filled one would say 0 for the newest minute each time,
    so that no copy is ever added. As it is, a minute without a figure of copies, or with none running, is left out; a queue
    that rested for hours, and so has no figures, counts as 0 beside others.
    """
    waiting = " + ".join(f"q{index}" for index in range(queues))
    return f"({waiting}) / copies"


def scale(
    name: str,
    identity: Identity,
    role: str,
    scaling: Scaling,
    cluster: Output[str],
    service: aws.ecs.Service,
    parent: pulumi.Resource,
    *,
    label: Output[str] | None,
    queues: Sequence[Output[str]],
) -> None:
    """Registers the service as one that scales. `label`: load balancer and target group, where requests count.

    `queues`: what monitoring knows the consumed queues by. Raises `ValueError` for a measure of what the service does not have.
    """
    made = aws.appautoscaling.Target(
        f"{name}-scaled",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=Output.concat("service/", cluster, "/", service.name),
        min_capacity=scaling.min_replicas,
        max_capacity=scaling.max_replicas,
        tags=tags(identity, role, naming.physical(identity, role, naming.TAG_LIMIT)),
        opts=ResourceOptions(parent=parent),
    )

    def follow(measure: str, value: float, followed: Mapping[str, Any]) -> None:
        configuration: Any = {
            "target_value": value,
            "scale_out_cooldown": OUT_SECONDS,
            "scale_in_cooldown": IN_SECONDS,
            "disable_scale_in": False,
            **followed,
        }
        aws.appautoscaling.Policy(
            f"{name}-by-{measure}",
            name=naming.physical(identity, f"{role}-by-{measure}", naming.SCALING_POLICY_LIMIT),
            policy_type="TargetTrackingScaling",
            service_namespace=made.service_namespace,
            scalable_dimension=made.scalable_dimension,
            resource_id=made.resource_id,
            target_tracking_scaling_policy_configuration=configuration,
            opts=ResourceOptions(parent=parent),
        )

    percent = cpu_percent(scaling)
    if percent is not None:
        metric: dict[str, Any] = {"predefined_metric_type": "ECSServiceAverageCPUUtilization"}
        follow("cpu", percent, {"predefined_metric_specification": metric})
    if scaling.requests_per_minute_per_replica is not None:
        if label is None:
            raise ValueError(f"{role} scales by requests and gets none")
        metric = {"predefined_metric_type": "ALBRequestCountPerTarget", "resource_label": label}
        follow("requests", scaling.requests_per_minute_per_replica, {"predefined_metric_specification": metric})
    if scaling.messages_per_replica is not None:
        if not queues:
            raise ValueError(f"{role} scales by messages and no queue of it is measured")
        queries = _backlog(cluster, service.name, queues)
        follow("messages", scaling.messages_per_replica, {"customized_metric_specification": {"metrics": queries}})


def _backlog(cluster: Output[str], service: Output[str], queues: Sequence[Output[str]]) -> list[Query]:
    def figure(identifier: str, namespace: str, metric: str, dimensions: Mapping[str, Output[str]]) -> Query:
        return {
            "id": identifier,
            "metric_stat": {
                "stat": "Average",
                "metric": {
                    "namespace": namespace,
                    "metric_name": metric,
                    "dimensions": [{"name": key, "value": value} for key, value in dimensions.items()],
                },
            },
            "return_data": False,
        }

    return [
        {"id": "backlog", "expression": backlog(len(queues)), "return_data": True},
        figure("copies", "ECS/ContainerInsights", "RunningTaskCount", {"ClusterName": cluster, "ServiceName": service}),
        *(
            figure(f"q{index}", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue})
            for index, queue in enumerate(queues)
        ),
    ]
