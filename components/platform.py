"""The only orchestration, written once for all targets.

It builds the capabilities in the one order in which each has what it needs, and passes `*Outputs` forward only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pulumi
from pulumi import Output, ResourceOptions

from components import contract as c
from components.binding import Binding
from components.capabilities import refusals
from components.spec import Objectives, PlatformSpec, Service, Telemetry
from components.stackfile import StackFileError
from components.target import Capability, Target, Unsupported

ArgsT = TypeVar("ArgsT")
OutputsT = TypeVar("OutputsT")

INTERNAL_PARTS = ("database", "pooler", "broker")
"""What speaks TLS inside the platform with a certificate of its own, where the target has no such part managed."""


@dataclass(frozen=True)
class PlatformArgs:
    """`secrets`: key of the stack's configuration -> value, all that `Target.secret_keys` names."""

    spec: PlatformSpec
    target: Target
    identity: c.Identity
    secrets: Mapping[str, Output[str]]
    today: date


class Platform(pulumi.ComponentResource):
    """The whole platform on one target.

    Raises `StackFileError` before any resource is registered when the target cannot give what is asked.
    """

    def __init__(self, name: str, args: PlatformArgs) -> None:
        problems = refusals(args.spec, args.target)
        if problems:
            raise StackFileError(problems)
        provider = args.target.provider(args.spec, args.identity)
        super().__init__("penguinmails:index:Platform", name, None, ResourceOptions(providers=[provider]))
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self)
        self._warn_of_gaps()
        self._build_foundation()
        self._build_data()
        self._build_services()
        self._build_operations()
        self.outputs: Mapping[str, Output[Any]] = {
            "api_url": self._edge.url,
            "ca_certificate": self._certificate.authority_pem,
            "target": Output.from_input(args.spec.target.value),
            "environment": Output.from_input(args.spec.environment.value),
            **self._optional_outputs(),
        }
        self.register_outputs(dict(self.outputs))

    def _optional_outputs(self) -> Mapping[str, Output[Any]]:
        """What exists only where it was asked for."""
        found: dict[str, Output[Any]] = {}
        if self._dns is not None:
            found["name_servers"] = self._dns.name_servers
        if self._alerts is not None:
            found["dashboard_url"] = self._alerts.dashboard_url
        return found

    def _warn_of_gaps(self) -> None:
        """Outside development, what keeps data and tells people is named when it is missing."""
        if self._args.spec.is_development:
            return
        for section in ("alerts", "backup"):
            if getattr(self._args.spec, section) is None:
                pulumi.log.warn(f"platform.{section} is not set: this platform has no {section}", resource=self)

    def _build(self, role: str, capability: Capability[ArgsT, OutputsT] | Unsupported, args: ArgsT) -> OutputsT:
        if isinstance(capability, Unsupported):
            raise StackFileError([f"{capability.field}: {capability.reason}"])
        return capability(f"{self._name}-{role}", args, self._child).outputs

    def _optional(
        self, role: str, capability: Capability[ArgsT, OutputsT] | Unsupported | None, args: ArgsT | None
    ) -> OutputsT | None:
        """A capability that was not asked for is not built; one that is `Unsupported` was refused before."""
        if args is None or capability is None or isinstance(capability, Unsupported):
            return None
        return self._build(role, capability, args)

    def _build_foundation(self) -> None:
        spec, target, identity = self._args.spec, self._args.target, self._args.identity
        self._network = self._build("network", target.network, c.NetworkArgs(identity, spec.aws))
        sources = [*spec.services, *(["migration"] if spec.migration is not None else [])]
        telemetry = c.TelemetryArgs(identity, spec.telemetry or Telemetry(), sources, spec, self._network)
        self._telemetry = self._optional("telemetry", target.telemetry, telemetry)
        api_key = {"API_KEY": self._args.secrets["apiKey"]}
        self._secrets = self._build("secrets", target.secrets, c.SecretsArgs(identity, api_key))
        dns = None if spec.dns is None else c.DnsArgs(identity, spec.dns, spec.domain)
        self._dns = self._optional("dns", target.dns, dns)
        self._certificate = self._build(
            "certificate",
            target.certificate,
            c.CertificateArgs(
                identity=identity,
                mode=spec.edge.certificate,
                domain=spec.domain,
                authority=self._args.secrets.get("certificateAuthority"),
                internal=INTERNAL_PARTS,
                zone=self._dns,
                today=self._args.today,
                aws=spec.aws,
                docker=spec.docker,
                secrets=self._args.secrets,
            ),
        )
        self._storage = self._build("storage", target.storage, c.StorageArgs(identity, spec.storage))

    def _build_data(self) -> None:
        spec, target, secrets = self._args.spec, self._args.target, self._args.secrets
        identity, network, certificate = self._args.identity, self._network, self._certificate
        self._database = self._build(
            "database",
            target.database,
            c.DatabaseArgs(
                identity=identity,
                database=spec.database,
                network=network,
                certificate=certificate,
                owner_password=secrets["databaseOwnerPassword"],
                app_password=secrets.get("databaseAppPassword"),
                backup=spec.backup,
                docker=spec.docker,
                secrets=secrets,
            ),
        )
        self._pooling = self._build(
            "pooling",
            target.pooling,
            c.PoolingArgs(
                identity=identity,
                asked=spec.database,
                network=network,
                certificate=certificate,
                database=self._database,
                app_password=secrets.get("databaseAppPassword"),
                secrets=secrets,
            ),
        )
        events = spec.mail.events_queue if spec.mail is not None else None
        self._queue = self._build(
            "queue",
            target.queue,
            c.QueueArgs(
                identity=identity,
                queues=spec.queues,
                access={name: c.QueueAccess(asked.publishes, asked.consumes) for name, asked in spec.services.items()},
                network=network,
                certificate=certificate,
                secret=secrets.get("brokerSecret"),
                events=[events] if events is not None else [],
            ),
        )
        mail = None
        if spec.mail is not None:
            told = self._queue.resources[events] if events is not None else None
            mail = c.MailArgs(identity, spec.mail, self._dns, told)
        self._mail = self._optional("mail", target.mail, mail)

    def _build_services(self) -> None:
        spec, target, identity = self._args.spec, self._args.target, self._args.identity
        objectives = spec.alerts.objectives if spec.alerts is not None else Objectives()
        cluster = c.ClusterArgs(identity, self._network, spec.services, objectives, spec.docker, self._args.secrets)
        self._cluster = self._optional("cluster", target.cluster, cluster)
        entry = c.EntryArgs(identity, spec.edge, spec.domain, self._network, self._certificate)
        self._entry = self._optional("entry", target.entry, entry)
        self._migration = self._migrate()
        self._services = {role: self._service(role, asked) for role, asked in spec.services.items()}
        routes = [
            c.Route(asked.public_path, self._services[role], asked.ready_path, asked.scaling.max_replicas)
            for role, asked in spec.services.items()
            if asked.public_path is not None
        ]
        edge = c.EdgeArgs(
            identity=identity,
            edge=spec.edge,
            domain=spec.domain,
            url=public_url(spec),
            network=self._network,
            certificate=self._certificate,
            routes=routes,
            entry=self._entry,
            zone=self._dns,
            dashboard=spec.alerts is not None,
            docker=spec.docker,
        )
        self._edge = self._build("edge", target.edge, edge)

    def _migrate(self) -> c.MigrationOutputs | None:
        asked = self._args.spec.migration
        if asked is None:
            return None
        args = c.MigrationArgs(
            identity=self._args.identity,
            migration=asked,
            network=self._network,
            binding=self._database.direct | Binding(variables={"DATABASE_APP_ROLE": self._database.app_role}),
            cluster=self._cluster,
            logs=self._log("migration"),
        )
        return self._build("migration", self._args.target.migration, args)

    def _service(self, role: str, asked: Service) -> c.ServiceOutputs:
        """Only who answers clients gets the API's key, and only who reads a queue may hand mail over: mail waits in queues."""
        common = self._storage.binding | self._pooling.binding | self._database.reading
        if asked.public_path is not None:
            common = common | self._secrets.binding
        if self._mail is not None and asked.consumes:
            common = common | self._mail.binding
        own = Binding(
            variables={
                **asked.environment,
                "PORT": str(asked.port),
                "PUBLIC_URL": public_url(self._args.spec),
                "REQUEST_MAXIMUM_BYTES": str(self._args.spec.edge.max_request_body_kib * 1024),
            }
        )
        metered = self._queue.metered
        args = c.ServiceArgs(
            identity=self._args.identity,
            name=role,
            service=asked,
            network=self._network,
            binding=common | self._queue.bindings[role] | own,
            migration=self._migration,
            cluster=self._cluster,
            entry=self._entry,
            logs=self._log(role),
            queues=[metered[queue] for queue in asked.consumes if queue in metered],
        )
        return self._build(role, self._args.target.service, args)

    def _log(self, role: str) -> Output[str] | None:
        return self._telemetry.logs[role] if self._telemetry is not None else None

    def _build_operations(self) -> None:
        spec, target, identity = self._args.spec, self._args.target, self._args.identity
        parts = c.Parts(
            database=self._database,
            pooling=self._pooling,
            queue=self._queue,
            storage=self._storage,
            services=self._services,
            edge=self._edge,
            cluster=self._cluster,
            entry=self._entry,
            mail=self._mail,
            telemetry=self._telemetry,
        )
        secrets = self._args.secrets
        alerts = None if spec.alerts is None else c.AlertsArgs(identity, spec.alerts, spec, parts, self._network, secrets)
        self._alerts = self._optional("alerts", target.alerts, alerts)
        backup = None
        if spec.backup is not None:
            channel = self._alerts.channel if self._alerts is not None else None
            backup = c.BackupArgs(
                identity=identity,
                backup=spec.backup,
                database=self._database,
                storage=self._storage,
                channel=channel,
                aws=spec.aws,
                network=self._network,
                docker=spec.docker,
                queue=self._queue,
                secrets=secrets,
            )
        self._optional("backup", target.backup, backup)


def public_url(spec: PlatformSpec) -> str:
    """The address under which clients reach the platform."""
    return spec.public_url
