"""What a container needs to reach the repositories of backups: its volumes, its secrets and its networks."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components import naming
from components.binding import FileReference, SecretReference
from components.contract import Identity
from components.docker import authorities, mounts, swarm
from components.docker.pgbackrest_conf import FOLDER, Repositories, pgbackrest_conf
from components.spec import Backup, DockerSection, S3Repository, SftpRepository

SOCKETS = "/run/postgresql"


def second(section: DockerSection | None) -> S3Repository | SftpRepository | None:
    return section.second_repository if section is not None else None


_BACKUPS, _SOCKET = {"backups": FOLDER}, {"database-socket": SOCKETS}


def make_volumes(name: str, identity: Identity, opts: ResourceOptions, *, backed: bool) -> list[mounts.Volume]:
    """What the server shares with those beside it; it may get it while it keeps its data. `backed`: also with the keeper."""
    roles = {**_SOCKET, **(_BACKUPS if backed else {})}
    return [make_volume(f"{name}-{role}", identity, role, path, opts) for role, path in roles.items()]


def volumes(identity: Identity) -> list[mounts.Volume]:
    """The backups, and the folder of the server's socket, once they are made."""
    return [made_volume(identity, role, path) for role, path in {**_BACKUPS, **_SOCKET}.items()]


def socket(identity: Identity) -> mounts.Volume:
    """The folder of the server's socket, over which one is the superuser by one's user id, once it is made."""
    [(role, path)] = _SOCKET.items()
    return made_volume(identity, role, path)


def made_volume(identity: Identity, role: str, path: str) -> mounts.Volume:
    """One of `make_volume`, for another service than the one it was made for."""
    return mounts.Volume(_physical(identity, role), path, made=True)


def database_volume(identity: Identity) -> mounts.Volume:
    return mounts.Volume(_physical(identity, "database"), "/var/lib/postgresql")


def scratch(identity: Identity) -> str:
    """The volume that drills restore into; nothing in it is worth keeping."""
    return _physical(identity, "drill")


def _physical(identity: Identity, role: str) -> str:
    return naming.physical(identity, role, naming.DOCKER_LIMIT)


def secrets(
    name: str,
    identity: Identity,
    component: str,
    backup: Backup,
    section: DockerSection | None,
    given: Mapping[str, Output[str]],
    opts: ResourceOptions,
) -> dict[str, SecretReference]:
    """File name below /run/secrets -> secret. `given`: all of the stack's configuration."""
    asked = second(section)
    keys = ["backupPassphrase"]
    if asked is not None:
        keys.append("backupRepositoryKey")
    if isinstance(asked, S3Repository):
        keys.append("backupRepositorySecret")

    def render(values: list[str]) -> str:
        found = dict(zip(keys, values, strict=True))
        return pgbackrest_conf(
            Repositories(
                passphrase=found["backupPassphrase"],
                retention_days=backup.retention_days,
                second=asked,
                key=found.get("backupRepositoryKey", "") if isinstance(asked, S3Repository) else "",
                key_secret=found.get("backupRepositorySecret", ""),
                authorities=authorities.given(section),
            )
        )

    text = Output.all(*(given[key] for key in keys)).apply(render)
    found = {"pgbackrest.conf": swarm.secret(f"{name}-pgbackrest", identity, component, text, opts)}
    if isinstance(asked, SftpRepository):
        key = given["backupRepositoryKey"].apply(lambda pem: pem.rstrip("\n") + "\n")
        found["repository-key"] = swarm.secret(f"{name}-repository-key", identity, component, key, opts)
    return found


def files(
    name: str, identity: Identity, component: str, section: DockerSection | None, opts: ResourceOptions
) -> dict[str, FileReference]:
    """The private authorities, for a repository that is reached over TLS."""
    asked = section if isinstance(second(section), S3Repository) else None
    return authorities.files(name, identity, component, asked, opts)


def make_volume(
    name: str, identity: Identity, role: str, path: str, opts: ResourceOptions, options: Mapping[str, str] | None = None
) -> mounts.Volume:
    """A volume that a running service may get. It stays when the service goes; `scripts/down` removes it."""
    resource = docker.Volume(
        name,
        name=_physical(identity, role),
        driver="local" if options else None,
        driver_opts=options,
        labels=[docker.VolumeLabelArgs(label=key, value=value) for key, value in swarm.labels(identity, "data")],
        opts=ResourceOptions.merge(opts, ResourceOptions(retain_on_delete=True)),
    )
    return mounts.Volume(resource.name, path, made=True)
