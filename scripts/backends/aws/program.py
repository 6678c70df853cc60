"""The program: a bucket and a key for state, a key for its secrets, repositories for images, a policy for who deploys.

What exists already under these names and is not in the state (which was lost) is taken over with `adopt`: the bucket, the keys
by their aliases, the repositories and the policy. Settings of a bucket are put again, which changes nothing where they are the
same. The bucket comes first, so that nothing is made when its name is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from scripts.backends.aws import documents
from scripts.backends.aws.names import Names

KEPT_DAYS = 365
"""How long a state that was overwritten or deleted can be called back; a state is some hundred KiB."""

DELETION_DAYS = 30
"""A deleted key can be called back for so long, the longest that KMS allows."""

OWNER_TAG = "penguinmails.backend"

_UNREADABLE = {
    "bucket": ["force_destroy"],
    "key": ["deletion_window_in_days", "bypass_policy_lockout_safety_check"],
    "repository": ["force_delete"],
}
"""Inputs that AWS does not give back: a resource that is taken over would differ in them."""


@dataclass(frozen=True)
class Place:
    """Where and how the program works. `adopt`: take over what is there. `removing`: let everything be deleted."""

    names: Names
    partition: str
    provider: aws.Provider
    adopt: bool
    removing: bool

    @property
    def tags(self) -> dict[str, str]:
        return {OWNER_TAG: self.names.name, "penguinmails.managed-by": "pulumi"}

    def options(self, kind: str = "", existing: str | None = None, **more: Any) -> ResourceOptions:
        """`existing`: the id of what is taken over. Everything is protected until it is to be removed: a destroy that stops at
        the bucket would have taken its versions, its encryption and its policy before."""
        ignored = _UNREADABLE.get(kind, []) if existing is not None else None
        return ResourceOptions(
            provider=self.provider, protect=not self.removing, import_=existing, ignore_changes=ignored, **more
        )

    def ask(self, lookup: Callable[[InvokeOptions], Any]) -> Any:
        """What a data source finds, None when there is nothing of that name."""
        if not self.adopt:
            return None
        try:
            return lookup(InvokeOptions(provider=self.provider))
        except Exception:  # noqa: BLE001  (the SDK has one kind of exception for all that goes wrong)
            return None


def run() -> None:
    """Reads the configuration that the command wrote, makes everything and exports what the command prints."""
    config = pulumi.Config()
    region, account = config.require("region"), config.get("account")
    provider = aws.Provider("backend-aws", region=region, allowed_account_ids=[account] if account is not None else None)
    asked = InvokeOptions(provider=provider)
    names = Names(config.require("name"), aws.get_caller_identity(opts=asked).account_id, region)
    place = Place(
        names,
        aws.get_partition(opts=asked).partition,
        provider,
        adopt=config.get_bool("adopt") or False,
        removing=config.get_bool("removing") or False,
    )
    bucket = _bucket(place)
    state_key = _key(place, "state", names.state_alias, documents.state_key, "Encrypts the state of stacks", bucket)
    secrets_key = _key(place, "secrets", names.secrets_alias, documents.secrets_key, "Encrypts secrets of stacks", bucket)
    _settings(place, bucket, state_key)
    repositories = {image: _repository(place, image, name, bucket) for image, name in names.repositories.items()}
    policy = _policy(place, bucket, state_key, secrets_key)
    pulumi.export("account", names.account)
    pulumi.export("region", region)
    pulumi.export("bucket", bucket.bucket)
    pulumi.export("backend_url", names.backend_url)
    pulumi.export("secrets_provider", names.secrets_provider)
    pulumi.export("deployer_policy_arn", policy.arn)
    pulumi.export("repositories", {image: made.repository_url for image, made in repositories.items()})


def _bucket(place: Place) -> aws.s3.Bucket:
    name = place.names.bucket
    there = place.ask(lambda opts: aws.s3.get_bucket(bucket=name, opts=opts))
    return aws.s3.Bucket(
        "state",
        bucket=name,
        force_destroy=place.removing,
        tags=place.tags,
        opts=place.options("bucket", name if there is not None else None),
    )


def _settings(place: Place, bucket: aws.s3.Bucket, key: aws.kms.Key) -> None:
    """One after the other where S3 refuses two changes of a bucket at once."""
    name = bucket.bucket
    versioning = aws.s3.BucketVersioning(
        "state-versions",
        bucket=name,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=place.options(),
    )
    default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms", kms_master_key_id=key.arn
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "state-encryption",
        bucket=name,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=default, bucket_key_enabled=True
            )
        ],
        opts=place.options(),
    )
    ownership = aws.s3.BucketOwnershipControls(
        "state-ownership",
        bucket=name,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=place.options(),
    )
    blocked = aws.s3.BucketPublicAccessBlock(
        "state-not-public",
        bucket=name,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=place.options(depends_on=[ownership]),
    )
    aws.s3.BucketPolicy(
        "state-tls-only",
        bucket=name,
        policy=bucket.arn.apply(documents.tls_only),
        opts=place.options(depends_on=[blocked]),
    )
    _lifecycle(place, bucket, versioning)


def _lifecycle(place: Place, bucket: aws.s3.Bucket, versioning: aws.s3.BucketVersioning) -> None:
    rule = aws.s3.BucketLifecycleConfigurationRuleArgs
    everything = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
    aws.s3.BucketLifecycleConfiguration(
        "state-history",
        bucket=bucket.bucket,
        rules=[
            rule(
                id="old-states",
                status="Enabled",
                filter=everything,
                noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    noncurrent_days=KEPT_DAYS
                ),
                expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
                abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                    days_after_initiation=7
                ),
            )
        ],
        opts=place.options(depends_on=[versioning]),
    )


def _key(
    place: Place, role: str, alias: str, policy: Callable[[str, str, str], str], purpose: str, after: pulumi.Resource
) -> aws.kms.Key:
    there = place.ask(lambda opts: aws.kms.get_alias(name=alias, opts=opts))
    made = aws.kms.Key(
        f"{role}-key",
        description=purpose,
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_DAYS,
        policy=policy(place.names.account, place.partition, place.names.region),
        tags=place.tags,
        opts=place.options("key", there.target_key_id if there is not None else None, depends_on=[after]),
    )
    aws.kms.Alias(
        f"{role}-key-alias",
        name=alias,
        target_key_id=made.key_id,
        opts=place.options(existing=alias if there is not None else None),
    )
    return made


def _repository(place: Place, image: str, name: str, after: pulumi.Resource) -> aws.ecr.Repository:
    there = place.ask(lambda opts: aws.ecr.get_repository(name=name, opts=opts))
    owner = (there.tags or {}).get(OWNER_TAG) if there is not None else place.names.name
    if owner != place.names.name:
        raise pulumi.RunError(
            f"The repository {name} is there and belongs to {'the backend ' + owner if owner else 'somebody else'}: "
            f"use --name {owner or 'of its owner'} or another region, or tag it {OWNER_TAG}={place.names.name} to hand it over."
        )
    made = aws.ecr.Repository(
        f"{image}-images",
        name=name,
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
        encryption_configurations=[aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS")],
        force_delete=place.removing,
        tags=place.tags,
        opts=place.options("repository", name if there is not None else None, depends_on=[after]),
    )
    aws.ecr.LifecyclePolicy(
        f"{image}-images-kept",
        repository=made.name,
        policy=documents.image_lifecycle(),
        opts=place.options(),
    )
    return made


def _policy(place: Place, bucket: aws.s3.Bucket, state_key: aws.kms.Key, secrets_key: aws.kms.Key) -> aws.iam.Policy:
    names = place.names
    arn = f"arn:{place.partition}:iam::{names.account}:policy/{names.policy}"
    there = place.ask(lambda opts: aws.iam.get_policy(arn=arn, opts=opts))
    return aws.iam.Policy(
        "deployer-state",
        name=names.policy,
        description="Reads and writes stacks of Pulumi in the bucket of this backend, and nothing else",
        policy=Output.all(bucket.arn, state_key.arn, secrets_key.arn).apply(
            lambda arns: documents.deployer(*arns, region=names.region)
        ),
        tags=place.tags,
        opts=place.options(existing=arn if there is not None else None),
    )
