"""The notifier: PORT, PLATFORM, STATUS_URL, WEBHOOKS_FILE (a JSON list of addresses) and WEBHOOK_SECRET_FILE.

With AUTHORITIES_FILE the authorities in it are trusted too.
"""

from __future__ import annotations

import json

from prometheus_client import CollectorRegistry

from penguinmails_operations.notifier.app import application
from penguinmails_operations.notifier.delivery import Delivery, Measures, http_client
from penguinmails_operations.serving import log_as, secret, serve, setting


def main() -> int:
    log_as("notifier")
    urls = [str(url) for url in json.loads(secret("WEBHOOKS"))]
    registry = CollectorRegistry()
    measures = Measures(registry, len(urls))
    key, client = secret("WEBHOOK_SECRET"), http_client(authorities=setting("AUTHORITIES_FILE", ""))
    deliveries = [Delivery(number, url, key, measures, client) for number, url in enumerate(urls)]
    return serve(application(deliveries, registry, setting("PLATFORM"), setting("STATUS_URL", "")))
