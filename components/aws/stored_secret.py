"""A secret in Secrets Manager under the platform's own key."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.binding import Permission, SecretReference
from components.contract import Identity

RECOVERY_DAYS = 30
"""A deleted secret can be called back for so long; in development it is gone at once."""


def stored_secret(
    name: str,
    identity: Identity,
    component: str,
    role: str,
    purpose: str,
    value: Output[str],
    key: aws.kms.Key,
    parent: pulumi.Resource,
) -> SecretReference:
    """Stores `value`.

    The physical name ends in what the provider makes up: a deleted name stays taken for `RECOVERY_DAYS`, and a platform that
    is made anew would wait for it. The reference names the version too, so that a new value starts new containers. The value
    is given as `secret_string`: the write-only form would need a counter beside it, which somebody forgets to raise.
    """
    physical = naming.physical(identity, role, naming.SECRET_LIMIT)
    secret = aws.secretsmanager.Secret(
        name,
        name_prefix=f"{physical}-",
        description=purpose,
        kms_key_id=key.arn,
        recovery_window_in_days=RECOVERY_DAYS if identity.keeps_data else 0,
        tags=tags(identity, component, physical),
        opts=ResourceOptions(parent=parent),
    )
    hidden: Output[str] = Output.secret(value)
    version = aws.secretsmanager.SecretVersion(
        f"{name}-value", secret_id=secret.id, secret_string=hidden, opts=ResourceOptions(parent=parent)
    )
    return SecretReference(
        id=Output.concat(secret.arn, ":::", version.version_id),
        name=secret.name,
        permissions=(
            Permission(("secretsmanager:GetSecretValue",), (secret.arn,), "to start with its secrets"),
            Permission(("kms:Decrypt",), (key.arn,), "to decrypt its secrets"),
        ),
    )
