"""A cloud small enough to see through: nets with a range, hosts in them, and a type of which nothing is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from threading import RLock

import pytest

from scripts.simulation.clouds.model import Candidate, Reference
from scripts.simulation.schema import store
from scripts.simulation.schema.model import Property, ResourceSchema, Shape
from scripts.simulation.server.faults import Fault, Faults
from scripts.simulation.server.provider import Provider, Shared
from scripts.simulation.values import Problem, Properties, Unknown, Value
from scripts.simulation.world import Place, Resource, World

NET, HOST, ODD = "toy:net/net:Net", "toy:host/host:Host", "toy:odd/odd:Odd"
STRING = Shape("string")
SCHEMAS = {
    NET: ResourceSchema(
        NET,
        {"name": Property(STRING), "range": Property(STRING, required=True), "zone": Property(STRING)},
        {
            "name": Property(STRING, required=True),
            "range": Property(STRING, required=True),
            "zone": Property(STRING, required=True),
            "arn": Property(STRING, required=True),
            "note": Property(STRING),
        },
    ),
    HOST: ResourceSchema(
        HOST,
        {
            "name": Property(STRING),
            "netId": Property(STRING, required=True),
            "size": Property(Shape("integer")),
            "region": Property(STRING),
        },
        {
            "name": Property(STRING, required=True),
            "netId": Property(STRING, required=True),
            "ipAddress": Property(STRING, required=True),
        },
    ),
    ODD: ResourceSchema(ODD, {"word": Property(STRING)}, {}),
    "pulumi:providers:toy": ResourceSchema(
        "pulumi:providers:toy", {"region": Property(STRING), "defaultTags": Property(Shape("any"))}, {}
    ),
}


class Toy:
    """Satisfies `Cloud`."""

    package, project = "toy", "pulumi_toy"

    def place(self, config: Properties) -> Place | Problem:
        region = config.get("region")
        return Place("toy", "me", region) if region else Problem("region", "is missing")

    def defaults(self, token: str, name: str, inputs: Properties, old: Properties, seed: str) -> Mapping[str, Value]:
        return {} if inputs.get("name") or token == ODD else {"name": old.get("name") or f"{name}-{seed[:7]}"}

    def check(self, token: str, inputs: Properties, place: Place) -> Sequence[Problem]:
        name = inputs.get("name")
        return [Problem("name", "is too long")] if not isinstance(name, Unknown | None) and len(name) > 20 else []

    def replaces(self, token: str) -> frozenset[str] | None:
        return {NET: frozenset({"range", "name"}), HOST: frozenset({"netId"})}.get(token)

    def references(self, token: str) -> Sequence[Reference]:
        return [Reference("netId", (NET,))] if token == HOST else []

    def recognise(self, value: str) -> str | None:
        return NET if re.fullmatch(r"net-[0-9a-f]{8}", value) else None

    def admit(self, candidate: Candidate, world: World) -> Sequence[Problem]:
        if candidate.token != NET:
            return []
        taken = any(net.inputs["range"] == candidate.inputs["range"] and net.urn != candidate.urn for net in world.of(NET))
        return [Problem("range", "is taken")] if taken else []

    def release(self, resource: Resource, world: World) -> Sequence[Problem]:
        return [Problem("", "is protected")] if resource.inputs.get("zone") == "protected" else []

    def identifier(self, candidate: Candidate) -> str:
        return f"{candidate.token.rsplit(':', 1)[-1].lower()}-{candidate.seed[:8]}"

    def outputs(self, candidate: Candidate, identifier: str) -> Mapping[str, Value]:
        return {"arn": f"arn:toy:{candidate.place.region}:{identifier}"} if candidate.token == NET else {}

    def invoke(self, token: str, arguments: Properties, place: Place, world: World) -> Mapping[str, Value] | Problem:
        return {"region": place.region} if token == "toy:index:where" else Problem("", f"{token} is not simulated")

    def assumed(self, value: str) -> Resource | None:
        return None


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Provider]:
    """A configured provider over a world; the fault and the world can be given."""
    monkeypatch.setattr(store, "schema", SCHEMAS.get)

    def make(*faults: Fault, world: World | None = None, config: Properties | None = None) -> Provider:
        made = Provider(Toy(), Shared(World() if world is None else world, Faults(faults), RLock(), Counter()))
        made.configure(config or {"region": "north"})
        return made

    return make


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:test::project::penguinmails:x:Parent${token}::{name}"
