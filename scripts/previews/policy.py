"""The policy packs' side of a preview: the folder that the engine is given, and what its events say, under the packs' names.

The rules are served without enforcement, so that a simulated `up` goes on to its end and every resource is judged; a finding
has the level that its rule asks for all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from policies import packs as available
from scripts.policy.compose import compose
from scripts.policy.events import PolicyFinding, verdicts


@dataclass(frozen=True)
class Policies:
    """`names`: the packs that were asked for. `folder`: all of them as one pack."""

    names: Sequence[str]
    folder: Path

    @classmethod
    def of(cls, names: Sequence[str], folder: Path) -> Policies | None:
        """Writes the packs into `folder`; None for no pack.

        Raises `UnknownPack`.
        """
        if not names:
            return None
        return cls(names, compose(names, folder, enforce=False))

    def findings(self, events: Iterable[Mapping[str, Any]]) -> list[PolicyFinding]:
        """What the rules say in the events of all runs, one after the other."""
        packs = available.demanded_by(self.names)
        found = [replace(each, pack=", ".join(packs.get(each.rule, ())) or each.pack) for each in verdicts(events)]
        return sorted(found, key=lambda each: (not each.fails, each.urn, each.rule, each.message))
