"""Certificates of the edge and of the internal parts, signed by the platform's own authority.

The keys are derived from the authority's and the validity is rounded (`pki.py`), so that a run without a change makes no new
certificate. That of the edge changes every quarter, which costs nothing: it is taken over as its other files are. Those of the
internal parts change every year, for a broker restarts with it; a database does not (`access.py`). A `supplied` one is taken as
it is: `scripts/up` checks it before anything is deployed, and an edge that cannot read it keeps the former. With `acme` the one
made here is served until an authority gave the first (`acme.py`).
"""

from __future__ import annotations

from datetime import datetime

import pulumi
from pulumi import Output, ResourceOptions

from components.binding import SecretReference
from components.contract import CertificateArgs, CertificateOutputs, InternalCertificate
from components.docker import pki, supplied, swarm


class Certificate(pulumi.ComponentResource):
    def __init__(self, name: str, args: CertificateArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Certificate", name, None, opts)
        if args.authority is None:
            raise ValueError("certificateAuthority is among the secret keys of this target")
        self._name, self._args, self._authority = name, args, args.authority
        authority_pem = Output.unsecret(self._authority.apply(self._trusted))
        edge_authority = authority_pem
        if args.mode == "supplied":
            edge_authority = Output.unsecret(args.secrets["edgeCertificate"].apply(supplied.root_pem))
        if args.mode == "acme":
            asked = args.docker.acme if args.docker is not None else None
            edge_authority = Output.from_input((asked.authority_pem if asked is not None else None) or "")
        self.outputs = CertificateOutputs(
            edge=self._edge(),
            authority_pem=edge_authority,
            internal={part: self._internal(part) for part in args.internal},
            authority=swarm.file(f"{name}-authority", args.identity, "certificate", authority_pem, self._child()),
        )
        self.register_outputs({"authority_pem": edge_authority})

    def _child(self) -> ResourceOptions:
        return ResourceOptions(parent=self)

    def _leaf(
        self, common_name: str, names: list[str], addresses: list[str], period: tuple[datetime, datetime]
    ) -> Output[pki.Leaf]:
        begin, end = period

        def issued(text: str) -> pki.Leaf:
            authority = pki.read_authority(text)
            # One in its last years signs for as long as it lives: it still has to while its successor becomes known.
            return pki.issue(authority, common_name, names, addresses, begin, min(end, pki.ends(authority)))

        return self._authority.apply(issued)

    def _trusted(self, text: str) -> str:
        """The authorities' certificates; says in time that the one that signs will end."""
        end = pki.ends(pki.read_authority(text))
        if end < pki.internal_validity(self._args.today)[1]:
            pulumi.log.warn(f"The platform's authority ends on {end.date()}: scripts/rotate renews certificateAuthority.", self)
        return pki.trusted_pem(text)

    def _edge(self) -> SecretReference:
        domain = self._args.domain
        if self._args.mode == "supplied":
            secrets = self._args.secrets
            both = Output.all(secrets["edgeCertificate"], secrets["edgeKey"]).apply(lambda two: supplied.bundle(*two))
            return swarm.secret(f"{self._name}-edge", self._args.identity, "certificate", both, self._child())
        leaf = self._leaf(
            domain, [domain], ["127.0.0.1", "::1"] if domain == "localhost" else [], pki.validity(self._args.today)
        )
        bundle = leaf.apply(lambda made: pki.pem_bundle(made.certificate_pem, made.key_pem))
        return swarm.secret(f"{self._name}-edge", self._args.identity, "certificate", bundle, self._child())

    def _internal(self, part: str) -> InternalCertificate:
        leaf, identity = self._leaf(part, [part], [], pki.internal_validity(self._args.today)), self._args.identity
        certificate = leaf.apply(lambda made: made.certificate_pem)
        key = leaf.apply(lambda made: made.key_pem)
        return InternalCertificate(
            certificate=swarm.secret(f"{self._name}-{part}-chain", identity, "certificate", certificate, self._child()),
            key=swarm.secret(f"{self._name}-{part}-key", identity, "certificate", key, self._child()),
        )
