"""The on-premise target: services of a Docker Swarm, on one host in this version."""

from __future__ import annotations

import pulumi
import pulumi_docker as docker

from components.contract import Identity
from components.docker.alerts import Alerts
from components.docker.backup import Backup
from components.docker.certificate import Certificate
from components.docker.cluster import Cluster
from components.docker.database import Database
from components.docker.edge import Edge
from components.docker.limits import limits
from components.docker.migration import Migration
from components.docker.network import Network
from components.docker.pooling import Pooling
from components.docker.queue import Queue
from components.docker.secret_keys import secret_keys
from components.docker.secrets import Secrets
from components.docker.service import Service
from components.docker.storage import Storage
from components.docker.telemetry import Telemetry
from components.spec import DockerSection, PlatformSpec, TargetName
from components.target import Target, Unsupported


def _provider(spec: PlatformSpec, identity: Identity) -> pulumi.ProviderResource:
    section = spec.docker or DockerSection()
    return docker.Provider(f"{identity.project}-docker", host=section.host)


TARGET = Target(
    name=TargetName.DOCKER,
    provider=_provider,
    limits=limits,
    secret_keys=secret_keys,
    network=Network,
    telemetry=Telemetry,
    secrets=Secrets,
    dns=Unsupported("no zone is served on docker yet; leave it out", "platform.dns"),
    certificate=Certificate,
    storage=Storage,
    database=Database,
    pooling=Pooling,
    queue=Queue,
    mail=Unsupported("no mail is sent on docker yet; leave it out", "platform.mail"),
    cluster=Cluster,
    entry=None,
    migration=Migration,
    service=Service,
    edge=Edge,
    alerts=Alerts,
    backup=Backup,
)
