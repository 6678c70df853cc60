"""Which packs there are and what they ask for; several packs become one list of rules. Pure but for imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from policies.model import STRICTNESS, AnyRule
from policies.rules.make import configured
from policies.settings import BadConfiguration
from scripts.simulation.values import Value

FOLDER: Final = Path(__file__).resolve().parent

Configuration = Mapping[str, Mapping[str, Any]]
"""Name of a pack -> name of a rule -> name of a setting -> value."""


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


def merged(packs: Sequence[str], configuration: Configuration | None = None) -> tuple[AnyRule, ...]:
    """Each rule of all packs once, as strict as the strictest of them asks, with the controls of all.

    `configuration`: what an operator sets for a pack.

    Raises `UnknownPack`, `BadConfiguration`, and `ValueError` for two rules of one name.
    """
    found = dict[str, AnyRule]()
    for rule in (rule for pack in packs for rule in configured_pack(pack, (configuration or {}).get(pack, {}))):
        known = found.get(rule.name, rule)
        if known.check is not rule.check:
            raise ValueError(f"{rule.name}: two rules have this name; rename one")
        found[rule.name] = _stricter(known, rule)
    return tuple(found.values())


def configured_pack(pack: str, given: Mapping[str, Mapping[str, Value]]) -> tuple[AnyRule, ...]:
    """The rules of one pack with values that an operator gives: name of a rule -> name of a setting -> value.

    Raises `UnknownPack` and `BadConfiguration`, whose sentence begins with the name of the pack.
    """
    asked = rules(pack)
    names_of_rules = {rule.name for rule in asked}
    for name, values in given.items():
        if name not in names_of_rules:
            takes = ", ".join(sorted(rule.name for rule in asked if rule.settings)) or "none"
            raise BadConfiguration(f"{pack}.{name}: no rule of this pack has this name; those with settings are {takes}.")
        if not isinstance(values, Mapping):
            raise BadConfiguration(f"{pack}.{name}: give the settings of the rule by their names.")
    try:
        return tuple(configured(rule, given[rule.name]) if rule.name in given else rule for rule in asked)
    except BadConfiguration as problem:
        raise BadConfiguration(f"{pack}.{problem}") from None


def _stricter(left: AnyRule, right: AnyRule) -> AnyRule:
    return replace(
        left,
        level=max(left.level, right.level, key=lambda level: STRICTNESS[level]),
        controls=tuple(dict.fromkeys((*left.controls, *right.controls))),
        values={one.name: one.strictest((left.values[one.name], right.values[one.name])) for one in left.settings},
    )


def schema(pack: str) -> Mapping[str, Mapping[str, Mapping[str, Value]]]:
    """What can be set for a pack: name of a rule -> name of a setting -> JSON schema with the pack's own value as default."""
    return {
        rule.name: {one.name: {**one.schema, "default": rule.values[one.name]} for one in rule.settings}
        for rule in rules(pack)
        if rule.settings
    }


def demanded_by(packs: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Name of a rule -> the packs, of those named, that ask for it."""
    found = dict[str, tuple[str, ...]]()
    for pack in packs:
        for rule in rules(pack):
            found[rule.name] = (*found.get(rule.name, ()), pack)
    return found
