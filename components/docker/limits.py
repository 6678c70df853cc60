"""What a description may ask for and this target does not give yet: each with its field and a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.docker import sizing
from components.docker.acme_limits import acme_limits
from components.docker.operations_limits import operations_limits
from components.spec import PlatformSpec
from components.target import Unsupported


def limits(spec: PlatformSpec) -> Sequence[Unsupported]:
    """Every field of `spec` that cannot be honoured on Docker."""
    return [*_database(spec), *_edge(spec), *acme_limits(spec), *operations_limits(spec)]


def _database(spec: PlatformSpec) -> Iterator[Unsupported]:
    database = spec.database
    if database.engine != "postgresql":
        yield Unsupported(f"{database.engine} is not given on docker yet; use postgresql", "platform.database.engine")
    if database.high_availability:
        yield Unsupported("is not given on docker yet; use false", "platform.database.high_availability")
    if database.read_replicas:
        yield Unsupported("are not given on docker yet; use 0", "platform.database.read_replicas")
    room = sizing.database(database.size).max_connections - sizing.RESERVED_CONNECTIONS
    wanted = database.pooling.database_connections
    if wanted > room:
        yield Unsupported(
            f"{wanted} is above the {room} that a database of size {database.size} has room for",
            "platform.database.pooling.database_connections",
        )
    if spec.storage.versioned:
        yield Unsupported("versions are not kept on docker; use false", "platform.storage.versioned")


def _edge(spec: PlatformSpec) -> Iterator[Unsupported]:
    if spec.edge.certificate not in {"internal", "supplied", "acme"}:
        reason = f"{spec.edge.certificate} is not given on docker; use internal, supplied or acme"
        yield Unsupported(reason, "platform.edge.certificate")
