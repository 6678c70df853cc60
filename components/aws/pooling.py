"""RDS Proxy between the services and the database: TLS on both sides, tokens of IAM on both sides, no password anywhere.

The proxy keeps `database_connections` open and lends them for a transaction each. It takes any number of clients;
`client_connections` is where the alarm stands (`alerts.py`). What a client does to its session (SET, temporary tables,
prepared statements with names) keeps its connection for it alone; no such use is filtered out: RDS Proxy filters nothing for
PostgreSQL, and for MySQL one client would see another's variables. Statements are not logged.

It is in the subnets of the data, and services reach it by a group of their own. Its certificate is from Amazon's public
authorities, which the image's system has; RDS's own bundle does not verify it. It speaks with every version that
`database_settings` names. The port is the engine's usual one and cannot be another.

About 22 dollars a month at the least (0.015 dollars an hour for each processor of the database, two of them), in development
as well: how sessions behave behind a pooler is what a development platform must show.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import sizing
from components.aws.account import account
from components.aws.database_login import login
from components.aws.database_settings import ENGINES, app_url
from components.aws.keys import key
from components.aws.logs import log_group
from components.aws.roles import permissions_policy, service_role
from components.aws.security_groups import guarded
from components.aws.tags import tags
from components.binding import Binding
from components.contract import PoolingArgs, PoolingOutputs
from components.given import given

CA_FILE = "/etc/ssl/certs/ca-certificates.crt"
"""The public authorities as Debian keeps them, Amazon's among them."""

FAMILIES = {"postgresql": "POSTGRESQL", "mysql": "MYSQL"}

IDLE_CLIENT_SECONDS = 1800
"""After so long without a word a client is let go. Services keep connections for less."""

BORROW_SECONDS = 30
"""A client that waits longer for a connection gets an error, while it still can tell somebody."""


class Pooling(pulumi.ComponentResource):
    """Raises `ValueError` on a network without an id or a database without a login, which are none of AWS's."""

    def __init__(self, name: str, args: PoolingArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Pooling", name, None, opts)
        self._name, self._args, self._identity = name, args, args.identity
        self._engine = ENGINES[args.asked.engine]
        self._physical = naming.physical(args.identity, "pooler", naming.RDS_LIMIT)
        groups = guarded(
            name,
            args.identity,
            "pooling",
            "pooler",
            ("Pooler of the database", "What reaches the database through the pooler"),
            given(args.network.id, "the network's id"),
            self._engine.port,
            self,
        )
        proxy = self._proxy(groups.guard)
        target = self._target(proxy)
        endpoint = Output.all(proxy.endpoint, target.id).apply(lambda found: str(found[0]))
        self.outputs = PoolingOutputs(
            binding=Binding(
                variables={
                    "DATABASE_URL": endpoint.apply(lambda host: app_url(self._engine, host)),
                    "DATABASE_CA_FILE": CA_FILE,
                    "DATABASE_IAM_REGION": account(self).region,
                },
                permissions=[login(self._resource_id(proxy), self._engine.app_role, "Logs in through the pooler", self)],
                groups=(groups.clients,),
            ),
            id=proxy.name,
        )
        self.register_outputs({"endpoint": proxy.endpoint})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _resource_id(self, proxy: aws.rds.Proxy) -> Output[str]:
        """`prx-...`, the end of the ARN: the name that rights to log in know the proxy by."""
        return proxy.arn.apply(lambda arn: arn.rpartition(":")[2])

    def _proxy(self, guard: Output[str]) -> aws.rds.Proxy:
        right = given(self._args.database.login, "the right to log in to the database")
        role = service_role(f"{self._name}-role", self._identity, "pooling", "pooler", "rds.amazonaws.com", self, named=False)
        policy = permissions_policy(f"{self._name}-login", self._identity, role, [right], self)
        protector = key(f"{self._name}-log", self._identity, "pooling", "pooler", "Logs of the pooler", self, logs=True)
        log = log_group(f"{self._name}-log", self._identity, "pooling", f"/aws/rds/proxy/{self._physical}", protector, self)
        return aws.rds.Proxy(
            f"{self._name}-proxy",
            name=self._physical,
            engine_family=FAMILIES[self._args.asked.engine],
            default_auth_scheme="IAM_AUTH",
            role_arn=role.arn,
            require_tls=True,
            vpc_subnet_ids=self._args.network.data,
            vpc_security_group_ids=[guard, *self._args.database.direct.groups],
            idle_client_timeout=IDLE_CLIENT_SECONDS,
            debug_logging=False,
            tags=tags(self._identity, "pooling", self._physical),
            opts=ResourceOptions(parent=self, depends_on=[policy, log]),
        )

    def _target(self, proxy: aws.rds.Proxy) -> aws.rds.ProxyTarget:
        pool = aws.rds.ProxyDefaultTargetGroup(
            f"{self._name}-pool",
            db_proxy_name=proxy.name,
            connection_pool_config=aws.rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                max_connections_percent=self._percent(),
                max_idle_connections_percent=self._percent(),
                connection_borrow_timeout=BORROW_SECONDS,
            ),
            opts=self._child(),
        )
        return aws.rds.ProxyTarget(
            f"{self._name}-target",
            db_proxy_name=proxy.name,
            target_group_name=pool.name,
            db_instance_identifier=given(self._args.database.id, "the database's id"),
            opts=self._child(),
        )

    def _percent(self) -> Output[int]:
        """All connections that are asked for stay open: the database has room for them, and the next rush finds them."""
        asked = self._args.asked

        def percent(region: str) -> int:
            chosen = sizing.database(asked.size, self._identity, region)
            return sizing.pool_percent(asked.pooling.database_connections, chosen, asked.engine)

        return account(self).region.apply(percent)
