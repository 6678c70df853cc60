"""Keys, secrets and identities: how long they stay when they are deleted, names that stay taken, and what goes with users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.reading import Rules, missing, nested, number, others, region_of, text
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place, Resource, World

_SECRET, _ALIAS = "secretsmanager/secret:Secret", "kms/alias:Alias"
_IAM_NAMES = ("iam/role:Role", "iam/user:User", "iam/policy:Policy", "iam/instanceProfile:InstanceProfile", "iam/group:Group")
_SYMMETRIC = {"SYMMETRIC_DEFAULT"}
_SPECS = {
    "ENCRYPT_DECRYPT": ("SYMMETRIC_DEFAULT", "RSA_2048", "RSA_3072", "RSA_4096", "SM2"),
    "SIGN_VERIFY": (
        *("RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"),
        *("ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"),
    ),
    "GENERATE_VERIFY_MAC": ("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"),
    "KEY_AGREEMENT": ("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "SM2"),
}
"""Key usage -> specs that can do it: "Key spec reference" of the KMS developer guide."""


def check_key(inputs: Properties, _: Place) -> Iterator[Problem]:
    days = number(inputs, "deletionWindowInDays")
    if days is not None and not 7 <= days <= 30:
        yield Problem("deletionWindowInDays", f"{int(days)} days is out of range; use 7 to 30")
    usage, spec = text(inputs, "keyUsage"), text(inputs, "customerMasterKeySpec")
    if usage in _SPECS and spec is not None and spec not in _SPECS[usage]:
        yield Problem("customerMasterKeySpec", f"{spec} cannot {usage}; use one of {', '.join(_SPECS[usage])}")
    rotates = inputs.get("enableKeyRotation")
    if rotates is True and spec is not None and spec not in _SYMMETRIC:
        yield Problem("enableKeyRotation", f"is true for {spec}; only SYMMETRIC_DEFAULT keys rotate, set it to false")
    if rotates is not True and not missing(inputs, "rotationPeriodInDays") and rotates in (None, False):
        yield Problem("rotationPeriodInDays", "needs enableKeyRotation; set that to true")


def check_secret(inputs: Properties, _: Place) -> Iterator[Problem]:
    days = number(inputs, "recoveryWindowInDays")
    if days is not None and days != 0 and not 7 <= days <= 30:
        yield Problem("recoveryWindowInDays", f"{int(days)} days is out of range; use 0 to delete at once, or 7 to 30")


def check_version(inputs: Properties, _: Place) -> Iterator[Problem]:
    given = [key for key in ("secretString", "secretBinary", "secretStringWo") if not missing(inputs, key)]
    if len(given) != 1:
        yield Problem(given[1] if given else "secretString", "give one of secretString, secretBinary and secretStringWo")
    for key in ("secretString", "secretBinary"):
        value = text(inputs, key)
        if value is not None and not 1 <= len(value.encode()) <= 65536:
            yield Problem(key, "is empty or longer than 65536 bytes; shorten it")


def check_rotation(inputs: Properties, _: Place) -> Iterator[Problem]:
    rules = nested(inputs, "rotationRules")
    if not missing(rules, "automaticallyAfterDays") and not missing(rules, "scheduleExpression"):
        yield Problem("rotationRules.scheduleExpression", "is given besides automaticallyAfterDays; leave one of the two out")
    days = number(rules, "automaticallyAfterDays")
    if days is not None and not 1 <= days <= 1000:
        yield Problem("rotationRules.automaticallyAfterDays", f"{int(days)} days is out of range; use 1 to 1000")


def check_service_name(inputs: Properties, _: Place) -> Iterator[Problem]:
    """The managed policies of a role are ARNs."""
    for index, arn in enumerate(inputs.get("managedPolicyArns") or ()):
        if isinstance(arn, str) and not re.fullmatch(r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/.+", arn):
            yield Problem(f"managedPolicyArns[{index}]", f"{arn!r} is no ARN of a policy; write arn:aws:iam::aws:policy/...")


def admit_name(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A name of IAM is taken in the whole account; capitals make no difference."""
    name = candidate.inputs.get("name")
    for other in others(world, candidate.token.removeprefix("aws:"), candidate):
        if isinstance(name, str) and str(other.outputs.get("name")).lower() == name.lower():
            yield Problem("name", f"{name} is taken by the {other.label}; use another name")


def admit_regional_name(candidate: Candidate, world: World) -> Iterator[Problem]:
    name = candidate.inputs.get("name")
    for other in others(world, candidate.token.removeprefix("aws:"), candidate):
        if name and other.outputs.get("name") == name and region_of(other) == candidate.place.region:
            yield Problem("name", f"{name} is taken by the {other.label}; use another name")


def admit_access_key(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A user has two access keys at most."""
    kept = [
        one
        for one in others(world, "iam/accessKey:AccessKey", candidate)
        if one.inputs.get("user") == candidate.inputs.get("user")
    ]
    if len(kept) >= 2:
        yield Problem("user", f"{candidate.inputs.get('user')} has two access keys already; delete one first")


def admit_attachment(candidate: Candidate, world: World) -> Iterator[Problem]:
    """A role or user takes ten managed policies."""
    key = "role" if "role" in candidate.inputs else "user"
    owner = candidate.inputs.get(key)
    same = [one for one in others(world, candidate.token.removeprefix("aws:"), candidate) if one.inputs.get(key) == owner]
    if len(same) >= 10:
        yield Problem(key, f"{owner} has {len(same)} managed policies already; it takes 10, so put statements together")


CHECKS: Rules = {
    "iam/role:Role": (check_service_name,),
    "kms/key:Key": (check_key,),
    _SECRET: (check_secret,),
    "secretsmanager/secretRotation:SecretRotation": (check_rotation,),
    "secretsmanager/secretVersion:SecretVersion": (check_version,),
}

ADMITS: Rules = {
    **dict.fromkeys(_IAM_NAMES, (admit_name,)),
    **dict.fromkeys((_SECRET, _ALIAS), (admit_regional_name,)),
    **dict.fromkeys(
        (
            "backup/vault:Vault",
            "cloudwatch/metricAlarm:MetricAlarm",
            "ecs/cluster:Cluster",
            "ecr/repository:Repository",
            "rds/optionGroup:OptionGroup",
            "rds/parameterGroup:ParameterGroup",
            "rds/proxy:Proxy",
            "rds/subnetGroup:SubnetGroup",
        ),
        (admit_regional_name,),
    ),
    "iam/accessKey:AccessKey": (admit_access_key,),
    "iam/rolePolicyAttachment:RolePolicyAttachment": (admit_attachment,),
    "iam/userPolicyAttachment:UserPolicyAttachment": (admit_attachment,),
}


def release_user(resource: Resource, world: World) -> Iterator[Problem]:
    """A user with access keys stays unless `forceDestroy` is true; keys made here hold it by reference."""
    if resource.outputs.get("forceDestroy") is True:
        return
    if any(one.inputs.get("user") == resource.id for one in world.of("aws:iam/accessKey:AccessKey")):
        yield Problem("forceDestroy", f"is not true and the {resource.label} has access keys; delete them first")


RELEASES: Rules = {"iam/user:User": (release_user,)}
