"""What runs, and how requests reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components import spec
from components.binding import Binding
from components.contract.foundation import CertificateOutputs, DnsOutputs, NetworkOutputs
from components.contract.identity import Identity


@dataclass(frozen=True)
class ClusterArgs:
    """`services`: what runs in it, by role, for a target whose cluster keeps the number of copies itself.

    `objectives`: how fast answers must be, for one that looks at it. `secrets`: those of the stack's configuration.
    """

    identity: Identity
    network: NetworkOutputs
    services: Mapping[str, spec.Service]
    objectives: spec.Objectives = field(default_factory=spec.Objectives)
    docker: spec.DockerSection | None = None
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ClusterOutputs:
    """`id`: what services name to run in it; `name`: what monitoring knows it by."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]


@dataclass(frozen=True)
class EntryArgs:
    """The door that public services register at before they start, where the target wants that order."""

    identity: Identity
    edge: spec.Edge
    domain: str
    network: NetworkOutputs
    certificate: CertificateOutputs


@dataclass(frozen=True)
class EntryOutputs:
    """`listener`: what routes are added to. `group`: the network identity that requests come from. `resource`: full id.

    `id`: what monitoring knows it by. `address`: the host name that the platform's own name leads to, in `address_zone`.
    """

    listener: pulumi.Output[str]
    group: pulumi.Output[str]
    resource: pulumi.Output[str]
    id: pulumi.Output[str]
    address: pulumi.Output[str]
    address_zone: pulumi.Output[str]


@dataclass(frozen=True)
class MigrationArgs:
    """`logs`: where its log goes."""

    identity: Identity
    migration: spec.Migration
    network: NetworkOutputs
    binding: Binding
    cluster: ClusterOutputs | None = None
    logs: pulumi.Output[str] | None = None


@dataclass(frozen=True)
class MigrationOutputs:
    """`gate` is there once the schema is up to date; services depend on it."""

    gate: pulumi.Resource


@dataclass(frozen=True)
class ServiceArgs:
    """`logs`: where its log goes. `queues`: what monitoring knows the queues by that it consumes."""

    identity: Identity
    name: str
    service: spec.Service
    network: NetworkOutputs
    binding: Binding
    migration: MigrationOutputs | None
    cluster: ClusterOutputs | None = None
    entry: EntryOutputs | None = None
    logs: pulumi.Output[str] | None = None
    queues: Sequence[pulumi.Output[str]] = ()


@dataclass(frozen=True)
class ServiceOutputs:
    """`host`: the name under which the edge reaches the copies of a public service.

    `id`: what monitoring knows the service by; `target`: the same of what requests are balanced over; where there is one.
    `instances`: what must be there before requests come, where the edge is built after its services.
    """

    host: pulumi.Output[str]
    port: int
    id: pulumi.Output[str] | None = None
    target: pulumi.Output[str] | None = None
    instances: Sequence[pulumi.Resource] = ()


@dataclass(frozen=True)
class Route:
    """Requests whose path starts with `path` go to the copies of `service`."""

    path: str
    service: ServiceOutputs
    ready_path: str
    max_replicas: int


@dataclass(frozen=True)
class EdgeArgs:
    """`dashboard`: whether the platform's own page is served below `stackfile.DASHBOARD_PATH`, where the target has one.

    `docker`: who is asked for a certificate there.
    """

    identity: Identity
    edge: spec.Edge
    domain: str
    url: str
    network: NetworkOutputs
    certificate: CertificateOutputs
    routes: Sequence[Route]
    entry: EntryOutputs | None = None
    zone: DnsOutputs | None = None
    dashboard: bool = False
    docker: spec.DockerSection | None = None


@dataclass(frozen=True)
class EdgeOutputs:
    url: pulumi.Output[str]
