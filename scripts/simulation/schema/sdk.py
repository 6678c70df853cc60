"""Reads resource types from the installed SDKs' Python classes; runs in a process of its own (`python -m ...schema.sdk`).

Inputs come from the Args class, outputs from the resource's properties; names are those that the engine sends. What
`pulumi._types` knows is used where it can be: it is private, and a test pins what is used of it.

Left out, because the classes do not say it: which change replaces a resource, which property is secret, which object of a
union goes with which discriminator, lengths and patterns.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import sys
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

import pulumi
from pulumi import _types

from scripts.simulation.schema import installed, text
from scripts.simulation.schema.model import Kind, Property, ResourceSchema, Shape

_PLAIN: Final[Mapping[type, Kind]] = {bool: "boolean", int: "integer", float: "number", str: "string"}


def resource(token: str) -> ResourceSchema | None:
    """The schema of a resource type or of a provider; None when no SDK has it."""
    package = installed.package_of(token)
    place = installed.classes(package).get(token) if package in installed.SDKS else None
    if place is None:
        return None
    module, name = place
    return _Reader(token).read(getattr(importlib.import_module(module), name))


class _Reader:
    """Collects the nested types of one resource. Each is read once, so that types which contain themselves come to an end."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._nested: dict[str, Mapping[str, Property]] = {}

    def read(self, resource: type) -> ResourceSchema:
        """`<Name>InitArgs` is the resource's own where there is one: `<Name>Args` is then a nested type of that name."""
        module = sys.modules[resource.__module__]
        name = resource.__name__
        arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
        return ResourceSchema(self._token, self._inputs(arguments), self._outputs(resource), self._nested)

    def _inputs(self, cls: type) -> dict[str, Property]:
        required = {name for name, found in inspect.signature(cls).parameters.items() if found.default is found.empty}
        hints = _types.input_type_types(cls)
        names = _types.input_type_py_to_pulumi_names(cls)
        return {wire: Property(self._shape(hints[wire]), python in required) for python, wire in names.items()}

    def _outputs(self, cls: type) -> dict[str, Property]:
        """Of a resource (annotated `Output[T]`) or of a nested type (`T`); optional ones may have no value.

        Without local names of its own, `get_type_hints` gives a forward reference what the same text meant in another module:
        `typing` shares `Sequence["outputs.Rule"]` between all that write it, and keeps what it was found to be.
        """
        scope = vars(sys.modules[cls.__module__])
        found: dict[str, Property] = {}
        for attribute in vars(cls).values():
            getter = attribute.fget if isinstance(attribute, property) else None
            wire = getattr(getter, _types._PULUMI_NAME, None)  # noqa: SLF001
            if getter is None or wire is None:
                continue
            hint = typing.get_type_hints(getter, scope, {})["return"]
            if typing.get_origin(hint) is pulumi.Output:
                hint = typing.get_args(hint)[0]
            found[wire] = Property(self._shape(hint), type(None) not in typing.get_args(hint))
        return found

    def _shape(self, hint: Any) -> Shape:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Union:
            return self._union(arguments)
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return Shape("list", element=self._shape(arguments[0]))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return Shape("map", element=self._shape(arguments[1]))
        return self._plain(hint) if isinstance(hint, type) else Shape("any")

    def _union(self, arguments: Sequence[Any]) -> Shape:
        """`Input[T]` is T, or what gives a T later; text beside an enumeration opens it; the rest is a union."""
        parts = [part for part in arguments if part is not type(None) and not typing.is_typeddict(part)]
        now = [
            part for part in parts if typing.get_origin(part) not in {Awaitable, pulumi.Output} and part is not pulumi.Output
        ]
        shapes = list(dict.fromkeys(self._shape(part) for part in now))
        if Shape("string") in shapes:
            shapes = [shape for shape in shapes if not shape.values]
        if not shapes or any(shape.kind == "any" for shape in shapes):
            return Shape("any")
        return shapes[0] if len(shapes) == 1 else Shape("union", options=tuple(shapes))

    def _plain(self, hint: type) -> Shape:
        if issubclass(hint, Enum):
            values = tuple(member.value for member in hint)
            return Shape("string" if all(isinstance(value, str) for value in values) else "number", values=values)
        if issubclass(hint, pulumi.Asset | pulumi.Archive):
            return Shape("asset")
        if _types.is_input_type(hint):
            return self._object(hint, self._inputs)
        if _types.is_output_type(hint):
            return self._object(hint, self._outputs)
        return Shape(_PLAIN.get(hint, "any"))

    def _object(self, hint: type, read: Callable[[type], dict[str, Property]]) -> Shape:
        name = f"{hint.__module__}.{hint.__name__}".split(".", maxsplit=1)[1]
        if name not in self._nested:
            self._nested[name] = {}
            self._nested[name] = read(hint)
        return Shape("object", type=name)


def main() -> None:
    """Answers tokens on standard input, one a line, with their schemas as lines of JSON (`null`: no such type)."""
    gc.disable()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr
    for line in sys.stdin:
        found = resource(line.strip())
        answers.write((text.dumps(found) if found else "null") + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
