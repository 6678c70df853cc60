"""What goes into a report, without an engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.policy.places import Place
from scripts.policy.reports import Finding
from scripts.previews import judge
from scripts.previews.report import StackReport
from scripts.previews.run import Ended

VIOLATION = Finding(None, "mandatory", "violation", "", "set it to true", Place("stacks/Pulumi.test.yaml", 1))
NOT_STARTED = Finding(None, "mandatory", "error", "", "no policy pack was started", Place("stacks/Pulumi.test.yaml", 1))


@pytest.mark.parametrize(("finding", "told"), [(VIOLATION, ["up"]), (NOT_STARTED, [])])
def test_a_run_that_fails_without_a_word_is_told_beside_a_broken_rule(finding: Finding, told: list[str]) -> None:
    """Rules are not enforced in a preview: a broken one is no reason for the engine to fail, a pack that did not start is."""
    nothing: Any = None
    report = StackReport("test", policies=[finding])
    preview = judge._Preview(nothing, nothing, nothing, report, nothing, Path())
    preview._take(Ended("up", 255, [], "error: out of memory\n", 1.0))
    assert [trouble.phase for trouble in report.errors] == told


def test_a_description_that_is_no_yaml_has_nothing_in_it(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.old.yaml"
    file.write_text("config: [1\n  a: b\n", encoding="utf-8")
    assert judge._platform(file) == {}
