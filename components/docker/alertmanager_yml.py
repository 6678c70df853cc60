"""alertmanager.yml: who is told, how often, and what is not told because something else was. Pure, and without a secret:
passwords and secret addresses are files.

Whoever is told gets every alert; what differs is how soon it is told again: a page every hour, a ticket every day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from components.docker.alert_operations import WATCHDOG
from components.docker.scrape_jobs import NOTIFIER_PORT
from components.spec import Alerts, SmtpRelay

NOTIFIER_URL: Final = f"http://notifier:{NOTIFIER_PORT}/alerts"
SLACK_FILE: Final = "/run/secrets/slack-url"
PASSWORD_FILE: Final = "/run/secrets/smtp-password"  # noqa: S105 - the name of a file
_TITLE: Final = (
    '{{ if eq .Status "firing" }}{{ .CommonLabels.severity | toUpper }}{{ else }}OVER{{ end }}: {{ .CommonLabels.alertname }}'
)
_TEXT: Final = (
    "{{ range .Alerts }}*{{ .Annotations.summary }}*\n{{ .Annotations.description }}\n"
    "Runbook: {{ .Annotations.runbook }}\n{{ end }}Status page: {{ .ExternalURL }}"
)
_MAIL: Final = (
    "{{ range .Alerts }}{{ .Annotations.summary }} ({{ .Status }} since {{ .StartsAt }})\n{{ .Annotations.description }}\n"
    "Runbook: {{ .Annotations.runbook }}\n{{ range .Labels.SortedPairs }}  {{ .Name }}: {{ .Value }}\n{{ end }}\n{{ end }}"
    "Status page: {{ .ExternalURL }}\n"
)


def alertmanager_yml(alerts: Alerts, relay: SmtpRelay | None) -> str:
    """The whole file. `relay`: where e-mail goes out, which `alerts.emails` needs."""
    content: dict[str, Any] = {
        "global": {"resolve_timeout": "5m", **(_smtp(relay) if relay is not None else {})},
        "route": _routes(),
        "inhibit_rules": _inhibitions(),
        "receivers": [{"name": "nobody"}, {"name": "watchers", **_webhooks(alerts)}, {"name": "everybody", **_ways(alerts)}],
    }
    return yaml.safe_dump(content, sort_keys=False, width=1000)


def _smtp(relay: SmtpRelay) -> Mapping[str, Any]:
    """TLS in any case: by STARTTLS, or from the first byte on port 465."""
    login = {} if relay.username is None else {"smtp_auth_username": relay.username, "smtp_auth_password_file": PASSWORD_FILE}
    return {
        "smtp_smarthost": f"{relay.host}:{relay.port}",
        "smtp_from": relay.sender,
        "smtp_hello": "localhost",
        "smtp_require_tls": True,
        **login,
    }


def _routes() -> Mapping[str, Any]:
    """Alerts of one name come in one message, half a minute after the first. The watchdog goes to programs only."""
    return {
        "receiver": "everybody",
        "group_by": ["alertname", "service", "queue"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "24h",
        "routes": [
            {
                "receiver": "watchers",
                "matchers": [f'alertname="{WATCHDOG}"'],
                "group_wait": "0s",
                "group_interval": "5m",
                "repeat_interval": "10m",
            },
            {"receiver": "nobody", "matchers": ['severity="none"']},
            {"receiver": "everybody", "matchers": ['severity="page"'], "group_wait": "10s", "repeat_interval": "1h"},
        ],
    }


def _inhibitions() -> list[Mapping[str, Any]]:
    """A page of a topic says more than its ticket. What comes of a database or a broker that is down is known by that."""
    parts = {"database": "DatabaseDown", "broker": "BrokerDown"}
    return [
        {
            "source_matchers": ['severity="page"', 'topic=~".+"'],
            "target_matchers": ['severity="ticket"', 'topic=~".+"'],
            "equal": ["topic", "queue", "service"],
        },
        *(
            {"source_matchers": [f'alertname="{source}"'], "target_matchers": [f'after=~"(.* )?{part}( .*)?"']}
            for part, source in parts.items()
        ),
    ]


def _webhooks(alerts: Alerts) -> Mapping[str, Any]:
    """One address inside, whose program signs each message and posts it to every address of the description."""
    return {"webhook_configs": [{"url": NOTIFIER_URL, "send_resolved": True}]} if alerts.webhooks else {}


def _ways(alerts: Alerts) -> Mapping[str, Any]:
    ways: dict[str, Any] = {}
    if alerts.emails:
        headers = {"Subject": f"[{{{{ .CommonLabels.platform }}}}] {_TITLE}"}
        told = {"send_resolved": True, "html": "", "text": _MAIL, "headers": headers}
        ways["email_configs"] = [{"to": address, **told} for address in alerts.emails]
    if alerts.slack:
        ways["slack_configs"] = [{"api_url_file": SLACK_FILE, "send_resolved": True, "title": _TITLE, "text": _TEXT}]
    return {**ways, **_webhooks(alerts)}
