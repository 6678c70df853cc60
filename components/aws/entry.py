"""The load balancer in the public subnets: TLS, and a listener that public services register at.

It answers 404 by itself; each service adds its rule. Clients that speak TLS 1.2 or newer with forward secrecy come in, newer
ones with a key exchange that a quantum computer does not break. Requests that break the rules of HTTP are refused. Headers that
browsers want are added to every answer, and what says which server it is left out; a Content-Security-Policy is the workload's
own, for the load balancer would overwrite it. X-Forwarded-For ends in the client's address, and what stands before is the
client's own claim. Access and connection logs go into a bucket: one line a request, with addresses, paths and query strings.
IPv4 only, as the network is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components import naming
from components.aws.buckets import BucketPlace, PrivateBucket, private_bucket
from components.aws.logs import retention_days
from components.aws.security_groups import allow_in, group
from components.aws.tags import tags
from components.contract import EntryArgs, EntryOutputs
from components.given import given

SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""What AWS recommends and its console sets (user guide, "Security policies for your Application Load Balancer")."""

IDLE_SECONDS = 60
"""An answer that takes longer is cut off with 504; the same on every target."""

HSTS = "max-age=31536000"


class Entry(pulumi.ComponentResource):
    """Raises `ValueError` on a network without an id, which is none of AWS's."""

    def __init__(self, name: str, args: EntryArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:aws:Entry", name, None, opts)
        network = given(args.network.id, "the network's id")
        self._name, self._args, self._child = name, args, ResourceOptions(parent=self)
        self._physical = naming.physical(args.identity, "entry", naming.LOAD_BALANCER_LIMIT)
        own = group(f"{name}-own", args.identity, "entry", "entry", "Where requests come in", network, self)
        open_ports = [self._open(own.id, port) for port in (args.edge.https_port, args.edge.http_port) if port is not None]
        logs = private_bucket(
            f"{name}-logs",
            args.identity,
            "entry",
            "entry-logs",
            self,
            versioned=False,
            expire_days=retention_days(args.identity),
            statements=deliveries,
        )
        balancer = self._balancer(own.id, logs)
        listener = self._listener(balancer, open_ports)
        if args.edge.http_port is not None:
            self._redirect(balancer, args.edge.http_port)
        self.outputs = EntryOutputs(
            listener=listener.arn,
            group=own.id,
            resource=balancer.arn,
            id=balancer.arn_suffix,
            address=balancer.dns_name,
            address_zone=balancer.zone_id,
        )
        self.register_outputs({"address": balancer.dns_name})

    def _tags(self) -> dict[str, str]:
        return tags(self._args.identity, "entry", self._physical)

    def _open(self, own: Output[str], port: int) -> pulumi.Resource:
        """From everybody: this is the platform's door."""
        name, says = f"{self._name}-{port}", "Requests from the internet"
        return allow_in(name, self._args.identity, "entry", "0.0.0.0/0", own, port, says, self)

    def _balancer(self, own: Output[str], logs: PrivateBucket) -> aws.lb.LoadBalancer:
        keeps = self._args.identity.keeps_data
        bucket = logs.bucket.bucket
        return aws.lb.LoadBalancer(
            f"{self._name}-balancer",
            name=self._physical,
            load_balancer_type="application",
            internal=False,
            ip_address_type="ipv4",
            subnets=self._args.network.edge,
            security_groups=[own],
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(bucket=bucket, prefix=ACCESS, enabled=True),
            connection_logs=aws.lb.LoadBalancerConnectionLogsArgs(bucket=bucket, prefix=CONNECTIONS, enabled=True),
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            preserve_host_header=True,
            xff_header_processing_mode="append",
            enable_http2=True,
            enable_waf_fail_open=False,
            enable_deletion_protection=keeps,
            idle_timeout=IDLE_SECONDS,
            tags=self._tags(),
            opts=ResourceOptions(parent=self, depends_on=list(logs.ready), protect=keeps),
        )

    def _listener(self, balancer: aws.lb.LoadBalancer, before: Sequence[pulumi.Resource]) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._name}-https",
            load_balancer_arn=balancer.arn,
            port=self._args.edge.https_port,
            protocol="HTTPS",
            ssl_policy=SSL_POLICY,
            certificate_arn=self._args.certificate.edge.id,
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="application/json", message_body=NOT_FOUND, status_code="404"
                    ),
                )
            ],
            routing_http_response_server_enabled=False,
            routing_http_response_strict_transport_security_header_value=HSTS,
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_x_frame_options_header_value="DENY",
            tags=self._tags(),
            opts=ResourceOptions(parent=self, depends_on=list(before)),
        )

    def _redirect(self, balancer: aws.lb.LoadBalancer, port: int) -> None:
        """To the platform's own name, whatever host was asked for."""
        aws.lb.Listener(
            f"{self._name}-http",
            load_balancer_arn=balancer.arn,
            port=port,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        host=self._args.domain,
                        path="/#{path}",
                        port=str(self._args.edge.https_port),
                        protocol="HTTPS",
                        query="#{query}",
                        status_code="HTTP_301",
                    ),
                )
            ],
            tags=self._tags(),
            opts=self._child,
        )


ACCESS, CONNECTIONS = "access", "connections"
NOT_FOUND = '{"type":"about:blank","title":"Not Found","status":404}'
"""After RFC 9457; a fixed response of a listener has no `application/problem+json`."""


def deliveries(place: BucketPlace) -> Sequence[dict[str, Any]]:
    """Lets load balancers of this account and region put their logs in, under the two prefixes, and nothing else. Pure.

    `aws:SourceArn` names the account; its user guide says nothing of `aws:SourceAccount`, and a log that is refused is lost.
    """
    return [
        {
            "Sid": "LoadBalancersWriteLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": [f"{place.arn}/{prefix}/AWSLogs/{place.account}/*" for prefix in (ACCESS, CONNECTIONS)],
            "Condition": {
                "ArnLike": {
                    "aws:SourceArn": f"arn:{place.partition}:elasticloadbalancing:{place.region}:{place.account}:loadbalancer/*"
                },
            },
        }
    ]
