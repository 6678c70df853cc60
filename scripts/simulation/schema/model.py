"""Types of properties, as data that can be kept on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["any", "string", "boolean", "integer", "number", "asset", "list", "map", "object", "union"]


@dataclass(frozen=True)
class Shape:
    """A type. `element`: of a list or map. `type`: of an object, a key of `ResourceSchema.types`. `options`: of a union.

    `values`: all that a closed enumeration allows; empty for anything else.
    """

    kind: Kind
    element: Shape | None = None
    type: str = ""
    options: tuple[Shape, ...] = ()
    values: tuple[str | int | float, ...] = ()


@dataclass(frozen=True)
class Property:
    """An input or output. `required`: an input that must be given, or an output that always has a value."""

    shape: Shape
    required: bool = False


@dataclass(frozen=True)
class ResourceSchema:
    """A resource type (or a provider, `pulumi:providers:aws`): wire name -> property. `types`: nested objects by name.

    An output that is not an input, or that is an optional input but a required output, is computed by the cloud when it is not
    given.
    """

    token: str
    inputs: Mapping[str, Property]
    outputs: Mapping[str, Property]
    types: Mapping[str, Mapping[str, Property]] = field(default_factory=dict)
