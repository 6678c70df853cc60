"""Between the engine's protobuf structs and plain Python values (`scripts.simulation.values`)."""

from __future__ import annotations

from typing import Final

from google.protobuf import struct_pb2

from scripts.simulation.values import SIGNATURE, UNKNOWN, Properties, Unknown, Value

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (a mark, no secret)
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
"""The engine's marks of unknown values (`sdk/go/common/resource/plugin/rpc.go`)."""


def read(struct: struct_pb2.Struct) -> dict[str, Value]:
    """The properties of a message."""
    return {key: _read(value) for key, value in struct.fields.items()}


def _read(value: struct_pb2.Value) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_read(item) for item in value.list_value.values]
        case "struct_value":
            return _unwrapped(read(value.struct_value))
        case _:
            return None


def _unwrapped(properties: dict[str, Value]) -> Value:
    """The value inside a secret or an output; anything else as it is."""
    signature = properties.get(SIGNATURE)
    if signature == SECRET:
        return properties.get("value")
    if signature == _OUTPUT:
        return properties.get("value", UNKNOWN)
    return properties


def write(properties: Properties) -> struct_pb2.Struct:
    """A message of properties."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        _write(struct.fields[key], value)
    return struct


def _write(target: struct_pb2.Value, value: Value) -> None:
    match value:
        case None:
            target.null_value = struct_pb2.NULL_VALUE
        case bool():
            target.bool_value = value
        case int() | float():
            target.number_value = value
        case str():
            target.string_value = value
        case Unknown():
            target.string_value = _UNKNOWN
        case list():
            target.list_value.SetInParent()
            for item in value:
                _write(target.list_value.values.add(), item)
        case dict():
            target.struct_value.SetInParent()
            for key, item in value.items():
                _write(target.struct_value.fields[key], item)
        case _:
            raise TypeError(f"{type(value).__name__} is no property value")
