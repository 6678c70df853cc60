"""Dashboards for Grafana, as code: the JSON that Grafana's own image takes from a folder (`scripts/dashboards`).

The kit deploys no Grafana, whose image is not built from Debian's packages; the status page works without it. These files are
for who has one: put it into the network `app` of the platform, or let it reach Prometheus in another way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from components.docker.dashboards.backups import BACKUPS
from components.docker.dashboards.data import DATA
from components.docker.dashboards.overview import overview
from components.docker.dashboards.panels import Board
from components.docker.dashboards.scaling import SCALING
from components.spec import Objectives

DASHBOARDS: Mapping[str, Callable[[Objectives], Board]] = {
    "platform": overview,
    "data": lambda _: DATA,
    "scaling": lambda _: SCALING,
    "backups": lambda _: BACKUPS,
}
"""File name without its end -> the dashboard for a platform that promises so much."""
