"""The page for auditors, docs/policies-controls.md, made from the rules: `python -m policies.page > docs/policies-controls.md`.

A test fails where the page is not what the rules say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from policies import packs
from policies.frameworks import FRAMEWORKS
from policies.model import AnyRule
from policies.properties import Property
from policies.readers import TARGETS
from policies.rules import ALL
from policies.rules.make import READS

_HEAD: Final = """\
# Controls, rules and evidence

Made from `policies/` by `python -m policies.page`; do not edit. The reading of the frameworks is this project's own, not an
auditor's: a rule serves a control, it does not satisfy it.

What proves a rule: `tests/unit/policies/test_mutations.py` takes the property away from the kit's own resources for real use,
on every target that the rule reads, and asks that exactly this rule says so; `tests/unit/policies/test_production.py` asks that
the platforms for real use break no rule. What proves a platform: the report of `scripts/preview STACK --packs PACKS` before a
change and of `scripts/policies STACK` for what runs; both name what is waived, by whom and until when.
"""


def text() -> str:
    """The whole page."""
    return "\n".join([*_page(), ""])


def _page() -> Iterator[str]:
    yield _HEAD
    yield f"{len(ALL)} rules; packs: {', '.join(f'`{name}` ({len(packs.rules(name))})' for name in packs.names())}."
    for framework, controls in FRAMEWORKS.items():
        yield f"\n## {framework}\n"
        yield "| control | asks for | rules | beyond infrastructure |"
        yield "|---|---|---|---|"
        for name, control in controls.items():
            rules = [f"`{rule.name}`" for rule in ALL if f"{framework} {name}" in rule.controls]
            yield f"| {name} | {control.title} | {', '.join(rules) or 'none can'} | {control.beyond} |"
    yield "\n## Rules\n"
    yield "| rule | what it wants | severity | level | packs | where it is broken |"
    yield "|---|---|---|---|---|---|"
    asked = packs.demanded_by(packs.names())
    strictest = {rule.name: rule.level for rule in packs.merged(packs.names())}
    for rule in ALL:
        level = strictest[rule.name]
        yield (
            f"| `{rule.name}` | {rule.description} | {rule.severity} | {level} | {', '.join(asked[rule.name])} "
            f"| {rule.remediation} |"
        )
    yield "\n## Settings\n"
    yield "| pack | rule | setting | what it is | value of the pack |"
    yield "|---|---|---|---|---|"
    for pack in packs.names():
        yield from (row for rule in packs.rules(pack) for row in _settings(pack, rule))
    yield "\n## What a rule reads on each target\n"
    yield f"| rule | {' | '.join(TARGETS)} |"
    yield f"|---{'|---' * len(TARGETS)}|"
    for rule in ALL:
        yield f"| `{rule.name}` | {' | '.join(_reads(rule, target) for target in TARGETS)} |"


def _settings(pack: str, rule: AnyRule) -> Iterator[str]:
    for setting in rule.settings:
        value = rule.values[setting.name]
        shown = ", ".join(value) if isinstance(value, list) else value
        yield f"| {pack} | `{rule.name}` | `{setting.name}` | {setting.description} | {shown} |"


def _reads(rule: AnyRule, target: str) -> str:
    name = READS[rule.name]
    found = TARGETS[target]
    if name in found.absent:
        return f"not applicable: {found.absent[name]}"
    tokens = [token.rpartition(":")[2] for token in found.readers[name]] if isinstance(name, Property) else []
    if len(tokens) > 12:
        return f"{len(tokens)} types"
    return ", ".join(f"`{token}`" for token in tokens) or "the whole stack"


if __name__ == "__main__":
    sys.stdout.write(text())
