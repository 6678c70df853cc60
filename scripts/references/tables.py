"""Tables in Markdown from what the stacks became. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scripts.references.gather import Made

CAPABILITIES: Final = {
    "Network": "network",
    "Telemetry": "telemetry",
    "Secrets": "secrets",
    "Dns": "DNS zone",
    "Certificate": "certificate",
    "Storage": "object storage",
    "Database": "database",
    "Pooling": "connection pool",
    "Queue": "queues",
    "Mail": "mail",
    "Cluster": "where services run",
    "Entry": "the door to services",
    "Migration": "migration",
    "Service": "API and workers, autoscaling",
    "Edge": "edge",
    "Alerts": "alerts, dashboard, security findings",
    "Backup": "backups, restore drill",
}
"""Class of a component -> row of the table."""

TARGETS: Final = ("docker", "aws")
_ACCOUNT: Final = re.compile(r"\b\d{12}\b")
_REGION: Final = re.compile(r"\b(?:eu|us|ap|sa|ca|af|me)-(?:[a-z]+-)+\d\b")
_MADE_UP: Final = re.compile(r"(?<=[-/:])(?:[0-9a-f]{8,}(?:-[0-9a-f]{4,})*|[A-Z0-9]{16,}|\d{14,}|mrk-[0-9a-f]+)\b")
_GENERATED_NAME: Final = re.compile(r"-(?=[A-Za-z]*\d)(?:[0-9a-f]{7}|[A-Za-z0-9]{6})(?=$|[/:*])")


def capabilities(made: Sequence[Made], refused: Mapping[str, Mapping[str, str]]) -> str:
    """Capability x target, with the types of resources used; `refused`: target -> class -> why there are none."""
    lines = ["| capability | " + " | ".join(TARGETS) + " |", "|---" * (len(TARGETS) + 1) + "|"]
    for kind, title in CAPABILITIES.items():
        cells = [_cell(made, target, kind) or refused.get(target, {}).get(kind, "needs none") for target in TARGETS]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(made: Sequence[Made], target: str, capability: str) -> str:
    kinds = sorted({one.kind for one in made if one.target == target and one.capability == capability})
    return ", ".join(f"`{kind}`" for kind in kinds)


def permissions(made: Sequence[Made]) -> str:
    """Every policy of an identity on AWS: whose, what, on what, and why."""
    lines = ["| whose | may | on | why |", "|---|---|---|---|"]
    rows = {row.replace(one.stack, "STACK") for one in made if one.target == "aws" for row in _rows(one)}
    return "\n".join([*lines, *sorted(rows)])


def _rows(one: Made) -> Iterator[str]:
    kind = one.kind
    if kind in {"iam.RolePolicy", "iam.UserPolicy", "iam.Policy"}:
        document: Any = json.loads(str(one.inputs["policy"]))
        for statement in document["Statement"]:
            conditions = json.dumps(statement["Condition"], sort_keys=True) if "Condition" in statement else ""
            only = f"; only with `{_plain(conditions)}`" if conditions else ""
            resources = "<br>".join(f"`{_plain(resource)}`" for resource in _listed(statement["Resource"]))
            actions = "<br>".join(f"`{action}`" for action in _listed(statement["Action"]))
            yield f"| {_owner(one)} | {actions} | {resources}{only} | {spaced(str(statement.get('Sid', '')))} |"
    elif kind in {"iam.RolePolicyAttachment", "iam.UserPolicyAttachment"}:
        arn = _plain(str(one.inputs["policyArn"]))
        yield f"| {_owner(one)} | AWS's own `{arn.rsplit('/', 1)[-1]}` | as AWS states it | what the service asks for |"


def _owner(one: Made) -> str:
    name = re.sub(r"^penguinmails-", "", one.name)
    return re.sub(r"-?(policy|permissions|attachment|rights)$", "", name) or one.capability.lower()


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _plain(text: str) -> str:
    """Without account, region and what the cloud makes up, which differ from one installation to the next."""
    text = _REGION.sub("REGION", _ACCOUNT.sub("ACCOUNT", text))
    return _GENERATED_NAME.sub("-…", _MADE_UP.sub("…", text)).replace("|", "\\|")


def spaced(sid: str) -> str:
    """`ReadOwnSecrets2` -> `read own secrets`; the number only tells statements apart."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", sid.rstrip("0123456789"))
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
