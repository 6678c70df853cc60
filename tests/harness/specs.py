"""Generated descriptions: right ones by their types, over everything that the spec has (hypothesis)."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from components.spec import TargetName
from tests.harness import sections
from tests.harness.fields import COMPANIONS, TEXTS, Field, concretes, fields, options, put

NAMES = st.from_regex(re.compile(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8})?", re.ASCII), fullmatch=True)


def values(field: Field) -> st.SearchStrategy[Any]:
    """All right values of a field, as far as its type tells."""
    found = [_of(option, field) for option in options(field.schema)]
    if any(option.get("type") == "null" for option in field.schema.get("anyOf", [])):
        found.append(st.none())
    return st.one_of(found)


def _of(schema: Mapping[str, Any], field: Field) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", 0), min(schema.get("maximum", 10_000), schema.get("minimum", 0) + 5000))
        case "number":
            low, high = schema.get("minimum", 0), schema.get("maximum", 100)
            return st.integers(round(low * 100), round(high * 100)).map(lambda hundredths: hundredths / 100)
        case _:
            return st.sampled_from(TEXTS.get(field.path, [None])).map(copy.deepcopy)


@st.composite
def descriptions(draw: st.DrawFn, base: Mapping[str, Any], changes: int = 8) -> dict[str, Any]:
    """A base description with some fields drawn anew, and sometimes a queue and a worker more; on AWS with whole sections too.

    Sections of other targets are left out: they are refused, whatever is in them.
    """
    found = copy.deepcopy(dict(base))
    if draw(st.booleans()):
        queue, worker = draw(NAMES), draw(NAMES)
        found["queues"] = {**found.get("queues", {}), queue: {}}
        found["services"] = {
            f"{worker}-w"[:24]: {"image": "api", "command": ["worker"], "consumes": [queue]},
            **found["services"],
        }
    if base["target"] == "aws":
        sections.add(draw, found)
        changes = draw(st.sampled_from([2, changes]))
    others = tuple(f"{target.value}." for target in TargetName if target.value != base["target"])
    own = [field for field in fields() if not field.path.startswith(others)]
    for field in draw(st.lists(st.sampled_from(own), max_size=changes, unique_by=lambda chosen: chosen.path)):
        value = draw(values(field))
        for place in concretes(found, field.path)[:2]:
            put(found, place, copy.deepcopy(value))
            if field.path in COMPANIONS:
                put(found, [*place[:-1], COMPANIONS[field.path].rsplit(".", 1)[-1]], value)
    return found
