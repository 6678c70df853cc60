"""A program run with the engine mocked: its outputs, and every request as the engine gets it.

The mocks of the SDK keep type, name and inputs of a resource only; `Monitor` remembers parent, provider and protection too.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func

from tests.harness import loops
from tests.harness.simulated import Simulated, plain


@dataclass
class Registered:
    """A resource as the engine is asked for it. `inputs` are plain, `raw` has the marks of secrets.

    `depends`: URNs that it waits for; `of`: property -> URNs whose values it was made from. `deletes_first`: whether one that
    is replaced goes before the new one is there.
    """

    typ: str
    name: str
    inputs: Mapping[str, Any]
    raw: Mapping[str, Any]
    parent: str
    provider: str
    protect: bool
    ignored: list[str]
    needs: list[str]
    depends: list[str]
    of: Mapping[str, list[str]]
    deletes_first: bool


class Monitor(mocks.MockMonitor):
    """Remembers every request. `asked`: token of each data source and its provider."""

    def __init__(self, simulated: Simulated) -> None:
        super().__init__(simulated)
        self.seen: list[Registered] = []
        self.asked: list[tuple[str, str]] = []

    def Invoke(self, request: Any) -> Any:  # noqa: N802  (the engine's name)
        self.asked.append((request.tok, request.provider))
        return super().Invoke(request)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  (the engine's name)
        raw = pulumi.runtime.rpc.deserialize_properties(request.object)
        self.seen.append(
            Registered(
                request.type,
                request.name,
                plain(raw),
                raw,
                request.parent,
                request.provider,
                bool(request.protect),
                list(request.ignoreChanges),
                list(request.dependencies),
                list(request.dependencies),
                {key: list(found.urns) for key, found in request.propertyDependencies.items()},
                bool(request.deleteBeforeReplace),
            )
        )
        return super().RegisterResource(request)


def run(simulated: Simulated, monitor: Monitor, program: Callable[[], Mapping[str, Output[Any]]]) -> dict[str, Any]:
    """What a program returns, with every value known.

    Raises what the program raises; an `AssertionError` with what the simulated clouds refuse.
    """
    found: dict[str, Output[Any]] = {}

    async def everything() -> dict[str, Any]:
        await run_pulumi_func(lambda: found.update(program()))
        return {name: await output.future() for name, output in found.items()}

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # As the program does: a cloud's SDK makes a million objects that stay, and are looked through again and again.
    gc.disable()
    pulumi.runtime.set_mocks(simulated, project="penguinmails", stack="test", preview=False, monitor=monitor)
    try:
        known: dict[str, Any] = loop.run_until_complete(everything())
    except Exception:
        if simulated.refused:
            raise AssertionError("; ".join(simulated.refused)) from None
        raise
    finally:
        loops.end(loop)
        gc.enable()
    return known
