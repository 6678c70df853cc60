"""Who may come in at the database, and how it proves itself: its certificate, its roles and their passwords.

A small service of the database's image beside the server gives it them while it runs (`images/postgres/access`), over its
socket and a folder in memory that both have. The server itself holds none of them, so that a new one restarts neither it nor
anybody's connection. The application has a login for each of its passwords, so that two work side by side while one is rotated;
the pooler knows all of them, and services use the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components import images
from components.contract import DatabaseArgs, Identity
from components.docker import mounts, repositories, sizing, swarm
from components.docker.postgresql_conf import CERTIFICATE_FOLDER
from components.docker.secret_keys import derive
from components.given import given

USER = 5432
"""Of the server and of all that is its superuser by this id."""
HOST, NAME, ROLE = "database", "penguinmails", "database-access"
_CERTIFICATE = "database-certificate"
OWNER_ROLE, APP_ROLE = "penguinmails_owner", "penguinmails_app"
MONITOR_ROLE = "penguinmails_monitor"
"""Reads the server's figures; its password is `derive(monitoringSecret, "database")`."""


def listed(secret: str) -> list[str]:
    """The passwords of `databaseAppPassword`, one a line, the one to use first."""
    return [line for line in secret.split("\n") if line]


def login(role: str, password: str) -> str:
    """The login of a password: a member of `role` whose name follows from it, as the service computes it too."""
    return f"{role}_{hashlib.sha256(password.encode()).hexdigest()[:8]}"


def logins(role: str, secret: str) -> Mapping[str, str]:
    """Login -> password, of all that are listed."""
    return {login(role, password): password for password in listed(secret)}


def make_certificate_volume(name: str, identity: Identity, opts: ResourceOptions) -> mounts.Volume:
    """For the server. In memory, for as long as one of the two has it."""
    made = repositories.make_volume(name, identity, _CERTIFICATE, CERTIFICATE_FOLDER, opts, mounts.in_memory(1, USER))
    return replace(made, read_only=True)


def service(name: str, args: DatabaseArgs, child: ResourceOptions, opts: ResourceOptions) -> docker.Service:
    """Healthy when the application comes in. `child`: of its secrets, `opts`: of the service itself, which waits."""
    identity, certificate = args.identity, args.certificate.internal["database"]
    monitor = args.secrets["monitoringSecret"].apply(lambda secret: derive(secret, "database"))
    passwords: dict[str, Output[str]] = {
        "app-passwords": given(args.app_password, "databaseAppPassword"),
        "owner-password": args.owner_password,
        "monitor-password": monitor,
    }
    workload = swarm.Workload(
        role=ROLE,
        image=images.reference("postgres"),
        user=USER,
        command=["access"],
        networks=[swarm.attach(args.network.data)],
        memory_mib=sizing.ACCESS_MEMORY_MIB,
        cpus=sizing.ACCESS_CPUS,
        grace_seconds=15,
        order="stop-first",
        node=identity.node,
        variables={
            "DATABASE_HOST": HOST,
            "DATABASE_NAME": NAME,
            "OWNER_ROLE": OWNER_ROLE,
            "APP_ROLE": APP_ROLE,
            "MONITOR_ROLE": MONITOR_ROLE,
        },
        secrets={
            "tls.crt": certificate.certificate,
            "tls.key": certificate.key,
            **{file: swarm.secret(f"{name}-{file}", identity, "database", value, child) for file, value in passwords.items()},
        },
        files={f"{swarm.CONFIG_FOLDER}/ca.crt": given(args.certificate.authority, "the authority")},
        volumes=[repositories.socket(identity), repositories.made_volume(identity, _CERTIFICATE, CERTIFICATE_FOLDER)],
        tmpfs={"/tmp": 4},
        health_command=["test", "-f", "/tmp/ready"],
        patience_seconds=60,  # a server that was killed replays its log first
    )
    return swarm.service(f"{name}-run", identity, workload, opts)
