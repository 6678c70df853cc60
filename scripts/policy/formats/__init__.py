"""Reports of policies for people and for programs, one module a format. Each is a pure function from reports to text."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from scripts.policy.formats import html, json, junit, sarif, text
from scripts.policy.reports import PolicyReport


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    HTML = "html"


_WRITERS = {
    Format.TEXT: text.write,
    Format.JSON: json.write,
    Format.JUNIT: junit.write,
    Format.SARIF: sarif.write,
    Format.HTML: html.write,
}


def write(form: Format, reports: Sequence[PolicyReport]) -> str:
    """All reports in one document, without a line's end after it."""
    return _WRITERS[form](reports)
