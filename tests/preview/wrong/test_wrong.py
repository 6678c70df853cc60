"""Every wrong program is refused where it is wrong, in words that help, and is accepted after one change."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.preview.wrong import run
from tests.preview.wrong.model import Kind, Wrong
from tests.preview.wrong.table import CASES, fitting, markdown

FEWEST = 50
IDS = [f"{wrong.cloud}: {wrong.case}" for wrong in CASES]


@pytest.mark.parametrize("wrong", CASES, ids=IDS)
def test_it_is_refused(wrong: Wrong) -> None:
    problems = run.refused(wrong)
    assert fitting(wrong, problems) is not None, [str(problem) for problem in problems] or "accepted"


@pytest.mark.parametrize("wrong", CASES, ids=IDS)
def test_one_change_makes_it_right(wrong: Wrong) -> None:
    assert [str(problem) for problem in run.accepted(wrong)] == []


def test_the_table_covers_each_cloud_and_each_kind_of_mistake() -> None:
    assert len(CASES) >= FEWEST
    assert len(set(IDS)) == len(IDS)
    assert {wrong.cloud for wrong in CASES} == {"aws", "azure-native", "docker", "gcp"}
    assert {wrong.kind for wrong in CASES} == set(get_args(Kind))


def test_the_notes_show_what_is_said() -> None:
    shown = markdown(CASES[:1])
    assert CASES[0].case in shown
    assert shown.endswith("| accepted |")
