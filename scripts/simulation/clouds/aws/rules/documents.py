"""Policies: JSON that IAM, KMS, SQS, S3 and the others accept, and what may assume a role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.simulation.clouds.aws.rules.reading import Rules, text
from scripts.simulation.values import Problem, Properties, Unknown, step
from scripts.simulation.world import Place

_VERSIONS = ("2012-10-17", "2008-10-17")
_TOP = {"Version", "Id", "Statement"}
_STATEMENT = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_OPERATOR = re.compile(
    r"(ForA(ny|ll)Values?:)?((Not)?IpAddress|Arn(Not)?(Equals|Like)|Bool|Binary(Equals)?|Date(Not)?Equals|"
    r"Date(Less|Greater)Than(Equals)?|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|"
    r"String(Not)?Equals(IgnoreCase)?|String(Not)?Like)(IfExists)?|Null"
)
_LIMITS = {
    "iam/policy:Policy": 6144,
    "iam/role:Role": 2048,
    "iam/rolePolicy:RolePolicy": 10240,
    "iam/userPolicy:UserPolicy": 2048,
    "kms/key:Key": 32768,
    "s3/bucketPolicy:BucketPolicy": 20480,
    "secretsmanager/secretPolicy:SecretPolicy": 20480,
}
"""Characters without white space (of a role: of its trust policy), before a quota is raised: "IAM and STS quotas"."""


def problem(path: str, value: object, *, principal: bool, longest: int = 0) -> Problem | None:
    """What is wrong with a policy document. `principal`: whether its statements name who (policies of resources)."""
    if not isinstance(value, str):
        return None
    try:
        document = json.loads(value)
    except ValueError as error:
        return Problem(path, f"is no JSON ({error}); write a policy document")
    if not isinstance(document, Mapping):
        return Problem(path, "is no JSON object; write a policy document with Version and Statement")
    reason = _document(document, principal=principal)
    length = len(json.dumps(document, separators=(",", ":")))
    if reason is None and longest and length > longest:
        reason = f"has {length} characters without white space; {longest} are taken, so split it"
    return Problem(path, reason) if reason else None


def _document(document: Mapping[str, Any], *, principal: bool) -> str | None:
    strange = sorted(set(document) - _TOP)
    if strange:
        return f"has {strange[0]!r}, which a policy has not; use Version, Id and Statement"
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        return f"has the Version {document['Version']!r}; use {_VERSIONS[0]}"
    if "Version" not in document:
        return f"has no Version; write {_VERSIONS[0]}, or variables such as ${{aws:username}} are not read"
    statements = document.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    if not statements:
        return "has no Statement; write at least one"
    sids = [one["Sid"] for one in listed if isinstance(one, Mapping) and one.get("Sid")]
    for sid in sids:
        if sids.count(sid) > 1:
            return f"has the Sid {sid} twice; give each statement its own"
    for index, statement in enumerate(listed):
        reason = _statement(statement, principal=principal)
        if reason:
            return f"Statement[{index}] {reason}"
    return None


def _statement(statement: object, *, principal: bool) -> str | None:
    if not isinstance(statement, Mapping):
        return "is no object; write one with Effect, Action and Resource"
    strange = sorted(set(statement) - _STATEMENT)
    if strange:
        return f"has {strange[0]!r}, which a statement has not; use {', '.join(sorted(_STATEMENT))}"
    if statement.get("Effect") not in {"Allow", "Deny"}:
        return f"has the Effect {statement.get('Effect')!r}; use Allow or Deny"
    reason = _parts(statement, principal=principal)
    if reason:
        return reason
    return _actions(statement) or _resources(statement) or _principals(statement) or _conditions(statement)


def _parts(statement: Mapping[str, Any], *, principal: bool) -> str | None:
    """Each statement has an action, and a principal or a resource according to where it stands."""
    pairs: Sequence[tuple[str, str, bool]] = (
        ("Action", "NotAction", True),
        ("Principal", "NotPrincipal", principal),
        ("Resource", "NotResource", not principal),
    )
    for one, other, needed in pairs:
        if one in statement and other in statement:
            return f"has both {one} and {other}; keep one"
        if needed and one not in statement and other not in statement:
            return f"has no {one}; add it"
    if not principal and ("Principal" in statement or "NotPrincipal" in statement):
        return "has a Principal, which belongs to policies of resources; leave it out"
    if not principal and not re.fullmatch(r"[A-Za-z0-9]*", str(statement.get("Sid", ""))):
        return f"has the Sid {statement['Sid']!r}; use letters and digits only"
    return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _actions(statement: Mapping[str, Any]) -> str | None:
    key = "Action" if "Action" in statement else "NotAction"
    actions = _list(statement[key])
    if not actions:
        return f"has an empty {key}; name what is allowed"
    for action in actions:
        if not isinstance(action, str) or not _ACTION.fullmatch(action):
            return f"has the {key} {action!r}; write service:Name, such as sqs:SendMessage"
    return None


def _resources(statement: Mapping[str, Any]) -> str | None:
    for key in ("Resource", "NotResource"):
        if key in statement and not _list(statement[key]):
            return f"has an empty {key}; name what it is about"
        for resource in _list(statement.get(key, "*")):
            if not isinstance(resource, str) or not (resource.startswith(("arn:", "${")) or re.fullmatch(r"[*?].*", resource)):
                return f'has the {key} {resource!r}; write an ARN, or "*"'
            if resource.startswith("arn:") and resource.count(":") < 5 and "*" not in resource:
                return f"has the {key} {resource!r}, which is no whole ARN; write arn:aws:service:region:account:name"
    return None


def _principals(statement: Mapping[str, Any]) -> str | None:
    for key in ("Principal", "NotPrincipal"):
        value = statement.get(key)
        if value is None or value == "*":
            continue
        if not isinstance(value, Mapping) or not value:
            return f'has the {key} {value!r}; write "*" or an object such as {{"Service": "ecs-tasks.amazonaws.com"}}'
        strange = sorted(set(value) - {"AWS", "Service", "Federated", "CanonicalUser"})
        if strange:
            return f"has {strange[0]!r} in its {key}; use AWS, Service, Federated or CanonicalUser"
        for service in _list(value.get("Service", [])):
            if not isinstance(service, str) or not re.fullmatch(
                r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazonaws\.eu|aws\.internal)", service
            ):
                return f"has the service {service!r} as {key}; write one such as ecs-tasks.amazonaws.com"
        for who in _list(value.get("AWS", [])):
            if not isinstance(who, str) or not re.fullmatch(
                r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:.+|A[A-Z0-9]{15,}|arn:aws[a-z-]*:iam::cloudfront:user/.+", who
            ):
                return f"has {who!r} as {key}; write an account, or the ARN of a role or user"
    return None


def _conditions(statement: Mapping[str, Any]) -> str | None:
    condition = statement.get("Condition", {})
    if not isinstance(condition, Mapping):
        return 'has a Condition that is no object; write {"StringEquals": {"key": "value"}}'
    for operator, tests in condition.items():
        if not _OPERATOR.fullmatch(operator):
            return f"has the condition {operator!r}, which does not exist; use one such as StringEquals or ArnLike"
        if not isinstance(tests, Mapping):
            return f"has the condition {operator} without keys; write an object of key and values"
        for key in tests:
            if ":" not in key:
                return f"tests {key!r}; write a condition key such as aws:SourceArn"
    return None


def _rule(token: str, *keys: str, principal: bool) -> Any:
    def check(inputs: Properties, _: Place) -> Iterator[Problem]:
        for key in keys:
            found = problem(key, inputs.get(key), principal=principal, longest=_LIMITS.get(token, 0))
            if found:
                yield found

    return check


def check_role(inputs: Properties, _: Place) -> Iterator[Problem]:
    """Inline policies, and a trust policy with actions of STS only."""
    value = text(inputs, "assumeRolePolicy")
    for index, inline in enumerate(inputs.get("inlinePolicies") or ()):
        if isinstance(inline, Mapping):
            found = problem(step(step("inlinePolicies", index), "policy"), inline.get("policy"), principal=False, longest=10240)
            if found:
                yield found
    if value is None or problem("assumeRolePolicy", value, principal=True):
        return
    statements = json.loads(value)["Statement"]
    for index, statement in enumerate(_list(statements)):
        if "Resource" in statement or "NotResource" in statement:
            yield Problem("assumeRolePolicy", f"Statement[{index}] has a Resource, which a trust policy has not; leave it out")
        wrong = [one for one in _list(statement.get("Action", [])) if not str(one).lower().startswith(("sts:", "*"))]
        if wrong:
            yield Problem("assumeRolePolicy", f"Statement[{index}] has the action {wrong[0]}; use sts:AssumeRole")


def check_key_policy(inputs: Properties, where: Place) -> Iterator[Problem]:
    """A key that its account cannot manage any more is refused, as KMS's own safety check does."""
    value = text(inputs, "policy")
    if value is None or inputs.get("bypassPolicyLockoutSafetyCheck") is True or problem("policy", value, principal=True):
        return
    if isinstance(inputs.get("bypassPolicyLockoutSafetyCheck"), Unknown):
        return
    if not any(_manages(statement, where.account) for statement in _list(json.loads(value)["Statement"])):
        root = f"arn:aws:iam::{where.account}:root"
        yield Problem("policy", f"lets nobody of the account change it again; allow kms:* to {root}")


