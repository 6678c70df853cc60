"""RDS for PostgreSQL or MySQL in the isolated subnets: encrypted, TLS only, backed up; outside development on two zones.

The owner's password is the stack's own secret and not one that RDS makes: that one changes every seven days, and a URL with it
would go stale. It is given as `password`, which the engine keeps encrypted with the same key as the configuration it comes
from: the write-only form wants a counter beside it, and a password changed without it would be in the URL and not in the
server. The application's role is made by the migration, which gets its password. Backups beyond RDS's own are not here.

Outside development RDS keeps changes that interrupt the database, such as another class or a standby, for the maintenance
window; until then a refresh shows what is still there, and the next run asks for the change again. A platform that has just
left development has its standby after that window, not before.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import sizing
from components.aws.account import account
from components.aws.database_settings import ENGINES, NAME, owner_url, password_misfit
from components.aws.keys import key
from components.aws.logs import log_group
from components.aws.roles import service_role
from components.aws.security_groups import allow, group
from components.aws.stored_secret import stored_secret
from components.aws.tags import tags
from components.binding import Binding
from components.contract import DatabaseArgs, DatabaseOutputs
from components.given import given

CA_FILE = "/etc/penguinmails/rds-global-bundle.pem"
"""RDS's authorities (rsa2048 among them), part of the image on AWS."""

AUTHORITY = "rds-ca-rsa2048-g1"
BACKUP_WINDOW, MAINTENANCE_WINDOW = "02:00-03:00", "sun:03:30-sun:04:30"
"""In UTC. RDS refuses windows that overlap."""

INSIGHTS_DAYS = 7
"""The retention of Performance Insights that costs nothing."""

MONITORING_SECONDS = 60


