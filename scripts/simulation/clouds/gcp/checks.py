"""What is wrong with values whatever else exists. What is not known yet is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from scripts.simulation.clouds.fields import numbers, objects, text, texts
from scripts.simulation.clouds.gcp import catalogue, database_checks, iam, names, network_checks, run_checks
from scripts.simulation.clouds.gcp.outputs import REGIONAL
from scripts.simulation.clouds.gcp.place import location_problem
from scripts.simulation.clouds.gcp.types import (
    BUCKET,
    INSTANCE,
    KEY,
    PACKAGE,
    RUN_JOB,
    RUN_SERVICE,
    SECRET,
    SLO,
    SUBSCRIPTION,
    TOPIC,
    WORKER_POOL,
)
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place

_SECONDS: Final = re.compile(r"(\d+(?:\.\d+)?)s")
_PRINCIPAL: Final = re.compile(
    r"(user|serviceAccount|group|domain|principal|principalSet|deleted|projectOwner|projectEditor|projectViewer):.+"
    r"|allUsers|allAuthenticatedUsers"
)
_ROLE: Final = re.compile(r"(roles|projects/[^/]+/roles|organizations/[^/]+/roles)/[\w.]+")


def check(token: str, inputs: Properties, place: Place) -> Sequence[Problem]:
    """All that is wrong with the inputs of one resource."""
    own = _OWN.get(token)
    return [
        *names.problems(token, inputs),
        *_location(token, inputs, place),
        *(_access(inputs) if iam.of(token) is not None else ()),
        *(own(inputs) if own is not None else ()),
    ]


def _location(token: str, inputs: Properties, place: Place) -> Iterator[Problem]:
    if token in REGIONAL and inputs.get("region") is None and not place.region:
        yield Problem("region", "is missing; give it here, or give the provider a region")
    wide = catalogue.STORAGE_LOCATIONS if token == BUCKET else catalogue.MULTI_REGIONS
    for field in ("region", "location", "zone"):
        given = inputs.get(field)
        shown = given.upper() if token == BUCKET and isinstance(given, str) and given.upper() in wide else given
        plain = shown.lower() if token == BUCKET and isinstance(shown, str) and shown not in wide else shown
        wrong = location_problem(field, plain, also=wide)
        if wrong is not None:
            yield wrong


def seconds(text: str) -> float | None:
    """The length of a time in Google's notation (`3600s`); None for anything else."""
    found = _SECONDS.fullmatch(text)
    return float(found[1]) if found else None


def between(inputs: Properties, path: str, least: float, most: float, example: str) -> Iterator[Problem]:
    """What is wrong with a time at a pattern. `least` and `most` in seconds."""
    for where, value in texts(inputs, path):
        length = seconds(value)
        if length is None:
            yield Problem(where, f"{value or 'an empty text'} is no length of time; write it as {example}")
        elif not least <= length <= most:
            yield Problem(where, f"{value} is not possible; give {least:g}s to {most:g}s")


def _access(inputs: Properties) -> Iterator[Problem]:
    for path, principal in iam.members(inputs):
        if not _PRINCIPAL.fullmatch(principal):
            yield Problem(
                path, f"{principal or 'an empty text'} is no principal; write it as serviceAccount:name@..., or user:..."
            )
    for path, role in texts(inputs, "role"):
        if not _ROLE.fullmatch(role):
            yield Problem(path, f"{role or 'an empty text'} is no role; write it as roles/pubsub.publisher")


def _topic(inputs: Properties) -> Iterator[Problem]:
    yield from between(inputs, "messageRetentionDuration", 600, 31 * 86400, "86400s")


