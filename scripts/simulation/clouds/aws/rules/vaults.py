"""AWS Backup: plans, vaults and their locks; CloudTrail and the bucket that it writes to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scripts.simulation.clouds.aws.rules.reading import (
    Rules,
    items,
    missing,
    named,
    nested,
    number,
    parsed,
    region_of,
    strings,
    text,
)
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, Resource, World

_PLAN, _VAULT, _LOCK = "backup/plan:Plan", "backup/vault:Vault", "backup/vaultLockConfiguration:VaultLockConfiguration"
_REPLICATION = "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_DRILL: Mapping[str, tuple[str, ...]] = {
    "algorithm": ("LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"),
    "recoveryPointTypes[*]": ("CONTINUOUS", "SNAPSHOT"),
}
"""What a plan of restore tests takes (API reference, RestoreTestingRecoveryPointSelection)."""

_CONTINUOUS = 35
"""Days that a continuous backup is kept at most: "Continuous backups and point-in-time recovery"."""

_COLD = 90
"""Days that a backup stays in cold storage at least."""


def check_plan(inputs: Properties, _: Place) -> Iterator[Problem]:
    for path, rule in items(inputs, "rules"):
        name = text(rule, "ruleName")
        if name is not None and not re.fullmatch(r"[A-Za-z0-9_.-]{1,50}", name):
            yield Problem(f"{path}.ruleName", f"{name!r} is not taken; use up to 50 letters, digits, -, _ and .")
        schedule = text(rule, "schedule")
        if schedule is not None and not re.fullmatch(r"cron\((\S+ ){5}\S+\)", schedule):
            yield Problem(
                f"{path}.schedule", f"{schedule!r} is no schedule; write six fields such as cron(0 3 * * ? *), in UTC"
            )
        start, end = number(rule, "startWindow"), number(rule, "completionWindow")
        if start is not None and start < 60:
            yield Problem(f"{path}.startWindow", f"{int(start)} minutes is too short; use 60 or more")
        if start is not None and end is not None and end < start + 60:
            yield Problem(f"{path}.completionWindow", f"{int(end)} minutes is too short; use startWindow and 60 more")
        yield from _kept(f"{path}.lifecycle", nested(rule, "lifecycle"))
        for at, copy in items(rule, "copyActions"):
            yield from _kept(f"{path}.{at}.lifecycle", nested(copy, "lifecycle"))
        days = number(nested(rule, "lifecycle"), "deleteAfter")
        if rule.get("enableContinuousBackup") is True and (
            missing(nested(rule, "lifecycle"), "deleteAfter") or (days or 0) > _CONTINUOUS
        ):
            yield Problem(
                f"{path}.lifecycle.deleteAfter", f"must be 1 to {_CONTINUOUS} days with enableContinuousBackup; set it"
            )


def _kept(path: str, lifecycle: Properties) -> Iterator[Problem]:
    cold, gone = number(lifecycle, "coldStorageAfter"), number(lifecycle, "deleteAfter")
    if gone is not None and gone < 1:
        yield Problem(f"{path}.deleteAfter", f"{int(gone)} days is too short; use 1 or more")
    if cold and gone is not None and gone < cold + _COLD:
        yield Problem(
            f"{path}.deleteAfter",
            f"{int(gone)} days is too early after coldStorageAfter {int(cold)}; use {int(cold) + _COLD} or more",
        )


def admit_plan(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Backups are kept as long as the lock of their vault wants, and vaults stand where they are used."""
    for path, rule in items(candidate.inputs, "rules"):
        vault = next((one for one in world.of(f"aws:{_VAULT}") if one.id == rule.get("targetVaultName")), None)
        if vault is not None and region_of(vault) != candidate.place.region:
            yield Problem(
                f"{path}.targetVaultName",
                f"the {vault.label} is in {region_of(vault)}, the plan in {candidate.place.region}; use one region",
            )
        yield from _locked(f"{path}.lifecycle.deleteAfter", rule.get("targetVaultName"), nested(rule, "lifecycle"), world)
        for at, copy in items(rule, "copyActions"):
            target = named(world, _VAULT, copy.get("destinationVaultArn"))
            if target is not None:
                yield from _locked(f"{path}.{at}.lifecycle.deleteAfter", target.id, nested(copy, "lifecycle"), world)


def _locked(path: str, vault: object, lifecycle: Properties, world: World) -> Iterator[Problem]:
    days = number(lifecycle, "deleteAfter")
    for lock in world.of(f"aws:{_LOCK}"):
        if lock.inputs.get("backupVaultName") != vault or days is None:
            continue
        least, most = number(lock.inputs, "minRetentionDays"), number(lock.inputs, "maxRetentionDays")
        if (least is not None and days < least) or (most is not None and days > most):
            yield Problem(
                path, f"{int(days)} days is outside the {lock.label} ({least or 1:g} to {most or 36500:g} days); keep within it"
            )


