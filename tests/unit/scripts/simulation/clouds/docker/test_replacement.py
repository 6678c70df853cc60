from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.simulation.clouds.docker import CLOUD
from scripts.simulation.clouds.docker.catalogue import SERVICE
from scripts.simulation.clouds.docker.replacement import TABLE

SCHEMA = json.loads(
    (Path(__file__).parents[6] / "scripts" / "toolchain" / "docker-plugin" / "schema.json").read_text(encoding="utf-8")
)["resources"]

IN_PLACE = {SERVICE: {"mode"}}
"""Marked by the schema, and yet changed in place by the real provider's Diff."""

BY_MEMBERS = {"build"}
"""Not marked, and yet replaced: each member of the one object is marked."""


def test_the_table_has_every_type_of_the_provider() -> None:
    assert set(TABLE) == set(SCHEMA)


@pytest.mark.parametrize("token", sorted(SCHEMA))
def test_the_table_says_what_the_providers_schema_says(token: str) -> None:
    marked = {name for name, described in SCHEMA[token]["inputProperties"].items() if described.get("willReplaceOnChanges")}
    listed = {pattern for pattern in TABLE[token] if "." not in pattern and "[" not in pattern}
    assert listed - BY_MEMBERS == marked - IN_PLACE.get(token, set())


@pytest.mark.parametrize("token", sorted(SCHEMA))
def test_every_pattern_begins_with_an_input(token: str) -> None:
    assert {pattern.split(".")[0] for pattern in TABLE[token]} <= set(SCHEMA[token]["inputProperties"])


def test_nothing_is_known_of_another_type() -> None:
    assert CLOUD.replaces("docker:index/other:Other") is None
