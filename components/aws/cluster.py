"""Where containers run: a cluster of ECS on Fargate, without machines of its own.

Container Insights is on: the number of running tasks, by which consumers scale, is a figure of it (some cents for each figure
a month; a small platform has about thirty). Outside development it is the enhanced one, with figures of each task, to find the
one copy that is ill. Nobody gets a shell in a container (ECS Exec): its channel would be a right of the workload itself, and
what is typed there is in no description. So no key for its logs is here either.

In an account that never had a cluster, AWS makes the role of ECS (AWSServiceRoleForECS) behind the first one, and refuses
until then to give it capacity. So capacity waits for the network's ways out, which take minutes and which nothing starts
without. In a network that is there already nothing is waited for; docs/aws.md says how to make the role before.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import ClusterArgs, ClusterOutputs

ON_DEMAND, SPOT = "FARGATE", "FARGATE_SPOT"


class Cluster(pulumi.ComponentResource):
    def __init__(self, name: str, args: ClusterArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Cluster", name, None, opts)
        child = ResourceOptions(parent=self)
        physical = naming.physical(args.identity, "services", naming.ECS_LIMIT)
        insights = "enhanced" if args.identity.keeps_data else "enabled"
        made = aws.ecs.Cluster(
            f"{name}-cluster",
            name=physical,
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value=insights)],
            tags=tags(args.identity, "cluster", physical),
            opts=child,
        )
        capacity = aws.ecs.ClusterCapacityProviders(
            f"{name}-capacity",
            cluster_name=made.name,
            capacity_providers=[ON_DEMAND, SPOT],
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(capacity_provider=ON_DEMAND, weight=1)
            ],
            opts=ResourceOptions(parent=self, depends_on=args.network.app.apply(lambda _: [])),
        )
        ready = Output.all(made.arn, capacity.id)
        self.outputs = ClusterOutputs(id=ready.apply(lambda found: str(found[0])), name=made.name)
        self.register_outputs({"id": self.outputs.id, "name": made.name})