def _manages(statement: Mapping[str, Any], account: str) -> bool:
    principal = statement.get("Principal")
    who = ["*"] if principal == "*" else _list(principal.get("AWS", [])) if isinstance(principal, Mapping) else []
    able = any(str(one).lower() in {"*", "kms:*", "kms:put*", "kms:putkeypolicy"} for one in _list(statement.get("Action", [])))
    own = any(str(one) in {"*", account} or f"::{account}:" in str(one) for one in who)
    return statement.get("Effect") == "Allow" and able and own and "Resource" in statement


_RESOURCE_POLICIES = {
    "backup/vaultPolicy:VaultPolicy": "policy",
    "ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "kms/key:Key": "policy",
    "kms/keyPolicy:KeyPolicy": "policy",
    "s3/bucketPolicy:BucketPolicy": "policy",
    "secretsmanager/secret:Secret": "policy",
    "secretsmanager/secretPolicy:SecretPolicy": "policy",
    "sesv2/emailIdentityPolicy:EmailIdentityPolicy": "policy",
    "sns/topic:Topic": "policy",
    "sns/topicPolicy:TopicPolicy": "policy",
    "sqs/queue:Queue": "policy",
    "sqs/queuePolicy:QueuePolicy": "policy",
    "cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "ec2/vpcEndpoint:VpcEndpoint": "policy",
    "iam/role:Role": "assumeRolePolicy",
}

_IDENTITY_POLICIES = ("iam/policy:Policy", "iam/rolePolicy:RolePolicy", "iam/userPolicy:UserPolicy")

CHECKS: Rules = {
    **{token: (_rule(token, key, principal=True),) for token, key in _RESOURCE_POLICIES.items()},
    **{token: (_rule(token, "policy", principal=False),) for token in _IDENTITY_POLICIES},
    "iam/role:Role": (_rule("iam/role:Role", "assumeRolePolicy", principal=True), check_role),
    "kms/key:Key": (_rule("kms/key:Key", "policy", principal=True), check_key_policy),
    "kms/keyPolicy:KeyPolicy": (_rule("kms/key:Key", "policy", principal=True), check_key_policy),
}
