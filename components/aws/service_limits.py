"""What a description may ask of services, migration and edge and AWS does not give. Pure.

Every size of a service fits into a task of Fargate, though some come with processors that nobody asked for; every limit of the
edge is kept by the firewall.
"""

from __future__ import annotations

from collections.abc import Iterator

from components.aws import fargate, routing
from components.aws.migration import MAX_SECONDS
from components.spec import PlatformSpec
from components.target import Unsupported


def service_limits(spec: PlatformSpec) -> Iterator[Unsupported]:
    """Each with its field and a sentence."""
    yield from routing.misfits(spec)
    for name, service in spec.services.items():
        misfit = fargate.misfit(service.cpu, service.memory_mib)
        if misfit is not None:
            yield Unsupported(misfit, f"platform.services.{name}.memory_mib")
    if spec.migration is not None:
        if spec.migration.timeout_seconds > MAX_SECONDS:
            yield Unsupported(
                f"{spec.migration.timeout_seconds} is above the {MAX_SECONDS} seconds that ECS waits; use {MAX_SECONDS}",
                "platform.migration.timeout_seconds",
            )
        if "migration" in spec.services:
            yield Unsupported("is the name of the migration itself; use another", "platform.services.migration")
