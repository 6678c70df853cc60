"""An engine that makes nothing: it asks of every resource whether its inputs fit the schema, and answers with outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks

from scripts.simulation.schema import check, echo, store
from scripts.simulation.server import completion
from scripts.simulation.values import SIGNATURE, Value

_ASSET = "c44067f5952c0a294b673a41bacd8c17"


@dataclass
class Checking(mocks.Mocks):
    """Collects what is wrong. `seen`: the tokens of what was registered."""

    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.seen.append(args.typ)
        schema = store.schema(args.typ)
        inputs = {key: plain(value) for key, value in args.inputs.items()}
        if schema is None:
            self.wrong.append(f"{args.typ} is not in the SDK")
            return f"{args.name}-id", args.inputs
        self.wrong += [f"{args.typ} {args.name} {problem}" for problem in check.problems(schema, inputs)]
        return f"{args.name}-id", completion.complete(schema, echo.outputs(schema, args.inputs), args.name)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nobody answers {args.token}")


def plain(value: Any) -> Value:
    """A value as a provider gets it: an asset is a dict again, a secret what it holds."""
    if isinstance(value, pulumi.Asset | pulumi.Archive):
        return {SIGNATURE: _ASSET}
    if isinstance(value, dict) and "value" in value and SIGNATURE in value:
        return plain(value["value"])
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
