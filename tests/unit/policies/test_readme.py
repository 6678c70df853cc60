"""The README's table of rules is the packs' own."""

from __future__ import annotations

from pathlib import Path

from policies import packs
from policies.model import AnyRule

README = Path(__file__).resolve().parents[3] / "README.md"


def row(rule: AnyRule, asked_by: list[str]) -> str:
    return f"| `{rule.name}` | {rule.description} | {', '.join(asked_by)} | {rule.level} | {', '.join(rule.controls)} |"


def test_every_rule_stands_in_the_readme_as_it_is() -> None:
    text = README.read_text(encoding="utf-8")
    for rule in packs.merged(packs.names()):
        asked_by = [pack for pack in packs.names() if rule.name in {one.name for one in packs.rules(pack)}]
        assert row(rule, asked_by) in text, row(rule, asked_by)
