"""What watches the platform on AWS: alarms of CloudWatch on every part, two objectives by burn rate, a dashboard, and what AWS
itself tells of the database, deployments, certificates and the account, all into one topic.

The same in every environment: about forty alarms cost some 10 dollars a month, and an alarm that only production has was never
seen to fire. Tells when an alarm begins and when it ends. Left out: on-call rotas and silences, which belong to the program
behind a webhook; a check from outside, without which a name that leads nowhere is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import alarms, burn_rate, dashboard, sizing
from components.aws.account import account
from components.aws.alarm_resources import AlarmMaker
from components.aws.alert_topic import alert_topic
from components.aws.custom_alarms import Named, custom, quoted
from components.aws.event_rules import tell
from components.aws.findings import findings
from components.aws.tags import tags
from components.contract import AlertsArgs, AlertsOutputs, ClusterOutputs, EntryOutputs, ServiceOutputs
from components.given import given

ERROR_PATTERN: Final = '{ $.level = "ERROR" || $.level = "CRITICAL" }'
"""Lines of the kit's services, which are JSON with a level."""

DATABASE_EVENTS: Final = (
    "availability",
    "failover",
    "failure",
    "low storage",
    "maintenance",
    "read replica",
    "recovery",
)
"""Categories of RDS (user guide, "Amazon RDS event categories"); backups and changes of settings are daily work."""

CERTIFICATE_EVENTS: Final = (
    "ACM Certificate Approaching Expiration",
    "ACM Certificate Expired",
    "ACM Certificate Renewal Action Required",
)
"""Daily from 45 days on, of every certificate of the account and region: ACM renews its own long before, so one is told about
only when that failed. An alarm on `DaysToExpiry` would say the same and know one certificate."""


