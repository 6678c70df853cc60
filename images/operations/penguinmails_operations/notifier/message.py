"""What is posted: Alertmanager's message in a form that stays the same when Alertmanager is replaced. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

VERSION = 1
MAXIMUM_ALERTS = 200


class NotAnAlert(ValueError):
    """Somebody posted something else."""


def message(found: object, platform: str, page: str) -> bytes:
    """The body of a notification.

    Raises `NotAnAlert` for what Alertmanager (webhook version 4) does not send.
    """
    if not isinstance(found, Mapping) or not isinstance(found.get("alerts"), list):
        raise NotAnAlert("alerts: should be a list")
    alerts = [_alert(alert) for alert in found["alerts"][:MAXIMUM_ALERTS]]
    body = {
        "version": VERSION,
        "platform": platform,
        "status": _text(found.get("status")) or "firing",
        "page": page,
        "alerts": alerts,
        "left_out": len(found["alerts"]) - len(alerts) + _number(found.get("truncatedAlerts")),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def _alert(alert: object) -> dict[str, Any]:
    if not isinstance(alert, Mapping):
        raise NotAnAlert("alerts: should hold objects")
    labels, annotations = _texts(alert.get("labels")), _texts(alert.get("annotations"))
    return {
        "name": labels.get("alertname", ""),
        "status": _text(alert.get("status")),
        "severity": labels.get("severity", ""),
        "summary": annotations.get("summary", ""),
        "description": annotations.get("description", ""),
        "runbook": annotations.get("runbook_url", annotations.get("runbook", "")),
        "labels": labels,
        "starts_at": _text(alert.get("startsAt")),
        "ends_at": _text(alert.get("endsAt")) if alert.get("status") == "resolved" else None,
        "fingerprint": _text(alert.get("fingerprint")),
    }


def _texts(value: object) -> dict[str, str]:
    return {str(key): str(item)[:2000] for key, item in value.items()} if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
