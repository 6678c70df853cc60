"""Names: what the provider makes up when none is given, and what each service accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scripts.simulation.clouds.gcp.types import (
    ACCOUNT,
    BUCKET,
    BY_TOKEN,
    INSTANCE,
    PACKAGE,
    RUN_SERVICE,
    SECRET,
    SUBSCRIPTION,
    TOPIC,
)
from scripts.simulation.values import Problem, Properties

_DIGITS: Final = 7
"""Hexadecimal digits that the provider adds after a hyphen."""


@dataclass(frozen=True)
class Rule:
    """`form`: of the whole name. `said`: the same in words. Lengths in characters."""

    field: str
    shortest: int
    longest: int
    form: str
    said: str


_COMPUTE: Final = (
    r"[a-z]([a-z0-9-]*[a-z0-9])?",
    "lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen",
)
_WORD: Final = (r"[A-Za-z0-9_-]+", "letters, digits, _ and -")
_PUBSUB: Final = (
    r"(?!goog)[A-Za-z][A-Za-z0-9_.~+%-]*",
    "letters, digits and -_.~+%, beginning with a letter but not with goog",
)
_NETWORKED: Final = Rule("name", 1, 63, *_COMPUTE)
_STORED: Final = Rule(
    "name",
    3,
    222,
    r"(?!goog)(?!.*google)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9]([a-z0-9_.-]*[a-z0-9])?",
    "lower-case letters, digits, -, _ and ., beginning and ending with a letter or digit, without the word google",
)

RULES: Final[Mapping[str, Rule]] = {
    ACCOUNT: Rule("accountId", 6, 30, *_COMPUTE),
    BUCKET: _STORED,
    INSTANCE: Rule("name", 1, 98, *_COMPUTE),
    RUN_SERVICE: Rule("name", 1, 49, *_COMPUTE),
    SECRET: Rule("secretId", 1, 255, *_WORD),
    SUBSCRIPTION: Rule("name", 3, 255, *_PUBSUB),
    TOPIC: Rule("name", 3, 255, *_PUBSUB),
    f"{PACKAGE}:artifactregistry/repository:Repository": Rule("repositoryId", 1, 63, *_COMPUTE),
    f"{PACKAGE}:backupdisasterrecovery/backupPlan:BackupPlan": Rule("backupPlanId", 1, 63, *_COMPUTE),
    f"{PACKAGE}:backupdisasterrecovery/backupVault:BackupVault": Rule("backupVaultId", 1, 63, *_COMPUTE),
    f"{PACKAGE}:certificatemanager/certificate:Certificate": Rule("name", 1, 63, *_COMPUTE),
    f"{PACKAGE}:certificatemanager/certificateMap:CertificateMap": Rule("name", 1, 63, *_COMPUTE),
    f"{PACKAGE}:certificatemanager/certificateMapEntry:CertificateMapEntry": Rule("name", 1, 63, *_COMPUTE),
    f"{PACKAGE}:certificatemanager/dnsAuthorization:DnsAuthorization": Rule("name", 1, 63, *_COMPUTE),
    f"{PACKAGE}:cloudrunv2/job:Job": Rule("name", 1, 49, *_COMPUTE),
    f"{PACKAGE}:cloudrunv2/workerPool:WorkerPool": Rule("name", 1, 49, *_COMPUTE),
    f"{PACKAGE}:cloudscheduler/job:Job": Rule("name", 1, 500, *_WORD),
    f"{PACKAGE}:dns/managedZone:ManagedZone": Rule("name", 1, 63, *_COMPUTE),
    f"{PACKAGE}:kms/cryptoKey:CryptoKey": Rule("name", 1, 63, *_WORD),
    f"{PACKAGE}:kms/keyRing:KeyRing": Rule("name", 1, 63, *_WORD),
    f"{PACKAGE}:projects/iAMCustomRole:IAMCustomRole": Rule("roleId", 3, 64, r"[A-Za-z0-9_.]+", "letters, digits, _ and ."),
    f"{PACKAGE}:sql/database:Database": Rule("name", 1, 63, r"[^/\\\x00]+", "any characters but / and \\"),
    f"{PACKAGE}:vpcaccess/connector:Connector": Rule("name", 1, 25, *_COMPUTE),
}

_OTHER_FIELDS: Final = {
    ACCOUNT: ("accountId", "-"),
    f"{PACKAGE}:projects/iAMCustomRole:IAMCustomRole": ("roleId", "-"),
}
"""Types whose name is another input -> that, and what stands before the digits (pulumi-gcp, `resources.go`)."""

_LOWERED: Final = frozenset(
    f"{PACKAGE}:{token}"
    for token in (
        "cloudrunv2/service:Service",
        "compute/backendService:BackendService",
        "compute/network:Network",
        "compute/router:Router",
        "compute/routerNat:RouterNat",
        "compute/securityPolicy:SecurityPolicy",
        "compute/subnetwork:Subnetwork",
        "compute/targetHttpProxy:TargetHttpProxy",
        "compute/targetHttpsProxy:TargetHttpsProxy",
        "compute/uRLMap:URLMap",
    )
)
"""Types for which the provider turns the logical name into lower case."""


def rule(token: str) -> Rule | None:
    """The rule of a type's name."""
    return RULES.get(token) or (_NETWORKED if token.startswith(f"{PACKAGE}:compute/") else None)


def named_by(token: str) -> str | None:
    """The input that the provider fills with a name."""
    if token in _OTHER_FIELDS:
        return _OTHER_FIELDS[token][0]
    kind = BY_TOKEN.get(token)
    return "name" if kind is not None and kind.is_named else None


def defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, str]:
    """The name that the provider gives where there is none, kept once it is there."""
    field = named_by(token)
    if field is None or inputs.get(field) is not None:
        return {}
    kept = old.get(field)
    base = name.lower() if token in _LOWERED else name
    return {field: kept if isinstance(kept, str) else f"{base}-{seed[:_DIGITS]}"}


def problems(token: str, inputs: Properties) -> Iterator[Problem]:
    """What is wrong with the length and the characters of a name."""
    found = rule(token)
    name = inputs.get(found.field) if found is not None else None
    if found is None or not isinstance(name, str) or (token.startswith(f"{PACKAGE}:compute/") and token not in BY_TOKEN):
        return
    what = token.rsplit(":", 1)[-1]
    shown = name or "an empty text"
    if not found.shortest <= len(name) <= found.longest:
        least, most = found.shortest, found.longest
        yield Problem(found.field, f"{shown} has {len(name)} characters; the name of a {what} has {least} to {most}")
    elif not re.fullmatch(found.form, name):
        yield Problem(found.field, f"{shown} is no name of a {what}; use {found.said}")
    elif token == BUCKET and any(len(part) > 63 for part in name.split(".")):
        yield Problem(found.field, f"{name} has a part of more than 63 characters; shorten it, or put dots between")
