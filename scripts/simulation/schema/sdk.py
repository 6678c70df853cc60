"""Reads resource types from the installed SDKs' Python classes; runs in a process of its own (`python -m ...schema.sdk`).

A token leads to its class by the SDK's own table of modules, which is read as text, so that only the one service's module is
imported. Inputs come from the Args class, outputs from the resource's properties.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import inspect
import json
import re
import sys
import typing
from collections.abc import Awaitable, Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from scripts.simulation.schema.model import Property, ResourceSchema, Shape

SDKS: Final = {
    "aws": "pulumi_aws",
    "azure-native": "pulumi_azure_native",
    "gcp": "pulumi_gcp",
    "docker": "pulumi_docker",
}
"""Provider -> Python package."""

_TABLE = re.compile(r'resource_modules="""(.*?)"""', re.DOTALL)


@cache
def folder(package: str) -> Path:
    """Where an SDK is installed.

    Raises `ModuleNotFoundError` when it is not.
    """
    specification = importlib.util.find_spec(SDKS[package])
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError(f"{SDKS[package]} is not installed: run scripts/setup")
    return Path(specification.origin).parent


@cache
def classes(package: str) -> Mapping[str, tuple[str, str]]:
    """Token -> module and class, of all resources of an SDK."""
    match = _TABLE.search((folder(package) / "__init__.py").read_text(encoding="utf-8"))
    if match is None:
        raise ValueError(f"{SDKS[package]} has no table of its modules")
    table = json.loads(match.group(1))
    return {token: (entry["fqn"], name) for entry in table for token, name in entry["classes"].items()}


def resource(token: str) -> ResourceSchema | None:
    """The schema of a resource type or of a provider; None when the SDK does not have it."""
    if token.startswith("pulumi:providers:"):
        package, place = token.rsplit(":", 1)[-1], None
        place = (SDKS[package], "Provider") if package in SDKS else None
    else:
        package = token.split(":", maxsplit=1)[0]
        place = classes(package).get(token) if package in SDKS else None
    if place is None:
        return None
    found = getattr(importlib.import_module(place[0]), place[1])
    return _Reader(token).read(found)


class _Reader:
    """Collects the nested types of one resource."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._types: dict[str, Mapping[str, Property]] = {}

    def read(self, resource: type) -> ResourceSchema:
        module = sys.modules[resource.__module__]
        name = resource.__name__
        arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
        inputs = self._inputs(arguments)
        return ResourceSchema(self._token, inputs, self._outputs(resource), self._types)

    def _inputs(self, cls: type) -> dict[str, Property]:
        from pulumi import _types

        required = {name for name, found in inspect.signature(cls).parameters.items() if found.default is found.empty}
        kinds = _types.input_type_types(cls)
        names = _types.input_type_py_to_pulumi_names(cls)
        return {wire: Property(self._shape(kinds[wire]), python in required) for python, wire in names.items()}

    def _outputs(self, cls: type) -> dict[str, Property]:
        found: dict[str, Property] = {}
        for attribute in vars(cls).values():
            getter = getattr(attribute, "fget", None)
            if getter is None:
                continue
            wire = getattr(getter, "_pulumi_name", getter.__name__)
            hint = typing.get_type_hints(getter, vars(sys.modules[cls.__module__])).get("return")
            inner = typing.get_args(hint)
            kind = inner[0] if inner else Any
            optional = type(None) in typing.get_args(kind)
            found[wire] = Property(self._shape(kind), not optional)
        return found

    def _shape(self, hint: Any) -> Shape:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Union:
            return self._union(arguments)
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return Shape("list", element=self._shape(arguments[0]))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return Shape("map", element=self._shape(arguments[1]))
        if not isinstance(hint, type):
            return Shape("any")
        return self._plain(hint)

    def _union(self, arguments: Sequence[Any]) -> Shape:
        import pulumi

        parts = [
            part
            for part in arguments
            if part is not type(None)
            and typing.get_origin(part) not in {Awaitable, pulumi.Output}
            and part is not pulumi.Output
        ]
        shapes = list(dict.fromkeys(self._shape(part) for part in parts if not typing.is_typeddict(part)))
        if any(shape.kind == "string" and not shape.values for shape in shapes):
            shapes = [shape for shape in shapes if shape.kind != "string" or not shape.values]
        if not shapes:
            return Shape("any")
        return shapes[0] if len(shapes) == 1 else Shape("union", options=tuple(shapes))

    def _plain(self, hint: type) -> Shape:
        import pulumi
        from pulumi import _types

        if issubclass(hint, Enum):
            values = tuple(member.value for member in hint)
            return Shape("string" if isinstance(values[0], str) else "number", values=values)
        if issubclass(hint, pulumi.Asset | pulumi.Archive):
            return Shape("asset")
        if _types.is_input_type(hint):
            return self._nested(hint, self._inputs)
        if _types.is_output_type(hint):
            return self._nested(hint, self._outputs)
        return Shape({bool: "boolean", int: "integer", float: "number", str: "string"}.get(hint, "any"))  # type: ignore[arg-type]

    def _nested(self, hint: type, read: Any) -> Shape:
        name = f"{hint.__module__.rsplit('.', 2)[-2]}.{hint.__module__.rsplit('.', 1)[-1]}.{hint.__name__}"
        if name not in self._types:
            self._types[name] = {}
            self._types[name] = read(hint)
        return Shape("object", type=name)


def main() -> None:
    """Answers tokens on standard input, one a line, with their schemas as JSON."""
    from scripts.simulation.schema import text

    gc.disable()
    for line in sys.stdin:
        found = resource(line.strip())
        sys.stdout.write((text.dumps(found) if found else "null") + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
