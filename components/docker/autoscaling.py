"""What gate and autoscaler are told of the services that scale. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.spec import Objectives, Service

REPLICAS = "mode.replicated.replicas"
"""The property of a service that the autoscaler owns: ignored by the engine, and read anew before each release."""


def limits(services: Mapping[str, Service]) -> str:
    """LIMITS: smallest and greatest number of each service that scales, as JSON; the gate changes the number of nothing else.

    Not labels of the services: the provider sends a container's variables in another order each time, so that a label that
    changes is a release of its service.
    """
    moving = {role: asked.scaling for role, asked in services.items() if asked.scaling.moves}
    return json.dumps({role: [asked.min_replicas, asked.max_replicas] for role, asked in moving.items()}, sort_keys=True)


def followed(services: Mapping[str, Service], objectives: Objectives) -> str:
    """SCALING: the measures of each service that scales, as JSON; `{}` when none does."""
    found = {role: _measures(asked, objectives) for role, asked in services.items() if asked.scaling.moves}
    return json.dumps(found, sort_keys=True)


def _measures(asked: Service, objectives: Objectives) -> Mapping[str, Any]:
    scaling = asked.scaling
    return {
        "cpu_percent": scaling.held_cpu_percent,
        "requests_per_minute": scaling.requests_per_minute_per_replica,
        "messages": scaling.messages_per_replica,
        "p95_seconds": objectives.response_p95_milliseconds / 1000 if asked.public_path is not None else None,
        "queues": sorted(asked.consumes),
    }
