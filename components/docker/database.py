"""PostgreSQL 17 in one container, pinned to its node, with its own volume.

The data directory lies where Patroni expects it, so that high availability can take the volume over later. Its certificate, its
roles and their passwords come while it runs (`access.py`). With backups the server ships its WAL to their repository
itself; `backup.py` is who keeps them. A second repository is beyond the internal network, so only then the server leaves it.
"""

from __future__ import annotations

from urllib.parse import quote

import pulumi
from pulumi import Output, ResourceOptions

from components import images
from components.binding import Binding, SecretReference
from components.contract import DatabaseArgs, DatabaseOutputs
from components.docker import access, repositories, sizing, swarm
from components.docker.access import HOST, NAME, USER
from components.docker.pgbackrest_conf import COMMAND
from components.docker.postgresql_conf import DatabaseSize, pg_hba, postgresql_conf
from components.given import given

PORT = 5432
AUTHORITY_FILE = f"{swarm.CONFIG_FOLDER}/database-ca.crt"


class Database(pulumi.ComponentResource):
    def __init__(self, name: str, args: DatabaseArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Database", name, None, opts)
        self._name, self._args = name, args
        resources = sizing.database(args.database.size)
        size = DatabaseSize(
            memory_mib=resources.memory_mib,
            cpus=resources.cpus,
            max_connections=resources.max_connections,
            storage_gib=args.database.storage_gib,
        )
        service = swarm.service(f"{name}-server", args.identity, self._workload(size), self._child())
        entry = access.service(f"{name}-access", args, self._child(), swarm.after(self, service))
        host = Output.from_input(HOST)
        url = args.owner_password.apply(lambda password: database_url(access.OWNER_ROLE, password, HOST, PORT))
        direct = swarm.secret(f"{name}-direct-url", args.identity, "database", url, swarm.after(self, entry))
        self.outputs = DatabaseOutputs(
            host=host,
            port=PORT,
            name=NAME,
            app_role=access.APP_ROLE,
            direct=Binding(
                variables={"DATABASE_CA_FILE": AUTHORITY_FILE},
                secrets={"DATABASE_DIRECT_URL": direct},
                files={AUTHORITY_FILE: given(args.certificate.authority, "the authority")},
            ),
            instances=[service, entry],
        )
        self.register_outputs({"host": host, "port": PORT, "name": NAME})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _workload(self, size: DatabaseSize) -> swarm.Workload:
        args, identity, name = self._args, self._args.identity, self._name
        backed = args.backup is not None
        shared = repositories.make_volumes(name, identity, self._child(), backed=backed)
        settings = postgresql_conf(size, archive_command=f"{COMMAND} archive-push %p" if backed else None)
        outward = [swarm.attach(args.network.app)] if repositories.second(args.docker) is not None else []
        hba = pg_hba(database=NAME, owner_role=access.OWNER_ROLE, app_role=access.APP_ROLE, monitor_role=access.MONITOR_ROLE)
        return swarm.Workload(
            role="database",
            image=images.reference("postgres"),
            user=USER,
            networks=[swarm.attach(args.network.data, HOST), *outward],
            memory_mib=size.memory_mib,
            cpus=size.cpus,
            grace_seconds=60,
            order="stop-first",
            failure="pause",
            stateful=True,
            node=identity.node,
            secrets=self._repository_secrets(),
            files={
                f"{swarm.CONFIG_FOLDER}/postgresql.conf": swarm.file(
                    f"{name}-settings", identity, "database", settings, self._child()
                ),
                f"{swarm.CONFIG_FOLDER}/pg_hba.conf": swarm.file(f"{name}-access", identity, "database", hba, self._child()),
                **(repositories.files(name, identity, "database", args.docker, self._child()) if backed else {}),
            },
            volumes=[
                repositories.database_volume(identity),
                *shared,
                access.make_certificate_volume(f"{name}-certificate", identity, self._child()),
            ],
            tmpfs={"/dev/shm": size.shared_memory_mib, "/tmp": 64},
        )

    def _repository_secrets(self) -> dict[str, SecretReference]:
        args = self._args
        if args.backup is None:
            return {}
        return repositories.secrets(
            self._name, args.identity, "database", args.backup, args.docker, args.secrets, self._child()
        )


def database_url(role: str, password: str, host: str, port: int) -> str:
    """A URL that verifies the server's name and certificate; the reader adds the authority's file."""
    return f"postgresql://{role}:{quote(password, safe='')}@{host}:{port}/{NAME}?sslmode=verify-full"
