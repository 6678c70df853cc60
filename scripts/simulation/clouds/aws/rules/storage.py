"""S3: names for all the world, settings of buckets that need each other, and what is in a bucket when it is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.reading import Rules, items, missing, named, nested, number, parsed, strings, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, Resource, World

_BUCKET = "s3/bucket:Bucket"
_LIFECYCLE = "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_VERSIONING = "s3/bucketVersioning:BucketVersioning"
_ORDER = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
_DAYS = (
    ("abortIncompleteMultipartUpload", "daysAfterInitiation"),
    ("noncurrentVersionExpiration", "noncurrentDays"),
)
_CONFLICTS = {"ONEZONE_IA": 30, "STANDARD_IA": 30}
"""Days that an object stays in STANDARD before it may move to an infrequent-access class."""


def admit_bucket(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Bucket names are taken for all accounts and regions."""
    name = candidate.inputs.get("bucket")
    for other in world.of(f"aws:{_BUCKET}"):
        mine = candidate.current is not None and other.id == candidate.current.id
        if not mine and name and other.id == name:
            yield Problem("bucket", f"{name} is taken by the {other.label}; bucket names are taken world-wide, use another")


def check_lifecycle(inputs: Properties, _: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, rule in items(inputs, "rules"):
        name = text(rule, "id")
        if name in seen:
            yield Problem(f"{path}.id", f"{name} is used twice; give each rule its own")
        seen.add(name or "")
        if text(rule, "status") not in {None, "Enabled", "Disabled"}:
            yield Problem(f"{path}.status", f"{rule['status']!r} is no status; use Enabled or Disabled")
        acts = ("expiration", "noncurrentVersionExpiration", "abortIncompleteMultipartUpload", "transitions")
        if all(not rule.get(key) for key in (*acts, "noncurrentVersionTransitions")):
            yield Problem(path, "does nothing; give an expiration, a transition or abortIncompleteMultipartUpload")
        for outer, inner in _DAYS:
            days = number(nested(rule, outer), inner)
            if days is not None and days < 1:
                yield Problem(f"{path}.{outer}.{inner}", f"{int(days)} is too small; use 1 or more")
        yield from _expiry(path, nested(rule, "expiration"), rule)


def _expiry(path: str, expiration: Properties, rule: Properties) -> Iterator[Problem]:
    days = number(expiration, "days")
    given = [key for key in ("date", "days", "expiredObjectDeleteMarker") if expiration.get(key) not in {None, False}]
    if len(given) > 1:
        yield Problem(f"{path}.expiration.{given[1]}", f"is given besides {given[0]}; keep one")
    if days is not None and days < 1:
        yield Problem(f"{path}.expiration.days", f"{int(days)} is too small; use 1 or more")
    for at, transition in items(rule, "transitions"):
        after, storage = number(transition, "days"), text(transition, "storageClass") or ""
        if storage and storage not in _ORDER:
            yield Problem(f"{path}.{at}.storageClass", f"{storage!r} is no class to move to; use one of {', '.join(_ORDER)}")
        if after is not None and after < _CONFLICTS.get(storage, 0):
            yield Problem(f"{path}.{at}.days", f"{int(after)} is too early for {storage}; use 30 or more")
        if after is not None and days is not None and after >= days:
            yield Problem(f"{path}.{at}.days", f"{int(after)} is not before the expiration after {int(days)} days; lower it")


def check_versioning(inputs: Properties, _: Place) -> Iterator[Problem]:
    status = text(nested(inputs, "versioningConfiguration"), "status")
    if status is not None and status not in {"Enabled", "Suspended", "Disabled"}:
        yield Problem("versioningConfiguration.status", f"{status!r} is no status; use Enabled or Suspended")


def check_encryption(inputs: Properties, _: Place) -> Iterator[Problem]:
    for path, rule in items(inputs, "rules"):
        default, at = nested(rule, "applyServerSideEncryptionByDefault"), f"{path}.applyServerSideEncryptionByDefault"
        kind = text(default, "sseAlgorithm")
        if kind is not None and kind not in {"AES256", "aws:kms", "aws:kms:dsse"}:
            yield Problem(f"{at}.sseAlgorithm", f"{kind!r} is no algorithm; use aws:kms or AES256")
        for place, blocked in strings(rule, "blockedEncryptionTypes[*]"):
            if blocked not in {"SSE-C", "NONE"}:
                yield Problem(f"{path}.{place}", f"{blocked!r} cannot be blocked; use SSE-C, or NONE for nothing")
        if kind == "AES256" and not missing(default, "kmsMasterKeyId"):
            yield Problem(f"{at}.kmsMasterKeyId", "is given with AES256; leave it out, or set sseAlgorithm to aws:kms")


def check_ownership(inputs: Properties, _: Place) -> Iterator[Problem]:
    kind = text(nested(inputs, "rule"), "objectOwnership")
    if kind is not None and kind not in {"BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"}:
        yield Problem("rule.objectOwnership", f"{kind!r} is unknown; use BucketOwnerEnforced")


def admit_acl(candidate: Candidate, world: World) -> Iterator[Problem]:
    """Since 2023 new buckets take no ACLs unless ownership says so."""
    bucket = candidate.inputs.get("bucket")
    controls = next(
        (one for one in world.of("aws:s3/bucketOwnershipControls:BucketOwnershipControls") if one.id == bucket), None
    )
    kind = nested(controls.inputs, "rule").get("objectOwnership") if controls else "BucketOwnerEnforced"
    if kind == "BucketOwnerEnforced" and candidate.inputs.get("acl") != "private":
        yield Problem("bucket", "takes no ACL (BucketOwnerEnforced); leave the ACL out, or set its ownership controls first")


def admit_policy(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A policy of one bucket names that bucket, and is not public where public policies are blocked."""
    bucket = candidate.inputs.get("bucket")
    document = parsed(candidate.inputs.get("policy"))
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for index, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        resources = statement.get("Resource", [])
        for resource in resources if isinstance(resources, list) else [resources]:
            name = str(resource).partition(":::")[2].partition("/")[0]
            if name and "*" not in name and name != bucket:
                yield Problem("policy", f"Statement[{index}] is about {resource}, the bucket is {bucket}; name this bucket")
                return
        block = next(
            (one for one in world.of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock") if one.id == bucket), None
        )
        public = statement.get("Effect") == "Allow" and statement.get("Principal") in ("*", {"AWS": "*"})
        if public and not statement.get("Condition") and block is not None and block.inputs.get("blockPublicPolicy") is True:
            yield Problem(
                "policy", f"Statement[{index}] lets everybody in, which the public access block forbids; name who may"
            )


def admit_lock(candidate: Candidate, world: World) -> Iterator[Problem]:
    yield from _needs_versions(candidate, world, "an object lock")


def admit_replication(candidate: Candidate, world: World) -> Iterator[Problem]:
    yield from _needs_versions(candidate, world, "replication")


def _needs_versions(candidate: Candidate, world: World, what: str) -> Iterator[Problem]:
    bucket = named(world, _BUCKET, candidate.inputs.get("bucket"))
    if bucket is None or not bucket.inputs or bucket.outputs.get("objectLockEnabled") is True:
        return
    enabled = any(
        one.inputs.get("bucket") == bucket.id and nested(one.inputs, "versioningConfiguration").get("status") == "Enabled"
        for one in world.of(f"aws:{_VERSIONING}")
    )
    if not enabled and nested(bucket.inputs, "versioning").get("enabled") is not True:
        yield Problem(
            "bucket", f"the {bucket.label} has no versioning, which {what} needs; enable it, and let this depend on it"
        )


def release_bucket(resource: Resource, world: World) -> Iterator[Problem]:
    """A bucket with objects stays unless `forceDestroy` empties it."""
    if resource.outputs.get("forceDestroy") is True:
        return
    kinds = ("s3/bucketObjectv2:BucketObjectv2", "s3/bucketObject:BucketObject")
    held = sum(1 for kind in kinds for one in world.of(f"aws:{kind}") if one.inputs.get("bucket") == resource.id)
    if held:
        yield Problem(
            "forceDestroy", f"is not true and the {resource.label} holds {held} objects; empty it first, or set it to true"
        )


CHECKS: Rules = {
    _LIFECYCLE: (check_lifecycle,),
    _VERSIONING: (check_versioning,),
    "s3/bucketOwnershipControls:BucketOwnershipControls": (check_ownership,),
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (check_encryption,),
}

ADMITS: Rules = {
    _BUCKET: (admit_bucket,),
    "s3/bucketAcl:BucketAcl": (admit_acl,),
    "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": (admit_lock,),
    "s3/bucketPolicy:BucketPolicy": (admit_policy,),
    "s3/bucketReplicationConfig:BucketReplicationConfig": (admit_replication,),
}

RELEASES: Rules = {_BUCKET: (release_bucket,)}
