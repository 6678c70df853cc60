"""Names: what the provider makes up when none is given, and what each service accepts.

The rules are those of "Naming rules and restrictions for Azure resources" in Azure's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scripts.simulation.clouds.azure.types import BY_TOKEN, PACKAGE
from scripts.simulation.values import Problem, Properties

_DIGITS: Final = 8
"""Hexadecimal digits that the provider adds to the logical name, with nothing between."""


@dataclass(frozen=True)
class Rule:
    """`form`: of the whole name. `said`: the same in words. Lengths in characters."""

    shortest: int
    longest: int
    form: str
    said: str


_ENDS: Final = "beginning and ending with a letter or digit"
_HYPHENS: Final = (r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", f"letters, digits and hyphens, {_ENDS}")
_LETTER_FIRST: Final = (
    r"(?!.*--)[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?",
    "letters, digits and single hyphens, beginning with a letter and not ending in a hyphen",
)
_LOWER: Final = (
    r"[a-z0-9]([a-z0-9-]*[a-z0-9])?",
    f"lower-case letters, digits and hyphens, {_ENDS}",
)
_APP: Final = (
    r"(?!.*--)[a-z]([a-z0-9-]*[a-z0-9])?",
    "lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen",
)
_NETWORK: Final = (
    r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?",
    "letters, digits, _, . and -, beginning with a letter or digit and ending with one or _",
)
_DNS: Final = (
    r"([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?",
    "a domain with at least two labels, such as example.com, without a dot at the end",
)
_WIDE: Final = (r"[^<>*%&:\\?+/#{}|]*[^<>*%&:\\?+/#{}|. ]", "any characters but <>*%&:\\?+/#{}|, not ending in a dot or space")
_WORD: Final = (r"[A-Za-z0-9][A-Za-z0-9_-]*", "letters, digits, _ and -, beginning with a letter or digit")
_NETWORKED: Final = Rule(1, 80, *_NETWORK)

RULES: Final[Mapping[str, Rule]] = {
    f"{PACKAGE}:{token}": rule
    for token, rule in {
        "alertsmanagement:PrometheusRuleGroup": Rule(1, 260, *_WIDE),
        "app:ContainerApp": Rule(2, 32, *_APP),
        "app:Job": Rule(2, 32, *_APP),
        "app:ManagedCertificate": Rule(1, 64, *_LOWER),
        "app:ManagedEnvironment": Rule(2, 32, *_LETTER_FIRST),
        "applicationinsights:Component": Rule(1, 260, *_WIDE),
        "applicationinsights:WebTest": Rule(1, 260, *_WIDE),
        "authorization:ManagementLockByScope": Rule(1, 90, r"[\w().-]+", "letters, digits, (, ), _, . and -"),
        "cdn:AFDCustomDomain": Rule(2, 260, *_HYPHENS),
        "cdn:AFDEndpoint": Rule(2, 46, *_HYPHENS),
        "cdn:Policy": Rule(1, 128, r"[A-Za-z][A-Za-z0-9]*", "letters and digits, beginning with a letter"),
        "cdn:Profile": Rule(1, 260, *_HYPHENS),
        "communication:CommunicationService": Rule(1, 63, *_HYPHENS),
        "communication:EmailService": Rule(1, 63, *_HYPHENS),
        "containerregistry:Registry": Rule(5, 50, r"[A-Za-z0-9]+", "letters and digits only"),
        "dataprotection:BackupPolicy": Rule(3, 150, r"[A-Za-z][A-Za-z0-9-]*", "letters, digits and -, beginning with a letter"),
        "dataprotection:BackupVault": Rule(2, 50, r"[A-Za-z][A-Za-z0-9-]*", "letters, digits and -, beginning with a letter"),
        "dbformysql:Database": Rule(1, 63, *_WORD),
        "dbformysql:Server": Rule(3, 63, *_LOWER),
        "dbforpostgresql:Database": Rule(1, 63, *_WORD),
        "dbforpostgresql:Server": Rule(3, 63, *_LOWER),
        "dns:Zone": Rule(3, 253, *_DNS),
        "keyvault:Key": Rule(1, 127, r"[A-Za-z0-9-]+", "letters, digits and hyphens"),
        "keyvault:Secret": Rule(1, 127, r"[A-Za-z0-9-]+", "letters, digits and hyphens"),
        "keyvault:Vault": Rule(3, 24, *_LETTER_FIRST),
        "managedidentity:UserAssignedIdentity": Rule(3, 128, *_WORD),
        "monitor:ActionGroup": Rule(1, 260, *_WIDE),
        "monitor:DiagnosticSetting": Rule(1, 260, *_WIDE),
        "monitor:MetricAlert": Rule(1, 260, *_WIDE),
        "monitor:ScheduledQueryRule": Rule(1, 260, *_WIDE),
        "network:NatGateway": _NETWORKED,
        "network:NetworkSecurityGroup": _NETWORKED,
        "network:PrivateEndpoint": _NETWORKED,
        "network:PublicIPAddress": _NETWORKED,
        "network:RouteTable": _NETWORKED,
        "network:SecurityRule": _NETWORKED,
        "network:Subnet": _NETWORKED,
        "network:VirtualNetwork": Rule(2, 64, *_NETWORK),
        "operationalinsights:Workspace": Rule(4, 63, *_HYPHENS),
        "privatedns:PrivateZone": Rule(3, 253, *_DNS),
        "privatedns:VirtualNetworkLink": _NETWORKED,
        "resources:ResourceGroup": Rule(1, 90, r"[\w().-]*[\w()-]", "letters, digits, (, ), _, - and ., not ending in a dot"),
        "servicebus:Namespace": Rule(
            6,
            50,
            r"(?!.*(-sb|-mgmt)$)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
            "letters, digits and hyphens, beginning with a letter, ending with a letter or digit but not in -sb or -mgmt",
        ),
        "servicebus:Queue": Rule(
            1, 260, r"[A-Za-z0-9]([\w./~-]*[A-Za-z0-9_])?", f"letters, digits and . - _ / ~, {_ENDS} or _"
        ),
        "servicebus:Subscription": Rule(1, 50, r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9_])?", f"letters, digits and . - _, {_ENDS}"),
        "servicebus:Topic": Rule(
            1, 260, r"[A-Za-z0-9]([\w./~-]*[A-Za-z0-9_])?", f"letters, digits and . - _ / ~, {_ENDS} or _"
        ),
        "storage:BlobContainer": Rule(
            3,
            63,
            r"\$(web|root|logs)|(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?",
            f"lower-case letters, digits and single hyphens, {_ENDS}",
        ),
        "storage:FileShare": Rule(
            3,
            63,
            r"(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?",
            f"lower-case letters, digits and single hyphens, {_ENDS}",
        ),
        "storage:StorageAccount": Rule(3, 24, r"[a-z0-9]+", "lower-case letters and digits only"),
    }.items()
}

GLOBAL: Final = frozenset(
    f"{PACKAGE}:{token}"
    for token in (
        "cdn:AFDEndpoint",
        "communication:CommunicationService",
        "containerregistry:Registry",
        "dbformysql:Server",
        "dbforpostgresql:Server",
        "keyvault:Vault",
        "servicebus:Namespace",
        "storage:StorageAccount",
    )
)
"""Types whose name is part of a public address: nobody else in the world may have it."""

_ROLE: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def defaults(token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, str]:
    """The name that the provider gives where there is none, kept once it is there."""
    kind = BY_TOKEN.get(token)
    if kind is None or kind.naming == "none" or inputs.get(kind.named_by) is not None:
        return {}
    field = kind.named_by
    kept = old.get(field)
    if isinstance(kept, str):
        return {field: kept}
    match kind.naming:
        case "random":
            return {field: f"{name}{seed[:_DIGITS]}"}
        case "uuid":
            return {field: guid(seed)}
        case "fixed":
            return {field: kind.fixed[field]}
        case _:
            return {field: name}


def guid(seed: str) -> str:
    """A GUID of 32 hexadecimal digits, in the form of version 4."""
    return f"{seed[:8]}-{seed[8:12]}-4{seed[13:16]}-a{seed[17:20]}-{seed[20:32]}"


def problems(token: str, inputs: Properties) -> Iterator[Problem]:
    """What is wrong with the length and the characters of a name."""
    kind = BY_TOKEN.get(token)
    name = inputs.get(kind.named_by) if kind is not None else None
    if kind is None or not isinstance(name, str):
        return
    if kind.naming == "fixed" and name != kind.fixed[kind.named_by]:
        yield Problem(kind.named_by, f"{name} is not accepted; there is only {kind.fixed[kind.named_by]}")
    if kind.naming == "uuid" and not _ROLE.fullmatch(name):
        yield Problem(kind.named_by, f"{name} is no GUID; leave it out, and the provider makes one")
    rule = RULES.get(token)
    if rule is None:
        return
    what = token.rsplit(":", 1)[-1]
    if not rule.shortest <= len(name) <= rule.longest:
        yield Problem(
            kind.named_by,
            f"{name or 'an empty text'} has {len(name)} characters; the name of a {what} has {rule.shortest} to {rule.longest}",
        )
    elif not re.fullmatch(rule.form, name):
        yield Problem(kind.named_by, f"{name} is no name of a {what}; use {rule.said}")
