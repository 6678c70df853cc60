"""Property values as plain Python: None, bool, int, float, str, list, dict, and `UNKNOWN` for what is not known yet.

Secrets arrive without their wrapping (the engine puts it back by itself) and assets as a dict with the engine's signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final


class Unknown:
    """A value that exists only after deployment. There is one of it, `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false")


UNKNOWN: Final = Unknown()

UNREADABLE: Final = "[secret of an imported state]"
"""Stands for a value that was encrypted where the state came from: no difference to anything can be told."""

type_of = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key under which the engine writes what a marked object is: a secret, an asset, an output."""

Value = Any
"""None | bool | int | float | str | list[Value] | dict[str, Value] | Unknown; numbers without a fraction are int."""

Properties = Mapping[str, Value]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one property. `path`: wire names, as `settings.ipConfiguration.authorizedNetworks[0].value`.

    `reason` is one sentence that says what to do, without the value where it may be a secret.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


def step(path: str, part: str | int) -> str:
    """The path of a part of the value at `path`."""
    if isinstance(part, int):
        return f"{path}[{part}]"
    return f"{path}.{part}" if path else part


def walk(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """Every leaf of a value with its path: scalars, UNKNOWN, and empty lists and objects."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from walk(item, step(path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from walk(item, step(path, index))
    else:
        yield path, value


def select(value: Value, pattern: str) -> Iterator[tuple[str, Value]]:
    """The values at a pattern such as `subnetIds[*]`, `rules[*].target.*`, with the path of each.

    `[*]` is every element, `*` every key. What is absent, None or UNKNOWN on the way gives nothing; UNKNOWN at the end is
    given.
    """
    yield from _select(value, _parts(pattern), "")


def _parts(pattern: str) -> list[str]:
    return [part for part in pattern.replace("[", ".[").split(".") if part]


def _select(value: Value, parts: list[str], path: str) -> Iterator[tuple[str, Value]]:
    if not parts:
        if value is not None:
            yield path, value
        return
    first, rest = parts[0], parts[1:]
    if first == "[*]":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _select(item, rest, step(path, index))
    elif isinstance(value, Mapping):
        for key in list(value) if first == "*" else [first]:
            if key in value:
                yield from _select(value[key], rest, step(path, key))
