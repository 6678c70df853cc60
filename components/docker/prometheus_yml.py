"""prometheus.yml of the on-premise platform. Pure, and without a secret: figures travel inside the overlay networks only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from components.docker.scrape_jobs import ALERTMANAGER_PORT, FAST_SECONDS, SELDOM_SECONDS, SLOW_SECONDS, Job

RULES_FILE = "/etc/penguinmails/rules.yml"
_TIMEOUT_SECONDS = {FAST_SECONDS: 4, SLOW_SECONDS: 10, SELDOM_SECONDS: 10}


def prometheus_yml(jobs: Sequence[Job], *, platform: str, alerts: bool) -> str:
    """The whole file. `platform`: which one it is, for whoever gets alerts of several. `alerts`: whether there is an
    Alertmanager to tell."""
    content: dict[str, Any] = {
        "global": {
            "scrape_interval": f"{SLOW_SECONDS}s",
            "evaluation_interval": f"{SLOW_SECONDS}s",
            "external_labels": {"platform": platform},
        },
        "rule_files": [RULES_FILE],
        "scrape_configs": [_scrape(job) for job in jobs],
    }
    if alerts:
        targets = [{"targets": [f"alertmanager:{ALERTMANAGER_PORT}"]}]
        content["alerting"] = {"alertmanagers": [{"static_configs": targets, "timeout": "5s"}]}
    return yaml.safe_dump(content, sort_keys=False, width=1000)


def _scrape(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = {
        "job_name": job.name,
        "metrics_path": job.path,
        "scrape_interval": f"{job.interval_seconds}s",
        "scrape_timeout": f"{_TIMEOUT_SECONDS[job.interval_seconds]}s",
    }
    if job.parameters:
        found["params"] = {name: list(values) for name, values in job.parameters.items()}
    if job.found == "dns":
        names = {"names": [job.host], "type": "A", "port": job.port, "refresh_interval": f"{FAST_SECONDS}s"}
        found["dns_sd_configs"] = [names]
    else:
        found["static_configs"] = [{"targets": [job.probed or f"{job.host}:{job.port}"]}]
    if job.probed is not None:
        found["relabel_configs"] = [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": f"{job.host}:{job.port}"},
        ]
    if job.keeps:
        found["metric_relabel_configs"] = [{"source_labels": ["__name__"], "regex": job.keeps, "action": "keep"}]
    return found
