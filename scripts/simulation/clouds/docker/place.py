"""Which engine a provider works on."""

from __future__ import annotations

import re
from typing import Final

from scripts.simulation.values import Problem, Properties
from scripts.simulation.world import Place

LOCAL: Final = "unix:///var/run/docker.sock"
"""The provider's own default, where neither `host` nor DOCKER_HOST says otherwise."""

_FORMS: Final = (
    re.compile(r"unix:///.+"),
    re.compile(r"npipe:////?.+"),
    re.compile(r"ssh://([^@/\s]+@)?[^@/:\s]+(:\d{1,5})?/?"),
    re.compile(r"tcp://(\[[0-9a-fA-F:]+\]|[^/:\s\[\]]+):\d{1,5}/?"),
)


def place(config: Properties) -> Place | Problem:
    """The engine at `host`; the address counts, not what answers there."""
    host = config.get("host")
    address = host if isinstance(host, str) and host else LOCAL
    if not any(form.fullmatch(address) for form in _FORMS):
        return Problem(
            "host",
            f"{address} is no address of an engine; give unix:///var/run/docker.sock, ssh://user@host or tcp://host:2376",
        )
    return Place("docker", address.rstrip("/"), "")