class Database(pulumi.ComponentResource):
    """Raises `ValueError` on a network without an id, which is none of AWS's."""

    def __init__(self, name: str, args: DatabaseArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Database", name, None, opts)
        if args.network.id is None:
            raise ValueError("the database needs a network with security groups")
        self._name, self._args, self._identity, self._vpc = name, args, args.identity, args.network.id
        self._engine = ENGINES[args.database.engine]
        self._physical = naming.physical(args.identity, "database", naming.RDS_LIMIT)
        self._key = key(
            name,
            args.identity,
            "database",
            "database",
            "Database with its snapshots, logs and passwords",
            self,
            services=("rds", "secretsmanager"),
            logs=True,
        )
        guard, clients = self._groups()
        instance = self._instance(guard, self._password())
        self.outputs = DatabaseOutputs(
            host=instance.address,
            port=self._engine.port,
            name=NAME,
            app_role=self._engine.app_role,
            direct=self._direct(instance, clients),
        )
        self.register_outputs({"host": instance.address, "port": self._engine.port, "name": NAME})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _tags(self, role: str) -> dict[str, str]:
        return tags(self._identity, "database", naming.physical(self._identity, role, naming.TAG_LIMIT))

    def _password(self) -> Output[str]:
        """The owner's password, refused by its name where RDS would refuse it after half of the platform is made."""
        engine, project = self._engine, self._identity.project

        def checked(password: str) -> str:
            problem = password_misfit(engine, password)
            if problem is not None:
                raise pulumi.RunError(f"{project}:databaseOwnerPassword: {problem}")
            return password

        secret: Output[str] = Output.secret(self._args.owner_password)
        return secret.apply(checked)

    def _groups(self) -> tuple[Output[str], Output[str]]:
        """The server's own group, and the one of its clients: pooler and migration join it, services need not."""
        guard = group(
            f"{self._name}-guard", self._identity, "database", "database", "Database of the platform", self._vpc, self
        )
        clients = group(
            f"{self._name}-clients",
            self._identity,
            "database",
            "database-clients",
            "What reaches the database",
            self._vpc,
            self,
        )
        allow(
            f"{self._name}-clients",
            self._identity,
            "database",
            clients.id,
            guard.id,
            self._engine.port,
            "Clients of the database",
            self,
        )
        return guard.id, clients.id

    def _instance(self, guard: Output[str], password: Output[str]) -> aws.rds.Instance:
        asked, identity, keeps = self._args.database, self._identity, self._identity.keeps_data
        watched, before = self._monitoring() if keeps else (None, [])
        return aws.rds.Instance(
            f"{self._name}-server",
            identifier=self._physical,
            engine=self._engine.name,
            engine_version=self._engine.version,
            instance_class=sizing.database(asked.size, identity).name,
            db_name=NAME,
            port=self._engine.port,
            username=self._engine.owner_role,
            password=password,
            multi_az=sizing.has_standby(asked, identity),
            db_subnet_group_name=self._subnet_group().name,
            vpc_security_group_ids=[guard],
            publicly_accessible=False,
            parameter_group_name=self._parameters().name,
            ca_cert_identifier=AUTHORITY,
            storage_type="gp3",
            allocated_storage=asked.storage_gib,
            max_allocated_storage=sizing.most_storage_gib(asked.storage_gib),
            storage_encrypted=True,
            kms_key_id=self._key.arn,
            backup_retention_period=sizing.retention_days(self._args.backup, identity),
            backup_window=BACKUP_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not keeps,
            deletion_protection=keeps,
            skip_final_snapshot=not keeps,
            final_snapshot_identifier=self._final_snapshot() if keeps else None,
            auto_minor_version_upgrade=True,
            allow_major_version_upgrade=False,
            apply_immediately=not keeps,
            enabled_cloudwatch_logs_exports=list(self._engine.exports),
            monitoring_interval=MONITORING_SECONDS if keeps else 0,
            monitoring_role_arn=watched,
            database_insights_mode="standard",
            performance_insights_enabled=keeps,
            performance_insights_kms_key_id=self._key.arn if keeps else None,
            performance_insights_retention_period=INSIGHTS_DAYS if keeps else None,
            tags=self._tags("database"),
            opts=ResourceOptions(parent=self, protect=keeps, depends_on=[*self._logs(), *before]),
        )

    def _final_snapshot(self) -> Output[str]:
        """Ends in a part of the key's id: a platform that is made and removed again finds its first snapshot's name taken."""
        return self._key.key_id.apply(lambda identifier: f"{self._physical}-final-{identifier.split('-')[0]}")

    def _logs(self) -> list[aws.cloudwatch.LogGroup]:
        """Made before the server, or RDS makes them, kept for ever and under no key of the platform."""
        return [
            log_group(
                f"{self._name}-{export}-log",
                self._identity,
                "database",
                f"/aws/rds/instance/{self._physical}/{export}",
                self._key,
                self,
            )
            for export in self._engine.exports
        ]

    def _subnet_group(self) -> aws.rds.SubnetGroup:
        return aws.rds.SubnetGroup(
            f"{self._name}-subnets",
            name=self._physical,
            description="Isolated subnets of the platform",
            subnet_ids=self._args.network.data,
            tags=self._tags("database"),
            opts=self._child(),
        )

    def _parameters(self) -> aws.rds.ParameterGroup:
        """Named by its family: a new major version gets a group of its own beside the one in use."""
        role = f"database-{self._engine.family.replace('.', '-')}"
        return aws.rds.ParameterGroup(
            f"{self._name}-settings",
            name=naming.physical(self._identity, role, naming.RDS_LIMIT),
            family=self._engine.family,
            description="Settings of the platform's database",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(
                    name=name,
                    value=value,
                    apply_method="pending-reboot" if name in self._engine.pending else "immediate",
                )
                for name, value in sorted(self._engine.parameters.items())
            ],
            tags=self._tags(role),
            opts=self._child(),
        )

    def _monitoring(self) -> tuple[Output[str], list[pulumi.Resource]]:
        """ARN of the role that writes figures of the operating system, and what must be there before it is used."""
        role = service_role(
            f"{self._name}-monitoring", self._identity, "database", "database-monitoring", "monitoring.rds.amazonaws.com", self
        )
        policy = aws.iam.RolePolicyAttachment(
            f"{self._name}-monitoring-policy",
            role=role.name,
            policy_arn=Output.concat(
                "arn:", account(self).partition, ":iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
            ),
            opts=self._child(),
        )
        return role.arn, [policy]

    def _direct(self, instance: aws.rds.Instance, clients: Output[str]) -> Binding:
        """For the migration: the owner's URL, and the password of the application's role, which it makes."""
        url = Output.all(instance.address, self._args.owner_password).apply(
            lambda found: owner_url(self._engine, found[0], found[1])
        )
        values = {
            "DATABASE_DIRECT_URL": ("direct-url", "URL of the database's owner", url),
            "DATABASE_APP_PASSWORD": (
                "app-password",
                "Password of the application's role",
                given(self._args.app_password, "databaseAppPassword"),
            ),
        }
        secrets = {
            variable: stored_secret(
                f"{self._name}-{role}", self._identity, "database", f"database-{role}", purpose, value, self._key, self
            )
            for variable, (role, purpose, value) in values.items()
        }
        return Binding(variables={"DATABASE_CA_FILE": CA_FILE}, secrets=secrets, groups=(clients,))
