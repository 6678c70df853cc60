"""What Google refuses because of what else exists, beyond references.

Left out: quota, APIs that are not enabled, permissions. The name of a Cloud SQL instance stays taken for a week after its
deletion, and names of key rings and keys for ever; the world keeps nothing of what is gone, so that is not refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.fields import texts
from scripts.simulation.clouds.gcp import database_rules, iam, network_rules, service_rules
from scripts.simulation.clouds.gcp.types import ACCOUNT, BUCKET, INSTANCE, PACKAGE, RUN_JOB, RUN_SERVICE, WORKER_POOL, ZONE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, walk
from scripts.simulation.world import Resource, World

Rule = Callable[[Candidate, World], Iterator[Problem]]

_ACCOUNT: Final = re.compile(r"(?:serviceAccount:)?([a-z0-9-]+@([a-z0-9-]+)\.iam\.gserviceaccount\.com)")


def admit(candidate: Candidate, world: World) -> Sequence[Problem]:
    """All that stands against making or changing this."""
    own = _OWN.get(candidate.token)
    return [
        *_accounts(candidate, world),
        *(service_rules.access(candidate, world) if iam.of(candidate.token) is not None else ()),
        *_taken(candidate, world),
        *(own(candidate, world) if own is not None else ()),
    ]


def release(resource: Resource, world: World) -> Sequence[Problem]:
    """Why this cannot be deleted: protection, or what it holds."""
    if resource.inputs.get("deletionPolicy") == "PREVENT":
        return (Problem("deletionPolicy", f"PREVENT keeps the {resource.label} from being deleted; set it to DELETE first"),)
    if resource.token in _PROTECTED and resource.inputs.get("deletionProtection") is True:
        reason = f"keeps the {resource.label} from being deleted; set it to false, run up, and delete it then"
        return (Problem("deletionProtection", reason),)
    own = _RELEASE.get(resource.token)
    return list(own(resource, world)) if own is not None else ()


_PROTECTED: Final = frozenset({INSTANCE, RUN_JOB, RUN_SERVICE, WORKER_POOL, f"{PACKAGE}:secretmanager/secret:Secret"})


def _accounts(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Accounts of this project that are named by their address must exist."""
    if candidate.token == ACCOUNT:
        return
    known = {str(account.outputs.get("email")) for account in world.of(ACCOUNT)}
    for path, value in walk(candidate.inputs):
        found = _ACCOUNT.fullmatch(value) if isinstance(value, str) else None
        if found and found[2] == candidate.place.account and found[1] not in known:
            yield Problem(path, f"there is no service account {found[1]}; give the email of one that exists")


def _taken(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Names of buckets and of instances are there once, buckets in all of Google."""
    if candidate.token not in {BUCKET, INSTANCE} or candidate.current is not None:
        return
    for other in world.of(candidate.token):
        same = candidate.token == BUCKET or other.place.account == candidate.place.account
        if same and other.outputs.get("name") == candidate.inputs.get("name"):
            yield Problem("name", f"{candidate.inputs.get('name')} is taken by the {other.label}; choose another name")


def _bucket_is_empty(bucket: Resource, world: World) -> Iterator[Problem]:
    if bucket.inputs.get("forceDestroy") is True:
        return
    inside = [other for other in world if other.token.startswith(f"{PACKAGE}:storage/bucketObject:")]
    named = {bucket.id, bucket.outputs.get("name")}
    found = next((other for other in inside if other.inputs.get("bucket") in named), None)
    if found is not None:
        yield Problem(
            "forceDestroy", f"the bucket still holds the {found.label}; delete that first, or set forceDestroy to true"
        )


def _zone_is_empty(zone: Resource, world: World) -> Iterator[Problem]:
    if zone.inputs.get("forceDestroy") is True:
        return
    for record in world.of(f"{PACKAGE}:dns/recordSet:RecordSet"):
        if zone.outputs.get("name") in {value.rpartition("/")[2] for _, value in texts(record.inputs, "managedZone")}:
            yield Problem(
                "forceDestroy", f"the zone still holds the {record.label}; delete that first, or set forceDestroy to true"
            )
            return


_OWN: Final[Mapping[str, Rule]] = {
    f"{PACKAGE}:{token}": rule
    for token, rule in {
        "backupdisasterrecovery/backupPlan:BackupPlan": service_rules.backup_plan,
        "backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation": database_rules.association,
        "certificatemanager/certificate:Certificate": network_rules.certificate,
        "cloudrunv2/job:Job": service_rules.run,
        "cloudrunv2/service:Service": service_rules.run,
        "cloudrunv2/workerPool:WorkerPool": service_rules.run,
        "compute/backendService:BackendService": network_rules.backend,
        "compute/globalForwardingRule:GlobalForwardingRule": network_rules.forwarding_rule,
        "compute/routerNat:RouterNat": network_rules.nat,
        "compute/subnetwork:Subnetwork": network_rules.subnetwork,
        "compute/targetHttpsProxy:TargetHttpsProxy": network_rules.https_proxy,
        "dns/recordSet:RecordSet": network_rules.record,
        "kms/cryptoKey:CryptoKey": service_rules.key,
        "monitoring/alertPolicy:AlertPolicy": service_rules.alert,
        "monitoring/slo:Slo": service_rules.slo,
        "pubsub/subscription:Subscription": service_rules.subscription,
        "pubsub/topic:Topic": service_rules.topic,
        "servicenetworking/connection:Connection": network_rules.connection,
        "sql/databaseInstance:DatabaseInstance": database_rules.instance,
    }.items()
}

_RELEASE: Final[Mapping[str, Callable[[Resource, World], Iterator[Problem]]]] = {
    BUCKET: _bucket_is_empty,
    INSTANCE: database_rules.release,
    ZONE: _zone_is_empty,
    f"{PACKAGE}:servicenetworking/connection:Connection": database_rules.release_connection,
}
