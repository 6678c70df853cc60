"""The notifier (images/operations, `notifier`): posts alerts to the addresses of `alerts.webhooks`, signed.

An address may hold a token, so that all are a secret file: variables stand in the engine's state and in what Docker shows.
"""

from __future__ import annotations

import json

import pulumi_docker as docker
from pulumi import Output, ResourceOptions

from components import images
from components.contract import AlertsArgs
from components.docker import authorities, swarm
from components.docker.scrape_jobs import NOTIFIER_PORT
from components.stackfile import DASHBOARD_PATH

USER = 10001
MEMORY_MIB, CPUS = 96, 0.25
_SECRET = "alertsWebhookSecret"  # noqa: S105 - the name of the key of the configuration


def notifier(name: str, args: AlertsArgs, public_url: str, opts: ResourceOptions) -> docker.Service | None:
    """The service; None where nobody is told by webhook. A release starts the new copy first: the old one empties its queue."""
    if not args.alerts.webhooks:
        return None
    identity, section = args.identity, args.asked.docker
    key = swarm.secret(f"{name}-secret", identity, "notifier", args.secrets[_SECRET], opts)
    text = Output.secret(json.dumps(list(args.alerts.webhooks)))
    addresses = swarm.secret(f"{name}-addresses", identity, "notifier", text, opts)
    workload = swarm.Workload(
        role="notifier",
        image=images.reference("operations"),
        user=USER,
        command=["notifier"],
        networks=[swarm.attach(args.network.watch, "notifier")],
        memory_mib=MEMORY_MIB,
        cpus=CPUS,
        grace_seconds=20,
        order="start-first",
        variables={
            "PORT": str(NOTIFIER_PORT),
            "PLATFORM": f"{identity.project}-{identity.stack}",
            "STATUS_URL": f"{public_url}{DASHBOARD_PATH}",
            "WEBHOOKS_FILE": "/run/secrets/WEBHOOKS",
            "WEBHOOK_SECRET_FILE": "/run/secrets/WEBHOOK_SECRET",
            **({"AUTHORITIES_FILE": authorities.FILE} if authorities.given(section) else {}),
        },
        files=authorities.files(name, identity, "notifier", section, opts),
        secrets={"WEBHOOK_SECRET": key, "WEBHOOKS": addresses},
        tmpfs={"/tmp": 8},
    )
    return swarm.service(name, identity, workload, opts)
