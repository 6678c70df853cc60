"""The public zone of Route 53 that holds the platform's names: a new one, or one that is there already.

A new zone says by a CAA record that nobody but Amazon may issue certificates for its names. Somebody has to name its servers at
the parent zone or the registrar; until then nobody sees its records and no certificate is issued, so each run says them.

Left out: logs of queries (they go to us-east-1 only, hold addresses of people and say little that the edge does not), and
DNSSEC (its key must be in us-east-1, and a record at the parent that is forgotten or late takes the whole zone away).
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output, ResourceOptions

from components import naming
from components.aws.tags import tags
from components.contract import DnsArgs, DnsOutputs
from components.stackfile import StackFileError

ISSUER = '0 issue "amazon.com"'
"""ACM User Guide, "Configure a CAA record": any one of Amazon's four domains is enough."""

TTL_SECONDS = 3600


class Dns(pulumi.ComponentResource):
    """Raises `StackFileError` for a zone that should be there and is not."""

    def __init__(self, name: str, args: DnsArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Dns", name, None, opts)
        self._name, self._args = name, args
        self._zone = args.dns.zone or args.domain
        self.outputs = self._new() if args.dns.create_zone else self._found()
        self.register_outputs({"zone_id": self.outputs.zone_id, "name_servers": self.outputs.name_servers})

    def _new(self) -> DnsOutputs:
        """Outside development the zone stays: a new one has other servers, which the parent zone would have to learn."""
        identity = self._args.identity
        kept = ResourceOptions(parent=self, protect=identity.keeps_data)
        zone = aws.route53.Zone(
            f"{self._name}-zone",
            name=self._zone,
            comment=f"Names of the platform {identity.project} {identity.stack}",
            force_destroy=False,
            tags=tags(identity, "dns", naming.physical(identity, "zone", naming.TAG_LIMIT)),
            opts=kept,
        )
        aws.route53.Record(
            f"{self._name}-issuer",
            zone_id=zone.zone_id,
            name=self._zone,
            type="CAA",
            ttl=TTL_SECONDS,
            records=[ISSUER],
            opts=ResourceOptions(parent=self),
        )
        zone.name_servers.apply(lambda servers: pulumi.log.info(delegation(self._zone, servers), resource=zone))
        return DnsOutputs(zone.zone_id, zone.name_servers)

    def _found(self) -> DnsOutputs:
        """Asked at once, so that a wrong name is told before anything is made."""
        try:
            zone = aws.route53.get_zone(name=self._zone, private_zone=False, opts=InvokeOptions(parent=self))
        except Exception as error:  # the SDK raises nothing more exact
            raise StackFileError([missing(self._zone, str(error))]) from error
        return DnsOutputs(Output.from_input(zone.zone_id), Output.from_input(zone.name_servers), existing=self._zone)


def delegation(zone: str, servers: Sequence[str]) -> str:
    """What somebody has to do at the parent zone. Pure."""
    return f"name the servers of {zone} at its parent zone or registrar: {', '.join(sorted(servers))}"


def missing(zone: str, reason: str) -> str:
    """What to do about a zone that was not found. Pure."""
    return (
        f"platform.dns.zone: {zone} was not found as one public zone of the account ({reason}); "
        "name a zone that is there, or set create_zone to true"
    )
