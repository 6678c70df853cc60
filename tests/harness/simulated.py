"""The engine mocked and the clouds simulated: a whole platform in a fraction of a second, with all that the clouds refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import mocks

from scripts.simulation.server.direct import Direct
from scripts.simulation.server.provider import Refused
from scripts.simulation.server.wire import SECRET
from scripts.simulation.values import SIGNATURE


def plain(value: Any) -> Any:
    """A value without the marks of its secrets."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return plain(value.get("value"))
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def readable(value: Any) -> Any:
    """A value as everybody can read it: secrets are left out."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return "[secret]"
        return {key: readable(item) for key, item in value.items()}
    return [readable(item) for item in value] if isinstance(value, list) else value


@dataclass
class Simulated(mocks.Mocks):
    """Makes every resource in the simulated clouds and remembers it. `refused`: what they said no to."""

    resources: list[mocks.MockResourceArgs] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    direct: Direct = field(default_factory=Direct)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.resources.append(args)
        inputs = plain(args.inputs)
        if args.typ.startswith("pulumi:providers:"):
            self.direct.configure(args.typ.rsplit(":", 1)[-1], inputs)
            return f"{args.name}-id", dict(args.inputs)
        if args.typ.startswith(("pulumi:", "penguinmails:")):
            return f"{args.name}-id", dict(args.inputs)
        try:
            made = self.direct.make(args.typ, args.name, inputs)
        except Refused as error:
            self.refused.append(f"{args.name}: {error}")
            raise
        return made.id, _over(made.outputs, args.inputs)

    def call(self, args: mocks.MockCallArgs) -> dict[Any, Any]:
        return dict(self.direct.invoke(args.token, plain(args.args)))


def _over(outputs: Mapping[Any, Any], inputs: Mapping[Any, Any]) -> dict[Any, Any]:
    """Outputs with the inputs over them, which have the marks of secrets; what is computed inside an input stays."""
    found = {**outputs, **inputs}
    for key, value in inputs.items():
        computed = outputs.get(key)
        if isinstance(value, Mapping) and isinstance(computed, Mapping) and SIGNATURE not in value:
            found[key] = _over(computed, value)
    return found
