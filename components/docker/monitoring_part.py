"""What all containers of the image `monitoring` have in common: user, health check and the limits of Go's runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import images
from components.docker import swarm

USER = 9090
GRACE_SECONDS = 30


def workload(
    role: str,
    port: int,
    command: Sequence[str],
    networks: Sequence[swarm.Attachment],
    *,
    memory_mib: int,
    cpus: float = 0.25,
    health_path: str = "/metrics",
    variables: Mapping[str, str] | None = None,
    **more: Any,
) -> swarm.Workload:
    """A program of the image that answers `health_path` on `port`; `more`: further fields of the workload.

    Go sees the host's memory and processors and not the container's limits, so both are told: the collector of garbage works
    harder above nine tenths of the memory instead of being ended at all of it.
    """
    return swarm.Workload(
        role=role,
        image=images.reference("monitoring"),
        user=USER,
        command=command,
        networks=networks,
        memory_mib=memory_mib,
        cpus=cpus,
        grace_seconds=more.pop("grace_seconds", GRACE_SECONDS),
        order=more.pop("order", "start-first"),
        variables={
            "PORT": str(port),
            "HEALTH_PATH": health_path,
            "GOMAXPROCS": str(max(1, round(cpus))),
            "GOMEMLIMIT": f"{memory_mib * 9 // 10}MiB",
            **(variables or {}),
        },
        **more,
    )
