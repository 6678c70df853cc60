"""The status page (images/operations, `status`): served through the edge below /status, behind a login of its own."""

from __future__ import annotations

import json

import pulumi_docker as docker
from pulumi import ResourceOptions

from components import images
from components.contract import AlertsArgs
from components.docker import swarm
from components.docker.scrape_jobs import (
    ALERTMANAGER_PORT,
    AUTOSCALER_PORT,
    BACKUP_PORT,
    GATE_PORT,
    LOGS_PORT,
    PROMETHEUS_PORT,
    STATUS_PORT,
    scales,
)
from components.spec import Objectives, PlatformSpec

USER = 10001
MEMORY_MIB, CPUS = 96, 0.5


def status_page(name: str, args: AlertsArgs, opts: ResourceOptions) -> docker.Service:
    """The service. Sessions are in its memory: after a release people log in again."""
    identity = args.identity
    password = swarm.secret(f"{name}-password", identity, "status", args.secrets["statusPassword"], opts)
    workload = swarm.Workload(
        role="status",
        image=images.reference("operations"),
        user=USER,
        command=["status"],
        networks=[swarm.attach(tier, "status") for tier in (args.network.edge, args.network.app, args.network.watch)],
        memory_mib=MEMORY_MIB,
        cpus=CPUS,
        grace_seconds=10,
        order="start-first",
        variables={
            "PORT": str(STATUS_PORT),
            "PLATFORM": f"{identity.project} {identity.stack}",
            "OBJECTIVES": objectives(args.alerts.objectives),
            "ADDRESSES": addresses(args.asked),
            "STATUS_PASSWORD_FILE": "/run/secrets/STATUS_PASSWORD",
        },
        secrets={"STATUS_PASSWORD": password},
        tmpfs={"/tmp": 8},
    )
    return swarm.service(name, identity, workload, opts)


def objectives(asked: Objectives) -> str:
    return json.dumps({"availability": asked.availability_percent, "p95": asked.response_p95_milliseconds / 1000})


def addresses(spec: PlatformSpec) -> str:
    """Whom the page asks; a part that the description does not ask for is left out, and the page says so."""
    found = {
        "prometheus": f"http://prometheus:{PROMETHEUS_PORT}",
        "alertmanager": f"http://alertmanager:{ALERTMANAGER_PORT}",
        "gate": f"http://gate:{GATE_PORT}",
        "logs": f"http://logs:{LOGS_PORT}",
    }
    if scales(spec):
        found["autoscaler"] = f"http://autoscaler:{AUTOSCALER_PORT}"
    if spec.backup is not None:
        found["backup"] = f"http://backup:{BACKUP_PORT}"
    return json.dumps(found, sort_keys=True)
