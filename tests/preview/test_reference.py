"""The tables of the documentation are as the code makes them."""

from __future__ import annotations

import re

import pytest

from components.target import Unsupported
from scripts.references.__main__ import texts
from scripts.toolchain.environment import environment
from tests.harness import targets


@pytest.mark.slow
def test_the_tables_are_fresh_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", environment()["PATH"])
    made = texts(targets.ROOT)
    stale = [name for name, text in made.items() if (targets.ROOT / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run scripts/reference"
    for row in _rows(made["README.md"], "capabilities"):
        assert re.search(r"`\w|needs none", row[-1]), f"AWS has nothing for {row[0]}"
    for whose, actions, resources, why in _rows(made["docs/aws-permissions.md"], "permissions"):
        assert why, f"{whose} has {actions} without a reason"
        assert "`*`" not in actions or "`*`" not in resources, whose


def _rows(text: str, block: str) -> list[list[str]]:
    inside = text.split(f"<!-- made by scripts/reference: {block} -->\n")[1].split("<!-- end -->", maxsplit=1)[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in inside.splitlines()[2:]]


def test_aws_refuses_no_capability() -> None:
    found = targets.target("aws")
    assert [name for name, entry in vars(found).items() if isinstance(entry, Unsupported)] == []
