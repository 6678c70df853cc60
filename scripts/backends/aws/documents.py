"""Policies of a backend as JSON text. Pure.

What a deployer needs for state is what Pulumi's own backend in object storage does: it lists, reads, writes and deletes objects
under `.pulumi/`, among them the lock files in `.pulumi/locks/` (`pkg/backend/diy` of 3.259), and has the data key of each stack
encrypted and decrypted (`pkg/secrets/cloud`). Nothing here lets anybody deploy a platform or push an image.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from components.aws.documents import Statement, document
from components.aws.keys import key_policy

STATE_FOLDER = ".pulumi"
KEPT_IMAGES = 100
"""Tagged images a repository keeps: one is pushed when the image changes, so this is months to years of releases."""


def tls_only(bucket_arn: str) -> str:
    """Nobody reaches the bucket in plain text or by TLS before 1.2."""
    both = [bucket_arn, f"{bucket_arn}/*"]
    base = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": both}
    return document(
        [
            {**base, "Sid": "NoPlainText", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {**base, "Sid": "NoOldTls", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
        ]
    )


def state_key(account: str, partition: str, region: str) -> str:
    """Used through S3 only: who reads the bucket reads the state, and nothing else is encrypted with it."""
    return json.dumps(key_policy(account, partition, region, services=("s3",), logs=False), sort_keys=True)


def secrets_key(account: str, partition: str, region: str) -> str:
    """Used by people and CI themselves, those whom IAM lets."""
    policy = key_policy(account, partition, region, services=(), logs=False)
    use = {
        "Sid": "AccountUses",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"],
        "Resource": "*",
    }
    return json.dumps({**policy, "Statement": [*policy["Statement"], use]}, sort_keys=True)


def deployer(bucket_arn: str, state_key_arn: str, secrets_key_arn: str, *, region: str) -> str:
    """What a person or a pipeline needs to read and write stacks: exact actions on exact resources."""
    return document(
        [
            _allow("ListState", ["s3:ListBucket"], bucket_arn),
            _allow("KeepState", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], f"{bucket_arn}/{STATE_FOLDER}/*"),
            {
                **_allow("EncryptState", ["kms:Decrypt", "kms:GenerateDataKey"], state_key_arn),
                "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
            },
            _allow("EncryptSecrets", ["kms:Decrypt", "kms:Encrypt"], secrets_key_arn),
        ]
    )


def image_lifecycle() -> str:
    """Nothing untagged stays longer than a day; of tagged ones the newest stay."""
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1}
    newest = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEPT_IMAGES}
    rules = [
        {"rulePriority": 1, "description": "nothing untagged", "selection": untagged, "action": {"type": "expire"}},
        {"rulePriority": 2, "description": f"the newest {KEPT_IMAGES}", "selection": newest, "action": {"type": "expire"}},
    ]
    return json.dumps({"rules": rules}, sort_keys=True)


def _allow(sid: str, actions: Sequence[str], resource: str) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
