from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from policies import baseline, packs
from policies.model import AnyRule
from policies.packs import UnknownPack
from policies.rules import ALL
from policies.rules.encryption import DELETION_WAITS, ENCRYPTED
from policies.rules.exposure import PRIVATE
from policies.rules.make import configured
from policies.settings import BadConfiguration
from scripts.policy.compose import compose
from scripts.toolchain import paths


@pytest.fixture
def other_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two packs that share a rule, at two levels and for two frameworks."""
    strict = (replace(ENCRYPTED, controls=("GDPR Art. 32",)), PRIVATE)
    mild = (replace(ENCRYPTED, level="advisory", controls=("SOC 2 CC6.1",)),)
    known = {"strict": strict, "mild": mild, "odd": (replace(ENCRYPTED, check=PRIVATE.check),)}
    monkeypatch.setattr(packs, "names", lambda: tuple(known))
    monkeypatch.setattr(packs, "import_module", lambda name: type("Pack", (), {"RULES": known[name.rpartition(".")[2]]}))


def levels(rules: tuple[AnyRule, ...]) -> dict[str, str]:
    return {rule.name: rule.level for rule in rules}


@pytest.mark.usefixtures("other_packs")
@pytest.mark.parametrize("order", [["strict", "mild"], ["mild", "strict"], ["mild", "strict", "mild"]])
def test_each_rule_once_at_its_strictest_level_for_all_controls(order: list[str]) -> None:
    found = packs.merged(order)
    assert levels(found) == {"encrypted-at-rest": "mandatory", "data-is-private": "mandatory"}
    assert set(found[[rule.name for rule in found].index("encrypted-at-rest")].controls) == {"SOC 2 CC6.1", "GDPR Art. 32"}


@pytest.mark.usefixtures("other_packs")
def test_one_pack_alone_keeps_its_own_level() -> None:
    assert levels(packs.merged(["mild"])) == {"encrypted-at-rest": "advisory"}


@pytest.mark.usefixtures("other_packs")
def test_two_different_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="encrypted-at-rest: two rules have this name"):
        packs.merged(["strict", "odd"])


@pytest.mark.usefixtures("other_packs")
def test_who_asks_for_a_rule() -> None:
    assert packs.demanded_by(["mild", "strict"]) == {"encrypted-at-rest": ("mild", "strict"), "data-is-private": ("strict",)}


def test_a_pack_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(
        UnknownPack, match="basline: there is no such policy pack; there are baseline, ccpa, gdpr, production, soc2"
    ):
        compose(["baseline", "basline"])


def test_no_pack_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="name one policy pack"):
        compose([])


@pytest.mark.parametrize("name", packs.names())
def test_every_pack_can_be_started_by_the_engine_and_lists_its_rules(name: str) -> None:
    folder = packs.FOLDER / name
    description = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert description["name"] == name
    assert (folder / description["runtime"]["options"]["virtualenv"]).resolve() == paths.VENV.resolve()
    assert f'serve("{name}", ["{name}"])' in (folder / "__main__.py").read_text(encoding="utf-8")
    rules = packs.rules(name)
    assert len({rule.name for rule in rules}) == len(rules) > 0


def test_the_composed_folder_names_packs_and_enforcement_and_compiles(tmp_path: Path) -> None:
    folder = compose(["baseline", "baseline"], tmp_path / "with 'a quote", enforce=False)
    source = (folder / "__main__.py").read_text(encoding="utf-8")
    compile(source, "__main__.py", "exec")
    assert 'serve("penguinmails", ["baseline"], enforce=False, configuration={})' in source
    description = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert description["runtime"]["options"]["virtualenv"] == str(paths.VENV)


@pytest.fixture
def packs_with_days(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "long": (configured(DELETION_WAITS, {"minimum_days": 20}),),
        "short": (configured(DELETION_WAITS, {"minimum_days": 8}),),
    }
    monkeypatch.setattr(packs, "names", lambda: tuple(known))
    monkeypatch.setattr(packs, "import_module", lambda name: type("Pack", (), {"RULES": known[name.rpartition(".")[2]]}))


@pytest.mark.usefixtures("packs_with_days")
@pytest.mark.parametrize("order", [["long", "short"], ["short", "long"]])
def test_the_strictest_value_wins_also_where_an_operator_sets_that_of_one_pack(order: list[str]) -> None:
    assert packs.merged(order)[0].values == {"minimum_days": 20}
    assert packs.merged(order, {"long": {"deletion-of-keys-waits": {"minimum_days": 7}}})[0].values == {"minimum_days": 8}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"soc2": {"logs-are-kept": {"minimum_days": 0}}},
            "soc2.logs-are-kept.minimum_days: give a whole number from 1 to 3650.",
        ),
        (
            {"soc2": {"logs-are-kept": {"minimum_days": "many"}}},
            "soc2.logs-are-kept.minimum_days: give a whole number from 1 to 3650.",
        ),
        (
            {"soc2": {"logs-are-kept": {"minimum_days": True}}},
            "soc2.logs-are-kept.minimum_days: give a whole number from 1 to 3650.",
        ),
        (
            {"soc2": {"logs-are-kept": {"days": 1}}},
            "soc2.logs-are-kept.days: the rule has no such setting; it takes minimum_days.",
        ),
        ({"soc2": {"labelled": {"days": 1}}}, "soc2.labelled.days: the rule has no such setting; it takes no settings."),
        ({"soc2": {"log-are-kept": {}}}, "soc2.log-are-kept: no rule of this pack has this name; those with settings are "),
        (
            {"gdpr": {"data-stays-in-its-regions": {"allowed_regions": ["Frankfurt"]}}},
            "gdpr.data-stays-in-its-regions.allowed_regions: give a list of regions such as eu-central-1, one at least.",
        ),
    ],
)
def test_a_bad_configuration_is_one_sentence_that_names_the_field(given: packs.Configuration, sentence: str) -> None:
    with pytest.raises(BadConfiguration) as raised:
        packs.merged(["soc2", "gdpr"], given)
    assert str(raised.value).startswith(sentence)
    assert "\n" not in str(raised.value)


def test_what_a_pack_takes_is_a_json_schema_of_each_setting() -> None:
    schema = packs.schema("gdpr")
    assert schema["logs-end"]["maximum_days"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 3650,
        "description": "Days that logs are kept at most.",
        "default": 366,
    }
    assert schema["data-stays-in-its-regions"]["allowed_regions"]["items"]["type"] == "string"


def test_every_rule_is_in_a_pack_and_frameworks_ask_for_what_serves_them() -> None:
    asked = {rule.name for pack in packs.names() for rule in packs.rules(pack)}
    assert asked == {rule.name for rule in ALL}
    for pack, framework in (("soc2", "SOC 2 "), ("gdpr", "GDPR "), ("ccpa", "CCPA ")):
        serving = {rule.name for rule in ALL if any(control.startswith(framework) for control in rule.controls)}
        assert {rule.name for rule in packs.rules(pack)} == serving


def test_the_baseline_alone_advises_on_cost_and_names_and_production_demands_the_cost() -> None:
    advised = {rule.name for rule in baseline.RULES if rule.level == "advisory"}
    assert advised == {"copies-are-bounded", "growth-has-an-end", "named-after-the-platform"}
    both = {rule.name for rule in packs.merged(["baseline", "production"]) if rule.level == "advisory"}
    assert both == {"named-after-the-platform"}
