"""The packs for one stack: its own settings and exceptions, and the folder for the engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import typer

from components.stackfile import StackFileError
from scripts.policy import formats
from scripts.policy.formats import Format
from scripts.previews.policy import Policies
from tests.unit.scripts.policy.examples import FILE, STACK_FILE

TODAY = date(2026, 11, 25)
NO_WAIVERS = STACK_FILE.partition("  penguinmails:policies:")[0]


def test_the_chosen_packs_are_one_folder_for_the_engine(tmp_path: Path) -> None:
    found = Policies(["baseline"], today=TODAY).of(FILE, NO_WAIVERS)
    folder = tmp_path / "policies"
    assert found.write(folder) == ["--policy-pack", str(folder)]
    assert "enforce=False" in (folder / "__main__.py").read_text(encoding="utf-8")
    assert {pack for rule in found.rules for pack in rule.packs} == {"baseline"}


def test_without_packs_nothing_is_asked_and_exceptions_are_read_all_the_same(tmp_path: Path) -> None:
    found = Policies(today=TODAY).of(FILE, NO_WAIVERS)
    assert found.write(tmp_path / "policies") == []
    assert found.weigh([], whole=True) == ([], [])
    with pytest.raises(StackFileError, match=r"policies.waivers\[0\].rule: there is no rule kept"):
        Policies(today=TODAY).of(FILE, STACK_FILE)


def test_a_run_in_which_the_engine_asked_no_rule_is_not_green() -> None:
    found = Policies(["baseline"], today=TODAY).of(FILE, NO_WAIVERS)
    findings, _ = found.weigh([{"preludeEvent": {}}], whole=True)
    assert {each.name for each in findings} == {rule.name for rule in found.rules}
    assert all(each.message == "the engine never asked this rule" for each in findings)
    assert found.weigh([{"preludeEvent": {}}], whole=False) == ([], [])


def test_an_expired_exception_fails_without_any_pack() -> None:
    text = NO_WAIVERS + (
        "  penguinmails:policies:\n    waivers:\n"
        "      - { rule: labelled, resource: a, reason: r, owner: o, expires: 2026-11-24 }\n"
    )
    _, [waiver] = Policies(today=TODAY).of(FILE, text).weigh([], whole=True)
    assert (waiver.state, waiver.fails) == ("expired", True)


def test_further_files_have_a_format_and_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "a=b.sarif"
    assert formats.files([f"sarif={file}"]) == {file: Format.SARIF}
    for wrong in ("sarif", "sarif=", f"xml={file}", f"html={tmp_path / 'none' / 'a.html'}"):
        with pytest.raises(typer.BadParameter, match="--also"):
            formats.files([wrong])
