"""For a person with a browser: one page that needs nothing else, neither script nor network. Every text is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from scripts.policy.formats.text import summary
from scripts.policy.reports import SEVERITIES, PolicyReport

_TEMPLATE: Final = "report.html.j2"


def write(reports: Sequence[PolicyReport]) -> str:
    failing = Counter(found.severity for report in reports for found in report.findings if found.fails)
    return (
        _template()
        .render(
            reports=reports,
            ok=all(report.ok for report in reports),
            failing=[(severity, failing[severity]) for severity in SEVERITIES],
            summary=summary,
        )
        .rstrip("\n")
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(_TEMPLATE)
