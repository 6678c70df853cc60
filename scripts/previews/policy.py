"""The policy packs' side of a preview: which folder the engine is given, and what its events say of each rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scripts.toolchain.process import Failure


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a resource. `evaluated`: false when the rule could not say anything, which a mandatory one must."""

    pack: str
    rule: str
    level: Literal["mandatory", "advisory"]
    urn: str
    message: str
    evaluated: bool = True

    @property
    def fails(self) -> bool:
        return self.level == "mandatory"


def compose(packs: Sequence[str]) -> Path | None:
    """One folder with the rules of all `packs`; None for no pack."""
    if packs:
        raise Failure("--packs: there are no policy packs in this checkout yet; leave it out.")
    return None


def verdicts(events: Iterable[Mapping[str, Any]]) -> list[Verdict]:
    del events
    return []
