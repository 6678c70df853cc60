"""Ids: paths in the resource manager's tree, made for what is new and recognised by form in what is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from scripts.simulation.clouds.azure import place
from scripts.simulation.clouds.azure.types import BY_TOKEN, PACKAGE
from scripts.simulation.clouds.model import Candidate
from scripts.simulation.values import Properties
from scripts.simulation.world import Place, Resource

_GAP: Final = re.compile(r"\{(\w+)(?:=\w+)?\}")
_GROUP: Final = re.compile(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)(/.*)?", re.IGNORECASE)

_MADE_BY_AZURE: Final = ("/AuthorizationRules/RootManageSharedAccessKey",)
"""Ends of ids of what comes with its owner."""

_NO_IDS: Final = ("Microsoft.Authorization/",)
"""Namespaces whose ids say nothing: built-in roles look as one's own do."""


def fill(path: str, inputs: Properties, account: str) -> str:
    """A path with its gaps filled from inputs; a gap that is not known stays."""
    found = _GAP.sub(lambda gap: account if gap[1] == "subscription" else str(inputs.get(gap[1], gap[0])), path)
    return found if found.startswith("/") else f"/{found}"


def identifier(candidate: Candidate) -> str:
    """The id of something new."""
    kind = BY_TOKEN.get(candidate.token)
    if kind is not None:
        return fill(kind.path, candidate.inputs, candidate.place.account)
    group = candidate.inputs.get("resourceGroupName")
    start = f"/subscriptions/{candidate.place.account}"
    within = f"{start}/resourceGroups/{group}" if isinstance(group, str) else start
    _, module, name = candidate.token.split(":")
    plural = f"{name[0].lower()}{name[1:]}s"
    return f"{within}/providers/Microsoft.{module.capitalize()}/{plural}/{_name(candidate)}"


def _name(candidate: Candidate) -> str:
    """A name for a type that is not listed: the input that ends in Name and is its own, or one from the seed."""
    own = f"{candidate.token.rsplit(':', 1)[-1]}Name".lower()
    for key, value in candidate.inputs.items():
        if isinstance(value, str) and (key.lower() == own or key == "name"):
            return value
    return f"{candidate.name}{candidate.seed[:8]}"


def parent(candidate: Candidate | Resource) -> str | None:
    """The id of what a resource lies in; None for a resource group, for what has a scope and for types not listed."""
    kind = BY_TOKEN.get(candidate.token)
    if kind is None or kind.parent is None:
        return None
    return fill(kind.parent_path, candidate.inputs, candidate.place.account)


def group(identifier: str) -> str:
    """The id of the resource group that an id lies in; empty where it lies in none."""
    found = _GROUP.fullmatch(identifier)
    return f"/subscriptions/{found[1]}/resourceGroups/{found[2]}" if found else ""


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    """Those with the fewest gaps first: a link of a zone is no record of the type virtualNetworkLinks."""
    found = []
    for token, kind in sorted(BY_TOKEN.items(), key=lambda item: len(item[1].gaps)):
        parts = _GAP.split(kind.path)
        if kind.scope or kind.path.startswith("/providers"):
            continue
        pattern = "[^/]+".join(re.escape(part) for part in parts[::2])
        found.append((re.compile(pattern, re.IGNORECASE), token))
    return found


def recognise(value: str) -> str | None:
    """The type that a string is an id of by its form; None for what Azure makes by itself and for types not listed."""
    if not value.lower().startswith("/subscriptions/") or value.endswith(("/default", *_MADE_BY_AZURE)):
        return None
    if any(f"/providers/{namespace}".lower() in value.lower() for namespace in _NO_IDS):
        return None
    for form, token in _forms():
        if form.fullmatch(value):
            return token
    return None


def assumed(value: str) -> Resource | None:
    """Something that a stack file names by its id and that is there already; None for any other string."""
    token = recognise(value)
    if token is None:
        return None
    found = _GROUP.fullmatch(value)
    account = found[1] if found else place.SUBSCRIPTION
    last = value.rpartition("/")[2]
    outputs: Mapping[str, str] = {"id": value, "name": last}
    return Resource(token, value, "", Place(PACKAGE, account, ""), _inputs(token, value), outputs)


def _inputs(token: str, value: str) -> Mapping[str, str]:
    """The inputs that an id tells: its group and names."""
    kind = BY_TOKEN[token]
    parts = _GAP.split(kind.path)
    form = "([^/]+)".join(re.escape(part) for part in parts[::2])
    found = re.fullmatch(form, value, re.IGNORECASE)
    gaps = parts[1::2]
    return {gap: text for gap, text in zip(gaps, found.groups(), strict=True) if gap != "subscription"} if found else {}
