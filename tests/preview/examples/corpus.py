"""Right programs: the examples in the SDKs' own docstrings, read when they are needed and never kept.

The SDK of Azure has none for Python. There a program is written from the annotations of its classes: every input of a
resource, nested ones to some depth, once with dicts and once with Args classes. What this proves is less: that the SDK sends
what the schema expects, not that anybody would write it.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import re
import sys
import textwrap
import typing
import warnings
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func

from scripts.simulation.schema import installed
from tests.harness import loops

Style = Literal["dict", "args"]
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_DOCSTRING = re.compile(r'def __init__\(.*?\n\s+("""(?:[^\\]|\\.)*?""")', re.DOTALL)
_PACKAGE: Final = "pulumi_azure_native"
_DEPTH: Final = 4


@cache
def examples(token: str) -> list[str]:
    """The programs that the SDK shows for a resource, as source text.

    Raises `KeyError` when no SDK has the type.
    """
    package = installed.package_of(token)
    module, name = installed.classes(package)[token]
    cls = getattr(importlib.import_module(module), name)
    if package == "azure-native":
        return [_written(cls, style) for style in typing.get_args(Style)]
    source = Path(str(sys.modules[cls.__module__].__file__)).read_text(encoding="utf-8")
    found = _DOCSTRING.search(source, source.index(f"class {name}(pulumi.CustomResource)"))
    text = textwrap.dedent(ast.literal_eval(found.group(1))) if found else ""
    return _BLOCK.findall(text)


def run(source: str, engine: mocks.Mocks, seconds: float = 20) -> None:
    """Runs a program until everything that it registers is done.

    Raises what the program or the engine raises, and `TimeoutError` for a program that waits for what never comes.
    """

    def program() -> None:
        exec(compile(source, "example", "exec"), {"__name__": "__main__"})

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(engine, project="example", stack="example", preview=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loop.run_until_complete(asyncio.wait_for(run_pulumi_func(program), seconds))
    finally:
        loops.end(loop)


def _written(cls: type, style: Style) -> str:
    module = sys.modules[cls.__module__]
    arguments = getattr(module, f"{cls.__name__}InitArgs", None) or getattr(module, f"{cls.__name__}Args")
    # The SDK adds an underscore to the one input that has the name of its own first parameter.
    named = ((f"{name}_" if name == "resource_name" else name, text) for name, text in _inputs(arguments, style, _DEPTH))
    lines = "".join(f"    {name}={text},\n" for name, text in named)
    return f'import pulumi\nimport {_PACKAGE}\n\n{_name(cls)}(\n    "example",\n{lines})\n'


def _name(cls: type) -> str:
    """`pulumi_azure_native.app.ContainerApp` for what is defined in a module of that package."""
    return f"{cls.__module__.rpartition('.')[0]}.{cls.__name__}"


def _inputs(arguments: Any, style: Style, depth: int) -> Iterator[tuple[str, str]]:
    module = sys.modules[arguments.__module__]
    hints = typing.get_type_hints(arguments.__init__, vars(module), {"Output": pulumi.Output, "T": type(None)})
    for name, hint in hints.items():
        text = _literal(hint, style, depth)
        if name not in {"return", "__self__"} and text is not None:
            yield name, text


def _literal(hint: Any, style: Style, depth: int) -> str | None:
    """A value of a type as Python text; None below the depth, for optional values only."""
    options = [option for option in _options(hint) if option is not type(None)]
    if depth <= 0 and len(options) < len(_options(hint)):
        return None
    first = options[0]
    origin, parts = typing.get_origin(first), typing.get_args(first)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        inner = _literal(parts[0], style, depth - 1)
        return f"[{inner or ''}]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        inner = _literal(parts[1], style, depth - 1)
        return f'{{"some key": {inner}}}' if inner else "{}"
    if isinstance(first, type) and issubclass(first, Enum):
        return f"{_name(first)}.{next(iter(first)).name}"
    if isinstance(first, type) and issubclass(first, pulumi.Asset | pulumi.Archive):
        return 'pulumi.StringAsset("text")'
    if first in _PLAIN:
        return _PLAIN[first]
    nested = _inputs(first, style, depth - 1)
    if style == "args" or len(options) > 1:
        # Of a dict where several types may stand, the SDK cannot know which it is: its keys would be sent as they are.
        return f"{_name(first)}({', '.join(f'{name}={text}' for name, text in nested)})"
    return "{" + ", ".join(f'"{name}": {text}' for name, text in nested) + "}"


_PLAIN: Final[Mapping[Any, str]] = {str: '"text"', int: "1", float: "0.5", bool: "True", Any: '{"any": [1, "text"]}'}


def _options(hint: Any) -> list[Any]:
    """What a value may be now, not later."""
    if typing.get_origin(hint) is not typing.Union:
        return [hint]
    found = [option for part in typing.get_args(hint) for option in _options(part)]
    later = {Awaitable, pulumi.Output}
    return [option for option in found if typing.get_origin(option) not in later and option is not pulumi.Output]
