"""Changes of one resource of a stack: a value, a line of a file, a part of a JSON text, or the whole resource gone."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from policies.model import AnyRule, Resource

ABSENT: Final = object()
GONE: Final = object()
_PART: Final = re.compile(r'(?<=\[")[^"]+|[^.\[\]"]+(?![^\[]*"\])')


@dataclass(frozen=True)
class Mutation:
    """What is taken away. `token`: the end of a type. `name`: a pattern of logical names without the project's.

    `wrong`: the value at `path`; `ABSENT` for none, `GONE` for no resource at all, a function for what becomes of the old one.
    `unknown`: false where the rule does not care whether the value is known.
    """

    rule: AnyRule
    target: str
    token: str
    name: str
    path: str = ""
    wrong: Any = GONE
    unknown: bool = True

    @property
    def id(self) -> str:
        return f"{self.rule.name}-{self.target}-{self.token.rpartition(':')[2]}-{self.name}-{self.path}"

    def of(self, resource: Resource) -> bool:
        logical = resource.urn.rpartition("::")[2]
        return resource.token.endswith(self.token) and re.fullmatch(f"penguinmails-{self.name}", logical) is not None


def changed(mutation: Mutation, stack: Sequence[Resource], wrong: Any) -> tuple[list[Resource], list[Resource]]:
    """The stack with the change, and what was changed."""
    found = [resource for resource in stack if mutation.of(resource)]
    assert found, f"{mutation.id}: the stack has no such resource"
    touched = [] if wrong is GONE else [_with(resource, mutation.path, wrong) for resource in found]
    new = {resource.urn: resource for resource in touched}
    kept = [resource for resource in stack if wrong is not GONE or resource not in found]
    return [new.get(resource.urn, resource) for resource in kept], touched


def _with(resource: Resource, path: str, wrong: Any) -> Resource:
    properties = copy.deepcopy(dict(resource.properties))
    outputs = dict(resource.outputs)
    if path == "":
        return replace(resource, properties=wrong(properties))
    parts = [int(part) if part.isdigit() else part for part in _PART.findall(path)]
    outputs.pop(str(parts[0]), None)
    inner: Any = properties
    for part in parts[:-1]:
        if isinstance(inner, dict) and part not in inner:
            inner[part] = {}
        inner = inner[part]
    last = parts[-1]
    old = inner[last] if isinstance(last, int) else inner.get(last)
    if wrong is ABSENT:
        del inner[last]
    else:
        inner[last] = wrong(old) if callable(wrong) else wrong
    return replace(resource, properties=properties, outputs=outputs)


def text(pattern: str, instead: str) -> Callable[[str], str]:
    """Replaces all that matches in a file of a service, in base64; something must."""

    def change(data: str) -> str:
        made, count = re.subn(pattern, instead, base64.b64decode(data).decode(), flags=re.MULTILINE)
        assert count, f"{pattern} is not in the file"
        return base64.b64encode(made.encode()).decode()

    return change


def container(key: str, value: Any) -> Callable[[str], str]:
    """Sets a key of the first container of a task; ABSENT takes it away."""

    def change(found: str) -> str:
        made = json.loads(found)
        if value is ABSENT:
            del made[0][key]
        else:
            made[0][key] = value(made[0].get(key)) if callable(value) else value
        return json.dumps(made)

    return change


def allows(**statement: Any) -> Callable[[str], str]:
    """Adds a statement to a policy."""

    def change(found: str) -> str:
        made = json.loads(found)
        made["Statement"] = [*made["Statement"], {"Effect": "Allow", **statement}]
        return json.dumps(made)

    return change


def without_denials(found: str) -> str:
    """A policy that refuses nobody."""
    made = json.loads(found)
    made["Statement"] = [one for one in made["Statement"] if one["Effect"] != "Deny"]
    return json.dumps(made)


def parameter(name: str, value: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Sets a parameter of a database."""
    return lambda found: [one for one in found if one["name"] != name] + [{"name": name, "value": value}]


def lifecycle_without(key: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Takes a key out of every rule of a life cycle."""
    return lambda found: [{name: value for name, value in one.items() if name != key} for one in found]
