"""What `haproxy_cfg.py` is asked for, and what must hold of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CONNECTION_KIB = 96
"""Two buffers of 16 KiB for each side and about 32 KiB of TLS state."""
_BASE_MIB = 48
"""What the process takes before the first connection, the table of clients included."""
_ALIAS = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_PATH = re.compile(r"/|(/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True, kw_only=True)
class Route:
    """Requests below `path_prefix` (whole segments: /api is /api and /api/x, not /apix) go to a service.

    `service` is its network alias, `port` the port its tasks listen on, `health_path` answers 200 when a task can serve,
    `max_replicas` is the greatest number of tasks that will ever run at once, a release's surplus included.
    """

    path_prefix: str
    service: str
    port: int
    health_path: str
    max_replicas: int

    def __post_init__(self) -> None:
        label = f"route {self.path_prefix}"
        for name, value in (("path_prefix", self.path_prefix), ("health_path", self.health_path)):
            _require(_PATH.fullmatch(value), f"{label}: {name} should be a plain path such as /api, is {value!r}")
        _require(_ALIAS.fullmatch(self.service), f"{label}: service should be a DNS label, is {self.service!r}")
        _require(0 < self.port < 65536, f"{label}: port should be 1 to 65535, is {self.port}")
        _require(0 < self.max_replicas <= 200, f"{label}: max_replicas should be 1 to 200, is {self.max_replicas}")


@dataclass(frozen=True, kw_only=True)
class EdgeSettings:
    """The edge as a whole. Times in seconds, sizes as named.

    `public_host` and `public_https_port` are what a browser sees: plain HTTP is redirected there. One client (an IPv4
    address or an IPv6 /64) gets `requests_per_second` on average over ten seconds. `internal_paths` answer 404 to the
    public. `challenges` (host:port) gets what ACME authorities ask by plain HTTP. Whatever is still under way
    `hard_stop_seconds` after a stop is cut; the service's grace period must be longer.
    """

    public_host: str
    public_https_port: int
    routes: Sequence[Route]
    memory_mib: int = 128
    cpus: float = 1
    requests_per_second: int = 50
    max_body_bytes: int = 10 * 1024 * 1024
    response_timeout_seconds: int = 60
    hard_stop_seconds: int = 25
    internal_paths: Sequence[str] = ("/metrics", "/internal", "/readyz")
    challenges: str | None = None

    def __post_init__(self) -> None:
        _require(_HOST.fullmatch(self.public_host), f"public_host: should be a lower-case host name, is {self.public_host!r}")
        _require(0 < self.public_https_port < 65536, f"public_https_port: should be 1 to 65535, is {self.public_https_port}")
        _require(self.routes, "routes: needs at least one")
        prefixes = {route.path_prefix for route in self.routes}
        _require(len(prefixes) == len(self.routes), "routes: a path prefix is named twice")
        _require(self.memory_mib >= 64, f"memory_mib: should be at least 64, is {self.memory_mib}")
        for path in self.internal_paths:
            _require(
                path != "/" and _PATH.fullmatch(path), f"internal_paths: should be plain paths such as /metrics, has {path!r}"
            )
        for name in ("cpus", "requests_per_second", "max_body_bytes", "response_timeout_seconds", "hard_stop_seconds"):
            _require(getattr(self, name) > 0, f"{name}: should be more than 0")

    @property
    def max_connections(self) -> int:
        """What fits into the memory when every connection is busy."""
        return max(64, (self.memory_mib - _BASE_MIB) * 1024 // _CONNECTION_KIB)


def _require(holds: object, message: str) -> None:
    if not holds:
        raise ValueError(message)
