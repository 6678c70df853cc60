"""RDS for PostgreSQL or MySQL in the isolated subnets: encrypted, TLS only, backed up; outside development on two zones.

Services log in as the application's role with tokens of IAM (`login`): there is no password of theirs to keep, leak or
change. The migration makes that role. The owner's password is the stack's own secret and not one that RDS makes: that one
changes every seven days, and a URL with it would go stale. It is given as `password`, which the engine keeps encrypted with
the same key as the configuration it comes from: the write-only form wants a counter beside it, and a password changed without
it would be in the URL and not in the server. PostgreSQL takes it until the first migration has made the application's role;
from then on it takes tokens of IAM only, from the owner too, and the migration may make them. Backups beyond RDS's own are in
`backup.py`.

Outside development RDS keeps changes that interrupt the database, such as another class or a standby, for the maintenance
window; until then a refresh shows what is still there, and the next run asks for the change again. A platform that has just
left development has its standby after that window, not before. MySQL has no Performance Insights on db.t4g.micro, so that RDS
refuses to turn them on there: such a platform takes the size medium while it is in development still, and leaves it then.

Another engine is another server with nothing in it. A last snapshot is taken of every server that is deleted, in development
too, where it costs cents and saves what a changed word would have lost; it stays until somebody deletes it. In development it
is readable for as long as the platform's key is there (`keys.py`).
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import sizing
from components.aws.account import account
from components.aws.database_instance import Monitoring, alike, logs, monitoring
from components.aws.database_login import login
from components.aws.database_settings import CA_FILE, ENGINES, NAME, owner_url, password_misfit
from components.aws.keys import key
from components.aws.read_replicas import Source, read_replicas
from components.aws.security_groups import guarded
from components.aws.stored_secret import stored_secret
from components.aws.tags import tags
from components.binding import Binding
from components.contract import DatabaseArgs, DatabaseOutputs
from components.given import given

BACKUP_WINDOW, MAINTENANCE_WINDOW = "02:00-03:00", "sun:03:30-sun:04:30"
"""In UTC. RDS refuses windows that overlap."""


class Database(pulumi.ComponentResource):
    """Raises `ValueError` on a network without an id, which is none of AWS's."""

    def __init__(self, name: str, args: DatabaseArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Database", name, None, opts)
        self._name, self._args, self._identity = name, args, args.identity
        self._vpc = given(args.network.id, "the network's id")
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
        watched = monitoring(f"{name}-monitoring", args.identity, self) if args.identity.keeps_data else None
        groups = guarded(
            name,
            args.identity,
            "database",
            "database",
            ("Database of the platform", "What reaches the database"),
            self._vpc,
            self._engine.port,
            self,
        )
        self._class = account(self).region.apply(lambda region: sizing.database(args.database.size, args.identity, region).name)
        self._alike = alike(args.identity, self._engine, self._parameters().name, watched, self._key)
        instance = self._instance(groups.guard, self._password(), watched)
        replicas, reading = self._replicas(instance, watched)
        self.outputs = DatabaseOutputs(
            host=instance.address,
            port=self._engine.port,
            name=NAME,
            app_role=self._engine.app_role,
            direct=self._direct(instance, groups.clients),
            reading=reading,
            id=instance.identifier,
            resource=instance.arn,
            replicas=[one.identifier for one in replicas],
            instances=[instance, *replicas],
            login=login(instance.resource_id, self._engine.app_role, "Logs in to the database as the application", self),
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

    def _instance(self, guard: Output[str], password: Output[str], watched: Monitoring | None) -> aws.rds.Instance:
        asked, identity, keeps = self._args.database, self._identity, self._identity.keeps_data
        log_groups = logs(self._name, identity, self._physical, self._engine, self._key, self)
        return aws.rds.Instance(
            f"{self._name}-server",
            identifier=self._physical,
            engine=self._engine.name,
            engine_version=self._engine.version,
            instance_class=self._class,
            db_name=NAME,
            username=self._engine.owner_role,
            password=password,
            multi_az=sizing.has_standby(asked, identity),
            db_subnet_group_name=self._subnet_group().name,
            vpc_security_group_ids=[guard],
            allocated_storage=asked.storage_gib,
            max_allocated_storage=sizing.most_storage_gib(asked.storage_gib),
            kms_key_id=self._key.arn,
            backup_retention_period=sizing.retention_days(self._args.backup, identity),
            backup_window=BACKUP_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            skip_final_snapshot=False,
            final_snapshot_identifier=self._final_snapshot(),
            tags=self._tags("database"),
            **self._alike,
            opts=ResourceOptions(
                parent=self, protect=keeps, depends_on=[*log_groups, *(watched.before if watched is not None else [])]
            ),
        )

    def _replicas(self, server: aws.rds.Instance, watched: Monitoring | None) -> tuple[list[aws.rds.Instance], Binding]:
        asked = self._args.database
        if not asked.read_replicas:
            return [], Binding()
        source = Source(
            server=server,
            instance_class=self._class,
            most_storage_gib=sizing.most_storage_gib(asked.storage_gib),
            engine=self._engine,
            key=self._key,
            network=self._vpc,
            alike=self._alike,
        )
        before = watched.before if watched is not None else []
        return read_replicas(f"{self._name}-reader", self._identity, source, asked.read_replicas, before, self)

    def _final_snapshot(self) -> Output[str]:
        """Ends in the engine and a part of the key's id: names of snapshots stay taken, and a platform may change its engine,
        or be made and removed again."""
        return self._key.key_id.apply(
            lambda identifier: f"{self._physical}-final-{self._engine.name}-{identifier.split('-')[0]}"
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

    def _direct(self, instance: aws.rds.Instance, clients: Output[str]) -> Binding:
        """For the migration: the owner's URL, the right to log in without its password where RDS stops taking it, and word that
        the application's role is let in by IAM."""
        url = Output.all(instance.address, self._args.owner_password).apply(
            lambda found: owner_url(self._engine, found[0], found[1])
        )
        secret = stored_secret(
            f"{self._name}-direct-url",
            self._identity,
            "database",
            "database-direct-url",
            "URL of the database's owner",
            url,
            self._key,
            self,
        )
        binding = Binding(
            variables={"DATABASE_CA_FILE": CA_FILE, "DATABASE_APP_IAM": "true"},
            secrets={"DATABASE_DIRECT_URL": secret},
            groups=(clients,),
        )
        if not self._engine.owner_by_iam:
            return binding
        reason = "Logs in to the database as its owner once RDS refuses the password"
        return binding | Binding(
            variables={"DATABASE_IAM_REGION": account(self).region},
            permissions=[login(instance.resource_id, self._engine.owner_role, reason, self)],
        )
