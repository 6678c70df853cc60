"""Prometheus, which gathers the figures of all parts, and what it gathers the host's from.

Built on every platform: the number of copies and the status page follow from its figures. Its rules hold alerts only where
they are asked for. Whoever is in the platform's networks may read figures; none of them is a secret.
"""

from __future__ import annotations

import pulumi
from pulumi import Output, ResourceOptions

from components import naming
from components.contract import TelemetryArgs, TelemetryOutputs
from components.docker import exporters, monitoring_part, mounts, swarm
from components.docker.alert_rules import rules_yml
from components.docker.alerting import rule_groups
from components.docker.log_collector import log_collector
from components.docker.prometheus_yml import RULES_FILE, prometheus_yml
from components.docker.scrape_jobs import PROMETHEUS_PORT, jobs
from components.stackfile import DASHBOARD_PATH

FOLDER = "/var/lib/penguinmails"
RETENTION_DAYS = 30
"""The window of the objectives."""
RETENTION_GIB = 6
"""Bounds the disk, whatever is measured; a platform of 20 copies writes about 3 GiB in 30 days."""
MEMORY_MIB = 384
MEMORY_MIB_OF_COPY = 8
"""A copy of the workload gives some 400 series, of which each takes about 8 KiB with its share of what is being written."""


class Telemetry(pulumi.ComponentResource):
    def __init__(self, name: str, args: TelemetryArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Telemetry", name, None, opts)
        self._name, self._args = name, args
        exporters.host(f"{name}-host", args.identity, args.network, self._child())
        log_collector(f"{name}-logs", args, self._child())
        swarm.service(f"{name}-prometheus", args.identity, self._prometheus(), self._child())
        self.outputs = TelemetryOutputs({source: Output.from_input("logs") for source in args.sources})
        self.register_outputs({"url": f"http://prometheus:{PROMETHEUS_PORT}"})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _prometheus(self) -> swarm.Workload:
        args, identity = self._args, self._args.identity
        alerts = args.asked.alerts is not None
        settings = prometheus_yml(jobs(args.asked), platform=f"{identity.project}-{identity.stack}", alerts=alerts)
        path = f"{swarm.CONFIG_FOLDER}/prometheus.yml"
        rules = rules_yml(rule_groups(args.asked))
        files = {
            path: swarm.file(f"{self._name}-settings", identity, "monitoring", settings, self._child()),
            RULES_FILE: swarm.file(f"{self._name}-rules", identity, "monitoring", rules, self._child()),
        }
        copies = sum(asked.scaling.max_replicas for asked in args.asked.services.values())
        return monitoring_part.workload(
            "prometheus",
            PROMETHEUS_PORT,
            [
                "prometheus",
                f"--config.file={path}",
                f"--web.listen-address=:{PROMETHEUS_PORT}",
                f"--storage.tsdb.path={FOLDER}",
                f"--storage.tsdb.retention.time={RETENTION_DAYS}d",
                f"--storage.tsdb.retention.size={RETENTION_GIB}GB",
                f"--web.external-url={args.asked.public_url}{DASHBOARD_PATH}",
                "--web.route-prefix=/",
                "--query.max-concurrency=8",
                "--query.timeout=30s",
            ],
            [swarm.attach(tier, "prometheus") for tier in (args.network.app, args.network.edge, args.network.watch)],
            memory_mib=MEMORY_MIB + MEMORY_MIB_OF_COPY * copies,
            cpus=1,
            health_path="/-/ready",
            order="stop-first",
            stateful=True,
            node=identity.node,
            files=files,
            volumes=[mounts.Volume(naming.physical(identity, "prometheus", naming.DOCKER_LIMIT), FOLDER)],
        )
