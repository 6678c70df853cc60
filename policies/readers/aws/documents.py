"""Documents inside properties of AWS: policies and containers of a task, both JSON texts. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from policies.model import Resource, at
from policies.readers.model import Reader, Reading
from scripts.simulation.values import UNKNOWN, UNREADABLE, Value, step

DEFINITIONS: Final = "containerDefinitions"
NO_JSON: Final = "give a JSON text"


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Any:
    return json.loads(text)


def document(value: Value) -> Value:
    """A document as an object; UNKNOWN, None for none, and `ValueError` for what is no JSON."""
    if value is UNKNOWN or value == UNREADABLE:
        return UNKNOWN
    return _parsed(value) if isinstance(value, str) and value else value or None


def statements(found: Value) -> Sequence[Mapping[str, Any]]:
    """The statements of a policy."""
    inside = found.get("Statement", []) if isinstance(found, Mapping) else []
    listed = [inside] if isinstance(inside, Mapping) else inside
    return [one for one in listed if isinstance(one, Mapping)]


def listed(value: Any) -> list[Any]:
    """One or several as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def everybody(principal: Any) -> bool:
    """Whether a principal is anybody at all."""
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    return "*" in listed(named)


def of_policy(path: str, fix: str, right: Any, *, absent: bool | None = None) -> Reader:
    """Reads whether the statements of the policy at a path are right. `absent`: what no policy says; None for nothing."""

    def read(resource: Resource) -> Iterator[Reading]:
        try:
            found = document(at(resource.properties, path))
        except ValueError:
            yield Reading(path, False, NO_JSON)
            return
        if found is UNKNOWN:
            yield Reading(path, UNKNOWN, fix)
        elif found is not None:
            yield Reading(path, right(statements(found)), fix)
        elif absent is not None:
            yield Reading(path, absent, fix)

    return read


def containers(resource: Resource) -> Iterator[tuple[str, Any]]:
    """The containers of a task definition with their paths; the text itself where it is not known.

    Raises `ValueError` for a text that is no JSON: such a task cannot be judged.
    """
    found = document(at(resource.properties, DEFINITIONS))
    if found is UNKNOWN:
        yield DEFINITIONS, UNKNOWN
    for index, definition in enumerate(found if isinstance(found, list) else ()):
        yield step(DEFINITIONS, index), definition
