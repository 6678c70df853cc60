"""RDS for PostgreSQL or MySQL in the isolated subnets: encrypted, TLS only, backed up; outside development on two zones.

The owner's password is the stack's own secret and not one that RDS makes: that one changes every seven days, and a URL with it
would go stale. The application's role is made by the migration. Backups beyond RDS's own are not here.
"""

from __future__ import annotations

from urllib.parse import quote

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import sizing
from components.aws.database_settings import ENGINES, RDS_NAMES, Engine
from components.aws.keys import key
from components.aws.logs import log_group
from components.aws.roles import service_role
from components.aws.security_groups import allow, group
from components.aws.tags import tags
from components.binding import Binding, SecretReference
from components.contract import DatabaseArgs, DatabaseOutputs

NAME = "penguinmails"
CA_FILE = "/etc/ssl/certs/rds-global-bundle.pem"
"""RDS's authorities, part of the image on AWS."""

AUTHORITY = "rds-ca-rsa2048-g1"
RETENTION_DAYS, RETENTION_DAYS_IN_DEVELOPMENT = 30, 7
"""Of automated backups, and how far back a point in time can be restored; RDS keeps 35 days at most."""

BACKUP_WINDOW, MAINTENANCE_WINDOW = "02:00-03:00", "sun:03:30-sun:04:30"
SECRET_RECOVERY_DAYS = 30
INSIGHTS_DAYS = 7
"""The retention of Performance Insights that costs nothing."""


