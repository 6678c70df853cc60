"""The edge's certificate: one that ACM issues and renews for the platform's domain, or one that somebody else has put there.

ACM wants a record that proves the domain, and looks for it again at each renewal, so the record stays. `internal` and `acme`
are refused in `limits.py`. There are no internal certificates: what speaks TLS inside is AWS's own, under public authorities.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import CustomTimeouts, Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.binding import SecretReference
from components.contract import CertificateArgs, CertificateOutputs
from components.given import given

KEY = "RSA_2048"
"""Every client knows it. A curve would make signing cheaper, which is the load balancer's work and not ours."""

TIMEOUT = "30m"
"""For the proof: a minute or two where the zone is known to the world, else as long as somebody needs to name a new zone's
servers at its parent. A run that gives up loses nothing; the next one goes on waiting."""

TTL_SECONDS = 300


class Certificate(pulumi.ComponentResource):
    """Raises `ValueError` for what `limits.py` refuses: no zone for a managed certificate, no ARN for a supplied one."""

    def __init__(self, name: str, args: CertificateArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Certificate", name, None, opts)
        self._name, self._args = name, args
        arn = self._supplied() if args.mode == "supplied" else self._managed()
        self.outputs = CertificateOutputs(
            edge=SecretReference(id=arn, name=Output.from_input(args.domain)),
            authority_pem=Output.from_input(""),
            internal={},
            authority=None,
        )
        self.register_outputs({"arn": arn})

    def _supplied(self) -> Output[str]:
        return Output.from_input(given(given(self._args.aws, "platform.aws").certificate_arn, "platform.aws.certificate_arn"))

    def _managed(self) -> Output[str]:
        """ARN of the certificate once it is issued: a listener takes none before."""
        identity, zone = self._args.identity, given(self._args.zone, "platform.dns")
        made = aws.acm.Certificate(
            self._name,
            domain_name=self._args.domain,
            validation_method="DNS",
            key_algorithm=KEY,
            options=aws.acm.CertificateOptionsArgs(certificate_transparency_logging_preference="ENABLED"),
            tags=tags(identity, "certificate", naming.physical(identity, "certificate", naming.TAG_LIMIT)),
            opts=ResourceOptions(parent=self),
        )
        proof = self._proof(made, zone.zone_id)
        validated = aws.acm.CertificateValidation(
            f"{self._name}-issued",
            certificate_arn=made.arn,
            validation_record_fqdns=[proof.fqdn],
            opts=ResourceOptions(parent=self, custom_timeouts=CustomTimeouts(create=TIMEOUT)),
        )
        return validated.certificate_arn

    def _proof(self, certificate: aws.acm.Certificate, zone: Output[str]) -> aws.route53.Record:
        """The record of the one name; a wildcard beside it would share the record.

        It is the same for every certificate of the domain in one account (another region, another stack, one that replaces
        this), so that one which is there already is taken over: what it says is true for both.
        """
        option = certificate.domain_validation_options.apply(self._option)
        return aws.route53.Record(
            f"{self._name}-proof",
            zone_id=zone,
            name=option.apply(lambda found: found.resource_record_name),
            type=option.apply(lambda found: found.resource_record_type),
            ttl=TTL_SECONDS,
            records=[option.apply(lambda found: found.resource_record_value)],
            allow_overwrite=True,
            opts=ResourceOptions(parent=self),
        )

    def _option(self, options: Sequence[Any]) -> Any:
        return next(option for option in options if option.domain_name == self._args.domain)
