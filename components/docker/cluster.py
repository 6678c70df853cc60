"""What keeps the number of copies: the gate to the engine on every platform, the autoscaler where a service scales.

The gate alone sees the engine's socket, which is as much as being root on the host; so it is a small program that can do one
thing (images/operations, gate/). It runs as root without any capability: the socket's group has another number on every host,
its owner is root everywhere, and this root may open what it owns and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi import Output, ResourceOptions

from components import images
from components.binding import SecretReference
from components.contract import ClusterArgs, ClusterOutputs
from components.docker import autoscaling, mounts, sizing, swarm
from components.docker.secret_keys import derive
from components.spec import DockerSection

GATE_PORT, AUTOSCALER_PORT = 9301, 9300
ROOT, USER = 0, 10001
SOCKET = "/var/run/docker.sock"
GATE_URL, PROMETHEUS_URL = f"http://gate:{GATE_PORT}", "http://prometheus:9090"


class Cluster(pulumi.ComponentResource):
    def __init__(self, name: str, args: ClusterArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Cluster", name, None, opts)
        self._args, child = args, ResourceOptions(parent=self)
        token = args.secrets["monitoringSecret"].apply(lambda secret: derive(secret, "gate"))
        shared = swarm.secret(f"{name}-token", args.identity, "gate", token, child)
        gate = swarm.service(f"{name}-gate", args.identity, self._gate(shared), child)
        if any(asked.scaling.moves for asked in args.services.values()):
            swarm.service(f"{name}-autoscaler", args.identity, self._autoscaler(shared), child)
        self.outputs = ClusterOutputs(id=gate.id, name=gate.name)
        self.register_outputs({"gate": gate.name})

    def _gate(self, token: SecretReference) -> swarm.Workload:
        identity = self._args.identity
        variables = {
            "DOCKER_SOCKET": SOCKET,
            "PROJECT": identity.project,
            "STACK": identity.stack,
            "LIMITS": autoscaling.limits(self._args.services),
        }
        return self._workload(
            "gate",
            GATE_PORT,
            variables,
            token,
            user=ROOT,
            binds=[mounts.Bind(socket_path(self._args.docker), SOCKET)],
            on_manager=True,
        )

    def _autoscaler(self, token: SecretReference) -> swarm.Workload:
        """A second copy would decide by itself, so a release stops the old one first; numbers stay as they are meanwhile."""
        variables = {
            "SCALING": autoscaling.followed(self._args.services, self._args.objectives),
            "GATE_URL": GATE_URL,
            "PROMETHEUS_URL": PROMETHEUS_URL,
        }
        return self._workload("autoscaler", AUTOSCALER_PORT, variables, token, user=USER)

    def _tiers(self, role: str) -> Sequence[Output[Sequence[str]] | None]:
        """The collector of logs asks the gate which containers there are, and is in no network of a service."""
        network = self._args.network
        return [network.app, network.watch] if role == "gate" else [network.app]

    def _workload(
        self,
        role: str,
        port: int,
        variables: Mapping[str, str],
        token: SecretReference,
        *,
        user: int,
        binds: Sequence[mounts.Bind] = (),
        on_manager: bool = False,
    ) -> swarm.Workload:
        return swarm.Workload(
            role=role,
            image=images.reference("operations"),
            user=user,
            command=[role],
            networks=[swarm.attach(tier, role) for tier in self._tiers(role)],
            memory_mib=sizing.SCALER_MEMORY_MIB,
            cpus=sizing.SCALER_CPUS,
            grace_seconds=10,
            order="start-first" if role == "gate" else "stop-first",
            variables={**variables, "PORT": str(port), "GATE_TOKEN_FILE": "/run/secrets/GATE_TOKEN"},
            secrets={"GATE_TOKEN": token},
            binds=binds,
            on_manager=on_manager,
            tmpfs={"/tmp": 8},
        )


def socket_path(section: DockerSection | None) -> str:
    """Where the engine's socket is on its host: as the description names it, or the usual place of an engine far away."""
    host = section.host if section is not None else ""
    return host.removeprefix("unix://") if host.startswith("unix://") else SOCKET
