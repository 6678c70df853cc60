"""PgBouncer in transaction mode between the services and the database, TLS on both sides."""

from __future__ import annotations

import pulumi
from pulumi import Output, ResourceOptions

from components import images
from components.binding import Binding
from components.contract import PoolingArgs, PoolingOutputs
from components.docker import access, exporters, sizing, swarm
from components.docker.database import AUTHORITY_FILE, database_url
from components.docker.pgbouncer_ini import PoolSettings, pgbouncer_ini, userlist
from components.given import given

HOST, PORT, USER = "pooler", 6432, 6432


class Pooling(pulumi.ComponentResource):
    def __init__(self, name: str, args: PoolingArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Pooling", name, None, opts)
        self._name, self._args = name, args
        service = swarm.service(f"{name}-server", args.identity, self._workload(), swarm.after(self, *args.database.instances))
        self._measure(service)
        role = args.database.app_role
        url = given(args.app_password, "databaseAppPassword").apply(lambda passwords: _url(role, passwords))
        secret = swarm.secret(f"{name}-url", args.identity, "pooling", url, swarm.after(self, service))
        self.outputs = PoolingOutputs(
            Binding(
                variables={"DATABASE_CA_FILE": AUTHORITY_FILE},
                secrets={"DATABASE_URL": secret},
                files={AUTHORITY_FILE: given(args.certificate.authority, "the authority")},
            )
        )
        self.register_outputs({"port": PORT})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _measure(self, pooler: pulumi.Resource) -> None:
        """Figures of the pooler and of the database behind it. The pooler's exporter ends where there is no pooler yet."""
        args, secret = self._args, self._args.secrets["monitoringSecret"]
        authority = given(args.certificate.authority, "the authority")
        name = self._name
        exporters.database(f"{name}-database-exporter", args.identity, args.network, secret, authority, self._child())
        exporters.pooler(f"{name}-pooler-exporter", args.identity, args.network, secret, authority, swarm.after(self, pooler))

    def _workload(self) -> swarm.Workload:
        args, identity, name = self._args, self._args.identity, self._name
        certificate, role = args.certificate.internal["pooler"], args.database.app_role
        settings = args.database.host.apply(
            lambda host: pgbouncer_ini(
                PoolSettings(
                    database=args.database.name,
                    host=host,
                    port=args.database.port,
                    server_connections=args.asked.pooling.database_connections,
                    client_connections=args.asked.pooling.client_connections,
                    stats_user=exporters.MONITOR_USER,
                )
            )
        )
        passwords = Output.all(given(args.app_password, "databaseAppPassword"), args.secrets["monitoringSecret"])
        users = passwords.apply(
            lambda values: userlist(
                {**access.logins(role, values[0]), exporters.MONITOR_USER: exporters.pooler_password(values[1])}
            )
        )
        return swarm.Workload(
            role=HOST,
            image=images.reference("pgbouncer"),
            user=USER,
            networks=[
                swarm.attach(args.network.app, HOST),
                swarm.attach(args.network.data),
            ],
            memory_mib=sizing.POOLER_MEMORY_MIB,
            cpus=sizing.POOLER_CPUS,
            grace_seconds=30,
            order="start-first",
            secrets={
                "userlist.txt": swarm.secret(f"{name}-users", identity, "pooling", users, self._child()),
                "tls.crt": certificate.certificate,
                "tls.key": certificate.key,
            },
            files={
                f"{swarm.CONFIG_FOLDER}/pgbouncer.ini": swarm.file(
                    f"{name}-settings", identity, "pooling", settings, self._child()
                ),
                f"{swarm.CONFIG_FOLDER}/ca.crt": given(args.certificate.authority, "the authority"),
            },
            tmpfs={"/tmp": 8},
        )


def _url(role: str, secret: str) -> str:
    """Through the pooler, as the login of the first password."""
    password = access.listed(secret)[0]
    return database_url(access.login(role, password), password, HOST, PORT)
