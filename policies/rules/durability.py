"""Data outlives a mistake: protected from deletion and backed up in the cloud, in one place and never twice at once on Docker.

In the cloud outside development only, by the tag `penguinmails.environment`; what has no such tag is held to it. Left out:
whether a backup can be restored, which only a restore shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.model import Finding, Resource, Rule, Undecided, Violation, at, each, is_given, is_true, number, require
from policies.rules.labels import PREFIX, is_development, place
from scripts.simulation.values import UNKNOWN, Value

RETENTION_DAYS: Final = 7
GRACE_SECONDS: Final = 10
"""Less than a database needs to write what it holds in memory."""

DATA_FOLDERS: Final = ("/var/lib/postgresql", "/var/lib/mysql", "/var/lib/rabbitmq", "/var/lib/etcd", "/var/lib/redis")
"""Where the images of databases and brokers keep their data."""

_INSTANCE: Final = "aws:rds/instance:Instance"
_CLUSTER: Final = "aws:rds/cluster:Cluster"
_BUCKET: Final = "aws:s3/bucket:Bucket"
_SERVICE: Final = "docker:index/service:Service"
_SPEC: Final = "taskSpec.containerSpec"
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def _check(resource: Resource) -> Iterator[Finding]:
    if resource.token == _SERVICE:
        yield from _service(resource)
        return
    development = is_development(resource)
    if development is UNKNOWN:
        yield Undecided(f'{place(resource)}["{PREFIX}environment"]')
    elif not development and resource.token == _BUCKET:
        sentence = "set it to false; the objects would go with the bucket"
        yield from require(resource, "forceDestroy", lambda value: not is_true(value), sentence)
    elif not development:
        yield from _database(resource)


def _database(resource: Resource) -> Iterator[Finding]:
    yield from require(resource, "deletionProtection", is_true, "set it to true outside development")
    if not is_given(at(resource.properties, "replicateSourceDb")):
        yield from require(
            resource,
            "backupRetentionPeriod",
            lambda value: number(value) >= RETENTION_DAYS,
            f"keep backups for {RETENTION_DAYS} days at least",
        )
        yield from require(resource, "skipFinalSnapshot", lambda value: not is_true(value), "set it to false")
        if at(resource.properties, "finalSnapshotIdentifier") is not UNKNOWN:
            sentence = "name the snapshot that is taken before a deletion"
            yield from require(resource, "finalSnapshotIdentifier", is_given, sentence)
    sentence = "set it to false; the backups would go with the database"
    yield from require(resource, "deleteAutomatedBackups", lambda value: value is not None and not is_true(value), sentence)


def _service(resource: Resource) -> Iterator[Finding]:
    for path, mount in each(resource.properties, f"{_SPEC}.mounts"):
        kind, source, target = at(mount, "type"), at(mount, "source"), at(mount, "target")
        if UNKNOWN in (kind, target):
            yield Undecided(path)
        elif kind == "volume" and not is_given(source):
            yield Violation(f"{path}.source", "name the volume; one without a name is lost with its container")
        elif kind == "tmpfs" and _holds_data(target):
            yield Violation(f"{path}.type", "mount a volume; a database or broker in memory is lost at every restart")
    if _is_stateful(resource):
        yield from _stateful(resource)


def _is_stateful(resource: Resource) -> bool:
    """A service with a mount below a database's folder, or with a volume and a host name of its own, as members have."""
    named = is_given(at(resource.properties, f"{_SPEC}.hostname"))
    return any(
        _holds_data(at(mount, "target")) or (named and at(mount, "type") == "volume")
        for _, mount in each(resource.properties, f"{_SPEC}.mounts")
    )


def _holds_data(target: Value) -> bool:
    return isinstance(target, str) and target.startswith(DATA_FOLDERS)


def _stateful(resource: Resource) -> Iterator[Finding]:
    order = "use stop-first; two containers on one volume spoil its data"
    yield from require(resource, "updateConfig.order", lambda value: value in (None, "stop-first"), order)
    yield from require(resource, "rollbackConfig.order", lambda value: value in (None, "stop-first"), order)
    yield from require(resource, "mode.global", lambda value: not is_true(value), "use replicated; a member is one container")
    yield from require(
        resource,
        "mode.replicated.replicas",
        lambda value: value is None or number(value) <= 1,
        "use 1; each member of a cluster is a service of its own",
    )
    yield from require(
        resource,
        f"{_SPEC}.stopGracePeriod",
        lambda value: seconds(value) >= GRACE_SECONDS,
        f"give it {GRACE_SECONDS} s at least; unset, Swarm kills at once",
    )


def seconds(value: Value) -> float:
    """A duration as Docker writes it, such as `1m30s`; 0 for anything else."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", value) if isinstance(value, str) else []
    return sum(float(figure) * _UNITS[unit] for figure, unit in parts)


KEPT: Final = Rule(
    name="data-is-kept",
    description="Data outlives a mistake: deletion is refused, backups are kept, and a volume has one user at a time.",
    severity="high",
    level="mandatory",
    controls=("SOC 2 A1.2", "SOC 2 CC7.5", "GDPR Art. 32(1)(b)", "GDPR Art. 32(1)(c)"),
    remediation="Keep deletion protection on and set backup.retention_days in the stack file to what the pack asks for.",
    resources=(_INSTANCE, _CLUSTER, _BUCKET, _SERVICE),
    check=_check,
)


def _check_pinned(resource: Resource) -> Iterator[Finding]:
    if _is_stateful(resource):
        yield from require(
            resource,
            "taskSpec.placement.constraints",
            lambda value: any(re.match(r"node\.(hostname|id)\s*==", str(item)) for item in value or ()),
            "name the host that has the volume with node.hostname; elsewhere the service would begin with an empty one",
        )


PINNED: Final = Rule(
    name="members-are-pinned",
    description="A service with data of its own runs on the host that has its volume. A swarm of one host needs no pin.",
    severity="medium",
    level="advisory",
    controls=("SOC 2 A1.2", "GDPR Art. 32(1)(b)"),
    remediation="Name the host of every member in the stack file.",
    resources=(_SERVICE,),
    check=_check_pinned,
)
