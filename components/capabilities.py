"""Which capabilities a platform has, and what of a description a target refuses. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from components.spec import PlatformSpec
from components.target import Target, Unsupported

OPTIONAL = ("telemetry", "dns", "mail", "migration", "alerts", "backup")
"""Capabilities that are built when the section of their name is there; logs are gathered wherever the target can."""

ALWAYS = ("network", "secrets", "certificate", "storage", "database", "pooling", "queue", "service", "edge")
"""Capabilities that every platform has; a target without one of them cannot be deployed to yet."""


def refusals(spec: PlatformSpec, target: Target) -> list[str]:
    """One sentence for everything in the description that the target does not give; what is needed always comes first."""
    needed = [gap for gap in (getattr(target, name) for name in ALWAYS) if isinstance(gap, Unsupported)]
    gaps = [gap for section, gap in optional_capabilities(target).items() if gap and getattr(spec, section) is not None]
    return list(dict.fromkeys(f"{gap.field}: {gap.reason}" for gap in (*needed, *gaps, *target.limits(spec))))


def optional_capabilities(target: Target) -> Mapping[str, Unsupported | None]:
    """Section of the description -> why the target refuses it, or None where it is given."""
    entries = {name: getattr(target, name) for name in OPTIONAL}
    return {name: entry if isinstance(entry, Unsupported) else None for name, entry in entries.items()}
