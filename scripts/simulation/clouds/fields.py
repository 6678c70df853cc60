"""Reading inputs of which some are not known yet, and where a number may be text that reads as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scripts.simulation.values import Properties, Value, select


def texts(inputs: Properties, pattern: str) -> Iterator[tuple[str, str]]:
    """The known strings at a pattern, with the path of each."""
    for path, value in select(inputs, pattern):
        if isinstance(value, str):
            yield path, value


def numbers(inputs: Properties, pattern: str) -> Iterator[tuple[str, int | float]]:
    """The known numbers at a pattern, with the path of each."""
    for path, value in select(inputs, pattern):
        found = number(value)
        if found is not None:
            yield path, found


def number(value: Value) -> int | float | None:
    """A number, also one that is given as text, as the provider takes it; None for anything else."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def objects(inputs: Properties, pattern: str) -> Iterator[tuple[str, dict[str, Value]]]:
    """The objects at a pattern, with the path of each; their members may be unknown."""
    for path, value in select(inputs, pattern):
        if isinstance(value, dict):
            yield path, value


def text(inputs: Properties, pattern: str, default: str = "") -> str:
    """The known string at a pattern, or the default."""
    return next((value for _, value in texts(inputs, pattern)), default)


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