def _subscription(inputs: Properties) -> Iterator[Problem]:
    yield from between(inputs, "messageRetentionDuration", 600, 31 * 86400, "604800s")
    for field in ("minimumBackoff", "maximumBackoff"):
        yield from between(inputs, f"retryPolicy.{field}", 0, 600, "10s")
    for path, wait in numbers(inputs, "ackDeadlineSeconds"):
        if wait and not 10 <= wait <= 600:
            yield Problem(path, f"{wait} seconds are not possible; give 10 to 600")
    for path, count in numbers(inputs, "deadLetterPolicy.maxDeliveryAttempts"):
        if not 5 <= count <= 100:
            yield Problem(path, f"{count} deliveries are not possible; give 5 to 100")
    for path, ttl in texts(inputs, "expirationPolicy.ttl"):
        if ttl and (seconds(ttl) or 0) < 86400:
            yield Problem(path, f'{ttl} is too short; give at least 86400s, or "" for a subscription that never expires')
    least, most = (seconds(text(inputs, f"retryPolicy.{name}")) for name in ("minimumBackoff", "maximumBackoff"))
    if least is not None and most is not None and least > most:
        yield Problem("retryPolicy.minimumBackoff", "is longer than maximumBackoff")


def _secret(inputs: Properties) -> Iterator[Problem]:
    replication = inputs.get("replication")
    if isinstance(replication, Mapping):
        given = [name for name in ("auto", "userManaged") if replication.get(name) is not None]
        if len(given) != 1:
            yield Problem("replication", "needs exactly one of auto and userManaged")
    for path, place in texts(inputs, "replication.userManaged.replicas[*].location"):
        wrong = location_problem(path, place)
        if wrong is not None:
            yield wrong
    yield from between(inputs, "versionDestroyTtl", 86400, 1000 * 86400, "86400s")
    if inputs.get("ttl") is not None and inputs.get("expireTime") is not None:
        yield Problem("ttl", "is given beside expireTime; give one of the two")


def _secret_version(inputs: Properties) -> Iterator[Problem]:
    for path, value in texts(inputs, "secretData"):
        if len(value.encode()) > 65536:
            yield Problem(path, "is longer than 64 KiB, the most that a secret holds")


def _key(inputs: Properties) -> Iterator[Problem]:
    yield from between(inputs, "rotationPeriod", 86400, 100 * 365 * 86400, "7776000s")
    purpose = text(inputs, "purpose", "ENCRYPT_DECRYPT")
    if purpose != "ENCRYPT_DECRYPT" and inputs.get("rotationPeriod") is not None:
        yield Problem("rotationPeriod", f"does not go with the purpose {purpose}; only keys that encrypt rotate by themselves")
    yield from between(inputs, "destroyScheduledDuration", 86400, 120 * 86400, "2592000s")


def _slo(inputs: Properties) -> Iterator[Problem]:
    for path, goal in numbers(inputs, "goal"):
        if not 0 < goal <= 0.9999:
            yield Problem(path, f"{goal} is no goal; give a share above 0 and at most 0.9999")
    for path, days in numbers(inputs, "rollingPeriodDays"):
        if not 1 <= days <= 30:
            yield Problem(path, f"{days} days are not possible; give 1 to 30")
    periods = [name for name in ("rollingPeriodDays", "calendarPeriod") if inputs.get(name) is not None]
    if len(periods) != 1:
        yield Problem("rollingPeriodDays", "needs exactly one of rollingPeriodDays and calendarPeriod")
    kinds = [name for name in ("basicSli", "requestBasedSli", "windowsBasedSli") if inputs.get(name) is not None]
    if len(kinds) != 1:
        yield Problem("requestBasedSli", "needs exactly one of basicSli, requestBasedSli and windowsBasedSli")


def _alert(inputs: Properties) -> Iterator[Problem]:
    conditions = list(objects(inputs, "conditions[*]"))
    if len(conditions) > 6:
        yield Problem("conditions", f"there are {len(conditions)}; a policy has at most 6")
    for path, condition in conditions:
        kinds = [key for key in condition if key.startswith("condition")]
        if len(kinds) != 1:
            yield Problem(path, f"has {len(kinds)} kinds of condition; give one, such as conditionThreshold")
    for path, query in texts(inputs, "conditions[*].conditionThreshold.filter"):
        if "select_slo_burn_rate" not in query and "resource.type" not in query:
            yield Problem(path, 'names no resource.type; add one, such as resource.type = "pubsub_topic"')
    for path, time in texts(inputs, "conditions[*].conditionThreshold.duration"):
        length = seconds(time)
        if length is None or length % 60:
            yield Problem(path, f"{time or 'an empty text'} is not possible; give whole minutes, such as 0s or 300s")


