"""Buckets that nobody but the platform reaches: encrypted, TLS only, without ACLs, and closed to the public four times over.

Names of buckets are taken for all accounts of the world, so the account's number ends each (it is no secret). Storage classes
other than the standard one are left out: each takes a fee for every object that is moved, and most objects of mail are small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.account import account
from components.aws.documents import Statement, document, tls_only
from components.aws.tags import tags
from components.contract import Identity

UPLOAD_DAYS = 7
"""Parts of an upload that was never finished are paid for and seen by nobody."""

VERSION_DAYS = 30
"""An object that was overwritten or deleted can be had back for as long as the database by default (`spec.Backup`)."""


@dataclass(frozen=True)
class BucketPlace:
    """What a statement about a bucket is made of. `account`: twelve digits."""

    arn: str
    account: str
    partition: str
    region: str


Statements = Callable[[BucketPlace], Sequence[Statement]]


@dataclass(frozen=True)
class PrivateBucket:
    """`ready`: what must be there before a service of AWS may write into it, for `depends_on`."""

    bucket: aws.s3.Bucket
    ready: Sequence[pulumi.Resource]


def private_bucket(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    parent: pulumi.Resource,
    *,
    key: aws.kms.Key | None = None,
    versioned: bool,
    expire_days: int | None = None,
    statements: Statements | None = None,
) -> PrivateBucket:
    """A bucket of the name `<platform>-<role>-<account>`.

    `key`: encrypts what is in it; None is S3's own key, the only one that load balancers write access logs under.
    `expire_days`: objects are removed after so many days; None: never. `statements`: further ones of the bucket's policy, for
    services that write into it (`[]` by default); TLS only is always there.
    """
    here = account(parent)
    physical = naming.physical(identity, role, naming.BUCKET_LIMIT)
    kept = ResourceOptions(parent=parent, protect=identity.keeps_data)
    made = aws.s3.Bucket(
        name,
        bucket=Output.concat(physical, "-", here.id),
        force_destroy=not identity.keeps_data,
        tags=tags(identity, component, physical),
        opts=kept,
    )
    closed = _closed(name, made, kept)
    _encrypted(name, made, key, kept)
    _cleaned(name, made, versioned, expire_days, kept)
    policy = aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=made.id,
        policy=Output.all(made.arn, here.id, here.partition, here.region).apply(
            lambda found: bucket_policy(BucketPlace(*found), statements)
        ),
        opts=ResourceOptions.merge(kept, ResourceOptions(depends_on=[closed])),
    )
    return PrivateBucket(made, (closed, policy))


def _closed(name: str, bucket: aws.s3.Bucket, kept: ResourceOptions) -> pulumi.Resource:
    """No ACLs, no public policy, whatever somebody adds later."""
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket.id,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=kept,
    )
    return aws.s3.BucketPublicAccessBlock(
        f"{name}-private",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=kept,
    )


def _encrypted(name: str, bucket: aws.s3.Bucket, key: aws.kms.Key | None, kept: ResourceOptions) -> None:
    """The bucket key spares a call to KMS for each object. Keys that a caller brings (SSE-C) are refused: it may lose them."""
    default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="AES256" if key is None else "aws:kms", kms_master_key_id=None if key is None else key.arn
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.id,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=default,
                bucket_key_enabled=key is not None,
                blocked_encryption_types=["SSE-C"],
            )
        ],
        opts=kept,
    )


def _cleaned(name: str, bucket: aws.s3.Bucket, versioned: bool, expire_days: int | None, kept: ResourceOptions) -> None:
    """`Suspended` is what a bucket can become that once had versions; those that it still has go as before."""
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket.id,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
            status="Enabled" if versioned else "Suspended"
        ),
        opts=kept,
    )
    rules = [
        _rule(
            "incomplete-uploads",
            abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=UPLOAD_DAYS
            ),
        ),
        _rule(
            "old-versions",
            noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=VERSION_DAYS
            ),
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
        ),
    ]
    if expire_days is not None:
        expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=expire_days)
        rules.append(_rule("old-objects", expiration=expiration))
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket.id,
        rules=rules,
        opts=ResourceOptions.merge(kept, ResourceOptions(depends_on=[versioning])),
    )


def _rule(name: str, **actions: Any) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """A rule for every object, which an empty filter means."""
    everything = aws.s3.BucketLifecycleConfigurationRuleFilterArgs()
    return aws.s3.BucketLifecycleConfigurationRuleArgs(id=name, status="Enabled", filter=everything, **actions)


def bucket_policy(place: BucketPlace, statements: Statements | None = None) -> str:
    """The policy as JSON: nobody, whatever their rights, without TLS, and what the caller adds. Pure."""
    further = [] if statements is None else statements(place)
    return document([tls_only("s3:*", [place.arn, f"{place.arn}/*"]), *further])
