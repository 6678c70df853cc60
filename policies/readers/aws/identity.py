"""Who may do what on AWS: policies of roles and users, who takes a role on, logins of databases.

Left out: permissions that a policy of AWS itself gives, of which only those that give nearly everything are known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from policies.model import Resource, at, each
from policies.properties import Property
from policies.readers.aws.documents import everybody, listed, of_policy
from policies.readers.model import Reader, Readers, Reading, check, flag, known, switched_off
from scripts.simulation.values import UNKNOWN

_WITHOUT_RESOURCE: Final = re.compile(
    r"^(ecr:GetAuthorizationToken|ssmmessages:\w+|ec2:Describe\w+|cloudwatch:PutMetricData|xray:Put\w+|\w+:List\w+|tag:Get\w+)$"
)
"""Actions that take no resource, so that `*` is the least that can be said."""
_TOO_MUCH: Final = re.compile(r"/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$")


def _bounded(found: Sequence[Mapping[str, Any]]) -> bool:
    return all(_is_bounded(one) for one in found if one.get("Effect") == "Allow")


def _is_bounded(statement: Mapping[str, Any]) -> bool:
    """No action of a whole service, and no `*` as resource but for actions that take none or under a condition."""
    if "NotAction" in statement or "NotResource" in statement:
        return False
    actions = [str(one) for one in listed(statement.get("Action"))]
    if any(one == "*" or one.endswith(":*") for one in actions):
        return False
    unlimited = "*" in listed(statement.get("Resource")) and not statement.get("Condition")
    return not unlimited or all(_WITHOUT_RESOURCE.match(one) for one in actions)


def _trusted(found: Sequence[Mapping[str, Any]]) -> bool:
    return not any(one.get("Effect") == "Allow" and everybody(one.get("Principal")) for one in found)


_POLICY: Final[Reader] = of_policy("policy", "name the actions and the resources that are needed; * gives more", _bounded)


def _proxy_login(resource: Resource) -> Iterator[Reading]:
    """A proxy asks for IAM, in general or for each login."""
    scheme = at(resource.properties, "defaultAuthScheme")
    fix = "use IAM_AUTH; a password of the database is worth nothing then"
    auths = list(each(resource.properties, "auths"))
    each_one = bool(auths) and all(at(one, "iamAuth") == "REQUIRED" for _, one in auths if one is not UNKNOWN)
    yield Reading("defaultAuthScheme", True if each_one else known(scheme, lambda value: value == "IAM_AUTH"), fix)


IDENTITY: Final[Readers] = {
    Property.LEAST_PRIVILEGE: {
        "aws:iam/rolePolicy:RolePolicy": _POLICY,
        "aws:iam/userPolicy:UserPolicy": _POLICY,
        "aws:iam/policy:Policy": _POLICY,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": check(
            "policyArn",
            lambda value: not _TOO_MUCH.search(str(value)),
            "attach a policy that gives what is needed, not everything",
        ),
    },
    Property.TRUST_NAMED: {
        "aws:iam/role:Role": of_policy("assumeRolePolicy", "name the service or account that takes the role on", _trusted)
    },
    Property.LOGIN_PROVED: {
        "aws:rds/instance:Instance": flag("iamDatabaseAuthenticationEnabled"),
        "aws:rds/proxy:Proxy": _proxy_login,
    },
    Property.NO_SHELL: {"aws:ecs/service:Service": switched_off("enableExecuteCommand")},
}
