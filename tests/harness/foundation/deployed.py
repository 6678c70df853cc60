"""The foundation of a target deployed into the simulated clouds, with what tests must see besides inputs: parents, providers,
protection, and the outputs that later capabilities use.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pulumi import Output

from components import stackfile, targets
from components.binding import Binding
from components.contract import Identity
from components.spec import PlatformSpec
from scripts.simulation.server.references import strings
from tests.harness.foundation.build import foundation
from tests.harness.mocked import Monitor, Registered, run
from tests.harness.simulated import Simulated
from tests.harness.targets import PACKAGES

CANARY = "canary-2e9d4a"
AWS: Mapping[str, Any] = {
    "target": "aws",
    "environment": "production",
    "domain": "mail.example.com",
    "dns": {},
    "aws": {"region": "eu-central-1"},
    "queues": {"outbound": {"max_deliveries": 7, "processing_timeout_seconds": 120}, "bounces": {}},
    "services": {
        "api": {"image": "api", "public_path": "/", "publishes": ["outbound"]},
        "worker": {"image": "api", "consumes": ["outbound", "bounces"]},
        "idle": {"image": "api"},
    },
}
"""One service that sends, one that reads, one that does neither."""

ENVIRONMENTS = ("development", "staging", "production")
ENGINES = ("postgresql", "mysql")


@dataclass
class Foundation:
    """What was registered, and the outputs with every value known. `asked`: token of each data source and its provider."""

    resources: list[Registered]
    asked: list[tuple[str, str]]
    subnets: Mapping[str, list[str]]
    database: Mapping[str, Any]
    direct: Mapping[str, Any]
    reading: Mapping[str, Any]
    queues: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str]

    def of(self, token: str) -> list[Registered]:
        return [found for found in self.resources if found.typ.endswith(token)]

    def one(self, token: str) -> Registered:
        [found] = self.of(token)
        return found

    @property
    def own(self) -> list[Registered]:
        """The resources of the cloud."""
        return [found for found in self.resources if not found.typ.startswith(("pulumi:", "penguinmails:"))]

    def named(self, name: str) -> Registered:
        [found] = [one for one in self.resources if one.name == name]
        return found


@cache
def built(environment: str = "production", engine: str = "postgresql") -> Foundation:
    """The foundation of `AWS`, built once for all tests that only look at it."""
    return build(environment=environment, database={"engine": engine, "size": "small"})


def build(base: Mapping[str, Any] = AWS, **sections: Any) -> Foundation:
    """The foundation of a description with whole sections replaced.

    Raises `StackFileError` as the program would; an `AssertionError` with what the simulated cloud refuses.
    """
    spec = stackfile.parse(json.dumps({**base, **sections}))
    simulated = Simulated()
    monitor = Monitor(simulated)
    simulated.direct.assume(PACKAGES[spec.target.value], sorted(strings(spec.model_dump(mode="json"))))
    known = run(simulated, monitor, lambda: _program(spec))
    return Foundation(monitor.seen, monitor.asked, **known)


def _program(spec: PlatformSpec) -> Mapping[str, Output[Any]]:
    target = targets.choose(spec.target)
    secrets = {key.name: Output.secret(f"{CANARY}-{key.name}") for key in target.secret_keys(spec)}
    made = foundation(spec, target, Identity("penguinmails", "test", spec.environment), secrets)
    network, database, queue = made.network, made.database, made.queue
    return {
        "subnets": Output.all(public=network.edge, private=network.app, isolated=network.data),
        "database": Output.all(
            host=database.host,
            port=database.port,
            name=database.name,
            app_role=database.app_role,
            id=database.id,
            resource=database.resource,
            replicas=list(database.replicas),
            login=[] if database.login is None else [[list(database.login.actions), list(database.login.resources)]],
        ),
        "direct": _known(database.direct),
        "reading": _known(database.reading),
        "names": Output.all(**queue.names),
        "queues": Output.all(**{name: _known(binding) for name, binding in queue.bindings.items()}),
    }


def _known(binding: Binding) -> Output[Any]:
    """A binding as plain values: permissions as (actions, resources), of secrets what reading them takes."""
    return Output.all(
        variables=dict(binding.variables),
        groups=list(binding.groups),
        permissions=[[list(one.actions), list(one.resources)] for one in binding.permissions],
        secrets={name: one.id for name, one in binding.secrets.items()},
        reading={
            name: [[list(right.actions), list(right.resources)] for right in one.permissions]
            for name, one in binding.secrets.items()
        },
    )
