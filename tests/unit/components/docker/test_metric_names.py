"""Metrics of programs that few platforms have are called as rules and dashboards call them.

Those of all others are compared on the real platform (tests/docker/test_monitoring.py), which has no autoscaler and no ACME.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from penguinmails_operations.acme.measures import Measures
from penguinmails_operations.autoscaler.loop import Loop
from penguinmails_operations.autoscaler.policy import Tuning
from prometheus_client import CollectorRegistry, generate_latest

from components.docker.dashboards import DASHBOARDS
from components.spec import Objectives
from tests.harness.metric_names import named
from tests.unit.components.docker.alerts.trial import ALERTS

EXPRESSIONS = [
    *(alert.expression for alert in ALERTS.values()),
    *(query.text for made in DASHBOARDS.values() for _, query in made(Objectives()).queries()),
]


def given(registry: CollectorRegistry) -> set[str]:
    return set(re.findall(r"^# TYPE (\S+)", generate_latest(registry).decode(), re.MULTILINE))


def acme() -> CollectorRegistry:
    registry = CollectorRegistry()
    Measures(registry)
    return registry


def autoscaler() -> CollectorRegistry:
    nothing: Any = None
    return Loop({}, Tuning(), nothing, nothing).registry


@pytest.mark.parametrize(("prefix", "registry"), [("penguinmails_acme_", acme()), ("penguinmails_scaling_", autoscaler())])
def test_metrics_are_called_as_they_are_looked_at(prefix: str, registry: CollectorRegistry) -> None:
    wanted = {name for text in EXPRESSIONS for name in named(text) if name.startswith(prefix)}
    assert wanted
    assert wanted <= given(registry)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('max by (service) (pg_up{job="a_b"}) or vector(0)', {"pg_up"}),
        ("penguinmails:edge_errors:rate5m / on (proxy_name) haproxy_up", {"penguinmails:edge_errors:rate5m", "haproxy_up"}),
        ('label_replace(up{job=~"x_y"}, "queue_name", "$1", "by", "") == 0', {"up"}),
        ('histogram_quantile(0.95, sum by (le) (rate(a_bucket{route!~"/x_y"}[5m])))', {"a_bucket"}),
    ],
)
def test_names_are_found_in_an_expression(expression: str, names: set[str]) -> None:
    assert named(expression) == names
