"""A bucket of S3 for attachments and exports, encrypted under a key of its own, with its versions kept outside development.

Its name is made of the platform's and the account's alone, so that nothing in the description replaces it. Left out: a copy in
another region (backups have that), a log of each access (CloudTrail can have it), and an object lock, which no later wish of
the person whose mail it is could undo.
"""

from __future__ import annotations

import pulumi
from pulumi import Output, ResourceOptions

from components.aws.buckets import private_bucket
from components.aws.keys import key
from components.binding import Binding, Permission
from components.contract import StorageArgs, StorageOutputs

OBJECTS = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
LIST = ("s3:ListBucket",)
ENCRYPTION = ("kms:Decrypt", "kms:GenerateDataKey")
"""What S3 asks of the key in the caller's name; large uploads in parts need both."""


class Storage(pulumi.ComponentResource):
    """`outputs.id`: the bucket's name."""

    def __init__(self, name: str, args: StorageArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Storage", name, None, opts)
        asked = args.storage.versioned
        own = key(name, args.identity, "storage", "objects", "Objects of the platform", self, services=("s3",))
        made = private_bucket(
            f"{name}-objects",
            args.identity,
            "storage",
            "objects",
            self,
            key=own,
            versioned=args.identity.keeps_data if asked is None else asked,
        )
        bucket = made.bucket
        binding = Binding(
            variables={"OBJECT_STORE_URL": Output.concat("s3://", bucket.id)},
            permissions=[
                Permission(OBJECTS, (Output.concat(bucket.arn, "/*"),), "to keep and read objects"),
                Permission(LIST, (bucket.arn,), "to list objects and to tell a missing one"),
                Permission(ENCRYPTION, (own.arn,), "to encrypt and decrypt objects"),
            ],
        )
        self.outputs = StorageOutputs(binding, id=bucket.id, resource=bucket.arn)
        self.register_outputs({"bucket": bucket.id})
