"""HAProxy on the host's ports: TLS, routes to public services, limits and headers.

One copy on one host. It holds host ports, so a release of its image stops the old copy first. Its routes and its certificate
come through a service of their own, `edge-files`: a change of them is a release of that one, and HAProxy takes them over
without losing a connection (`images/edge/entrypoint`). What it cannot read it refuses, and Swarm puts the former files back.
"""

from __future__ import annotations

import pulumi
from pulumi import Output, ResourceOptions

from components import images, naming
from components.binding import FileReference
from components.contract import EdgeArgs, EdgeOutputs
from components.docker import acme, exporters, haproxy_cfg, haproxy_settings, mounts, sizing, swarm
from components.docker.scrape_jobs import ACME_PORT, STATUS_PORT
from components.docker.service import EDGE
from components.spec import Acme
from components.stackfile import DASHBOARD_PATH

USER = acme.USER
GRACE_SECONDS = 30
SHARED = haproxy_cfg.SHARED
STATUS = haproxy_settings.Route(
    path_prefix=DASHBOARD_PATH, service="status", port=STATUS_PORT, health_path="/healthz", max_replicas=2
)
"""The platform's own page, which asks for its own login."""


class Edge(pulumi.ComponentResource):
    def __init__(self, name: str, args: EdgeArgs, opts: ResourceOptions) -> None:
        super().__init__("penguinmails:docker:Edge", name, None, opts)
        self._args, self._child = args, ResourceOptions(parent=self)
        hosts = Output.all(*[route.service.host for route in args.routes])
        settings = hosts.apply(lambda names: render(args, names))
        config = swarm.file(f"{name}-settings", args.identity, "edge", settings, self._child)
        if self._acme is not None:
            acme.acme(f"{name}-acme", args, self._acme, self._child)
        behind = swarm.after(self, *(copies for route in args.routes for copies in route.service.instances))
        files = swarm.service(f"{name}-files", args.identity, self._files(config), behind)
        service = swarm.service(f"{name}-server", args.identity, self._server(), swarm.after(self, files))
        exporters.probe(f"{name}-probe", args, self._child)
        url = service.id.apply(lambda _: args.url)
        self.outputs = EdgeOutputs(url)
        self.register_outputs({"url": url})

    @property
    def _acme(self) -> Acme | None:
        section = self._args.docker
        return section.acme if section is not None and self._args.edge.certificate == "acme" else None

    def _shared(self) -> mounts.Volume:
        return mounts.Volume(naming.physical(self._args.identity, "edge-files", naming.DOCKER_LIMIT), SHARED, memory_mib=2)

    def _files(self, config: FileReference) -> swarm.Workload:
        """One at a time: two would give the edge one state and the other in turn.

        What an authority has given goes before the certificate that is its secret, once it is there.
        """
        given, identity = self._acme is not None, self._args.identity
        return swarm.Workload(
            role="edge-files",
            image=images.reference("edge"),
            user=USER,
            command=["files"],
            networks=[swarm.attach(self._args.network.edge)],
            memory_mib=sizing.EDGE_FILES_ACME_MEMORY_MIB if given else sizing.EDGE_FILES_MEMORY_MIB,
            cpus=sizing.EDGE_FILES_CPUS,
            grace_seconds=15,
            order="stop-first",
            node=identity.node,
            variables={"ACME_CERTIFICATE": acme.handed_over(self._args.domain)} if given else {},
            secrets={"tls.pem": self._args.certificate.edge},
            files={f"{swarm.CONFIG_FOLDER}/haproxy.cfg": config},
            volumes=[self._shared(), *([acme.volume(identity, read_only=True)] if given else [])],
            tmpfs={"/tmp": 1},
            health_command=["/bin/bash", "/usr/lib/penguinmails/healthcheck", "files"],
        )

    def _server(self) -> swarm.Workload:
        asked = self._args.edge
        ports = [(asked.https_port, haproxy_cfg.HTTPS_PORT)]
        if asked.http_port is not None:
            ports.append((asked.http_port, haproxy_cfg.HTTP_PORT))
        return swarm.Workload(
            role="edge",
            image=images.reference("edge"),
            user=USER,
            networks=[swarm.attach(self._args.network.edge, EDGE)],
            memory_mib=sizing.EDGE_MEMORY_MIB,
            cpus=sizing.EDGE_CPUS,
            grace_seconds=GRACE_SECONDS,
            order="stop-first",
            node=self._args.identity.node,
            ports=ports,
            volumes=[self._shared()],
            tmpfs={"/tmp": 8},
        )


def render(args: EdgeArgs, hosts: list[str]) -> str:
    """haproxy.cfg for the routes of `args`, whose services answer under `hosts`, in the same order."""
    routes = [
        haproxy_settings.Route(
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
        haproxy_settings.EdgeSettings(
            public_host=args.domain,
            public_https_port=args.edge.https_port,
            routes=routes,
            memory_mib=sizing.EDGE_MEMORY_MIB,
            cpus=sizing.EDGE_CPUS,
            requests_per_second=max(1, args.edge.requests_per_minute_per_client // 60),
            max_body_bytes=args.edge.max_request_body_kib * 1024,
            hard_stop_seconds=GRACE_SECONDS - 5,
            challenges=f"{acme.ROLE}:{ACME_PORT}" if args.edge.certificate == "acme" else None,
        )
    )
