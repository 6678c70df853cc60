"""A simulation: the simulated clouds behind ports of the loopback interface, for as long as a `with` lasts.

with Simulation(state=Path("clouds.journal")) as simulation:
    subprocess.run(["pulumi", "up", "--yes"], env={**os.environ, **simulation.environment()})
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent import futures
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import RLock, Thread
from typing import Final, Self

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from scripts.simulation.clouds.model import Cloud
from scripts.simulation.server.faults import Fault, Faults
from scripts.simulation.server.provider import Shared
from scripts.simulation.server.service import Service
from scripts.simulation.values import Value
from scripts.simulation.world import Resource, World

CLOUDS: Final = {"aws": "aws", "azure-native": "azure", "gcp": "gcp", "docker": "docker"}
"""Name of a provider -> its folder of `clouds`."""

_WORKERS: Final = 16
_NO_LIMIT: Final = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]


def cloud(package: str) -> Cloud:
    """A simulated cloud by the name of its provider."""
    found: Cloud = import_module(f"scripts.simulation.clouds.{CLOUDS[package]}").CLOUD
    return found


class Simulation:
    """Starts the simulated providers and ends them. `state` keeps what exists between simulations, where it is given.

    `assume`: strings of the stack file; those that are ids of a cloud (an existing network) are there from the beginning.
    """

    def __init__(
        self,
        state: Path | None = None,
        faults: Sequence[Fault] = (),
        assume: Sequence[str] = (),
        packages: Sequence[str] = tuple(CLOUDS),
    ) -> None:
        self.world = World(state)
        self._shared = Shared(self.world, Faults(faults), RLock(), Counter())
        self._packages, self._assume = packages, assume
        self._servers: dict[str, grpc.Server] = {}
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        for package in self._packages:
            simulated = cloud(package)
            self._start(package, simulated)
            for value in self._assume:
                found = simulated.assumed(value)
                if found is not None and self.world.get(found.token, found.id) is None:
                    self.world.put(found)
        return self

    def __exit__(self, *_: object) -> None:
        for stopped in [server.stop(grace=None) for server in self._servers.values()]:
            stopped.wait()

    def _start(self, package: str, simulated: Cloud) -> None:
        server = grpc.server(futures.ThreadPoolExecutor(max_workers=_WORKERS), options=_NO_LIMIT)
        service = Service(simulated, self._shared, lambda: Thread(target=server.stop, args=(None,), daemon=True).start())
        add_ResourceProviderServicer_to_server(service, server)
        self._ports[package] = server.add_insecure_port("127.0.0.1:0")
        server.start()
        self._servers[package] = server

    def environment(self) -> dict[str, str]:
        """The variables with which the engine finds the simulated providers; no proxy stands between them."""
        ports = ",".join(f"{package}:{port}" for package, port in self._ports.items())
        return {"PULUMI_DEBUG_PROVIDERS": ports, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}

    @property
    def unknown_replacement(self) -> Mapping[str, int]:
        """Types that were changed, and of which it is not known what replaces them -> how often."""
        return self._shared.unknown_replacement

    def drift(self, name: str, **changes: Value) -> Resource:
        """Changes something behind the engine's back: inputs of the resource with this logical name."""
        found = self.find(name)
        changed = replace(found, inputs={**found.inputs, **changes}, outputs={**found.outputs, **changes})
        self.world.put(changed)
        return changed

    def lose(self, name: str) -> None:
        """Deletes something behind the engine's back."""
        found = self.find(name)
        self.world.remove(found.token, found.id)

    def find(self, name: str) -> Resource:
        """The one resource with this logical name.

        Raises `LookupError` when there is none or more than one.
        """
        found = [thing for thing in self.world if thing.urn.endswith(f"::{name}")]
        if len(found) != 1:
            raise LookupError(f"{len(found)} resources have the name {name}")
        return found[0]
