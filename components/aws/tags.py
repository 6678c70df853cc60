"""Tags of every resource, from the one place that makes labels."""

from __future__ import annotations

from components import naming
from components.contract import Identity


def tags(identity: Identity, component: str, name: str) -> dict[str, str]:
    """The kit's labels and `Name`, under which consoles show a resource."""
    return {**naming.labels(identity, component), "Name": name}
