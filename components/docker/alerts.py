"""Alertmanager: groups what Prometheus' rules find, leaves out what follows from something else, and tells people.

The rules themselves are evaluated by Prometheus (`telemetry.py`). Silences and what was told are in a volume of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi import Output, ResourceOptions

from components import naming
from components.binding import SecretReference
from components.contract import AlertsArgs, AlertsOutputs
from components.docker import authorities, monitoring_part, mounts, swarm
from components.docker.alertmanager_yml import NOTIFIER_URL, PASSWORD_FILE, SLACK_FILE, alertmanager_yml
from components.docker.notifier import notifier
from components.docker.scrape_jobs import ALERTMANAGER_PORT
from components.docker.status_page import status_page
from components.docker.telemetry import FOLDER
from components.spec import SmtpRelay
from components.stackfile import DASHBOARD_PATH


class Alerts(pulumi.ComponentResource):
    def __init__(self, name: str, args: AlertsArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Alerts", name, None, opts)
        self._name, self._args = name, args
        page = args.parts.edge.url.apply(lambda url: f"{url}{DASHBOARD_PATH}")
        service = swarm.service(f"{name}-alertmanager", args.identity, self._alertmanager(), self._child())
        notifier(f"{name}-notifier", args, args.asked.public_url, self._child())
        status_page(f"{name}-status", args, self._child())
        channel = NOTIFIER_URL if args.alerts.webhooks else f"http://alertmanager:{ALERTMANAGER_PORT}"
        self.outputs = AlertsOutputs(dashboard_url=page, channel=service.id.apply(lambda _: channel))
        self.register_outputs({"dashboard_url": page})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    @property
    def _relay(self) -> SmtpRelay | None:
        section = self._args.asked.docker
        return section.smtp_relay if section is not None else None

    def _alertmanager(self) -> swarm.Workload:
        args, identity, section = self._args, self._args.identity, self._args.asked.docker
        path = f"{swarm.CONFIG_FOLDER}/alertmanager.yml"
        settings = alertmanager_yml(args.alerts, self._relay)
        return monitoring_part.workload(
            "alertmanager",
            ALERTMANAGER_PORT,
            [
                "prometheus-alertmanager",
                f"--config.file={path}",
                f"--web.listen-address=:{ALERTMANAGER_PORT}",
                f"--web.external-url={args.asked.public_url}{DASHBOARD_PATH}",
                "--web.route-prefix=/",
                f"--storage.path={FOLDER}",
                "--cluster.listen-address=",
                "--log.level=warn",
            ],
            [swarm.attach(args.network.watch, "alertmanager")],
            memory_mib=96,
            health_path="/-/ready",
            order="stop-first",
            stateful=True,
            node=identity.node,
            secrets=self._secrets(),
            # Go reads this file in the stead of the image's own bundle, and the folder of public authorities in any case.
            variables={"SSL_CERT_FILE": authorities.FILE} if authorities.given(section) else {},
            files={
                path: swarm.file(f"{self._name}-settings", identity, "monitoring", settings, self._child()),
                **authorities.files(self._name, identity, "monitoring", section, self._child()),
            },
            volumes=[mounts.Volume(naming.physical(identity, "alertmanager", naming.DOCKER_LIMIT), FOLDER)],
        )

    def _secrets(self) -> Mapping[str, SecretReference]:
        """File name -> secret, of those that are asked for."""
        wanted: dict[str, Output[str]] = {}
        if self._relay is not None and self._relay.username is not None:
            wanted[PASSWORD_FILE] = self._args.secrets["smtpRelayPassword"]
        if self._args.alerts.slack:
            wanted[SLACK_FILE] = self._args.secrets["alertsSlackUrl"]
        names = {path.rpartition("/")[2]: value for path, value in wanted.items()}
        return {
            name: swarm.secret(f"{self._name}-{name}", self._args.identity, "monitoring", value, self._child())
            for name, value in names.items()
        }