def _uptime(inputs: Properties) -> Iterator[Problem]:
    yield from between(inputs, "timeout", 1, 60, "10s")
    for path, period in texts(inputs, "period"):
        if period not in {"60s", "300s", "600s", "900s"}:
            yield Problem(path, f"{period or 'an empty text'} is not possible; use 60s, 300s, 600s or 900s")
    checks = [name for name in ("httpCheck", "tcpCheck", "syntheticMonitor") if inputs.get(name) is not None]
    if len(checks) != 1:
        yield Problem("httpCheck", "needs exactly one of httpCheck, tcpCheck and syntheticMonitor")
    targets = [name for name in ("monitoredResource", "resourceGroup", "syntheticMonitor") if inputs.get(name) is not None]
    if not targets:
        yield Problem("monitoredResource", "is missing; say what is asked, with type uptime_url and labels host and project_id")


def _bucket(inputs: Properties) -> Iterator[Problem]:
    storage = text(inputs, "storageClass", "STANDARD")
    known = ("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL")
    if storage not in known:
        yield Problem("storageClass", f"{storage} is no class of storage; use {', '.join(known[:4])}")
    for path, days in numbers(inputs, "softDeletePolicy.retentionDurationSeconds"):
        if days and not 604800 <= days <= 7776000:
            yield Problem(path, f"{days} seconds are not possible; give 0, or 604800 to 7776000")


def _log_bucket(inputs: Properties) -> Iterator[Problem]:
    for path, days in numbers(inputs, "retentionDays"):
        if not 1 <= days <= 3650:
            yield Problem(path, f"{days} days are not possible; give 1 to 3650")


def _backup_vault(inputs: Properties) -> Iterator[Problem]:
    yield from between(inputs, "backupMinimumEnforcedRetentionDuration", 86400, 99 * 365 * 86400, "86400s")


def _account(inputs: Properties) -> Iterator[Problem]:
    for path, name in texts(inputs, "displayName"):
        if len(name.encode()) > 100:
            yield Problem(path, f"has {len(name.encode())} bytes; use at most 100")


_OWN: Final[Mapping[str, Callable[[Properties], Iterator[Problem]]]] = {
    BUCKET: _bucket,
    INSTANCE: database_checks.instance,
    KEY: _key,
    RUN_JOB: run_checks.job,
    RUN_SERVICE: run_checks.service,
    SECRET: _secret,
    SLO: _slo,
    SUBSCRIPTION: _subscription,
    TOPIC: _topic,
    WORKER_POOL: run_checks.worker_pool,
    **{
        f"{PACKAGE}:{token}": own
        for token, own in {
            "backupdisasterrecovery/backupVault:BackupVault": _backup_vault,
            "certificatemanager/certificate:Certificate": network_checks.certificate,
            "certificatemanager/certificateMapEntry:CertificateMapEntry": network_checks.entry,
            "compute/globalAddress:GlobalAddress": network_checks.address,
            "compute/routerNat:RouterNat": network_checks.nat,
            "compute/securityPolicy:SecurityPolicy": network_checks.security_policy,
            "compute/subnetwork:Subnetwork": network_checks.subnetwork,
            "compute/targetHttpsProxy:TargetHttpsProxy": network_checks.https_proxy,
            "dns/managedZone:ManagedZone": network_checks.zone,
            "dns/recordSet:RecordSet": network_checks.record,
            "logging/projectBucketConfig:ProjectBucketConfig": _log_bucket,
            "monitoring/alertPolicy:AlertPolicy": _alert,
            "monitoring/uptimeCheckConfig:UptimeCheckConfig": _uptime,
            "secretmanager/secretVersion:SecretVersion": _secret_version,
            "serviceaccount/account:Account": _account,
        }.items()
    },
}
