"""Small programs that turn what the host, the database, the pooler and the edge say of themselves into figures for Prometheus.

None of them sees more than it needs: the host's figures come from the kernel's own files, which every container may read, and
no folder of the host is mounted. What that leaves out: network cards of the host, and disks on which the engine keeps nothing.
"""

from __future__ import annotations

import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components.binding import FileReference
from components.contract import EdgeArgs, Identity, NetworkOutputs
from components.docker import monitoring_part, swarm
from components.docker.blackbox_yml import blackbox_yml
from components.docker.scrape_jobs import BLACKBOX_PORT, DATABASE_PORT, NODE_PORT, POOLER_PORT
from components.docker.secret_keys import derive

MONITOR_USER = "penguinmails_monitor"
"""Of the pooler's console; at the database the role of the same name."""
_AUTHORITY = f"{swarm.CONFIG_FOLDER}/ca.crt"
_MEMORY_MIB = 64
_HOST_COLLECTORS = (
    "cpu",
    "diskstats",
    "filefd",
    "filesystem",
    "loadavg",
    "meminfo",
    "pressure",
    "stat",
    "time",
    "uname",
    "vmstat",
)


def host(name: str, identity: Identity, network: NetworkOutputs, opts: ResourceOptions) -> docker.Service:
    """Of the machine. The container's own root lies on the disk of the engine, so that its free space is that disk's."""
    command = [
        "prometheus-node-exporter",
        f"--web.listen-address=:{NODE_PORT}",
        "--log.level=warn",
        "--web.disable-exporter-metrics",
        "--collector.disable-defaults",
        *(f"--collector.{collector}" for collector in _HOST_COLLECTORS),
        "--collector.filesystem.mount-points-include=^/$",
        "--collector.filesystem.fs-types-exclude=^$",
    ]
    networks = [swarm.attach(network.app, "node-exporter")]
    workload = monitoring_part.workload("node-exporter", NODE_PORT, command, networks, memory_mib=_MEMORY_MIB, health_path="/")
    return swarm.service(name, identity, workload, opts)


def database(
    name: str, identity: Identity, network: NetworkOutputs, secret: Output[str], authority: FileReference, opts: ResourceOptions
) -> docker.Service:
    """Of PostgreSQL, as a role that reads figures and no row."""
    password = secret.apply(lambda value: derive(value, "database"))
    command = [
        "prometheus-postgres-exporter",
        f"--web.listen-address=:{DATABASE_PORT}",
        "--log.level=warn",
        "--config.file=/dev/null",
        "--collector.long_running_transactions",
        "--collector.stat_checkpointer",
        "--no-collector.stat_user_tables",
        "--no-collector.statio_user_tables",
    ]
    workload = monitoring_part.workload(
        "database-exporter",
        DATABASE_PORT,
        command,
        [swarm.attach(network.app, "database-exporter"), swarm.attach(network.data)],
        memory_mib=_MEMORY_MIB,
        health_path="/",
        variables={
            "DATA_SOURCE_URI": f"database:5432/penguinmails?sslmode=verify-full&sslrootcert={_AUTHORITY}",
            "DATA_SOURCE_USER": MONITOR_USER,
            "DATA_SOURCE_PASS_FILE": "/run/secrets/password",
        },
        secrets={"password": swarm.secret(f"{name}-password", identity, "monitoring", password, opts)},
        files={_AUTHORITY: authority},
    )
    return swarm.service(name, identity, workload, opts)


def pooler(
    name: str, identity: Identity, network: NetworkOutputs, secret: Output[str], authority: FileReference, opts: ResourceOptions
) -> docker.Service:
    """Of PgBouncer, as a user who may only ask for figures. The password is in a file as libpq reads it."""
    file = secret.apply(lambda value: f"pooler:6432:pgbouncer:{MONITOR_USER}:{pooler_password(value)}\n")
    command = [
        "prometheus-pgbouncer-exporter",
        f"--web.listen-address=:{POOLER_PORT}",
        "--log.level=warn",
        "--pgBouncer.pid-file=",
        f"--pgBouncer.connectionString=postgres://{MONITOR_USER}@pooler:6432/pgbouncer?sslmode=verify-full&sslrootcert={_AUTHORITY}",
    ]
    workload = monitoring_part.workload(
        "pooler-exporter",
        POOLER_PORT,
        command,
        [swarm.attach(network.app, "pooler-exporter")],
        memory_mib=_MEMORY_MIB,
        health_path="/",
        variables={"PGPASSFILE": "/run/secrets/pgpass"},
        secrets={"pgpass": swarm.secret(f"{name}-password", identity, "monitoring", file, opts)},
        files={_AUTHORITY: authority},
    )
    return swarm.service(name, identity, workload, opts)


def pooler_password(secret: str) -> str:
    """Of `MONITOR_USER` at the pooler, from the stack's `monitoringSecret`."""
    return derive(secret, "pooler")


def probe(name: str, args: EdgeArgs, opts: ResourceOptions) -> docker.Service:
    """Asks the edge over TLS as a client does, and the broker for its certificate. That of the edge is verified where the
    platform's own authority signed it."""
    authority = args.certificate.authority if args.edge.certificate == "internal" else None
    settings = blackbox_yml(args.domain, _AUTHORITY if authority is not None else None)
    command = [
        "prometheus-blackbox-exporter",
        f"--config.file={swarm.CONFIG_FOLDER}/blackbox.yml",
        f"--web.listen-address=:{BLACKBOX_PORT}",
        "--log.level=warn",
    ]
    files = {f"{swarm.CONFIG_FOLDER}/blackbox.yml": swarm.file(f"{name}-settings", args.identity, "monitoring", settings, opts)}
    workload = monitoring_part.workload(
        "blackbox",
        BLACKBOX_PORT,
        command,
        [swarm.attach(tier, "blackbox") for tier in (args.network.edge, args.network.app)],
        memory_mib=_MEMORY_MIB,
        health_path="/-/healthy",
        files=files if authority is None else {**files, _AUTHORITY: authority},
    )
    return swarm.service(name, args.identity, workload, opts)