def check_lock(inputs: Properties, _: Place) -> Iterator[Problem]:
    least, most, grace = (number(inputs, key) for key in ("minRetentionDays", "maxRetentionDays", "changeableForDays"))
    if grace is not None and grace < 3:
        yield Problem(
            "changeableForDays", f"{int(grace)} days is too short; use 3 or more, or leave it out for a lock that can be lifted"
        )
    if least is not None and least < 1:
        yield Problem("minRetentionDays", f"{int(least)} is too small; use 1 or more")
    if most is not None and not 1 <= most <= 36500:
        yield Problem("maxRetentionDays", f"{int(most)} is out of range; use 1 to 36500")
    if least is not None and most is not None and most < least:
        yield Problem("maxRetentionDays", f"{int(most)} is below minRetentionDays {int(least)}; raise it")


def check_selection(inputs: Properties, _: Place) -> Iterator[Problem]:
    if not any(inputs.get(key) for key in ("resources", "selectionTags", "conditions", "notResources")):
        yield Problem("resources", "is missing; give ARNs, or selectionTags")


def check_drill(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _hours(inputs, "startWindowHours")
    selection = nested(inputs, "recoveryPointSelection")
    days = number(selection, "selectionWindowDays")
    if days is not None and not 1 <= days <= 365:
        yield Problem("recoveryPointSelection.selectionWindowDays", f"{int(days)} is out of range; use 1 to 365")
    for pattern, allowed in _DRILL.items():
        for path, value in strings(selection, pattern):
            if value not in allowed:
                yield Problem(f"recoveryPointSelection.{path}", f"{value!r} is not taken; use {' or '.join(allowed)}")


def check_drilled(inputs: Properties, _: Place) -> Iterator[Problem]:
    yield from _hours(inputs, "validationWindowHours")
    if not inputs.get("protectedResourceArns") and not inputs.get("protectedResourceConditions"):
        yield Problem("protectedResourceArns", "is missing; give ARNs, or protectedResourceConditions")


def _hours(inputs: Properties, key: str) -> Iterator[Problem]:
    hours = number(inputs, key)
    if hours is not None and not 1 <= hours <= 168:
        yield Problem(key, f"{int(hours)} is out of range; use 1 to 168")


def check_replication(inputs: Properties, where: Place) -> Iterator[Problem]:
    """RDS's own backups go into another region, under a key that is there."""
    own = text(inputs, "region") or where.region
    source, key = (text(inputs, name) or "" for name in ("sourceDbInstanceArn", "kmsKeyId"))
    if source.startswith("arn:") and source.split(":")[3] == own:
        yield Problem("region", f"is {own}, where the database is; backups are replicated into another region")
    if key.startswith("arn:") and key.split(":")[3] != own:
        yield Problem("kmsKeyId", f"is a key in {key.split(':')[3]}; give one in {own}, where the backups go")


def admit_replication(candidate: Candidate, world: World) -> Iterator[Problem]:
    source = named(world, "rds/instance:Instance", candidate.inputs.get("sourceDbInstanceArn"))
    if source is None:
        return
    if source.outputs.get("storageEncrypted") is True and missing(candidate.inputs, "kmsKeyId"):
        yield Problem("kmsKeyId", f"is missing, and the {source.label} is encrypted; give a key of this region")
    if source.outputs.get("backupRetentionPeriod") == 0:
        yield Problem("sourceDbInstanceArn", f"the {source.label} keeps no backups; give it a backupRetentionPeriod")


def release_vault(resource: Resource, _: World) -> Iterator[Problem]:
    points = resource.outputs.get("recoveryPoints")
    if isinstance(points, int) and points and resource.outputs.get("forceDestroy") is not True:
        yield Problem(
            "forceDestroy",
            f"is not true and the {resource.label} holds {points} recovery points; keep it, or delete them first",
        )


def admit_trail(candidate: Candidate, world: World) -> Iterator[Problem]:
    """The bucket's policy lets CloudTrail write, and the key's lets it encrypt."""
    name = candidate.inputs.get("s3BucketName")
    bucket = named(world, "s3/bucket:Bucket", name)
    if bucket is None or not bucket.inputs:
        return
    policies = [
        one.inputs.get("policy") for one in world.of("aws:s3/bucketPolicy:BucketPolicy") if one.inputs.get("bucket") == name
    ]
    documents = [parsed(policy) for policy in [*policies, bucket.inputs.get("policy")]]
    key = named(world, "kms/key:Key", candidate.inputs.get("kmsKeyId"))
    if key is not None and key.inputs and "cloudtrail.amazonaws.com" not in str(key.outputs.get("policy")):
        yield Problem("kmsKeyId", f"the {key.label} does not let cloudtrail.amazonaws.com use it; allow that in its policy")
    if not any("cloudtrail.amazonaws.com" in str(document) for document in documents if isinstance(document, Mapping)):
        yield Problem(
            "s3BucketName",
            f"the {bucket.label} has no policy that lets cloudtrail.amazonaws.com write; add it, and let this depend on it",
        )


CHECKS: Rules = {
    _LOCK: (check_lock,),
    _PLAN: (check_plan,),
    "backup/restoreTestingPlan:RestoreTestingPlan": (check_drill,),
    "backup/restoreTestingSelection:RestoreTestingSelection": (check_drilled,),
    "backup/selection:Selection": (check_selection,),
    _REPLICATION: (check_replication,),
}

ADMITS: Rules = {
    _PLAN: (admit_plan,),
    _REPLICATION: (admit_replication,),
    "cloudtrail/trail:Trail": (admit_trail,),
}

RELEASES: Rules = {_VAULT: (release_vault,)}
