"""Four overlay networks: `edge` between the entry and public services, `app` between services and what they use, `data`
around the database, `watch` between what reads logs and what tells people. Only `data` does not reach the world outside.

No service is in `watch`: Alertmanager, the notifier and the search of logs have no login, and whoever takes a service over must
not be able to silence an alert, have one of its own signed, or read what all others wrote.

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
        made = {tier: self._overlay(tier, internal=tier == "data") for tier in ("edge", "app", "data", "watch")}
        tiers = {tier: _attachments(network) for tier, network in made.items()}
        self.outputs = NetworkOutputs(edge=tiers["edge"], app=tiers["app"], data=tiers["data"], watch=tiers["watch"])
        self.register_outputs({tier: network.id for tier, network in made.items()})

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
