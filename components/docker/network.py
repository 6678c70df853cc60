"""Three overlay networks: `edge` between the entry and public services, `app` between services and what they use, `data`
around the database. Only `edge` and `app` reach the world outside; `data` is internal.

Overlays are not encrypted: kernels without ESP then lose every packet. Everything that crosses them speaks TLS instead.
"""

from __future__ import annotations

import pulumi
import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components import naming
from components.contract import NetworkArgs, NetworkOutputs
from components.docker import swarm


class Network(pulumi.ComponentResource):
    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Network", name, None, opts)
        self._args, self._name = args, name
        edge, app, data = (self._overlay(tier, internal=tier == "data") for tier in ("edge", "app", "data"))
        self.outputs = NetworkOutputs(edge=_attachments(edge), app=_attachments(app), data=_attachments(data))
        self.register_outputs({"edge": edge.id, "app": app.id, "data": data.id})

    def _overlay(self, tier: str, *, internal: bool) -> docker.Network:
        identity = self._args.identity
        return docker.Network(
            f"{self._name}-{tier}",
            name=naming.physical(identity, tier, naming.DOCKER_LIMIT),
            driver="overlay",
            internal=internal,
            labels=[docker.NetworkLabelArgs(label=key, value=value) for key, value in swarm.labels(identity, "network")],
            opts=ResourceOptions(parent=self),
        )


def _attachments(network: docker.Network) -> Output[list[str]]:
    return network.id.apply(lambda identifier: [identifier])
