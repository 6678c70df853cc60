"""Exceptions and settings of packs in a stack file: mistakes are refused with their paths."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.stackfile import StackFileError
from scripts.policy import settings
from scripts.toolchain.process import Failure
from tests.unit.scripts.policy.examples import STACK_FILE, TODAY, waivers

RULES = ("kept", "private", "of-another-pack")
GOOD: dict[str, Any] = {
    "rule": "kept",
    "resource": "penguinmails-api-*",
    "reason": "a spare copy",
    "owner": "platform team",
    "expires": "2027-01-31",
}


def read(*found: dict[str, Any], **more: Any) -> settings.Settings:
    value = {"waivers": list(found), **more}
    text = yaml.safe_dump({"config": {"penguinmails:platform": {}, "penguinmails:policies": value}})
    return settings.read(text, TODAY, RULES, ("baseline", "soc2"))


def problems(*found: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises(StackFileError) as error:
        read(*found, **more)
    return error.value.problems


def test_waivers_are_read_as_they_are_written_days_with_and_without_quotes() -> None:
    assert list(settings.read(STACK_FILE, TODAY, RULES, ()).waivers) == waivers()
    quoted = STACK_FILE.replace("2027-01-31", '"2027-01-31"')
    assert list(settings.read(quoted, TODAY, RULES, ()).waivers) == waivers()


@pytest.mark.parametrize("text", ["", "config: {}", "config: {penguinmails:platform: {}}", "config: [1\n a: b"])
def test_a_stack_file_that_says_nothing_of_policies_asks_for_nothing(text: str) -> None:
    assert settings.read(text, TODAY, RULES, ()) == settings.Settings()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": "kpet"}, "policies.waivers[0].rule: there is no rule kpet; there are kept, of-another-pack, private"),
        ({"reason": None}, "policies.waivers[0].reason: is missing"),
        ({"reason": "  "}, "policies.waivers[0].reason: must not be empty"),
        ({"owner": None}, "policies.waivers[0].owner: is missing"),
        ({"owner": ""}, "policies.waivers[0].owner: must not be empty"),
        ({"resource": None}, "policies.waivers[0].resource: is missing"),
        ({"resource": "*"}, "policies.waivers[0].resource: a waiver of everything is no exception; name resources"),
        ({"resource": "?*-*"}, "policies.waivers[0].resource: a waiver of everything is no exception; name resources"),
        ({"expires": None}, "policies.waivers[0].expires: is missing"),
        ({"expires": "soon"}, "policies.waivers[0].expires: is no date; write one such as 2027-03-31"),
        ({"expires": "20270131"}, "policies.waivers[0].expires: is no date; write one such as 2027-03-31"),
        ({"expires": "2027-02-30"}, "policies.waivers[0].expires: is no date; write one such as 2027-03-31"),
        ({"expires": 2027}, "policies.waivers[0].expires: should be a string, not 2027"),
        ({"expires": "2027-11-27"}, "policies.waivers[0].expires: 2027-11-27 is more than a year away; name an earlier day"),
        ({"until": "2027-01-31"}, "policies.waivers[0].until: is not a known key"),
    ],
)
def test_a_bad_waiver_is_refused_with_its_path(change: dict[str, Any], sentence: str) -> None:
    bad = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    assert [each[: len(sentence)] for each in problems(bad)] == [sentence]


def test_all_mistakes_are_told_at_once() -> None:
    found = problems(GOOD, {**GOOD, "rule": "kpet"}, {**GOOD, "expires": "2029-01-01"}, packs={"sco2": {}})
    assert [each.partition(":")[0] for each in found] == [
        "policies.waivers[1].rule",
        "policies.waivers[2].expires",
        "policies.packs.sco2",
    ]


def test_a_bare_day_that_no_calendar_has_is_told_and_does_not_stop_the_reading() -> None:
    text = STACK_FILE.replace("2026-11-24", "2026-13-24")
    with pytest.raises(StackFileError, match=r"policies.waivers\[2\].expires: is no date"):
        settings.read(text, TODAY, RULES, ())


def test_a_key_of_the_stack_file_that_is_misspelled_is_refused() -> None:
    text = yaml.safe_dump({"config": {"penguinmails:platform": {}, "penguinmails:polices": {"waivers": []}}})
    with pytest.raises(StackFileError, match="penguinmails:polices: is not a known value of the stack file"):
        settings.read(text, TODAY, RULES, ())
    secret = yaml.safe_dump({"config": {"penguinmails:platform": {}, "penguinmails:apiKey": {"secure": "v1:a:b"}}})
    assert settings.read(secret, TODAY, RULES, ()) == settings.Settings()


def test_the_last_day_of_a_year_is_taken_and_a_waiver_covers_by_rule_and_name() -> None:
    [found] = read({**GOOD, "expires": "2027-11-26"}).waivers
    assert found.until == date(2027, 11, 26)
    assert found.covers("kept", "penguinmails-api-copies")
    assert not found.covers("kept", "penguinmails-worker-copies")
    assert not found.covers("private", "penguinmails-api-copies")


def test_settings_of_packs_are_read_from_the_stack_file_and_from_a_file_of_their_own(tmp_path: Path) -> None:
    assert read(packs={"soc2": {"kept": {"days": 30}}}).packs == {"soc2": {"kept": {"days": 30}}}
    file = tmp_path / "packs.yaml"
    file.write_text("soc2: { kept: { days: 30 } }\n", encoding="utf-8")
    assert settings.packs_in(file, ("baseline", "soc2")) == {"soc2": {"kept": {"days": 30}}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soc3: {}", "--packs-config: soc3: there is no such policy pack; there are baseline, soc2."),
        ("[1", "is not valid YAML"),
        ("- soc2", "should be a mapping of packs"),
        ("soc2: 1", "should be a mapping of packs"),
    ],
)
def test_a_bad_file_of_settings_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "packs.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Failure, match=sentence):
        settings.packs_in(file, ("baseline", "soc2"))
    with pytest.raises(Failure, match="cannot be read"):
        settings.packs_in(tmp_path / "none.yaml", ())
