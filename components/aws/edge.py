"""The web firewall before the load balancer, and the record that leads clients to it.

The record is published when the services are steady and the firewall is in place. Without a zone of the platform's own whoever
runs the domain makes it, and is told so. What the firewall blocks or counts is logged; what it lets through is in the load
balancer's own logs. WAF makes the right to write into the log group itself: an account has ten such policies, which platforms
would use up.
"""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws import waf
from components.aws.keys import key
from components.aws.logs import log_group
from components.aws.tags import tags
from components.contract import DnsOutputs, EdgeArgs, EdgeOutputs, EntryOutputs
from components.given import given

REDACTED = ("authorization", "cookie", "x-api-key")
"""Headers that hold what a client proves itself with."""


class Edge(pulumi.ComponentResource):
    """Raises `ValueError` without an entry, which the target has."""

    def __init__(self, name: str, args: EdgeArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Edge", name, None, opts)
        entry = given(args.entry, "the entry")
        self._name, self._args, self._child = name, args, ResourceOptions(parent=self)
        firewall = self._firewall()
        self._logging(firewall)
        guarded = aws.wafv2.WebAclAssociation(
            f"{name}-guard",
            resource_arn=entry.resource,
            web_acl_arn=firewall.arn,
            # A load balancer has one firewall: the old one leaves before the new one comes.
            opts=ResourceOptions(parent=self, delete_before_replace=True),
        )
        ready = Output.all(guarded.id, *(route.service.host for route in args.routes))
        reached = self._record(entry, args.zone, ready) if args.zone is not None else self._tell(entry)
        url = Output.all(ready, reached).apply(lambda _: args.url)
        self.outputs = EdgeOutputs(url)
        self.register_outputs({"url": url, "address": entry.address})

    def _firewall(self) -> aws.wafv2.WebAcl:
        identity = self._args.identity
        physical = naming.physical(identity, "edge", naming.WEB_ACL_LIMIT)
        # Rules are ten classes deep in the SDK; as plain descriptions they can be tested without it.
        rules: Any = waf.rules(self._args.edge, managed=identity.keeps_data)
        bodies: Any = waf.bodies()
        visible: Any = waf.visible(physical)
        return aws.wafv2.WebAcl(
            f"{self._name}-firewall",
            name=physical,
            description="Before the platform's load balancer",
            scope="REGIONAL",
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            custom_response_bodies=bodies,
            rules=rules,
            visibility_config=visible,
            tags=tags(identity, "edge", physical),
            opts=self._child,
        )

    def _logging(self, firewall: aws.wafv2.WebAcl) -> None:
        identity = self._args.identity
        own = key(self._name, identity, "edge", "edge", "Logs of the platform's firewall", self, logs=True)
        # WAF takes groups of no other beginning.
        physical = f"aws-waf-logs-{naming.physical(identity, 'edge', naming.WEB_ACL_LIMIT)}"
        group = log_group(f"{self._name}-log", identity, "edge", physical, own, self)
        headers: Any = [{"single_header": {"name": name}} for name in REDACTED]
        kept: Any = {
            "default_behavior": "DROP",
            "filters": [
                {
                    "behavior": "KEEP",
                    "requirement": "MEETS_ANY",
                    "conditions": [
                        {"action_condition": {"action": action}} for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                    ],
                }
            ],
        }
        aws.wafv2.WebAclLoggingConfiguration(
            f"{self._name}-logging",
            resource_arn=firewall.arn,
            log_destination_configs=[group.arn],
            redacted_fields=headers,
            logging_filter=kept,
            opts=self._child,
        )

    def _record(self, entry: EntryOutputs, zone: DnsOutputs, ready: Output[Any]) -> Output[str]:
        """An alias, which costs nothing and follows the load balancer's addresses."""
        made = aws.route53.Record(
            f"{self._name}-address",
            zone_id=zone.zone_id,
            name=ready.apply(lambda _: self._args.domain),
            type="A",
            aliases=[aws.route53.RecordAliasArgs(name=entry.address, zone_id=entry.address_zone, evaluate_target_health=True)],
            opts=self._child,
        )
        return made.fqdn

    def _tell(self, entry: EntryOutputs) -> Output[str]:
        """Says where the record must lead, as soon as that is known."""

        def told(address: str) -> str:
            pulumi.log.warn(
                f"platform.dns is not set: make a record (CNAME) that leads {self._args.domain} to {address}", resource=self
            )
            return address

        return entry.address.apply(told)
