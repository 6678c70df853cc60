"""Reading a word of which it matters whether it is left out or not known yet."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.simulation.values import Properties, Value


def stated(inputs: Properties, path: str, default: str) -> str | None:
    """The string at a path of names; the default where it is left out, None where it is not known yet."""
    value: Value = inputs
    for name in path.split("."):
        if not isinstance(value, Mapping):
            break
        value = value.get(name)
    if value is None:
        return default
    return value if isinstance(value, str) else None
