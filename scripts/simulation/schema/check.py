"""Whether properties fit a schema: unknown, missing, mistyped ones and values outside a closed enumeration, at any depth.

Types are as strict as the provider is (both read in the sources):
- AWS, GCP and Docker stand on the Terraform bridge (v3.137.0, `tfbridge/typechecker` and `makeTerraformInput`): numbers and
  booleans may be given for text, text that reads as a number for a number, "true" and "false" for a boolean. A fraction for
  a whole number is refused here, where the bridge cuts it off without a word.
- Azure Native coerces nothing ("'version' should be of type 'string' but got a number", pulumi/pulumi#16157).

Unknown properties are refused although both providers let nested ones pass or drop them: what was asked for would be missing.
Members of a closed enumeration are compared as they are written. Values are never printed, for they may be secret.

Left out: discriminators (an object is accepted that fits any option of a union), lengths, patterns, ranges.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scripts.simulation.schema import installed
from scripts.simulation.schema.model import Property, ResourceSchema, Shape
from scripts.simulation.values import SIGNATURE, Problem, Properties, Unknown, Value, step, type_of

_STRICT: Final = frozenset({"azure-native"})
_SHOWN: Final = 12
_WORDS: Final = {
    "string": "a string",
    "boolean": "a boolean",
    "integer": "a whole number",
    "number": "a number",
    "asset": "an asset or archive",
    "list": "a list",
    "map": "a mapping",
    "object": "an object",
}
_WHOLE: Final = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def problems(schema: ResourceSchema, inputs: Properties) -> list[Problem]:
    """All that is wrong with the inputs of a resource or the configuration of a provider; empty when they fit.

    UNKNOWN fits everything, None is as good as absent, and keys that start with two underscores are the engine's own.
    A provider's nested values have to be decoded first: they travel as JSON text.
    """
    return list(_Check(schema).object(schema.inputs, inputs, ""))


class _Check:
    def __init__(self, schema: ResourceSchema) -> None:
        self._types = schema.types
        self._coerces = installed.package_of(schema.token) not in _STRICT

    def object(self, wanted: Mapping[str, Property], given: Properties, path: str) -> Iterator[Problem]:
        for name, value in _own(given):
            if name in wanted:
                yield from self._value(wanted[name].shape, value, step(path, name))
            else:
                yield Problem(step(path, name), f"is not a known property{_nearest(name, wanted)}")
        for name in _missing(wanted, given):
            yield Problem(step(path, name), "is required and missing")

    def _value(self, shape: Shape, value: Value, path: str) -> Iterator[Problem]:
        if value is None or isinstance(value, Unknown) or shape.kind == "any":
            return
        if shape.kind == "union":
            yield from self._union(shape, value, path)
        elif not self._fits(shape.kind, value):
            yield Problem(path, f"should be {_WORDS[shape.kind]}, not {_named(value)}")
        elif shape.kind == "list" and shape.element is not None:
            for index, item in enumerate(value):
                yield from self._value(shape.element, item, step(path, index))
        elif shape.kind == "map" and shape.element is not None:
            for key, item in _own(value):
                yield from self._value(shape.element, item, step(path, key))
        elif shape.kind == "object":
            yield from self.object(self._types[shape.type], value, path)
        elif shape.values and value not in shape.values:
            yield Problem(path, _outside(shape.values, value))

    def _union(self, shape: Shape, value: Value, path: str) -> Iterator[Problem]:
        options = [option for option in shape.options if self._fits(option.kind, value)]
        if not options:
            words = " or ".join(dict.fromkeys(_WORDS[option.kind] for option in shape.options))
            yield Problem(path, f"should be {words}, not {_named(value)}")
            return
        # Only options whose own level fits best are entered: unions of forty objects may hold each other.
        faults = [self._faults(option, value) for option in options]
        found = []
        for option, count in zip(options, faults, strict=True):
            if count == min(faults):
                found.append(list(self._value(option, value, path)))
                if not found[-1]:
                    return
        yield from min(found, key=len)

    def _faults(self, shape: Shape, value: Value) -> int:
        """How many properties of an object are unknown or missing, deeper ones not counted."""
        if shape.kind != "object":
            return 0
        wanted = self._types[shape.type]
        return sum(name not in wanted for name, _ in _own(value)) + len(_missing(wanted, value))

    def _fits(self, kind: str, value: Any) -> bool:
        match kind:
            case "any":
                return True
            case "string":
                return isinstance(value, str) or (self._coerces and isinstance(value, bool | int | float))
            case "boolean":
                return isinstance(value, bool) or (self._coerces and value in ("true", "false"))
            case "integer":
                return _is_number(value, whole=True) or self._reads_as(_WHOLE, value)
            case "number":
                return _is_number(value) or self._reads_as(_NUMBER, value)
            case "list":
                return isinstance(value, list)
            case _:
                return isinstance(value, dict) and (SIGNATURE in value) == (kind == "asset")

    def _reads_as(self, form: re.Pattern[str], value: Any) -> bool:
        return self._coerces and isinstance(value, str) and form.fullmatch(value) is not None


def _own(given: Properties) -> Iterator[tuple[str, Value]]:
    return ((name, value) for name, value in given.items() if value is not None and not name.startswith("__"))


def _missing(wanted: Mapping[str, Property], given: Properties) -> list[str]:
    return [name for name, found in wanted.items() if found.required and given.get(name) is None]


def _is_number(value: Any, *, whole: bool = False) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return not whole or isinstance(value, int) or value.is_integer()


def _named(value: Value) -> str:
    if isinstance(value, dict) and SIGNATURE in value:
        return "an asset or archive"
    if isinstance(value, float) and not value.is_integer():
        return "a number with a fraction"
    return type_of.get(type(value), "something else")


def _nearest(name: str, wanted: Mapping[str, Property]) -> str:
    """Names as Python writes them count as near: an unknown key of a dict keeps its underscores."""
    plain = {_flat(known): known for known in wanted}
    near = difflib.get_close_matches(_flat(name), plain, n=1)
    return f"; did you mean {plain[near[0]]}?" if near else ""


def _flat(name: str) -> str:
    return name.replace("_", "").lower()


def _outside(values: tuple[str | int | float, ...], value: Value) -> str:
    members = {str(member).lower(): str(member) for member in values}
    near = difflib.get_close_matches(str(value).lower(), members, n=1)
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    hint = f"; did you mean {members[near[0]]}?" if near else ""
    return f"is not one of {', '.join(map(str, values[:_SHOWN]))}{more}{hint}"
