"""Tags of every resource, from the one place that makes labels. AWS takes their dots as they are."""

from __future__ import annotations

from components import naming
from components.contract import Identity


def tags(identity: Identity, component: str, name: str) -> dict[str, str]:
    """The kit's labels and `Name`, under which consoles show a resource."""
    return {**naming.labels(identity, component), "Name": name}


def default_tags(identity: Identity) -> dict[str, str]:
    """What the provider adds to everything, also to what gets no tags of its own: whose it is, but not which part."""
    return {key: value for key, value in naming.labels(identity, "").items() if value}
