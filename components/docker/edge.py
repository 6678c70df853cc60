"""HAProxy on the host's ports: TLS, routes to public services, limits and headers.

One copy on one host. It holds host ports, so a release of it stops the old copy first; a change of its routes or its
certificate is such a release.
"""

from __future__ import annotations

import pulumi
from pulumi import Output, ResourceOptions

from components import images
from components.contract import EdgeArgs, EdgeOutputs
from components.docker import exporters, haproxy_cfg, sizing, swarm
from components.stackfile import DASHBOARD_PATH

USER = 8443
GRACE_SECONDS = 30
STATUS = haproxy_cfg.Route(path_prefix=DASHBOARD_PATH, service="status", port=9500, health_path="/healthz", max_replicas=2)
"""The platform's own page, which asks for its own login."""


class Edge(pulumi.ComponentResource):
    def __init__(self, name: str, args: EdgeArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Edge", name, None, opts)
        child = ResourceOptions(parent=self)
        hosts = Output.all(*[route.service.host for route in args.routes])
        settings = hosts.apply(lambda names: render(args, names))
        config = swarm.file(f"{name}-settings", args.identity, "edge", settings, child)
        ports = [(args.edge.https_port, haproxy_cfg.HTTPS_PORT)]
        if args.edge.http_port is not None:
            ports.append((args.edge.http_port, haproxy_cfg.HTTP_PORT))
        workload = swarm.Workload(
            role="edge",
            image=images.reference("edge"),
            user=USER,
            networks=[swarm.attach(args.network.edge, "edge")],
            memory_mib=sizing.EDGE_MEMORY_MIB,
            cpus=sizing.EDGE_CPUS,
            grace_seconds=GRACE_SECONDS,
            order="stop-first",
            secrets={"tls.pem": args.certificate.edge},
            files={f"{swarm.CONFIG_FOLDER}/haproxy.cfg": config},
            ports=ports,
            tmpfs={"/tmp": 8},
        )
        service = swarm.service(f"{name}-server", args.identity, workload, child)
        exporters.probe(f"{name}-probe", args, child)
        url = service.id.apply(lambda _: args.url)
        self.outputs = EdgeOutputs(url)
        self.register_outputs({"url": url})


def render(args: EdgeArgs, hosts: list[str]) -> str:
    """haproxy.cfg for the routes of `args`, whose services answer under `hosts`, in the same order."""
    routes = [
        haproxy_cfg.Route(
            path_prefix=route.path,
            service=host,
            port=route.service.port,
            health_path=route.ready_path,
            max_replicas=2 * route.max_replicas,
        )
        for route, host in zip(args.routes, hosts, strict=True)
    ]
    routes += [STATUS] if args.dashboard else []
    return haproxy_cfg.haproxy_cfg(
        haproxy_cfg.EdgeSettings(
            public_host=args.domain,
            public_https_port=args.edge.https_port,
            routes=routes,
            memory_mib=sizing.EDGE_MEMORY_MIB,
            cpus=sizing.EDGE_CPUS,
            requests_per_second=max(1, args.edge.requests_per_minute_per_client // 60),
            max_body_bytes=args.edge.max_request_body_kib * 1024,
            hard_stop_seconds=GRACE_SECONDS - 5,
        )
    )
