"""What must be so before a platform is deployed on this machine; each failure is one sentence."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from components import images, naming
from components.contract import Identity
from components.spec import DockerSection, Environment
from scripts.operations import keeper
from scripts.operations.stack import PROJECT, Stack
from scripts.toolchain import docker
from scripts.toolchain.process import Failure

_GIB = 1024**3
MINIMUM_FREE_GIB = 2
"""Below this even an update (new images beside the old ones) may fill the disk."""


def check(stack: Stack) -> None:
    """Raises `Failure` when a port is taken, or the disk too small for what the description asks."""
    if not stack.is_here:
        return
    deployed = docker.output("service", "inspect", "--format", "{{.ID}}", _name(stack, "edge")) is not None
    if not deployed:
        _free_ports(stack)
    _engine_folder(stack)
    _free_disk(stack)


def room_for_a_backup(stack: Stack) -> None:
    """Raises `Failure` when the disk does not hold another backup like the largest that is kept; before the first one, when it
    does not hold the database once more."""
    root = _engine_root()
    if stack.spec.backup is None or root is None or keeper.container(stack, "backup") is None:
        return
    kept = [one["stored_bytes"] for one in keeper.ask(stack, "list") if one["repository"] == 1]
    wanted = (max(kept) if kept else _database_bytes(stack)) / _GIB + MINIMUM_FREE_GIB
    free = shutil.disk_usage(root).free / _GIB
    if free < wanted:
        raise Failure(f"The backup before an upgrade may not fit: {root} has {free:.1f} GiB free and {wanted:.1f} are needed.")


def _database_bytes(stack: Stack) -> int:
    container = keeper.container(stack, "database")
    text = docker.output("exec", container, "sh", "-c", 'du -sk "$PGDATA"') if container is not None else None
    return int(text.split()[0]) * 1024 if text else 0


def keeps_its_protection(stack: Stack, before: str | None) -> None:
    """Raises `Failure` when a platform that keeps data would become one for development, which protects none.

    `before`: the environment that was deployed last; None for nothing.
    """
    if before not in {None, Environment.DEVELOPMENT.value} and stack.spec.is_development:
        raise Failure(
            f"platform.environment: this platform is {before}, and in development nothing keeps its data from deletion; "
            f"if that is meant, run scripts/up {stack.name} --less-protection."
        )


def images_needed(stack: Stack) -> list[str]:
    """The folders of images/ that the stack runs."""
    spec = stack.spec
    own = {"postgres", "pgbouncer", "rabbitmq", "edge", "monitoring", "operations"}
    own |= {"backup"} if spec.backup is not None else set()
    asked = {service.image for service in spec.services.values()} | ({spec.migration.image} if spec.migration else set())
    return [name for name in images.names() if name in own | asked]


def _name(stack: Stack, role: str) -> str:
    return naming.physical(Identity(PROJECT, stack.name, stack.spec.environment), role, naming.DOCKER_LIMIT)


def _free_ports(stack: Stack) -> None:
    for field in ("https_port", "http_port"):
        port = getattr(stack.spec.edge, field)
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
            except OSError as error:
                reason = "is taken by another program" if error.errno == 98 else f"cannot be used ({error.strerror})"
                raise Failure(
                    f"platform.edge.{field}: port {port} {reason}; end that or choose another in {stack.file.name}."
                ) from None


def _engine_folder(stack: Stack) -> None:
    """The logs are read where the description says that the engine keeps them: a mount elsewhere would stay empty, or fail."""
    root = docker.output("info", "--format", "{{.DockerRootDir}}")
    asked = (stack.spec.docker or DockerSection()).engine_folder
    if root is not None and root.strip() and root.strip() != asked:
        raise Failure(
            f"platform.docker.engine_folder: the engine keeps its data in {root.strip()}, not in {asked}; write that "
            f"into {stack.file.name}."
        )


def _free_disk(stack: Stack) -> None:
    root = _engine_root()
    if root is None:
        return
    free = shutil.disk_usage(root).free / _GIB
    volume = docker.output("volume", "inspect", "--format", "{{.Name}}", _name(stack, "database"))
    wanted = MINIMUM_FREE_GIB if volume is not None else max(MINIMUM_FREE_GIB, stack.spec.database.storage_gib)
    if free < wanted:
        raise Failure(f"platform.database.storage_gib: {root} has {free:.1f} GiB free and {wanted} are needed; make room.")


def _engine_root() -> Path | None:
    """Where the engine keeps its volumes; None when that cannot be seen."""
    root = docker.output("info", "--format", "{{.DockerRootDir}}")
    return Path(root.strip()) if root is not None and Path(root.strip()).exists() else None
