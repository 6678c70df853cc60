"""Physical names and labels: the only place that makes them, pure and within each target's limits.

A name is `<project>-<stack>-<role>`. One that would be too long keeps its beginning and ends in a hash of the whole, so
that two long names never meet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from components.contract import Identity

DOCKER_LIMIT = 63
"""Characters of a Swarm service's name: it is a DNS label."""

# Limits of AWS, each from the API reference of its service.
RDS_LIMIT = 63
SQS_LIMIT = 80
SECURITY_GROUP_LIMIT = 255
IAM_ROLE_LIMIT = 64
SECRET_LIMIT = 512
KMS_ALIAS_LIMIT = 250
LOG_GROUP_LIMIT = 500
TAG_LIMIT = 255

_HASH_CHARACTERS = 8
_ALLOWED = re.compile(r"[^a-z0-9-]+")


def physical(identity: Identity, role: str, limit: int) -> str:
    """The physical name of the resource that plays `role`, at most `limit` characters of a-z, 0-9 and hyphen.

    Raises `ValueError` for a limit that leaves no room for the hash.
    """
    if limit < 2 * _HASH_CHARACTERS:
        raise ValueError(f"a limit of {limit} characters leaves no room for a name")
    whole = f"{identity.project}-{identity.stack}-{role}"
    clean = _ALLOWED.sub("-", whole.lower()).strip("-")
    if clean == whole and len(whole) <= limit:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_HASH_CHARACTERS]
    kept = clean[: limit - _HASH_CHARACTERS - 1].rstrip("-")
    return f"{kept}-{digest}"


def labels(identity: Identity, component: str) -> Mapping[str, str]:
    """Labels (tags) that say whose a resource is; what removes a platform finds its parts by them."""
    return {
        "penguinmails.project": identity.project,
        "penguinmails.stack": identity.stack,
        "penguinmails.environment": identity.environment.value,
        "penguinmails.component": component,
        "penguinmails.managed-by": "pulumi",
    }
