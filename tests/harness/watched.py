"""All parts of a platform on AWS as alerts and backups know them, without making them; only logs are made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import contract as c
from components.aws.alerts import Alerts
from components.aws.backup import Backup
from components.aws.telemetry import Telemetry
from components.binding import Binding
from components.contract import Identity
from components.spec import PlatformSpec
from components.spec import Telemetry as Asked
from tests.harness import targets
from tests.harness.alone import Alone, alone

DATABASE: Final = "arn:aws:rds:eu-central-1:123456789012:db:penguinmails-test-database"
NETWORK: Final = "vpc-0a1b2c3d4e5f60718"
_out = Output.from_input


def parts(spec: PlatformSpec, identity: Identity, opts: ResourceOptions, *, whole: bool = True) -> c.Parts:
    """`whole` is false for a platform without cluster, entry, mail and logs."""
    role = Binding()
    database = c.DatabaseOutputs(
        host=_out("database"),
        port=5432,
        name="penguinmails",
        app_role="app",
        direct=role,
        id=_out("penguinmails-test-database"),
        resource=_out(DATABASE),
        replicas=[_out(f"replica-{number}") for number in range(spec.database.read_replicas)],
    )
    services = {
        name: c.ServiceOutputs(
            _out(name),
            asked.port,
            _out(f"penguinmails-test-{name}"),
            _out(f"targetgroup/{name}/1") if asked.public_path is not None else None,
        )
        for name, asked in spec.services.items()
    }
    queues = c.QueueOutputs(
        {}, {}, {name: _out(name) for name in spec.queues}, {name: _out(f"dead-{name}") for name in spec.queues}
    )
    edge = c.EdgeOutputs(_out("https://mail.example.com"))
    pooling, storage = c.PoolingOutputs(role, _out("pooler")), c.StorageOutputs(role)
    if not whole:
        return c.Parts(database, pooling, queues, storage, services, edge)
    telemetry = Telemetry(
        "penguinmails-telemetry",
        c.TelemetryArgs(identity, spec.telemetry or Asked(), list(spec.services), spec, network()),
        opts,
    )
    return c.Parts(
        database,
        pooling,
        queues,
        storage,
        services,
        edge,
        c.ClusterOutputs(_out("cluster-id"), _out("penguinmails-test")),
        c.EntryOutputs(*(_out(text) for text in ("listener", "sg-1", "resource", "app/entry/1", "entry.example.com", "Z1"))),
        c.MailOutputs(role),
        telemetry.outputs,
    )


def network() -> c.NetworkOutputs:
    """A network that nothing asks."""
    tier: Output[list[str]] = Output.from_input(["subnet-1", "subnet-2"])
    return c.NetworkOutputs(tier, tier, tier)


def alerts(environment: str = "production", *, whole: bool = True, **sections: Any) -> Alone:
    """Alerts alone, for the AWS target's base description with `sections` replaced."""

    def make(spec: PlatformSpec, identity: Identity, opts: ResourceOptions) -> dict[str, Output[Any]]:
        assert spec.alerts is not None
        args = c.AlertsArgs(identity, spec.alerts, spec, parts(spec, identity, opts, whole=whole), network())
        made = Alerts("penguinmails-alerts", args, opts).outputs
        return {"url": made.dashboard_url, "channel": made.channel}

    described = targets.base("aws", environment=environment, **{"aws": {"region": "eu-central-1"}, **sections})
    return alone(described, make, [DATABASE])


def backup(
    environment: str = "production",
    *,
    region: str = "eu-central-1",
    second: str | None = "eu-west-1",
    days: int = 90,
    told: bool = True,
) -> Alone:
    """Backups alone. `second`: the second region; `told`: whether there are alerts."""

    def make(spec: PlatformSpec, identity: Identity, opts: ResourceOptions) -> dict[str, Output[Any]]:
        assert spec.backup is not None
        found = parts(spec, identity, opts, whole=False)
        network = c.NetworkOutputs(_out([]), _out([]), _out([]), _out(NETWORK))
        topic = _out("arn:aws:sns:eu-central-1:123456789012:penguinmails-test-alerts") if told else None
        server = aws.ec2.Eip("stands-for-the-server", domain="vpc", opts=opts)
        database = replace(found.database, instances=[server])
        args = c.BackupArgs(identity, spec.backup, database, found.storage, topic, spec.aws, network)
        return {"vault": Backup("penguinmails-backup", args, opts).outputs.vault_id}

    section = {"region": region, **({"backup_region": second} if second is not None else {})}
    described = targets.base("aws", environment=environment, aws=section, backup={"retention_days": days})
    return alone(described, make, [DATABASE, NETWORK, "arn:aws:sns:eu-central-1:123456789012:penguinmails-test-alerts"])
