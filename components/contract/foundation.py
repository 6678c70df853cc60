"""What everything else stands on: network, logs, secrets, zone, certificate, object storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pulumi

from components import spec
from components.binding import Binding, FileReference, SecretReference
from components.contract.identity import Identity


@dataclass(frozen=True)
class NetworkArgs:
    """`aws`: a network that is there already, or the addresses of a new one."""

    identity: Identity
    aws: spec.AwsSection | None = None


@dataclass(frozen=True)
class NetworkOutputs:
    """Ids of what containers attach to (subnets, networks) in three tiers: public entry, services, data. `id`: the network
    around them. `clients`: the security group of all services. `watch`: a tier in which no service is, for what reads logs and
    tells people. Each of the three is None where there is none."""

    edge: pulumi.Output[Sequence[str]]
    app: pulumi.Output[Sequence[str]]
    data: pulumi.Output[Sequence[str]]
    id: pulumi.Output[str] | None = None
    clients: pulumi.Output[str] | None = None
    watch: pulumi.Output[Sequence[str]] | None = None


@dataclass(frozen=True)
class TelemetryArgs:
    """`sources`: everything that writes a log, by its role. `asked`: the whole description, for what is measured where a
    target gathers figures itself. `network`: where it gathers them."""

    identity: Identity
    telemetry: spec.Telemetry
    sources: Sequence[str]
    asked: spec.PlatformSpec
    network: NetworkOutputs


@dataclass(frozen=True)
class TelemetryOutputs:
    """`logs`: role -> where its log goes, in the target's own words."""

    logs: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True)
class SecretsArgs:
    """`values`: variable name -> value, for what services need and no other capability makes."""

    identity: Identity
    values: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True)
class SecretsOutputs:
    binding: Binding


@dataclass(frozen=True)
class DnsArgs:
    identity: Identity
    dns: spec.Dns
    domain: str


@dataclass(frozen=True)
class DnsOutputs:
    """`existing`: the name of a zone that was there already, at whose apex others have records; None for a new one."""

    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]
    existing: str | None = None


@dataclass(frozen=True)
class CertificateArgs:
    """`authority` signs where the kit does, valid from about `today`; `internal`: parts that speak TLS to each other.

    `aws`, `docker`: where a supplied certificate is, or who is asked for one. `secrets`: all of the stack's configuration.
    """

    identity: Identity
    mode: str
    domain: str
    authority: pulumi.Output[str] | None
    internal: Sequence[str]
    zone: DnsOutputs | None
    today: date
    aws: spec.AwsSection | None = None
    docker: spec.DockerSection | None = None
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class InternalCertificate:
    certificate: SecretReference
    key: SecretReference


@dataclass(frozen=True)
class CertificateOutputs:
    """`edge`: what the edge presents. `authority_pem`: what clients verify it with, empty for a public authority.

    `internal`: certificate of each internal part; `authority`: the public file that verifies those, where the kit signs.
    """

    edge: SecretReference
    authority_pem: pulumi.Output[str]
    internal: Mapping[str, InternalCertificate]
    authority: FileReference | None


@dataclass(frozen=True)
class StorageArgs:
    identity: Identity
    storage: spec.Storage


@dataclass(frozen=True)
class StorageOutputs:
    """`id`: what monitoring knows it by; `resource`: its full id, for backups. Each where the target has it."""

    binding: Binding
    id: pulumi.Output[str] | None = None
    resource: pulumi.Output[str] | None = None
