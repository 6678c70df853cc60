"""The product's own containers: the API and the workers.

A release starts the new copy, waits until it is healthy, and then drains the old one; one that does not come up is rolled
back. A service that scales begins with its smallest number of copies; from then on the number is the autoscaler's, and a
release keeps the one that the engine has at its beginning, which needs a refresh (`scripts/up` asks for it).
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi import ResourceOptions

from components import images
from components.binding import Binding
from components.contract import ServiceArgs, ServiceOutputs
from components.docker import autoscaling, mounts, swarm

USER = 10001
"""User and group of every service's process, whatever its image says."""
EDGE = "edge"
"""The name of the edge in its network."""


class Service(pulumi.ComponentResource):
    def __init__(self, name: str, args: ServiceArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Service", name, None, opts)
        asked, network = args.service, args.network
        networks = [swarm.attach(network.app, args.name)]
        variables = {
            **args.binding.variables,
            **secret_variables(args.binding),
            "HEALTH_PATH": asked.health_path,
        }
        if asked.public_path is not None:
            networks.append(swarm.attach(network.edge, args.name))
            # The edge's name among the networks: what it says of a client's address is believed, nobody else.
            variables["TRUSTED_PROXIES"] = EDGE
        workload = swarm.Workload(
            role=args.name,
            image=images.resolve(asked.image),
            user=USER,
            command=asked.command,
            networks=networks,
            memory_mib=asked.memory_mib,
            cpus=asked.cpu,
            grace_seconds=asked.grace_period_seconds,
            order="start-first",
            replicas=asked.scaling.min_replicas,
            variables=variables,
            secrets=args.binding.secrets,
            files=args.binding.files,
            volumes=[mounts.Volume(volume, path) for path, volume in sorted(args.binding.volumes.items())],
            tmpfs={"/tmp": 32},
        )
        after = [args.migration.gate] if args.migration is not None else []
        kept = [autoscaling.REPLICAS] if asked.scaling.moves else []
        options = ResourceOptions(parent=self, depends_on=after, ignore_changes=kept)
        service = swarm.service(f"{name}-copies", args.identity, workload, options)
        host = pulumi.Output.from_input(args.name)
        self.outputs = ServiceOutputs(host=host, port=asked.port, instances=[service])
        self.register_outputs({"host": host, "port": asked.port})


def secret_variables(binding: Binding) -> Mapping[str, str]:
    """`<NAME>_FILE` for every secret: where the container finds its value."""
    return {f"{name}_FILE": f"/run/secrets/{name}" for name in binding.secrets}
