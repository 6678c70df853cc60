"""Which packs there are and what they ask for; several packs become one list of rules. Pure but for imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from policies.model import STRICTNESS, AnyRule

FOLDER: Final = Path(__file__).resolve().parent


class UnknownPack(ValueError):
    """A pack that does not exist."""


def names() -> tuple[str, ...]:
    """All packs, in the order of the alphabet."""
    return tuple(sorted(file.parent.name for file in FOLDER.glob("*/PulumiPolicy.yaml")))


def rules(pack: str) -> tuple[AnyRule, ...]:
    """The rules of one pack, as it lists them.

    Raises `UnknownPack` with the packs that exist.
    """
    if pack not in names():
        raise UnknownPack(f"{pack}: there is no such policy pack; there are {', '.join(names())}")
    found: tuple[AnyRule, ...] = import_module(f"policies.{pack}").RULES
    return found


def merged(packs: Sequence[str]) -> tuple[AnyRule, ...]:
    """Each rule of all packs once, at the strictest level that one of them asks for, with the controls of all.

    Raises `UnknownPack`, and `ValueError` for two rules of one name.
    """
    found = dict[str, AnyRule]()
    for rule in (rule for pack in packs for rule in rules(pack)):
        known = found.get(rule.name, rule)
        if known.check is not rule.check:
            raise ValueError(f"{rule.name}: two rules have this name; rename one")
        level = max(known.level, rule.level, key=lambda each: STRICTNESS[each])
        controls = tuple(dict.fromkeys((*known.controls, *rule.controls)))
        found[rule.name] = replace(known, level=level, controls=controls)
    return tuple(found.values())


def demanded_by(packs: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Name of a rule -> the packs, of those named, that ask for it."""
    found = dict[str, tuple[str, ...]]()
    for pack in packs:
        for rule in rules(pack):
            found[rule.name] = (*found.get(rule.name, ()), pack)
    return found
