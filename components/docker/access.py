"""The application's logins at the database: one for each of its passwords, so that two work side by side while one is rotated.

A small service of the database's image makes them as the owner (`images/postgres/access`) and drops those whose password is no
longer listed. The pooler knows all of them, and services use the first. The database itself holds none of these passwords, so
that a new one restarts neither it nor anybody's connection.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components import images
from components.contract import PoolingArgs
from components.docker import database, sizing, swarm
from components.given import given

USER = database.USER


def listed(secret: str) -> list[str]:
    """The passwords of `databaseAppPassword`, one a line, the one to use first."""
    return [line for line in secret.split("\n") if line]


def login(role: str, password: str) -> str:
    """The login of a password: a member of `role` whose name follows from it, as the service computes it too."""
    return f"{role}_{hashlib.sha256(password.encode()).hexdigest()[:8]}"


def logins(role: str, secret: str) -> Mapping[str, str]:
    """Login -> password, of all that are listed."""
    return {login(role, password): password for password in listed(secret)}


def service(name: str, args: PoolingArgs, child: ResourceOptions, opts: ResourceOptions) -> docker.Service:
    """Healthy when every login is there. `child`: of its secrets, `opts`: of the service itself, which waits."""
    passwords: Output[str] = given(args.app_password, "databaseAppPassword")
    identity, role = args.identity, args.database.app_role
    variables: dict[str, Output[str] | str] = {
        "DATABASE_HOST": args.database.host,
        "DATABASE_NAME": args.database.name,
        "OWNER_ROLE": database.OWNER_ROLE,
        "APP_ROLE": role,
    }
    workload = swarm.Workload(
        role="access",
        image=images.reference("postgres"),
        user=USER,
        command=["access"],
        networks=[swarm.attach(args.network.data)],
        memory_mib=sizing.ACCESS_MEMORY_MIB,
        cpus=sizing.ACCESS_CPUS,
        grace_seconds=15,
        order="stop-first",
        variables=variables,
        secrets={
            "app-passwords": swarm.secret(f"{name}-app", identity, "database", passwords, child),
            "owner-password": swarm.secret(f"{name}-owner", identity, "database", args.secrets["databaseOwnerPassword"], child),
        },
        files={f"{swarm.CONFIG_FOLDER}/ca.crt": given(args.certificate.authority, "the authority")},
        tmpfs={"/tmp": 4},
        health_command=["test", "-f", "/tmp/ready"],
    )
    return swarm.service(f"{name}-run", identity, workload, opts)
