"""A wrong program as data: a few resources of which the last is refused, and the one change that makes it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["type", "value", "name", "reference", "range", "together", "use", "quota"]
"""type: what the SDK's types say. value: what one resource says by itself. name: length, characters, taken. reference: ids.
range: addresses. together: values that do not fit each other. use: what is in use or protected. quota: how many there are."""


@dataclass(frozen=True)
class Out:
    """An output of a resource that the program made before: `Out("vpc")` is its id."""

    name: str
    attribute: str = "id"


@dataclass(frozen=True)
class Make:
    token: str
    name: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """An update in place of `name`, with all inputs given anew."""

    name: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Delete:
    name: str


@dataclass(frozen=True)
class Replace:
    """A change of `name` that makes a new resource, and whose name is fixed: the old one is deleted first."""

    name: str
    inputs: Mapping[str, Any]


Step = Make | Change | Delete | Replace

ABSENT: Final = object()
"""In `Set`: leave the input out."""


@dataclass(frozen=True)
class Set:
    """Gives the input at a path another value. `of`: the step, counted from the end: -1 is the one that was refused."""

    path: str
    value: Any
    of: int = -1


@dataclass(frozen=True)
class First:
    """Does something else before the step that was refused."""

    step: Step


@dataclass(frozen=True)
class Wrong:
    """`path`: where the sentence points. `words`: a part of it. `right`: the change after which all is accepted.

    `most`: of the last step's type there can be so many.
    """

    case: str
    kind: Kind
    steps: Sequence[Step]
    path: str
    words: str
    right: Set | First
    most: int | None = None

    @property
    def cloud(self) -> str:
        """The provider that refuses."""
        return next(step.token for step in reversed(self.steps) if isinstance(step, Make)).partition(":")[0]


def one(case: str, kind: Kind, make: Make, path: str, words: str, right: Any) -> Wrong:
    """A program of one resource, made right by another value at the path of the sentence; ABSENT leaves it out."""
    return Wrong(case, kind, (make,), path, words, Set(path, right))
