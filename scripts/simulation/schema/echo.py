"""Inputs as a resource gives them back. Where both have the same type they are the same.

Azure has sets of ids that go in as a list and come out as a mapping from each id to what the cloud knows of it
(`identity.userAssignedIdentities`). A list given back there makes the SDK fail in the middle of the program.
"""

from __future__ import annotations

from scripts.simulation.schema.model import ResourceSchema, Shape
from scripts.simulation.values import UNKNOWN, Properties, Unknown, Value


def outputs(schema: ResourceSchema, inputs: Properties) -> dict[str, Value]:
    """The inputs in the types of the outputs of the same names; others as they are. What an id is mapped to is left empty."""
    return {
        name: _as(schema, schema.outputs[name].shape, value) if name in schema.outputs else value
        for name, value in inputs.items()
    }


def _as(schema: ResourceSchema, shape: Shape, value: Value) -> Value:
    if shape.kind == "map" and isinstance(value, list):
        return UNKNOWN if any(isinstance(item, Unknown) for item in value) else {str(item): {} for item in value}
    if shape.kind in {"list", "map"} and shape.element is not None:
        if isinstance(value, list):
            return [_as(schema, shape.element, item) for item in value]
        if isinstance(value, dict):
            return {key: _as(schema, shape.element, item) for key, item in value.items()}
    if shape.kind == "object" and isinstance(value, dict):
        known = schema.types[shape.type]
        return {key: _as(schema, known[key].shape, item) if key in known else item for key, item in value.items()}
    return value
