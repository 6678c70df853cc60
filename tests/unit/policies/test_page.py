"""The page for auditors is what the rules say, and every control that a rule names is one that the page knows."""

from __future__ import annotations

from pathlib import Path

from policies import page
from policies.frameworks import FRAMEWORKS
from policies.rules import ALL

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_page_is_what_the_rules_say() -> None:
    assert (DOCS / "policies-controls.md").read_text(encoding="utf-8") == page.text()


def test_every_control_of_a_rule_is_explained() -> None:
    known = {f"{framework} {name}" for framework, controls in FRAMEWORKS.items() for name in controls}
    assert {control for rule in ALL for control in rule.controls} <= known


def test_what_an_auditor_asks_for_by_name_is_there() -> None:
    served = {control for rule in ALL for control in rule.controls}
    for control in ("CC6.1", "CC6.6", "CC6.7", "CC7.2", "A1.2"):
        assert f"SOC 2 {control}" in served
    for article in ("5(1)(c)", "5(1)(e)", "5(1)(f)", "25(2)", "30", "32(1)(a)", "33", "44"):
        assert f"GDPR Art. {article}" in served
    for section in ("1798.100", "1798.105", "1798.150"):
        assert f"CCPA {section}" in served
