"""Tags: how many, how long, and whose prefix `aws:` is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.simulation.clouds.aws.rules.reading import nested
from scripts.simulation.values import Problem, Properties, step

_MOST, _KEY, _VALUE = 50, 128, 256
"""Tags of a resource, characters of a key and of a value: "Tag naming limits and requirements" of AWS's tagging guide."""

_ALLOWED = re.compile(r"[\w\s.:/=+\-@]*")


def check(inputs: Properties) -> Iterator[Problem]:
    """What is wrong with `tags`."""
    tags = nested(inputs, "tags")
    if len(tags) > _MOST:
        yield Problem("tags", f"has {len(tags)} tags; AWS takes at most {_MOST}")
    for key, value in tags.items():
        path = step("tags", key)
        if key.lower().startswith("aws:"):
            yield Problem(path, "begins with aws:, which AWS keeps for itself; use another key")
        elif not 1 <= len(key) <= _KEY:
            yield Problem(path, f"has a key of {len(key)} characters; use 1 to {_KEY}")
        elif not _ALLOWED.fullmatch(key):
            yield Problem(path, "has a key with characters that AWS does not take; use letters, digits, spaces and _.:/=+-@")
        elif isinstance(value, str) and len(value) > _VALUE:
            yield Problem(path, f"has {len(value)} characters; use at most {_VALUE}")
        elif isinstance(value, str) and not _ALLOWED.fullmatch(value):
            yield Problem(path, "has characters that AWS does not take; use letters, digits, spaces and _.:/=+-@")
