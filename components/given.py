"""What one target always has and another never: unwrapped where it is used."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def given(value: T | None, what: str) -> T:
    """`value`, which this target always gets.

    Raises `ValueError` that names it; a fault of the kit, never of a description.
    """
    if value is None:
        raise ValueError(f"{what} is missing, which this target always has")
    return value
