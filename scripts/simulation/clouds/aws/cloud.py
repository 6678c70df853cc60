"""The simulated AWS as pulumi-aws 7 sees it, put together."""

from __future__ import annotations

from typing import Final

from scripts.simulation.clouds.aws import defaults, ids, invokes, outputs, place, references, replacement, rules
from scripts.simulation.clouds.aws.types import PACKAGE
from scripts.simulation.clouds.model import Cloud

_PUT: Final = frozenset(
    f"{PACKAGE}:{token}"
    for token in (
        "ecr/lifecyclePolicy:LifecyclePolicy",
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "s3/bucketOwnershipControls:BucketOwnershipControls",
        "s3/bucketPolicy:BucketPolicy",
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "s3/bucketVersioning:BucketVersioning",
    )
)
"""Settings of a bucket or a repository, which their API puts and never creates (PutBucketVersioning, PutLifecyclePolicy)."""

CLOUD: Final = Cloud(
    package=PACKAGE,
    place=place.place,
    defaults=defaults.defaults,
    check=rules.check,
    replaces=replacement.replaces,
    references=references.references,
    recognise=ids.recognise,
    admit=rules.admit,
    release=rules.release,
    identifier=ids.identifier,
    outputs=outputs.outputs,
    invoke=invokes.invoke,
    assumed=ids.assumed,
    overwrites=_PUT.__contains__,
)
