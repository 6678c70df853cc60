"""PostgreSQL 17 in one container, pinned to its node, with its own volume.

The data directory lies where Patroni expects it, so that high availability can take the volume over later. Roles and their
passwords are brought up to date at every start (`images/postgres`). With backups the server ships its WAL to their repository
itself; `backup.py` is who keeps them. A second repository is beyond the internal network, so only then the server leaves it.
"""

from __future__ import annotations

from urllib.parse import quote

import pulumi
from pulumi import Output, ResourceOptions

from components import images
from components.binding import Binding, SecretReference
from components.contract import DatabaseArgs, DatabaseOutputs
from components.docker import repositories, sizing, swarm
from components.docker.pgbackrest_conf import COMMAND
from components.docker.postgresql_conf import DatabaseSize, pg_hba, postgresql_conf
from components.docker.secret_keys import derive
from components.given import given

HOST, PORT = "database", 5432
NAME, OWNER_ROLE, APP_ROLE = "penguinmails", "penguinmails_owner", "penguinmails_app"
MONITOR_ROLE = "penguinmails_monitor"
"""Reads the server's figures; its password is `derive(monitoringSecret, "database")`."""
USER = 5432
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
        host = Output.from_input(HOST)
        url = args.owner_password.apply(lambda password: database_url(OWNER_ROLE, password, HOST, PORT))
        direct = swarm.secret(f"{name}-direct-url", args.identity, "database", url, swarm.after(self, service))
        self.outputs = DatabaseOutputs(
            host=host,
            port=PORT,
            name=NAME,
            app_role=APP_ROLE,
            direct=Binding(
                variables={"DATABASE_CA_FILE": AUTHORITY_FILE},
                secrets={"DATABASE_DIRECT_URL": direct},
                files={AUTHORITY_FILE: given(args.certificate.authority, "the authority")},
            ),
            instances=[service],
        )
        self.register_outputs({"host": host, "port": PORT, "name": NAME})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _workload(self, size: DatabaseSize) -> swarm.Workload:
        args, identity, name = self._args, self._args.identity, self._name
        certificate = args.certificate.internal["database"]
        monitor = args.secrets["monitoringSecret"].apply(lambda secret: derive(secret, "database"))
        backed = args.backup is not None
        shared = repositories.make_volumes(name, identity, self._child()) if backed else []
        settings = postgresql_conf(size, archive_command=f"{COMMAND} archive-push %p" if backed else None)
        outward = [swarm.attach(args.network.app)] if repositories.second(args.docker) is not None else []
        hba = pg_hba(database=NAME, owner_role=OWNER_ROLE, app_role=APP_ROLE, monitor_role=MONITOR_ROLE)
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
            variables={"DATABASE_NAME": NAME, "OWNER_ROLE": OWNER_ROLE, "APP_ROLE": APP_ROLE, "MONITOR_ROLE": MONITOR_ROLE},
            secrets={
                "owner-password": swarm.secret(
                    f"{name}-owner-password", identity, "database", args.owner_password, self._child()
                ),
                "monitor-password": swarm.secret(f"{name}-monitor-password", identity, "database", monitor, self._child()),
                "tls.crt": certificate.certificate,
                "tls.key": certificate.key,
                **self._repository_secrets(),
            },
            files={
                f"{swarm.CONFIG_FOLDER}/postgresql.conf": swarm.file(
                    f"{name}-settings", identity, "database", settings, self._child()
                ),
                f"{swarm.CONFIG_FOLDER}/pg_hba.conf": swarm.file(f"{name}-access", identity, "database", hba, self._child()),
                **(repositories.files(name, identity, "database", args.docker, self._child()) if backed else {}),
            },
            volumes=[repositories.database_volume(identity), *shared],
            tmpfs={"/dev/shm": size.shared_memory_mib, "/tmp": 64, **({} if backed else {repositories.SOCKETS: 8})},
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
