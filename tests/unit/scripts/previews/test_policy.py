"""The packs for one stack: its own settings and exceptions, and the folder for the engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import typer

from components.stackfile import StackFileError
from scripts.policy import formats
from scripts.policy.compose import packs_config
from scripts.policy.formats import Format
from scripts.previews.policy import Policies
from scripts.toolchain.process import Failure
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


PACKS = "  penguinmails:policies:\n    packs: {{ gdpr: {{ {} }} }}\n"


def test_settings_of_a_pack_reach_the_engine_and_what_is_given_beside_the_stack_file_wins(tmp_path: Path) -> None:
    text = NO_WAIVERS + PACKS.format("logs-end: { maximum_days: 90 }")
    Policies(["gdpr"], today=TODAY).of(FILE, text).write(tmp_path / "own")
    assert "{'gdpr': {'logs-end': {'maximum_days': 90}}}" in (tmp_path / "own" / "__main__.py").read_text(encoding="utf-8")
    given = {"gdpr": {"logs-end": {"maximum_days": 60}}}
    Policies(["gdpr"], given, TODAY).of(FILE, text).write(tmp_path / "given")
    assert "{'maximum_days': 60}" in (tmp_path / "given" / "__main__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("logs-end: { maximum_days: 0 }", "policies.packs.gdpr.logs-end.maximum_days: give a whole number"),
        ("logs-end: { days: 1 }", "policies.packs.gdpr.logs-end.days: the rule has no such setting"),
        ("logs-never-end: { days: 1 }", "policies.packs.gdpr.logs-never-end: no rule of this pack has this name"),
        ("logs-end: 1", "policies.packs.gdpr.logs-end: should be a mapping, not 1"),
    ],
)
def test_a_bad_setting_is_refused_with_its_path(tmp_path: Path, settings: str, sentence: str) -> None:
    with pytest.raises(StackFileError, match=sentence):
        Policies(["gdpr"], today=TODAY).of(FILE, NO_WAIVERS + PACKS.format(settings))
    file = tmp_path / "packs.yaml"
    file.write_text(f"gdpr: {{ {settings} }}", encoding="utf-8")
    with pytest.raises(Failure, match="--packs-config: "):
        packs_config(file)


def test_without_a_file_of_settings_nothing_is_given() -> None:
    assert packs_config(None) == {}


def test_further_files_have_a_format_and_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "a=b.sarif"
    assert formats.files([f"sarif={file}"]) == {file: Format.SARIF}
    for wrong in ("sarif", "sarif=", f"xml={file}", f"html={tmp_path / 'none' / 'a.html'}"):
        with pytest.raises(typer.BadParameter, match="--also"):
            formats.files([wrong])
