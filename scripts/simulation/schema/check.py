"""Whether properties fit a schema: unknown, missing and mistyped ones at any depth, with their paths.

As the real providers do, a number or boolean may be given as text that reads as one, and text as a number or boolean: the
engine's bridge coerces both. Values are never printed, for they may be secret.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.simulation.schema.model import Property, ResourceSchema, Shape
from scripts.simulation.values import Problem, Properties, Unknown, Value, step

_ASSET = "4dabf18193072939515e22adb298388d"
_WORDS = {
    "string": "a string",
    "boolean": "a boolean",
    "integer": "a whole number",
    "number": "a number",
    "asset": "an asset or archive",
    "list": "a list",
    "map": "a mapping",
    "object": "an object",
}


def problems(schema: ResourceSchema, inputs: Properties) -> list[Problem]:
    """All that is wrong with the inputs of a resource; empty when they fit."""
    return list(_object(schema.inputs, inputs, "", schema))


def _object(wanted: Mapping[str, Property], given: Properties, path: str, schema: ResourceSchema) -> Iterator[Problem]:
    for name, value in given.items():
        if name.startswith("__") or value is None:
            continue
        if name in wanted:
            yield from _value(wanted[name].shape, value, step(path, name), schema)
        else:
            yield Problem(step(path, name), f"is not a known property{_hint(name, wanted)}")
    for name, found in wanted.items():
        if found.required and given.get(name) is None:
            yield Problem(step(path, name), "is required and missing")


def _hint(name: str, wanted: Mapping[str, Property]) -> str:
    near = difflib.get_close_matches(name, wanted, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _value(shape: Shape, value: Value, path: str, schema: ResourceSchema) -> Iterator[Problem]:
    if value is None or isinstance(value, Unknown) or shape.kind == "any":
        return
    match shape.kind:
        case "union":
            found = [list(_value(option, value, path, schema)) for option in shape.options]
            if all(found):
                yield from min(found, key=len)
        case "list" if isinstance(value, list) and shape.element is not None:
            for index, item in enumerate(value):
                yield from _value(shape.element, item, step(path, index), schema)
        case "map" if isinstance(value, dict) and shape.element is not None:
            for key, item in value.items():
                yield from _value(shape.element, item, step(path, key), schema)
        case "object" if isinstance(value, dict):
            yield from _object(schema.types[shape.type], value, path, schema)
        case "asset" if isinstance(value, dict) and _ASSET in value:
            return
        case kind if _fits(kind, value):
            if shape.values and value not in shape.values:
                yield Problem(path, f"is not one of {', '.join(map(str, shape.values[:12]))}")
        case kind:
            yield Problem(path, f"should be {_WORDS[kind]}, not {_named(value)}")


def _fits(kind: str, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str | bool | int | float)
        case "boolean":
            return isinstance(value, bool) or value in ("true", "false")
        case "integer" | "number":
            return not isinstance(value, bool) and (isinstance(value, int | float) or _reads_as_number(value))
        case _:
            return False


def _reads_as_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and math.isfinite(float(value))
    except ValueError:
        return False


def _named(value: Value) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")
