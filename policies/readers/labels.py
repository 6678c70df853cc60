"""The kit's labels: whose a resource is, which part, which environment. Read the same way on every target. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policies.model import Resource, at
from policies.readers.model import Reader, Reading
from scripts.simulation.values import UNKNOWN, Value

_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")
PREFIX: Final = "penguinmails."
REQUIRED: Final = ("project", "stack", "environment", "component", "managed-by")
ENVIRONMENTS: Final = ("development", "staging", "production")


def labels(resource: Resource, place: str) -> Value:
    """A resource's labels as an object; UNKNOWN when none of them is known. Docker keeps them as a list of pairs."""
    found = at(resource.properties, place)
    if found is UNKNOWN or isinstance(found, Mapping):
        return found
    pairs = found if isinstance(found, list) else []
    if any(pair is UNKNOWN or at(pair, "label") is UNKNOWN for pair in pairs):
        return UNKNOWN
    return {pair.get("label"): pair.get("value") for pair in pairs if isinstance(pair, Mapping)}


def label(resource: Resource, place: str, name: str) -> Value:
    """One label of the kit; None when it is not there."""
    return _at_key(labels(resource, place), PREFIX + name)


def _at_key(found: Value, key: str) -> Value:
    """A value of an object whose keys hold dots."""
    return found.get(key) if isinstance(found, Mapping) else found


def of_labels(place: str) -> Reader:
    """Reads whether a resource has every label of the kit, at `place`."""

    def read(resource: Resource) -> Iterator[Reading]:
        found = labels(resource, place)
        if found is UNKNOWN:
            yield Reading(place, UNKNOWN)
            return
        values = {name: _at_key(found, PREFIX + name) for name in REQUIRED}
        missing = [PREFIX + name for name, value in values.items() if value is not UNKNOWN and not value]
        yield Reading(place, not missing, f"give it {', '.join(missing)}, as components/naming.py makes them")
        yield from (Reading(f'{place}["{PREFIX}{name}"]', UNKNOWN) for name, value in values.items() if value is UNKNOWN)
        environment = values["environment"]
        if environment is not UNKNOWN and environment:
            fix = f"{PREFIX}environment must be one of {', '.join(ENVIRONMENTS)}"
            yield Reading(place, environment in ENVIRONMENTS, fix)

    return read


def _is_of(name: str, platform: str) -> bool:
    """Whether a name begins with a platform's, or with as much of it as the limit leaves before a hash."""
    clean, whole = (_SEPARATORS.sub("-", text.lower()).strip("-") for text in (name, platform))
    head = clean.rpartition("-")[0]
    return clean.startswith(whole) or (bool(head) and whole.startswith(head) and name.startswith(whole.partition("-")[0]))


def named(path: str, place: str) -> Reader:
    """Reads whether a name begins with `<project>-<stack>`, which the labels at `place` say; nothing where either is absent."""

    def read(resource: Resource) -> Iterator[Reading]:
        name, found = at(resource.properties, path), labels(resource, place)
        parts = [_at_key(found, PREFIX + part) for part in ("project", "stack")]
        if name is None or None in parts:
            return
        if UNKNOWN in (name, *parts):
            yield Reading(path, UNKNOWN)
        else:
            yield Reading(path, _is_of(str(name), "-".join(map(str, parts))))

    return read
