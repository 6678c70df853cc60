"""The collector of logs (images/operations, `logs`): the lines of all containers in one place, with retention.

It reads the engine's own files, so that it slows nobody down while it is away: each container has 30 MiB of them before the
oldest lines go. It sees the folder of containers read-only, as an ordinary user through the group 0, which may read the logs
there and neither list the folder nor enter those of secrets; which containers there are is said by the gate.
"""

from __future__ import annotations

import json

import pulumi_docker as docker
from pulumi import ResourceOptions

from components import images, naming
from components.contract import TelemetryArgs
from components.docker import mounts, swarm
from components.docker.scrape_jobs import GATE_PORT, LOGS_PORT
from components.spec import DockerSection, PlatformSpec

USER, LOG_GROUP = 10001, 0
GATE_CONTAINERS = f"http://gate:{GATE_PORT}/containers"
FOLDER, SEEN = "/var/lib/penguinmails", "/var/log/containers"
MEMORY_MIB, CPUS = 128, 0.5
STORE_MIB = 4096
"""Beyond it the oldest days go before their time, and an alert says so: a full disk would stop the database too."""


def log_collector(name: str, args: TelemetryArgs, opts: ResourceOptions) -> docker.Service:
    """The one service; a second copy would write into the same volume."""
    identity, section = args.identity, args.asked.docker or DockerSection()
    workload = swarm.Workload(
        role="logs",
        image=images.reference("operations"),
        user=USER,
        groups=[LOG_GROUP],
        command=["logs"],
        networks=[swarm.attach(args.network.watch, "logs")],
        memory_mib=MEMORY_MIB,
        cpus=CPUS,
        grace_seconds=20,
        order="stop-first",
        stateful=True,
        node=identity.node,
        variables={
            "PORT": str(LOGS_PORT),
            "STACK": identity.stack,
            "LOG_ROOT": SEEN,
            "LOG_FOLDER": FOLDER,
            "CONTAINERS_URL": GATE_CONTAINERS,
            "RETENTION_DAYS": str(args.telemetry.log_retention_days),
            "MAXIMUM_MIB": str(STORE_MIB),
            "ALARMS": alarms(args.asked),
        },
        binds=[mounts.Bind(f"{section.engine_folder}/containers", SEEN)],
        volumes=[mounts.Volume(naming.physical(identity, "logs", naming.DOCKER_LIMIT), FOLDER)],
        tmpfs={"/tmp": 8},
    )
    return swarm.service(name, identity, workload, opts)


def alarms(spec: PlatformSpec) -> str:
    """What the user's own alarms look for in lines, as JSON."""
    custom = spec.alerts.custom if spec.alerts is not None else {}
    found = [
        {"name": alarm, "service": asked.of, "pattern": asked.pattern}
        for alarm, asked in sorted(custom.items())
        if asked.measure == "log_matches_per_minute"
    ]
    return json.dumps(found, sort_keys=True)
