"""What marks a service as one that scales, and what the autoscaler is told of it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.spec import Objectives, Scaling, Service

MINIMUM_LABEL, MAXIMUM_LABEL = "penguinmails.scaling.minimum", "penguinmails.scaling.maximum"
"""Read by the gate, which changes the number of copies of nothing else (images/operations, gate/rules.py)."""

REPLICAS = "mode.replicated.replicas"
"""The property of a service that the autoscaler owns: ignored by the engine, and read anew before each release."""


def marks(scaling: Scaling) -> Mapping[str, str]:
    """Labels of a service that scales; one whose number is fixed has none."""
    if not scaling.moves:
        return {}
    return {MINIMUM_LABEL: str(scaling.min_replicas), MAXIMUM_LABEL: str(scaling.max_replicas)}


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