class Database(pulumi.ComponentResource):
    """Raises `ValueError` on a network without security groups."""

    def __init__(self, name: str, args: DatabaseArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Database", name, None, opts)
        self._name, self._args, self._identity = name, args, args.identity
        self._engine, self._class = ENGINES[args.database.engine], sizing.database(args.database.size)
        self._physical = naming.physical(args.identity, "database", naming.RDS_LIMIT)
        self._key = key(name, args.identity, "database", "Database, its snapshots and its URL", self) if self._keeps else None
        instance = self._instance()
        url = Output.all(instance.address, args.owner_password).apply(
            lambda found: database_url(self._engine, found[1], found[0])
        )
        direct = self._secret("direct-url", url)
        self.outputs = DatabaseOutputs(
            host=instance.address,
            port=self._engine.port,
            name=NAME,
            app_role=self._engine.app_role,
            direct=Binding(variables={"DATABASE_CA_FILE": CA_FILE}, secrets={"DATABASE_DIRECT_URL": direct}),
        )
        self.register_outputs({"host": instance.address, "port": self._engine.port, "name": NAME})

    @property
    def _keeps(self) -> bool:
        return self._identity.keeps_data

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _tags(self, role: str) -> dict[str, str]:
        return tags(self._identity, "database", naming.physical(self._identity, role, naming.TAG_LIMIT))

    def _instance(self) -> aws.rds.Instance:
        asked, identity = self._args.database, self._identity
        available = asked.high_availability if asked.high_availability is not None else self._keeps
        logs = [
            log_group(
                f"{self._name}-{export}-log",
                identity,
                "database",
                f"/aws/rds/instance/{self._physical}/{export}",
                None,
                self,
            )
            for export in self._engine.exports
        ]
        monitoring = self._monitoring() if self._keeps else None
        insights = self._keeps and self._class.insights
        return aws.rds.Instance(
            f"{self._name}-server",
            identifier=self._physical,
            engine=RDS_NAMES[asked.engine],
            engine_version=self._engine.version,
            instance_class=self._class.name,
            db_name=NAME,
            port=self._engine.port,
            username=self._engine.owner_role,
            password=self._args.owner_password,
            multi_az=available,
            db_subnet_group_name=self._subnet_group().name,
            vpc_security_group_ids=[self._guard()],
            publicly_accessible=False,
            parameter_group_name=self._parameters().name,
            ca_cert_identifier=AUTHORITY,
            storage_type="gp3",
            allocated_storage=asked.storage_gib,
            max_allocated_storage=sizing.most_storage_gib(asked.storage_gib),
            storage_encrypted=True,
            kms_key_id=None if self._key is None else self._key.arn,
            backup_retention_period=RETENTION_DAYS if self._keeps else RETENTION_DAYS_IN_DEVELOPMENT,
            backup_window=BACKUP_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not self._keeps,
            deletion_protection=self._keeps,
            skip_final_snapshot=not self._keeps,
            final_snapshot_identifier=f"{self._physical}-final" if self._keeps else None,
            auto_minor_version_upgrade=True,
            allow_major_version_upgrade=False,
            apply_immediately=not self._keeps,
            enabled_cloudwatch_logs_exports=list(self._engine.exports),
            monitoring_interval=60 if monitoring is not None else 0,
            monitoring_role_arn=None if monitoring is None else monitoring.arn,
            performance_insights_enabled=insights,
            performance_insights_kms_key_id=self._key.arn if insights and self._key is not None else None,
            performance_insights_retention_period=INSIGHTS_DAYS if insights else None,
            tags=self._tags("database"),
            opts=ResourceOptions(parent=self, protect=self._keeps, depends_on=logs),
        )

    def _subnet_group(self) -> aws.rds.SubnetGroup:
        return aws.rds.SubnetGroup(
            f"{self._name}-subnets",
            name=self._physical,
            description="Isolated subnets of the platform",
            subnet_ids=self._args.network.data,
            tags=self._tags("database"),
            opts=self._child(),
        )

    def _guard(self) -> Output[str]:
        """The database's own group, which only the services' group may reach."""
        network = self._args.network
        if network.id is None or network.clients is None:
            raise ValueError("the database needs a network with security groups")
        guard = group(f"{self._name}-guard", self._identity, "database", "Database of the platform", network.id, self)
        allow(
            f"{self._name}-clients",
            self._identity,
            network.clients,
            guard.id,
            self._engine.port,
            "Services to their database",
            self,
        )
        return guard.id

    def _parameters(self) -> aws.rds.ParameterGroup:
        """Named by its family: a new major version gets a group of its own beside the one in use."""
        family = self._engine.family
        role = f"database-{family.replace('.', '-')}"
        return aws.rds.ParameterGroup(
            f"{self._name}-settings",
            name=naming.physical(self._identity, role, naming.RDS_LIMIT),
            family=family,
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

    def _monitoring(self) -> aws.iam.Role:
        """For figures of the operating system every minute."""
        role = service_role(
            f"{self._name}-monitoring", self._identity, "database-monitoring", "monitoring.rds.amazonaws.com", self
        )
        aws.iam.RolePolicyAttachment(
            f"{self._name}-monitoring-policy",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
            opts=self._child(),
        )
        return role

    def _secret(self, role: str, value: Output[str]) -> SecretReference:
        secret = aws.secretsmanager.Secret(
            f"{self._name}-{role}",
            name=naming.physical(self._identity, f"database-{role}", naming.SECRET_LIMIT),
            description="DATABASE_DIRECT_URL of the migration",
            kms_key_id=None if self._key is None else self._key.arn,
            recovery_window_in_days=SECRET_RECOVERY_DAYS if self._keeps else 0,
            tags=self._tags(f"database-{role}"),
            opts=self._child(),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{self._name}-{role}-value", secret_id=secret.id, secret_string=value, opts=self._child()
        )
        return SecretReference(id=Output.all(secret.arn, version.id).apply(lambda found: found[0]), name=secret.name)


def database_url(engine: Engine, password: str, host: str) -> str:
    """The owner's URL, which verifies the server's name and certificate; the reader adds the authorities' file."""
    return f"{engine.scheme}://{engine.owner_role}:{quote(password, safe='')}@{host}:{engine.port}/{NAME}?{engine.verified}"
