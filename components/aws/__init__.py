"""The AWS target; what is missing is refused by name."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.aws.alerts import Alerts
from components.aws.backup import Backup
from components.aws.certificate import Certificate
from components.aws.cluster import Cluster
from components.aws.database import Database
from components.aws.dns import Dns
from components.aws.edge import Edge
from components.aws.entry import Entry
from components.aws.limits import limits
from components.aws.mail import Mail
from components.aws.migration import Migration
from components.aws.network import Network
from components.aws.pooling import Pooling
from components.aws.queue import Queue
from components.aws.secret_keys import secret_keys
from components.aws.secrets import Secrets
from components.aws.service import Service
from components.aws.storage import Storage
from components.aws.tags import default_tags
from components.aws.telemetry import Telemetry
from components.contract import Identity
from components.spec import PlatformSpec, TargetName
from components.target import Target


def _provider(spec: PlatformSpec, identity: Identity) -> pulumi.ProviderResource:
    if spec.aws is None:
        raise ValueError("limits() refuses a description without the section aws")
    return aws.Provider(
        f"{identity.project}-aws",
        region=spec.aws.region,
        allowed_account_ids=[spec.aws.account_id] if spec.aws.account_id is not None else None,
        default_tags=aws.ProviderDefaultTagsArgs(tags=default_tags(identity)),
    )


TARGET = Target(
    name=TargetName.AWS,
    provider=_provider,
    limits=limits,
    secret_keys=secret_keys,
    network=Network,
    telemetry=Telemetry,
    secrets=Secrets,
    dns=Dns,
    certificate=Certificate,
    storage=Storage,
    database=Database,
    pooling=Pooling,
    queue=Queue,
    mail=Mail,
    cluster=Cluster,
    entry=Entry,
    migration=Migration,
    service=Service,
    edge=Edge,
    alerts=Alerts,
    backup=Backup,
)
