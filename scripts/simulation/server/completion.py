"""Computed outputs that no rule of a cloud gives: filled in by their types and names, the same on every run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from scripts.simulation.schema import echo
from scripts.simulation.schema.model import Property, ResourceSchema, Shape
from scripts.simulation.values import UNKNOWN, Properties, Value

_DEPTH = 4
"""Nested objects below that are left empty: types refer to themselves."""

_MOMENT = "2026-01-01T00:00:00Z"


def computed(schema: ResourceSchema, inputs: Properties) -> set[str]:
    """The outputs that the cloud will give: those that are no input, and inputs left out that always have a value."""
    return {
        name
        for name, output in schema.outputs.items()
        if inputs.get(name) is None and (output.required or name not in schema.inputs)
    }


def unknown(schema: ResourceSchema, inputs: Properties) -> dict[str, Value]:
    """What is known of a resource before it is made.

    An object that always has a value is one that the cloud fills in: what is left out of it is not known yet.
    """
    known = {name: _partly(schema, name, value) for name, value in inputs.items()}
    return {**known, **dict.fromkeys(computed(schema, inputs), UNKNOWN)}


def _partly(schema: ResourceSchema, name: str, value: Value) -> Value:
    if not isinstance(value, Mapping) or not is_filled_in(schema, name):
        return value
    return {**dict.fromkeys(schema.types.get(schema.outputs[name].shape.type, {}), UNKNOWN), **value}


def is_filled_in(schema: ResourceSchema, name: str) -> bool:
    """Whether an input is an object to which the cloud adds what is left out."""
    given, output = schema.inputs.get(name), schema.outputs.get(name)
    return bool(given and output and not given.required and output.required and output.shape.kind == "object")


def kept(schema: ResourceSchema, state: Properties, inputs: Properties) -> dict[str, Value]:
    """Inputs after a change, and what the cloud had chosen for inputs that were and are left out, or for parts of them."""
    chosen = {key: value for key, value in state.items() if key in schema.inputs and schema.outputs.get(key)}
    found = {**{key: value for key, value in chosen.items() if schema.outputs[key].required}, **echo.outputs(schema, inputs)}
    for key, before in chosen.items():
        now = found.get(key)
        if isinstance(before, Mapping) and isinstance(now, Mapping) and is_filled_in(schema, key):
            found[key] = {**before, **now}
    return found


def complete(schema: ResourceSchema, known: Properties, seed: str) -> dict[str, Value]:
    """`known` with every output added that always has a value."""
    found = dict(known)
    for name, output in schema.outputs.items():
        if output.required and found.get(name) is None:
            found[name] = _value(schema, name, output.shape, seed, _DEPTH)
    return found


def _value(schema: ResourceSchema, name: str, shape: Shape, seed: str, depth: int) -> Value:
    match shape.kind:
        case "boolean":
            return False
        case "integer" | "number":
            return _number(name)
        case "list":
            return []
        case "map" | "any" | "asset":
            return {}
        case "object":
            return _object(schema, schema.types.get(shape.type, {}), seed, depth)
        case "union":
            return _value(schema, name, shape.options[0], seed, depth)
        case _:
            return shape.values[0] if shape.values else _text(name, schema.token, seed)


def _object(schema: ResourceSchema, properties: Mapping[str, Property], seed: str, depth: int) -> dict[str, Any]:
    if depth == 0:
        return {}
    return {
        name: _value(schema, name, nested.shape, f"{seed}.{name}", depth - 1)
        for name, nested in properties.items()
        if nested.required
    }


def _number(name: str) -> int:
    return 1 if name.lower().endswith(("version", "revision", "generation", "number")) else 0


def _text(name: str, token: str, seed: str) -> str:
    digits = hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()
    low = name.lower()
    kind = token.rsplit(":", 1)[-1].lower()
    if low.endswith(("time", "date", "timestamp", "at", "createdon")) and not low.endswith(("format", "state")):
        return _MOMENT
    if low.endswith(("fingerprint", "etag", "hash", "digest", "checksum")):
        return digits[:32]
    if low.endswith(("ip", "ipaddress")):
        return f"10.{int(digits[:2], 16)}.{int(digits[2:4], 16)}.{int(digits[4:6], 16) % 254 + 1}"
    if low.endswith(("url", "uri", "link")):
        return f"https://{kind}-{digits[:12]}.simulated.invalid/"
    if low.endswith(("endpoint", "host", "hostname", "dnsname", "domain", "fqdn", "address")):
        return f"{kind}-{digits[:12]}.simulated.invalid"
    return f"{kind}-{name}-{digits[:12]}"
