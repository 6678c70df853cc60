"""Runs the migration as a service that becomes healthy when the schema is up to date, and then sleeps.

Swarm has jobs but the provider does not, and an ordinary service that ends would count as failed. Everything that needs the
schema waits for this one. A migration that fails is not rolled back to the older image: that one would not know the newer
revision, and schema changes are made to be compatible with the release before.
"""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components import images
from components.contract import MigrationArgs, MigrationOutputs
from components.docker import swarm
from components.docker.service import USER, secret_variables


class Migration(pulumi.ComponentResource):
    def __init__(self, name: str, args: MigrationArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Migration", name, None, opts)
        workload = swarm.Workload(
            role="migration",
            image=images.resolve(args.migration.image),
            user=USER,
            command=[*args.migration.command, "--linger"],
            networks=[swarm.attach(args.network.data)],
            memory_mib=256,
            cpus=1,
            grace_seconds=10,
            order="stop-first",
            failure="pause",
            monitor_seconds=5,
            variables={**args.binding.variables, **secret_variables(args.binding)},
            secrets=args.binding.secrets,
            files=args.binding.files,
            tmpfs={"/tmp": 16},
            health_command=["test", "-f", "/tmp/migrated"],
            patience_seconds=args.migration.timeout_seconds,
            start_timeout_seconds=args.migration.timeout_seconds,
        )
        service = swarm.service(f"{name}-run", args.identity, workload, ResourceOptions(parent=self))
        self.outputs = MigrationOutputs(gate=service)
        self.register_outputs({"service": service.name})
