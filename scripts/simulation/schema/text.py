"""Schemas as JSON text, short enough to keep hundreds of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, get_args

from scripts.simulation.schema.model import Kind, Property, ResourceSchema, Shape

_PLAIN: Final = {kind: Shape(kind) for kind in get_args(Kind)}
"""One shape for all properties of a plain type: half of what a schema takes in memory."""


def dumps(schema: ResourceSchema) -> str:
    """One line of JSON."""
    return json.dumps(
        {
            "token": schema.token,
            "inputs": _properties(schema.inputs),
            "outputs": _properties(schema.outputs),
            "types": {name: _properties(found) for name, found in schema.types.items()},
        },
        separators=(",", ":"),
    )


def loads(line: str) -> ResourceSchema:
    """Raises `ValueError` for text that `dumps` did not write."""
    try:
        return _schema(json.loads(line))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("this is not the text of a schema") from error


def _schema(found: Any) -> ResourceSchema:
    return ResourceSchema(
        found["token"],
        _read(found["inputs"]),
        _read(found["outputs"]),
        {name: _read(properties) for name, properties in found["types"].items()},
    )


def _properties(properties: Mapping[str, Property]) -> dict[str, Any]:
    return {name: [_shape(found.shape), int(found.required)] for name, found in properties.items()}


def _shape(shape: Shape) -> Any:
    if shape.element is None and not shape.type and not shape.options and not shape.values:
        return shape.kind
    fields = {"k": shape.kind, "e": shape.element and _shape(shape.element), "t": shape.type}
    fields |= {"o": [_shape(option) for option in shape.options], "v": list(shape.values)}
    return {key: value for key, value in fields.items() if value}


def _read(properties: Mapping[str, Any]) -> dict[str, Property]:
    return {name: Property(_read_shape(shape), bool(required)) for name, (shape, required) in properties.items()}


def _read_shape(found: Any) -> Shape:
    if isinstance(found, str):
        return _PLAIN[found]
    return Shape(
        found["k"],
        _read_shape(found["e"]) if "e" in found else None,
        found.get("t", ""),
        tuple(_read_shape(option) for option in found.get("o", ())),
        tuple(found.get("v", ())),
    )
