"""Keeps the library from reading every resource anew for every rule, which costs more than all rules together.

pulumi-policy 1.21.0 turns the properties of a resource from its message into a dict, and that into a proxy, once for each rule.
With 64 rules over the 300 resources of aws-production this is most of a second. The functions that do it are replaced, in
the library's module, by ones that remember what they made of the same object; `tests/unit/policies/test_remembering.py`
fails where a newer library does it otherwise, and then nothing is lost but the time.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import pulumi_policy.policy

library: Final[Any] = pulumi_policy.policy

MOST: Final = 4096
"""Objects that are remembered at most: more than a stack has resources, so that rules of whole stacks profit too."""


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which is not asked twice about the same object. With further arguments it is asked every time.

    An object that is remembered is kept alive, so that nothing else gets its identity.
    """
    kept: dict[int, tuple[Any, Any]] = {}

    def ask(value: Any, *more: Any) -> Any:
        if more:
            return function(value, *more)
        found = kept.get(id(value))
        if found is None or found[0] is not value:
            if len(kept) >= MOST:
                kept.clear()
            found = kept[id(value)] = (value, function(value))
        return found[1]

    return ask


def install() -> None:
    """Makes the library remember what it read; once."""
    if isinstance(library.json_format, SimpleNamespace):
        return
    library.json_format = SimpleNamespace(MessageToDict=remembered(library.json_format.MessageToDict))
    library.deserialize_properties = remembered(library.deserialize_properties)
    library.unknown_checking_proxy = remembered(library.unknown_checking_proxy)
