"""What a container sees besides its image: named volumes, parts of its host, and folders in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_docker as docker
from pulumi import Output

MIB = 1024 * 1024


@dataclass(frozen=True)
class Volume:
    """A named volume, made by the engine when the service first mounts it, so that removing a service keeps its data.

    `memory_mib`: one in memory that belongs to the service's user and lasts while a container has it; None is on disk.
    `made`: it is a resource of its own (`volume`). A service takes such a mount in place; one that brings labels replaces it.
    """

    name: Output[str] | str
    path: str
    memory_mib: int | None = None
    made: bool = False
    read_only: bool = False


@dataclass(frozen=True)
class Bind:
    """A file, a folder or a socket of the host, read-only: one can talk to a socket then and not replace it."""

    source: str
    path: str


def volume_mounts(
    volumes: Sequence[Volume], user: int, labels: Sequence[tuple[str, str]]
) -> list[docker.ServiceTaskSpecContainerSpecMountArgs]:
    """Named volumes; the engine puts `labels` on one that it makes. `user` owns what is in memory."""
    return [
        docker.ServiceTaskSpecContainerSpecMountArgs(
            type="volume",
            source=volume.name,
            target=volume.path,
            read_only=volume.read_only or None,
            volume_options=None
            if volume.made
            else docker.ServiceTaskSpecContainerSpecMountVolumeOptionsArgs(
                driver_name="local" if volume.memory_mib is not None else None,
                driver_options=in_memory(volume.memory_mib, user) if volume.memory_mib is not None else None,
                labels=[
                    docker.ServiceTaskSpecContainerSpecMountVolumeOptionsLabelArgs(label=key, value=value)
                    for key, value in labels
                ],
            ),
        )
        for volume in volumes
    ]


def bind_mounts(binds: Sequence[Bind]) -> list[docker.ServiceTaskSpecContainerSpecMountArgs]:
    """Of the host, read-only."""
    return [
        docker.ServiceTaskSpecContainerSpecMountArgs(type="bind", source=bind.source, target=bind.path, read_only=True)
        for bind in binds
    ]


def tmpfs_mounts(sizes: Mapping[str, int]) -> list[docker.ServiceTaskSpecContainerSpecMountArgs]:
    """Folders in memory; `sizes`: path -> MiB."""
    return [
        docker.ServiceTaskSpecContainerSpecMountArgs(
            type="tmpfs",
            target=path,
            tmpfs_options=docker.ServiceTaskSpecContainerSpecMountTmpfsOptionsArgs(size_bytes=size * MIB, mode=0o777),
        )
        for path, size in sorted(sizes.items())
    ]


def in_memory(mib: int, user: int) -> dict[str, str]:
    """Options of the engine's own driver for a volume in memory that `user` owns."""
    return {"type": "tmpfs", "device": "tmpfs", "o": f"size={mib}m,uid={user},gid={user},mode=0700,nosuid,nodev,noexec"}
