"""The kit's own stacks as rules see them: the real program with the engine mocked and the cloud simulated, run once each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pulumi.runtime import mocks

from components import stackfile
from components.docker import pki
from policies.model import Resource
from scripts.simulation.server.references import strings
from tests.contract.conftest import program, stack_text
from tests.harness import mocked
from tests.harness.simulated import Simulated, plain
from tests.harness.targets import PACKAGES


class Recorded(Simulated):
    """Remembers what came of each resource too."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[tuple[str, str], Mapping[str, Any]] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        identifier, outputs = super().new_resource(args)
        self.made[args.typ, args.name] = {**plain(outputs), "id": identifier}
        return identifier, outputs


@cache
def stack(name: str) -> tuple[Resource, ...]:
    """Every resource of a stack file, its logical name as URN."""
    spec = stackfile.parse(stack_text(name))
    simulated = Recorded()
    monitor = mocked.Monitor(simulated)
    simulated.direct.assume(PACKAGES[spec.target.value], sorted(strings(spec.model_dump(mode="json"))))
    authority = pki.authority_bundle(pki.new_authority("test", datetime(2026, 1, 1, tzinfo=UTC)))
    mocked.run(simulated, monitor, lambda: program(spec, authority))
    return tuple(
        Resource(one.typ, one.inputs, f"{one.typ}::{one.name}", simulated.made.get((one.typ, one.name), {}))
        for one in monitor.seen
        if not one.typ.startswith(("penguinmails:", "pulumi:pulumi:"))
    )
