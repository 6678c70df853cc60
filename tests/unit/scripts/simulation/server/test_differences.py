"""Which paths differ, and which of them replace."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.simulation.server import wire
from scripts.simulation.server.differences import compare
from scripts.simulation.values import SIGNATURE, UNKNOWN, select, walk

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32).filter(
    lambda number: not number.is_integer()
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", min_size=1, max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=4))
def test_what_is_written_is_read_back(properties: dict[str, Any]) -> None:
    assert wire.read(wire.write(properties)) == properties


def test_a_secret_is_read_as_its_value() -> None:
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": {"a": 1}}
    assert wire.read(wire.write({"password": secret})) == {"password": {"a": 1}}


@pytest.mark.parametrize(
    ("old", "new", "patterns", "changed", "replacing"),
    [
        ({"a": 1}, {"a": 1}, {"a"}, {}, set()),
        ({"a": 1}, {"a": 2}, {"a"}, {"a": "update"}, {"a"}),
        ({"a": 1}, {}, {"b"}, {"a": "delete"}, set()),
        ({}, {"a": {"b": 1}}, {"a.b"}, {"a": "add"}, {"a"}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, {"a[*].b"}, {"a[0].b": "update"}, {"a[0].b"}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, {"a[*].c"}, {"a[1]": "add"}, {"a[1]"}),
        ({"a": {"x": 1, "y": 1}}, {"a": {"x": 2, "y": 1}}, {"a.y"}, {"a.x": "update"}, set()),
        ({"a": {"x": 1}}, {"a": {"x": 2}}, {"a.*"}, {"a.x": "update"}, {"a.x"}),
        ({"a": 1}, {"a": UNKNOWN}, {"a"}, {"a": "update"}, {"a"}),
        ({"a": None}, {}, {"a"}, {}, set()),
        ({"__defaults": [1]}, {}, set(), {}, set()),
    ],
)
def test_differences(old: Any, new: Any, patterns: set[str], changed: Any, replacing: set[str]) -> None:
    found = compare(old, new, frozenset(patterns))
    assert dict(found.changed) == changed
    assert found.replacing == replacing


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4))
def test_nothing_differs_from_itself_but_the_unknown(properties: dict[str, Any]) -> None:
    unknown = [value for _, value in walk(properties) if value is UNKNOWN]
    assert len(compare(properties, properties, frozenset()).changed) == len(unknown)


def test_select_follows_elements_and_keys() -> None:
    value = {"ids": ["a", "b"], "map": {"x": {"id": 1}, "y": {"id": UNKNOWN}, "z": {}}, "none": None}
    assert list(select(value, "ids[*]")) == [("ids[0]", "a"), ("ids[1]", "b")]
    assert list(select(value, "map.*.id")) == [("map.x.id", 1), ("map.y.id", UNKNOWN)]
    assert list(select(value, "none.a")) == list(select(value, "ids.a")) == list(select(value, "none")) == []
