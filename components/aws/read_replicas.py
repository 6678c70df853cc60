"""Read replicas of the database: instances of the same class that follow the server and answer reads only, for reports.

They lag behind, mostly by less than a second. RDS spreads them over the zones of the server's subnets. They are encrypted
with the server's key, have its engine, version, roles and subnets, and no backups of their own. A replica cannot leave a last
snapshot, so that deleting one needs no name for it. They have security groups of their own: who reads reports does not by
that reach the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.database_instance import logs
from components.aws.database_login import login
from components.aws.database_settings import CA_FILE, Engine, app_url
from components.aws.security_groups import guarded
from components.aws.tags import tags
from components.binding import Binding
from components.contract import Identity


@dataclass(frozen=True)
class Source:
    """The server, and what a replica needs to be like it. `alike`: arguments that both have."""

    server: aws.rds.Instance
    instance_class: Output[str]
    most_storage_gib: int
    engine: Engine
    key: aws.kms.Key
    network: Output[str]
    alike: dict[str, Any]


def read_replicas(
    name: str, identity: Identity, source: Source, count: int, before: Sequence[pulumi.Resource], parent: pulumi.Resource
) -> tuple[list[aws.rds.Instance], Binding]:
    """The replicas, and what a service needs to read from them. `before`: what must be there before they are made."""
    groups = guarded(
        name,
        identity,
        "database",
        "database-readers",
        ("Read replicas of the platform", "What reads from the replicas"),
        source.network,
        source.engine.port,
        parent,
    )
    made: list[aws.rds.Instance] = []
    for number in range(1, count + 1):
        # One after the other: each begins by a snapshot of the server, which must be available (else InvalidDBInstanceState).
        made.append(_replica(f"{name}-{number}", identity, source, number, groups.guard, [*before, *made[-1:]], parent))
    urls = Output.json_dumps([one.address.apply(lambda host: app_url(source.engine, host)) for one in made])
    return made, Binding(
        variables={"DATABASE_READ_URLS": urls, "DATABASE_READ_CA_FILE": CA_FILE},
        permissions=[
            login(one.resource_id, source.engine.app_role, "Reads from a replica of the database", parent) for one in made
        ],
        groups=(groups.clients,),
    )


def _replica(
    name: str,
    identity: Identity,
    source: Source,
    number: int,
    guard: Output[str],
    before: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> aws.rds.Instance:
    physical = naming.physical(identity, f"database-reader-{number}", naming.RDS_LIMIT)
    log_groups = logs(name, identity, physical, source.engine, source.key, parent)
    return aws.rds.Instance(
        name,
        identifier=physical,
        replicate_source_db=source.server.identifier,
        instance_class=source.instance_class,
        max_allocated_storage=source.most_storage_gib,
        multi_az=False,
        vpc_security_group_ids=[guard],
        backup_retention_period=0,
        skip_final_snapshot=True,
        tags=tags(identity, "database", physical),
        **source.alike,
        opts=ResourceOptions(
            parent=parent,
            protect=identity.keeps_data,
            depends_on=[*log_groups, *before],
            # A server that is replaced leaves its replicas behind, promoted and with the old data.
            replace_with=[source.server],
            delete_before_replace=True,
        ),
    )
