"""What a reader is, and the small parts that readers are made of. Pure.

A reader looks at one resource of one target and says what a property is there: each place where it is told, with the value
in the property's own words, UNKNOWN where it is not known yet. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policies.model import Resource, at, is_given, is_true, number
from policies.properties import Property, StackProperty
from scripts.simulation.values import UNKNOWN, UNREADABLE, Value


@dataclass(frozen=True)
class Reading:
    """What is told at `path`. `fix`: what to change there on this target where the value is wrong; empty: the rule says it."""

    path: str
    value: Value
    fix: str = ""


Reader = Callable[[Resource], Iterator[Reading]]
StackReader = Callable[[Sequence[Resource]], Iterator[tuple[Resource, Reading]]]
Readers = Mapping[Property, Mapping[str, Reader]]
"""Property -> type of resource -> how it is read there."""

StackReaders = Mapping[StackProperty, StackReader]
Test = Callable[[Value], bool]


@dataclass(frozen=True)
class Target:
    """How one target answers. `absent`: property -> why there is nothing to read."""

    readers: Readers
    stack: StackReaders
    absent: Mapping[Property | StackProperty, str]


def known(value: Value, test: Callable[[Value], Any]) -> Value:
    """What a test says of a value; UNKNOWN of one that is not known, or was encrypted where it came from."""
    return UNKNOWN if value is UNKNOWN or value == UNREADABLE else test(value)


def check(path: str, test: Test, fix: str) -> Reader:
    """Reads whether the value at a path, None where it is absent, passes a test."""

    def read(resource: Resource) -> Iterator[Reading]:
        yield Reading(path, known(at(resource.properties, path), test), fix)

    return read


def flag(path: str, fix: str = "set it to true") -> Reader:
    """Reads a switch that must be on."""
    return check(path, is_true, fix)


def switched_off(path: str, fix: str = "set it to false") -> Reader:
    """Reads a switch that must not be on; absent is off."""
    return check(path, lambda value: not is_true(value), fix)


def given(path: str, fix: str) -> Reader:
    """Reads whether there is a value; one that is not known yet is one."""

    def read(resource: Resource) -> Iterator[Reading]:
        yield Reading(path, is_given(at(resource.properties, path)), fix)

    return read


def figure(path: str, fix: str = "") -> Reader:
    """Reads a number, 0 where it is absent or none."""

    def read(resource: Resource) -> Iterator[Reading]:
        yield Reading(path, known(at(resource.properties, path), number), fix)

    return read


def several(*readers: Reader) -> Reader:
    """All that several readers read."""

    def read(resource: Resource) -> Iterator[Reading]:
        for one in readers:
            yield from one(resource)

    return read


def merged(*parts: Readers) -> Readers:
    """The readers of several modules as one table; of one type and property there is one reader."""
    found = dict[Property, dict[str, Reader]]()
    for part in parts:
        for name, readers in part.items():
            mine = found.setdefault(name, {})
            for token, reader in readers.items():
                mine[token] = several(mine[token], reader) if token in mine else reader
    return found


class Index:
    """The resources of a stack by type."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._by_type = dict[str, list[Resource]]()
        for resource in resources:
            self._by_type.setdefault(resource.token, []).append(resource)

    def of(self, *tokens: str) -> list[Resource]:
        """The resources of the given types, in their order."""
        return [resource for token in tokens for resource in self._by_type.get(token, ())]


def among(name: Value, names: Sequence[Value]) -> Value:
    """Whether a name is one of several, of which some may not be known yet."""
    if name is not UNKNOWN and any(other is not UNKNOWN and other == name for other in names):
        return True
    return UNKNOWN if name is UNKNOWN or any(other is UNKNOWN for other in names) else False


NOTHING: Final[Readers] = {}
