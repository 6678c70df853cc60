from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from policies import baseline, packs
from policies.model import AnyRule
from policies.packs import UnknownPack
from policies.rules.encryption import ENCRYPTED
from policies.rules.exposure import PRIVATE
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
    with pytest.raises(UnknownPack, match="basline: there is no such policy pack; there are baseline"):
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
    assert 'serve("penguinmails", ["baseline"], enforce=False)' in source
    description = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert description["runtime"]["options"]["virtualenv"] == str(paths.VENV)


def test_the_baseline_is_mandatory_throughout() -> None:
    assert {rule.level for rule in baseline.RULES} == {"mandatory"}
