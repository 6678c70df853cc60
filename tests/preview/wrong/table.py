"""All wrong programs, as the project's notes show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from scripts.simulation.values import Problem
from tests.preview.wrong import aws, azure, docker, docker_world, gcp, run
from tests.preview.wrong.model import Wrong

CASES: Final[Sequence[Wrong]] = tuple(chain(docker.CASES, docker_world.CASES, aws.CASES, azure.CASES, gcp.CASES))

_LONGEST: Final = 160
"""Characters of a sentence in the table."""


def markdown(cases: Iterable[Wrong] = CASES) -> str:
    """A row for each: cloud, mistake, where the sentence points, what it says, and whether the corrected program passes."""
    lines = ["| cloud | mistake | refused at | in these words | corrected |", "|---|---|---|---|---|"]
    for wrong in cases:
        problem = fitting(wrong, run.refused(wrong))
        said = "**not refused**" if problem is None else _cell(problem.reason)
        passes = "accepted" if not run.accepted(wrong) else "**refused**"
        lines.append(f"| {wrong.cloud} | {wrong.case} | `{wrong.path or '-'}` | {said} | {passes} |")
    return "\n".join(lines)


def fitting(wrong: Wrong, problems: Sequence[Problem]) -> Problem | None:
    """The problem that points where it should and says what it should."""
    return next((one for one in problems if one.path == wrong.path and wrong.words in one.reason), None)


def _cell(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return short.replace("|", "\\|")
