"""Network, database and queues of AWS built for themselves, with what tests must see besides inputs: parents, providers,
protection, and the outputs that later capabilities use.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func

from components import contract as c
from components import stackfile, targets
from components.binding import Binding, FileReference, SecretReference
from components.target import Unsupported
from tests.harness.simulated import Simulated, plain

CANARY = "canary-2e9d4a"
BASE: Mapping[str, Any] = {
    "target": "aws",
    "environment": "production",
    "domain": "mail.example.com",
    "aws": {"region": "eu-central-1"},
    "queues": {"outbound": {"max_deliveries": 7, "processing_timeout_seconds": 120}, "bounces": {}},
    "services": {
        "api": {"image": "api", "public_path": "/", "publishes": ["outbound"]},
        "worker": {"image": "api", "consumes": ["outbound", "bounces"]},
        "idle": {"image": "api"},
    },
}


ENVIRONMENTS = ("development", "staging", "production")
ENGINES = ("postgresql", "mysql")


@dataclass
class Registered:
    """A resource as the engine is asked for it. `inputs` are plain, `raw` has the marks of secrets."""

    typ: str
    name: str
    inputs: Mapping[str, Any]
    raw: Mapping[str, Any]
    parent: str
    provider: str
    protect: bool
    ignored: list[str]


@dataclass
class Foundation:
    """What was registered, and the outputs with every value known. `asked`: token of each data source and its provider."""

    resources: list[Registered]
    asked: list[tuple[str, str]]
    subnets: Mapping[str, list[str]]
    database: Mapping[str, Any]
    direct: Mapping[str, Any]
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
        return [found for found in self.resources if found.typ.startswith("aws:")]

    def named(self, name: str) -> Registered:
        [found] = [one for one in self.resources if one.name == name]
        return found


@dataclass
class _Monitor(mocks.MockMonitor):
    """Remembers of every request what the mocks leave out."""

    seen: list[Registered] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __init__(self, simulated: Simulated) -> None:
        super().__init__(simulated)
        self.seen, self.asked = [], []

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
            )
        )
        return super().RegisterResource(request)


@cache
def built(environment: str = "production", engine: str = "postgresql") -> Foundation:
    """The base description's foundation, built once for all tests that only look at it."""
    return build(environment=environment, database={"engine": engine, "size": "small"})


def build(**sections: Any) -> Foundation:
    """The foundation of the base description with whole sections replaced.

    Raises `StackFileError` as the program would; an `AssertionError` with what the simulated cloud refuses.
    """
    spec = stackfile.parse(json.dumps({**BASE, **sections}))
    simulated = Simulated()
    monitor = _Monitor(simulated)
    found: dict[str, Any] = {}
    simulated.direct.assume("aws", _texts(sections))

    def program() -> None:
        found.update(_program(spec))

    async def everything() -> Foundation:
        await run_pulumi_func(program)
        known = {name: await output.future() for name, output in found.items()}
        return Foundation(monitor.seen, monitor.asked, **known)

    return _run(simulated, monitor, everything)


def _run(simulated: Simulated, monitor: _Monitor, everything: Callable[[], Any]) -> Foundation:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(simulated, project="penguinmails", stack="test", preview=False, monitor=monitor)
    try:
        built: Foundation = loop.run_until_complete(everything())
    except Exception:
        if simulated.refused:
            raise AssertionError("; ".join(simulated.refused)) from None
        raise
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return built


def _program(spec: Any) -> Mapping[str, Output[Any]]:
    target = targets.choose(spec.target)
    identity = c.Identity("penguinmails", "test", spec.environment)
    problems = [f"{gap.field}: {gap.reason}" for gap in target.limits(spec)]
    if problems:
        raise stackfile.StackFileError(problems)
    assert not isinstance(target.network, Unsupported)
    assert not isinstance(target.database, Unsupported)
    assert not isinstance(target.queue, Unsupported)
    provider = target.provider(spec, identity)
    root = pulumi.ComponentResource("penguinmails:index:Platform", "penguinmails", None, ResourceOptions(providers=[provider]))
    child = ResourceOptions(parent=root)
    nothing = Output.from_input("")
    certificate = c.CertificateOutputs(SecretReference(nothing, nothing), nothing, {}, FileReference(nothing, nothing))
    secrets = {key.name: Output.secret(f"{CANARY}-{key.name}") for key in target.secret_keys(spec)}
    network = target.network("penguinmails-network", c.NetworkArgs(identity, spec.aws), child).outputs
    database = target.database(
        "penguinmails-database",
        c.DatabaseArgs(
            identity=identity,
            database=spec.database,
            network=network,
            certificate=certificate,
            owner_password=secrets["databaseOwnerPassword"],
            app_password=secrets["databaseAppPassword"],
            backup=spec.backup,
        ),
        child,
    ).outputs
    access = {name: c.QueueAccess(service.publishes, service.consumes) for name, service in spec.services.items()}
    queue = target.queue(
        "penguinmails-queue", c.QueueArgs(identity, spec.queues, access, network, certificate, None), child
    ).outputs
    return {
        "subnets": Output.all(public=network.edge, private=network.app, isolated=network.data),
        "database": Output.all(host=database.host, port=database.port, name=database.name, app_role=database.app_role),
        "direct": _known(database.direct),
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


def _texts(value: Any) -> list[str]:
    """All texts of a description: those that are ids are there already."""
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
