"""Several ways to the same thing, tried in order. The first that is open is taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .process import Failure


class Closed(Exception):
    """Why a road cannot be taken, as a clause: "Go is not installed"."""


@dataclass(frozen=True)
class Road:
    """`walk` gives the path of what was found or made, or raises Closed."""

    name: str
    walk: Callable[[], Path]


def take(what: str, roads: Sequence[Road], *, advice: str, announce: Callable[[str], None]) -> tuple[str, Path]:
    """The name of the road taken and where it led; Failure with every reason, in one sentence, if all are closed."""
    reasons: list[str] = []
    for road in roads:
        try:
            return road.name, road.walk()
        except Closed as closed:
            reasons.append(f"{road.name}: {closed}")
            announce(reasons[-1])
    raise Failure(f"{what} could not be had ({'; '.join(reasons)}): {advice}.")