class Alerts(pulumi.ComponentResource):
    """Parts that the platform does not have are left out."""

    def __init__(self, name: str, args: AlertsArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Alerts", name, None, opts)
        self._name, self._args, self._identity, self._parts = name, args, args.identity, args.parts
        self._section = given(args.asked.aws, "the section aws")
        topic, policy = alert_topic(name, args.identity, args.alerts, self)
        self._topic: Output[str] = topic.arn
        self._ready = policy
        self._maker = AlarmMaker(name, args.identity, topic.arn, [policy], self)
        self._namespace = naming.physical(args.identity, "logs", naming.ALARM_LIMIT)
        errors = self._errors()
        self._watch_services()
        self._watch_data()
        self._watch_entry()
        self._watch_custom()
        self._events()
        findings(name, args.identity, self._section, topic.arn, self)
        shown = self._dashboard(errors)
        url = shown.dashboard_name.apply(lambda found: dashboard.url(self._section.region, found))
        self.outputs = AlertsOutputs(dashboard_url=url, channel=topic.arn)
        self.register_outputs({"dashboardUrl": url, "channel": topic.arn})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _count(self, role: str, log: Output[str], pattern: str) -> alarms.Metric:
        """Lines of a log that match, counted into a metric of its own."""
        physical = naming.physical(self._identity, role, naming.METRIC_FILTER_LIMIT)
        aws.cloudwatch.LogMetricFilter(
            f"{self._name}-{role}-filter",
            name=physical,
            log_group_name=log,
            pattern=pattern,
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=self._namespace, name=role, value="1", default_value="0"
            ),
            opts=self._child(),
        )
        return alarms.Metric(self._namespace, role, {}, "Sum")

    def _errors(self) -> Mapping[str, str]:
        """Role -> the metric of its errors, each with an alarm."""
        logs = self._parts.telemetry.logs if self._parts.telemetry is not None else {}
        metrics = {role: self._count(f"errors-{role}", log, ERROR_PATTERN) for role, log in logs.items()}
        for role, metric in metrics.items():
            self._maker.make(alarms.of_errors(role, metric))
        return {role: metric.name for role, metric in metrics.items()}

    def _running(self) -> Mapping[str, Output[str]]:
        """Role -> what monitoring knows the service by."""
        return {role: made.id for role, made in self._parts.services.items() if made.id is not None}

    def _watch_services(self) -> None:
        cluster, entry = self._parts.cluster, self._parts.entry
        for role, made in self._parts.services.items():
            self._watch_service(role, made, cluster, entry)

    def _watch_service(
        self, role: str, made: ServiceOutputs, cluster: ClusterOutputs | None, entry: EntryOutputs | None
    ) -> None:
        if cluster is not None and made.id is not None:
            self._maker.make(alarms.of_service(role, self._args.asked.services[role], cluster.name, made.id))
        if entry is not None and made.target is not None:
            self._maker.make(alarms.of_target(role, entry.id, made.target))

    def _watch_data(self) -> None:
        asked, parts = self._args.asked, self._parts
        chosen = sizing.database(asked.database.size, self._identity, self._section.region)
        if parts.database.id is not None:
            most = sizing.max_connections(chosen, asked.database.engine)
            self._maker.make(alarms.of_database(asked.database, chosen, most, parts.database.id))
        for number, replica in enumerate(parts.database.replicas, start=1):
            self._maker.make(alarms.of_replica(number, replica, asked.database.engine))
        if parts.pooling.id is not None:
            self._maker.make(alarms.of_pooler(asked.database.pooling, parts.pooling.id))
        for queue, metered in parts.queue.metered.items():
            most = alarms.most_waiting(queue, asked.services)
            self._maker.make(alarms.of_queue(queue, asked.queues[queue], most, metered))
        for queue, dead in parts.queue.dead.items():
            self._maker.make(alarms.of_dead_letters(queue, dead))
        if parts.mail is not None:
            self._maker.make(alarms.of_mail())

    def _watch_entry(self) -> None:
        if self._parts.entry is None:
            return
        entry, promised = self._parts.entry.id, self._args.alerts.objectives
        self._maker.make(alarms.of_entry(entry))
        for pair in (
            *burn_rate.availability(entry, promised.availability_percent),
            *burn_rate.latency(entry, promised.response_p95_milliseconds),
        ):
            self._maker.pair(pair)

    def _watch_custom(self) -> None:
        wanted = self._args.alerts.custom
        if not wanted:
            return
        parts = self._parts
        logs = given(parts.telemetry, "telemetry").logs
        named = Named(
            cluster=given(parts.cluster, "the cluster").name,
            entry=given(parts.entry, "the entry").id,
            database=given(parts.database.id, "the database's id"),
            services=self._running(),
            queues=parts.queue.metered,
            matches={
                name: self._count(f"matches-{name}", logs[given(one.of, "of")], quoted(one.pattern))
                for name, one in wanted.items()
                if one.pattern is not None
            },
        )
        self._maker.make([custom(name, one, named) for name, one in wanted.items()])

    def _tell(self, role: str, says: str, pattern: Mapping[str, Any]) -> None:
        tell(self._name, self._identity, "alerts", role, says, pattern, self._topic, self, needs=[self._ready])

    def _events(self) -> None:
        """What AWS tells by itself."""
        certificates = {"source": ["aws.acm"], "detail-type": list(CERTIFICATE_EVENTS)}
        self._tell("certificates", "A certificate runs out and is not renewed", certificates)
        cluster, database = self._parts.cluster, self._parts.database
        if cluster is not None:
            here = account(self)
            services = Output.concat("arn:", here.partition, ":ecs:", here.region, ":", here.id, ":service/", cluster.name, "/")
            failed = {
                "source": ["aws.ecs"],
                "detail-type": ["ECS Deployment State Change"],
                "resources": [{"prefix": services}],
                "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
            }
            self._tell("deployments", "A deployment failed and was rolled back", failed)
        if database.id is not None:
            physical = naming.physical(self._identity, "database-events", naming.ALARM_LIMIT)
            aws.rds.EventSubscription(
                f"{self._name}-database-events",
                name=physical,
                sns_topic=self._topic,
                source_type="db-instance",
                source_ids=[database.id, *database.replicas],
                event_categories=list(DATABASE_EVENTS),
                tags=tags(self._identity, "alerts", physical),
                opts=ResourceOptions(parent=self, depends_on=[self._ready]),
            )

    def _dashboard(self, errors: Mapping[str, str]) -> aws.cloudwatch.Dashboard:
        parts, promised = self._parts, self._args.alerts.objectives
        known: dict[str, Any] = {
            "cluster": parts.cluster.name if parts.cluster is not None else None,
            "entry": parts.entry.id if parts.entry is not None else None,
            "database": parts.database.id,
            "pooler": parts.pooling.id,
            "replicas": list(parts.database.replicas),
            "services": dict(self._running()),
            "targets": {role: made.target for role, made in parts.services.items() if made.target is not None},
            "queues": dict(parts.queue.metered),
            "dead": dict(parts.queue.dead),
        }

        def body(found: dict[str, Any]) -> str:
            return dashboard.body(
                dashboard.Watched(
                    region=self._section.region,
                    availability_percent=promised.availability_percent,
                    response_p95_milliseconds=promised.response_p95_milliseconds,
                    has_mail=parts.mail is not None,
                    errors=errors,
                    errors_namespace=self._namespace,
                    **found,
                )
            )

        content: Output[dict[str, Any]] = Output.from_input(known)
        return aws.cloudwatch.Dashboard(
            f"{self._name}-dashboard",
            dashboard_name=naming.physical(self._identity, "platform", naming.DASHBOARD_LIMIT),
            dashboard_body=content.apply(body),
            opts=self._child(),
        )
