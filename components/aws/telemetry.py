"""A log group of CloudWatch Logs for everything that writes a log, under one key, each with the retention that is asked for.

Outside development a group is protected: one whose service leaves the description keeps its lines until a person unprotects
it. The provider's `skip_destroy` would leave a group behind that nobody looks after and whose name is taken when the service
comes back. Not here: logs of the database and of the network, which stand beside what writes them.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.keys import key
from components.aws.logs import log_group
from components.contract import TelemetryArgs, TelemetryOutputs


class Telemetry(pulumi.ComponentResource):
    """`outputs.logs`: role -> name of its log group."""

    def __init__(self, name: str, args: TelemetryArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Telemetry", name, None, opts)
        self._name, self._args = name, args
        self._key = key(name, args.identity, "telemetry", "logs", "Logs of services and migrations", self, logs=True)
        logs = {source: self._group(source) for source in dict.fromkeys(args.sources)}
        self.outputs = TelemetryOutputs(logs)
        self.register_outputs({"logs": logs})

    def _group(self, source: str) -> Output[str]:
        """`logs-` keeps a service's name from meeting another group's, such as that of the flow logs."""
        group: aws.cloudwatch.LogGroup = log_group(
            f"{self._name}-{source}",
            self._args.identity,
            "telemetry",
            f"/{naming.physical(self._args.identity, f'logs-{source}', naming.LOG_GROUP_LIMIT)}",
            self._key,
            self,
            days=self._args.telemetry.log_retention_days,
            protect=self._args.identity.keeps_data,
        )
        return group.name
