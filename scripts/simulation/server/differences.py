"""What a change of inputs means: which properties differ, and whether one of them makes a new resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scripts.simulation.values import UNREADABLE, Properties, Unknown, Value, step

Kind = Literal["add", "delete", "update"]


@dataclass(frozen=True)
class Difference:
    """`changed`: path -> kind. `replacing`: the paths among them that make a new resource."""

    changed: Mapping[str, Kind]
    replacing: frozenset[str]


def compare(old: Properties, new: Properties, patterns: frozenset[str]) -> Difference:
    """The difference between two sets of inputs. `patterns`: whose change makes a new resource."""
    changed = dict(_changes(dict(old), dict(new), ""))
    return Difference(changed, frozenset(path for path in changed if any(_meets(path, pattern) for pattern in patterns)))


def _changes(old: Value, new: Value, path: str) -> Iterator[tuple[str, Kind]]:
    if isinstance(new, Unknown) or isinstance(old, Unknown):
        yield path, "update"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if key.startswith("__"):
                continue
            yield from _entry(old.get(key), new.get(key), step(path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            yield from _entry(before, after, step(path, index))
    elif old != new:
        yield path, "update"


def _entry(before: Value, after: Value, path: str) -> Iterator[tuple[str, Kind]]:
    if (before is None and after is None) or before == UNREADABLE:
        return
    if before is None:
        yield path, "add"
    elif after is None:
        yield path, "delete"
    else:
        yield from _changes(before, after, path)


def _meets(path: str, pattern: str) -> bool:
    """Whether a changed path lies at, below or above the place that a pattern names."""
    steps, wanted = _steps(path), _steps(pattern)
    return all(found == want or want in {"*", "[*]"} for found, want in zip(steps, wanted, strict=False))


def _steps(path: str) -> list[str]:
    """`a.b[0].c` as a, b, [*], c: an index stands for any."""
    return ["[*]" if part.startswith("[") else part for part in path.replace("[", ".[").split(".") if part]
