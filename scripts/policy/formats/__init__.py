"""Reports of policies for people and for programs, one module a format. Each is a pure function from reports to text."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import typer

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


def files(also: Sequence[str]) -> dict[Path, Format]:
    """What `--also FORMAT=FILE` asks for: further files and their formats.

    Raises `BadParameter` for what is no format, and for a file whose folder is not there.
    """
    found = dict[Path, Format]()
    for each in also:
        form, _, name = each.partition("=")
        if form not in set(Format) or not name:
            raise typer.BadParameter(f"--also: {each}: write FORMAT=FILE, with one of {', '.join(Format)}.")
        if not Path(name).absolute().parent.is_dir():
            raise typer.BadParameter(f"--also: {name}: there is no such folder; make it first.")
        found[Path(name)] = Format(form)
    return found
